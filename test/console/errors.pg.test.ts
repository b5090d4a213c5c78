/* eslint-disable @typescript-eslint/no-unsafe-assignment, @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-call -- replies are JSON of every shape, and the expectations are what checks them */
import {epochMs} from '../../domain/time.ts';
import {silentLogger} from '../../platform/log.ts';
import {Maintenance} from '../../platform/maintenance.ts';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {OWN_PROCESS} from '../../console/api/guard.ts';
import {createConsole} from '../../console/api/server.ts';
import {DESCRIBED} from '../../console/api/routes.ts';
import {openConsoleWorld} from './world.ts';
import type {ConsoleWorld} from './world.ts';

const JSON_TYPE = {'content-type': 'application/json'};
const SOME_ID = '00000000-0000-4000-8000-000000000000';

describe('the HTTP API', () => {
  let world: ConsoleWorld;
  beforeAll(async () => {
    world = await openConsoleWorld({mode: 'shadow'});
  });
  afterAll(() => world.stop());

  const send = (path: string, init: RequestInit): Promise<Response> => fetch(`${world.url}${path}`, init);

  it.each([
    [
      'malformed JSON',
      400,
      'malformed-json',
      '/api/v1/stock/counts',
      {method: 'POST', headers: JSON_TYPE, body: '{"a":'},
    ],
    [
      'a body that is no JSON',
      415,
      'wrong-content-type',
      '/api/v1/stock/counts',
      {method: 'POST', headers: {'content-type': 'text/plain'}, body: 'hello'},
    ],
    [
      'a form',
      415,
      'wrong-content-type',
      '/api/v1/stock/counts',
      {method: 'POST', body: new URLSearchParams({qty: '1'})},
    ],
    ['an unknown route', 404, 'unknown-route', '/api/v1/nothing', {}],
    ['an unknown decision', 404, 'not-found', `/api/v1/decisions/${SOME_ID}`, {}],
    [
      'an unknown order',
      404,
      'unknown-order',
      `/api/v1/orders/${SOME_ID}/confirm`,
      {method: 'POST', headers: JSON_TYPE, body: '{}'},
    ],
    ['an id that is none', 400, 'invalid-request', '/api/v1/decisions/42', {}],
    ['a cursor that is none', 400, 'invalid-request', '/api/v1/decisions?cursor=abc', {}],
    [
      'too large a body',
      413,
      'too-large',
      '/api/v1/stock/counts',
      {method: 'POST', headers: JSON_TYPE, body: `{"lot":"${'x'.repeat(2_000_000)}"}`},
    ],
    ['a stage that does not run here', 503, 'stage-not-here', '/api/v1/dead-letters', {}],
    [
      'a page of another site',
      403,
      'foreign-origin',
      '/api/v1/decisions',
      {headers: {origin: 'https://evil.example'}},
    ],
  ] as const)('%s is answered with %i %s', async (_what, status, error, path, init) => {
    const response = await send(path, init);
    const body = (await response.json()) as Record<string, unknown>;
    expect(response.status).toBe(status);
    expect(body).toMatchObject({
      error,
      message: expect.any(String),
      details: expect.any(Array),
      requestId: expect.any(String),
    });
  });

  it('lists everything that is wrong with a request, and where', async () => {
    const {status, body} = await world.post('/api/v1/stock/receipts', {
      part: {},
      qty: 'many',
      depotId: 'A B',
      colour: 'red',
    });
    expect(status).toBe(400);
    const paths = body.details.map((detail: {path: string}) => detail.path);
    expect(paths).toEqual(
      expect.arrayContaining(['body', 'body.part.number', 'body.qty', 'body.depotId', 'body.fromLoc']),
    );
    expect(JSON.stringify(body.details)).toContain('colour');
  });

  it('tells nothing of its insides when something of ours breaks', async () => {
    const broken = {query: () => Promise.reject(new Error('relation "secret" does not exist'))};
    const logged: unknown[] = [];
    const app = await createConsole(
      {
        db: broken,
        log: {error: (fields: unknown) => logged.push(fields)},
        vitals: null,
        accessLog: {add: () => undefined, close: () => Promise.resolve()},
      } as never,
      {guard: OWN_PROCESS},
    );
    const response = await app.inject({url: '/api/v1/decisions', headers: {host: 'localhost'}});
    expect(response.statusCode).toBe(500);
    expect(response.body).not.toContain('secret');
    expect(response.json()).toMatchObject({error: 'internal'});
    expect(logged).toHaveLength(1);
    await app.close();
  });

  it('K1 publishes an OpenAPI document that covers every route, from the schemas that check the requests', async () => {
    const {body} = await world.get('/api/v1/openapi.json');
    expect(body.openapi).toBe('3.1.0');
    const published = Object.entries(body.paths as Record<string, object>).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const served = DESCRIBED.map(({method, path}) => `${method} ${path}`);
    expect(published.sort()).toEqual([...served, 'GET /api/v1/stream'].sort());
    const operations = Object.values(
      body.paths as Record<
        string,
        Record<string, {operationId: string; parameters: {name: string; in: string}[]}>
      >,
    ).flatMap((one) => Object.values(one));
    expect(new Set(operations.map(({operationId}) => operationId)).size).toBe(operations.length);
    for (const [path, one] of Object.entries(
      body.paths as Record<string, Record<string, {parameters: {name: string; in: string}[]}>>,
    )) {
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      for (const {parameters} of Object.values(one))
        expect(parameters.filter((parameter) => parameter.in === 'path').map(({name}) => name)).toEqual(
          inPath,
        );
    }
    const text = JSON.stringify(body);
    for (const [, name] of text.matchAll(/#\/components\/schemas\/(\w+)/g))
      expect(body.components.schemas).toHaveProperty(name!);
  });

  it('is alive, ready, and measured', async () => {
    expect(await world.get('/healthz')).toMatchObject({status: 200, body: {status: 'alive'}});
    expect(await world.get('/readyz')).toMatchObject({status: 200, body: {status: 'ready'}});
    const metrics = await (await send('/metrics', {})).text();
    expect(metrics).toContain('forestock_outbox_effects{state="dead"} 0');
    expect(metrics).toContain('process_resident_memory_bytes');
  });

  it('says when each stage last did its nightly round', async () => {
    const at = epochMs(Date.UTC(2026, 0, 5, 3));
    const pool = world.db.poolFor('forestock_ingest');
    await new Maintenance(pool, {stage: 'store', upkeeps: [], log: silentLogger()}).runOnce(at);
    const metrics = await (await send('/metrics', {})).text();
    expect(metrics).toContain(
      `forestock_maintenance_completed_timestamp_seconds{stage="store"} ${at / 1000}`,
    );
    expect(metrics).toContain('forestock_maintenance_failing{stage="store"} 0');
    expect(await world.get('/api/v1/status')).toMatchObject({
      body: {maintenance: [{stage: 'store', completedAt: '2026-01-05T03:00:00.000Z', failing: 0}]},
    });
  });
});
