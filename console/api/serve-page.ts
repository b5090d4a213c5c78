import {existsSync} from 'node:fs';
import path from 'node:path';
import fastifyStatic from '@fastify/static';
import type {FastifyInstance, FastifyReply, FastifyRequest} from 'fastify';
import {repositoryRoot} from '../../platform/migrate.ts';
import {PAGE_POLICY} from './reply-headers.ts';

/** Names of assets carry a hash of their content, so they may be kept; what names them may not. */
const KEPT = 'public, max-age=31536000, immutable';

/**
 * Serves the built console (console/web, `npm run build`) at '/', each of its addresses included: '/decisions/17' is a page that the
 * browser makes of index.html.
 *
 * @returns what answers an address that is no route; false when it is none of the console's either
 */
export function servePages(app: FastifyInstance): (request: FastifyRequest, reply: FastifyReply) => boolean {
  const folder = path.join(repositoryRoot(), 'dist', 'console', 'web');
  const built = existsSync(path.join(folder, 'index.html'));
  if (built)
    void app.register(fastifyStatic, {
      root: folder,
      wildcard: false, // an unknown address stays unknown, so that what guards the API sees it
      preCompressed: true,
      cacheControl: false,
      setHeaders(reply, file) {
        void reply.header('cache-control', file.includes(`${path.sep}assets${path.sep}`) ? KEPT : 'no-cache');
        void reply.header('content-security-policy', PAGE_POLICY);
      },
    });
  return (request, reply) => {
    const wantsPage = request.method === 'GET' && request.headers.accept?.includes('text/html') === true;
    if (!wantsPage || request.url.startsWith('/api/')) return false;
    if (built) void reply.sendFile('index.html');
    else void reply.type('text/plain').send('The console is not built: npm run build, then start again.\n');
    return true;
  };
}
