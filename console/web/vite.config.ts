import {readdirSync, readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {gzipSync} from 'node:zlib';
import {defineConfig} from 'vite';
import type {Plugin} from 'vite';

/** Where the service looks for the built console: beside its own compiled files. */
const OUT = path.join(import.meta.dirname, '..', '..', 'dist', 'console', 'web');

export default defineConfig({
  root: import.meta.dirname,
  build: {outDir: OUT, emptyOutDir: true, target: 'es2022', assetsInlineLimit: 0},
  oxc: {jsx: {runtime: 'automatic', importSource: 'preact'}},
  plugins: [compressed()],
  // `npx vite console/web` beside a running service: pages from source, data from the service.
  server: {proxy: {'/api': 'http://127.0.0.1:8080'}},
});

/** Puts a .gz beside each text file, once for all requests. */
function compressed(): Plugin {
  return {
    name: 'compressed',
    apply: 'build',
    closeBundle() {
      for (const entry of readdirSync(OUT, {recursive: true, withFileTypes: true})) {
        if (!entry.isFile() || !/\.(js|css|html|svg|json)$/.test(entry.name)) continue;
        const file = path.join(entry.parentPath, entry.name);
        writeFileSync(`${file}.gz`, gzipSync(readFileSync(file), {level: 9}));
      }
    },
  };
}
