import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {z} from 'zod';
import {portsOf} from '../../cli/serve-api.ts';
import {createGuard} from '../../console/api/guard.ts';
import {openApiOf} from '../../console/api/openapi.ts';
import {route} from '../../console/api/route.ts';
import {createConsole} from '../../console/api/server.ts';
import {serveRoutes} from '../../console/api/serve-routes.ts';
import {ok} from '../../domain/result.ts';
import {openConsoleWorld} from './world.ts';
import type {ConsoleWorld} from './world.ts';

const stock = (path: string) =>
  route({
    method: 'GET',
    path,
    tag: 'test',
    permission: 'api.describe',
    summary: 'The same stock, in an old and in a new form',
    reply: z.object({stock: z.array(z.object({qty: z.int()}))}),
    ...(path.includes('old') && {
      deprecated: {since: '2026-03-01', sunset: '2026-09-01', instead: '/api/v1/new-stock'},
    }),
    handle: () => Promise.resolve(ok({stock: [{qty: 3}]})),
  });
const ROUTES = [stock('/api/v1/old-stock'), stock('/api/v1/new-stock')];

describe('a route that is going', () => {
  let world: ConsoleWorld;
  const warned: unknown[] = [];
  beforeAll(async () => {
    world = await openConsoleWorld({mode: 'shadow'});
  });
  afterAll(() => world.stop());

  it('K7 the old and the new one answer side by side; the old one says until when, in JSON and as a file', async () => {
    const log = {...world.log, warn: (fields: object) => warned.push(fields)};
    const ports = {...portsOf(world.base, world), log: log as never};
    const app = await createConsole(ports, {guard: createGuard({openLoopback: 'always'}, ports)});
    serveRoutes(app, ROUTES, ports);
    const ask = async (path: string) => app.inject({url: `/api/v1/${path}`, headers: {host: 'localhost'}});
    const [old, file, now] = [await ask('old-stock'), await ask('old-stock.csv'), await ask('new-stock')];
    expect([old.statusCode, file.statusCode, now.statusCode]).toEqual([200, 200, 200]);
    expect(old.body).toBe(now.body);
    for (const reply of [old, file]) {
      expect(reply.headers).toMatchObject({
        deprecation: '@1772323200', // date -u -d 2026-03-01 +%s
        sunset: 'Tue, 01 Sep 2026 00:00:00 GMT',
        link: '</api/v1/new-stock>; rel="successor-version"',
      });
    }
    expect(now.headers).not.toHaveProperty('deprecation');
    expect(now.headers).not.toHaveProperty('sunset');
    // Two requests of one caller are told of once.
    expect(warned).toEqual([
      expect.objectContaining({route: 'GET /api/v1/old-stock', caller: 'installation', sunset: '2026-09-01'}),
    ]);
    await app.close();
  });

  it('K7 the OpenAPI document marks it, and it alone', () => {
    const {paths} = openApiOf(ROUTES, {secured: false}) as {
      paths: Record<string, {get: {deprecated?: boolean; description?: string}}>;
    };
    expect(paths['/api/v1/old-stock']!.get).toMatchObject({
      deprecated: true,
      description: expect.stringContaining(
        'Deprecated since 2026-03-01, works until 2026-09-01; use /api/v1/new-stock.',
      ) as string,
    });
    expect(paths['/api/v1/new-stock']!.get).not.toHaveProperty('deprecated');
  });
});
