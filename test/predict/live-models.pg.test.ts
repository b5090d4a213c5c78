import {open} from 'node:fs/promises';
import {join} from 'node:path';
import {afterEach, describe, expect, it} from 'vitest';
import type {Engine} from '../../cli/engine.ts';
import {portsOf} from '../../cli/serve-api.ts';
import {OWN_PROCESS} from '../../console/api/guard.ts';
import {createConsole} from '../../console/api/server.ts';
import {HOUR_MS, plusMs, toIso} from '../../domain/time.ts';
import {silentLogger} from '../../platform/log.ts';
import type {Pool} from '../../platform/pg.ts';
import {configurationFor, device, openChain, sendAll, tellStory} from '../chain/chain-world.ts';
import {openTestDatabase} from '../support/database.ts';
import {modelFolder, rivalChiller, shippedChiller} from './model-folder.ts';

/** Six machines, two of them chillers, some days of their telemetry through the door and the whole chain, with real networks. */
const story = tellStory({seed: 5, machines: 6, days: 2});

interface World {
  readonly engine: Engine;
  readonly db: Pool;
  readonly send: (from: number, to: number) => Promise<void>;
  readonly get: (path: string) => Promise<Record<string, unknown>>;
  readonly post: (path: string, body?: object) => Promise<{status: number; body: Record<string, unknown>}>;
}

describe('models in service', () => {
  const opened: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const close of opened.splice(0).reverse()) await close();
  });

  async function world(modelsDir: string): Promise<World> {
    const database = await openTestDatabase();
    const env = {FORESTOCK_MODELS: modelsDir};
    const engine = await openChain(database, story, {}, env);
    const client = await device(engine);
    const configuration = await configurationFor(database, env);
    const app = await createConsole(portsOf(engine, {configuration, log: silentLogger()}), {
      guard: OWN_PROCESS,
    });
    opened.push(async () => {
      await client.endAsync();
      await app.close();
      await engine.stop();
    });
    return {
      engine,
      db: database.poolFor('forestock_api'),
      send: (from, to) =>
        sendAll(client, story.emissions.slice(from * story.emissions.length, to * story.emissions.length)),
      async post(path, body = {}) {
        const {statusCode, ...response} = await app.inject({
          method: 'POST',
          url: path,
          payload: body,
          headers: {host: 'localhost'},
        });
        return {status: statusCode, body: JSON.parse(response.body) as Record<string, unknown>};
      },
      async get(path) {
        const response = await app.inject({method: 'GET', url: path, headers: {host: 'localhost'}});
        expect([path, response.statusCode]).toEqual([path, 200]);
        return response.json<Record<string, unknown>>();
      },
    };
  }

  const rows = async (db: Pool, sql: string): Promise<unknown[]> =>
    (await db.query<Record<string, unknown>>(sql)).rows;
  const CURRENT = 'SELECT * FROM predict.forecast_current ORDER BY component_id';
  // Renewals by age come when somebody looks, so they are no part of what the readings come to.
  const LIVE = `SELECT DISTINCT component_id, as_of FROM predict.forecast WHERE NOT shadow AND cause <> 'age' ORDER BY 1, 2`;
  const DECIDED = `SELECT group_id, group_version, depot_id, action, qty, option, model_versions FROM replenish.decision ORDER BY 1, 2`;
  const SIGNALLED = 'SELECT group_id, cause_kind, cause_ref FROM replenish.demand_signal ORDER BY 1, 2, 3';

  it('B4 invariant I9: a shadow moves nothing: with and without it the same forecasts stand, the same signals and the same decisions', async () => {
    const told: unknown[][][] = [];
    for (const withShadow of [false, true]) {
      const folder = await modelFolder();
      if (withShadow) await rivalChiller(folder);
      const {engine, db, send} = await world(folder);
      await send(0, 1);
      // The readings first: what is renewed by age at the end of the story would stand over them.
      while ((await engine.network.follower.runOnce()).rows > 0);
      while ((await engine.predict.service.runOnce()).rows > 0);
      const forecast = await Promise.all([CURRENT, LIVE, SIGNALLED].map((sql) => rows(db, sql)));
      while ((await engine.replenish.decide()) > 0);
      told.push([...forecast, await rows(db, DECIDED)]);
      const shadows = await rows(db, 'SELECT DISTINCT model_version_id FROM predict.forecast WHERE shadow');
      expect(shadows).toHaveLength(withShadow ? 1 : 0);
    }
    expect(told[1]).toEqual(told[0]);
    expect(told[0]!.map((one) => one.length)).toEqual(told[0]!.map(() => expect.any(Number) as number));
    expect(told[0]!.every((one) => one.length > 0)).toBe(true);
  }, 120_000);

  it('B4 promoted and rolled back under load: nothing is lost, every grid point is forecast, and the registry says who did', async () => {
    const calm = await world(await modelFolder());
    await calm.send(0, 1);
    await calm.engine.settle();
    const folder = await modelFolder();
    const [first, rival] = [await shippedChiller(folder), await rivalChiller(folder)];
    const busy = await world(folder);
    busy.engine.run();
    const reached = async (version: string): Promise<void> => {
      await expect
        .poll(
          () =>
            busy.engine.predict.models.current.roles.champions('chiller').map((one) => one.modelVersionId),
          {timeout: 20_000},
        )
        .toEqual([version]);
    };
    await busy.send(0, 1 / 3);
    const sending = busy.send(1 / 3, 2 / 3);
    const promoted = await busy.post(`/api/v1/models/${rival.modelVersionId}/promote`, {
      onCardAlone: 'a test',
      actor: 'ann',
    });
    expect(promoted).toMatchObject({status: 200, body: {changes: [{state: 'retired'}, {state: 'champion'}]}});
    await sending;
    await busy.send(2 / 3, 0.75);
    await reached(rival.modelVersionId);
    await busy.send(0.75, 0.9);
    await reached(rival.modelVersionId);
    expect(await busy.post('/api/v1/models/rollback', {actor: 'ann', reason: 'alarms'})).toMatchObject({
      status: 200,
      body: {changes: [{state: 'shadow'}, {modelVersionId: first.modelVersionId, state: 'champion'}]},
    });
    await busy.send(0.9, 1);
    await reached(first.modelVersionId);
    await expect.poll(async () => rows(busy.db, LIVE), {timeout: 60_000}).toEqual(await rows(calm.db, LIVE));
    expect(await rows(busy.db, 'SELECT count(*) FROM ingest.reading')).toEqual(
      await rows(calm.db, 'SELECT count(*) FROM ingest.reading'),
    );
    const byModel = await rows(
      busy.db,
      `SELECT model_version_id, count(*) > 0 AS spoke FROM predict.forecast WHERE NOT shadow AND method = 'model' AND model_version_id LIKE 'chiller%' GROUP BY 1 ORDER BY 1`,
    );
    expect(byModel).toEqual(
      [first, rival]
        .map((one) => ({model_version_id: one.modelVersionId, spoke: true}))
        .sort((a, b) => (a.model_version_id < b.model_version_id ? -1 : 1)),
    );
    expect(
      await rows(
        busy.db,
        `SELECT actor, action FROM platform.audit_entry WHERE action LIKE 'model.%' AND actor = 'ann' ORDER BY audit_id`,
      ),
    ).toEqual(
      ['replace', 'promote', 'withdraw', 'restore'].map((event) => ({
        actor: 'ann',
        action: `model.${event}`,
      })),
    );
    for (const loop of busy.engine.loops) expect([loop.name, loop.failures]).toEqual([loop.name, 0]);
  }, 180_000);

  it('B4 a flipped byte refuses the promotion, and the champion stays', async () => {
    const folder = await modelFolder();
    const [first, rival] = [await shippedChiller(folder), await rivalChiller(folder)];
    const {engine, post, db} = await world(folder);
    const file = await open(join(folder, rival.modelVersionId, 'weights.bin'), 'r+');
    await file.write(Buffer.from([0xff]), 0, 1, 100);
    await file.close();
    const refused = await post(`/api/v1/models/${rival.modelVersionId}/promote`, {onCardAlone: 'a test'});
    expect(refused).toMatchObject({
      status: 422,
      body: {error: 'model-refused', message: expect.stringContaining('weights.bin') as string},
    });
    await engine.predict.models.look();
    expect(engine.predict.models.current.roles.champions('chiller')).toMatchObject([
      {modelVersionId: first.modelVersionId},
    ]);
    expect(
      await rows(
        db,
        `SELECT event FROM predict.model_state WHERE model_version_id = '${rival.modelVersionId}'`,
      ),
    ).toEqual([{event: 'enter'}]);
  }, 60_000);

  it('B4 a model whose card does not pass is refused with each failed check and its figures, whatever is said for it', async () => {
    const folder = await modelFolder();
    const rival = await rivalChiller(folder, {passed: false});
    const {post} = await world(folder);
    const path = `/api/v1/models/${rival.modelVersionId}/promote`;
    const refused = await post(path, {onCardAlone: 'I like it'});
    expect(refused).toMatchObject({status: 422, body: {error: 'gate-not-passed'}});
    expect(refused.body['message']).toContain('calibration error at 24 h is at most 0.02 (0.5)');
  }, 60_000);

  it('B4 without live evidence a promotion says what it takes, and takes a word for the card alone', async () => {
    const folder = await modelFolder();
    const rival = await rivalChiller(folder);
    const {post, db} = await world(folder);
    const path = `/api/v1/models/${rival.modelVersionId}/promote`;
    const refused = await post(path);
    expect(refused).toMatchObject({status: 422, body: {error: 'evidence-lacking'}});
    expect(refused.body['message']).toContain(
      '10 failures at one horizon, of which 0 and 0 have come to an end',
    );
    expect(await post(path, {onCardAlone: 'new sensor'})).toMatchObject({status: 200});
    expect(
      await rows(
        db,
        `SELECT reason, evidence->>'onCardAlone' AS word FROM predict.model_state ORDER BY state_no DESC LIMIT 1`,
      ),
    ).toEqual([{reason: 'on its card alone: new sensor', word: 'new sensor'}]);
  }, 60_000);

  it('B4 which model decided is answered from the records, also after another one took over; two are compared on the same rows', async () => {
    const folder = await modelFolder();
    const [first, rival] = [await shippedChiller(folder), await rivalChiller(folder)];
    const {engine, db, send, get, post} = await world(folder);
    await send(0, 1);
    await engine.settle();
    const [decision] = (await rows(
      db,
      `SELECT decision_id AS id FROM replenish.decision WHERE '${first.modelVersionId}' = ANY(model_versions) LIMIT 1`,
    )) as {id: string}[];
    const behind = {modelVersionId: first.modelVersionId, method: 'model', states: ['champion of chiller']};
    const decided = (): Promise<Record<string, unknown>> => get(`/api/v1/decisions/${decision!.id}/models`);
    const before = await decided();
    expect(before['models']).toContainEqual(
      expect.objectContaining({...behind, manifestSha256: first.manifestSha256}),
    );
    await engine.clock.advanceTo(plusMs(story.endsAt, HOUR_MS));
    const path = `/api/v1/models/${rival.modelVersionId}`;
    expect(await post(`${path}/promote`, {onCardAlone: 'a test'})).toMatchObject({status: 200});
    expect(await decided()).toEqual(before);
    const states = async (at = ''): Promise<unknown> =>
      (
        (await get(`/api/v1/models${at}`))['models'] as {
          modelVersionId: string;
          standings: {state: string}[];
        }[]
      )
        .filter(({modelVersionId}) => modelVersionId.startsWith('chiller'))
        .flatMap(({modelVersionId, standings}) => standings.map(({state}) => `${modelVersionId} ${state}`))
        .sort();
    expect(await states(`?at=${toIso(story.endsAt)}`)).toEqual(
      [`${first.modelVersionId} champion`, `${rival.modelVersionId} shadow`].sort(),
    );
    expect(await states()).toEqual(
      [`${first.modelVersionId} retired`, `${rival.modelVersionId} champion`].sort(),
    );
    expect(await states('?at=2020-01-01T00:00:00Z')).toEqual([]);
    expect((await get(path))['history']).toMatchObject([
      {event: 'enter'},
      {event: 'promote', reason: 'on its card alone: a test'},
    ]);
    const compared = await get(
      `/api/v1/models/${first.modelVersionId}/compare?with=${rival.modelVersionId}&days=7`,
    );
    const [{horizons}] = compared['live'] as [
      {horizons: {horizonH: number; rows: number; first: {brier: number}; second: {brier: number}}[]},
    ];
    expect(horizons[0]).toMatchObject({horizonH: 24});
    expect(horizons[0]!.rows).toBeGreaterThan(0);
    expect(horizons[0]!.second.brier).not.toBe(horizons[0]!.first.brier);
    expect(compared).toMatchObject({spoken: expect.any(Number) as number, resolved: 0, totals: []});
  }, 120_000);
});
