import {readdirSync} from 'node:fs';
import {join, relative, sep} from 'node:path';
import {fileURLToPath} from 'node:url';

export const ROOT = fileURLToPath(new URL('..', import.meta.url)).replace(/[/\\]$/, '');

/** Folders that hold no source of ours; `console/web` is a browser project with a compiler of its own. */
const SKIPPED = new Set(['node_modules', 'dist', 'coverage', 'artifacts', 'test/fixtures', 'console/web']);

/** Every TypeScript file of the repository, as sorted paths with '/' relative to the root. */
export function sourceFiles(root = ROOT): string[] {
  const walk = (folder: string): string[] =>
    readdirSync(folder, {withFileTypes: true}).flatMap((entry) => {
      const path = join(folder, entry.name);
      const name = relative(root, path).split(sep).join('/');
      if (entry.isDirectory()) return entry.name.startsWith('.') || SKIPPED.has(name) ? [] : walk(path);
      return entry.name.endsWith('.ts') ? [name] : [];
    });
  return walk(root).sort();
}
