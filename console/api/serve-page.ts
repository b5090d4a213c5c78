import {readFileSync} from 'node:fs';
import path from 'node:path';
import type {FastifyInstance} from 'fastify';
import {repositoryRoot} from '../../platform/migrate.ts';

const FILES = {
  '/': ['index.html', 'text/html; charset=utf-8'],
  '/page/icon.svg': ['icon.svg', 'image/svg+xml'],
  '/page/page.css': ['page.css', 'text/css; charset=utf-8'],
  '/page/page.js': ['page.js', 'text/javascript; charset=utf-8'],
} as const;

/** Only our own files run in the page, and no other site may frame it. */
const POLICY = "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

/** The status page: four files, read once. */
export function servePage(app: FastifyInstance): void {
  const folder = path.join(repositoryRoot(), 'console', 'api', 'page');
  for (const [url, [name, type]] of Object.entries(FILES)) {
    const content = readFileSync(path.join(folder, name));
    app.get(url, (_request, reply) =>
      reply
        .headers({
          'content-type': type,
          'content-security-policy': POLICY,
          'x-content-type-options': 'nosniff',
        })
        .send(content),
    );
  }
}
