/* eslint-disable @typescript-eslint/no-unsafe-assignment, @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-call, @typescript-eslint/no-unsafe-argument, @typescript-eslint/restrict-plus-operands -- replies are JSON of every shape, and the expectations are what checks them */
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {TUNABLE_KEYS} from '../../console/api/tunables.ts';
import {portsOf} from '../../cli/serve-api.ts';
import {OWN_PROCESS} from '../../console/api/guard.ts';
import {createConsole} from '../../console/api/server.ts';
import {DAY_MS, plusMs, toIso} from '../../domain/time.ts';
import {openConsoleWorld} from './world.ts';
import type {Answer, ConsoleWorld} from './world.ts';

const POLICY = '/api/v1/parameters/replenish.policy';
const OWNER = {authorization: 'Bearer the-installation-token'};

describe('tunables', () => {
  let world: ConsoleWorld;
  beforeAll(async () => {
    world = await openConsoleWorld({mode: 'auto', apiToken: 'the-installation-token'});
    await world.decide();
  });
  afterAll(() => world.stop());

  const change = (body: object, path = POLICY): Promise<Answer> => world.send('PUT', path, body, OWNER);
  const dryRun = (body: object, path = POLICY): Promise<Answer> =>
    world.post(`${path}/dry-run`, {days: 7, ...body}, OWNER);
  const rows = async (): Promise<unknown> =>
    (
      await world.db.poolFor('forestock_api').query(
        `SELECT (SELECT count(*) FROM replenish.decision) AS decisions, (SELECT count(*) FROM replenish.decision_input) AS inputs,
                (SELECT count(*) FROM network.supply_order) AS orders, (SELECT count(*) FROM platform.parameter) AS parameters,
                (SELECT count(*) FROM platform.audit_entry) AS audit`,
      )
    ).rows[0];
  const versionsDecidedBy = async (): Promise<string[]> =>
    (
      await world.db
        .poolFor('forestock_api')
        .query<{v: string}>('SELECT DISTINCT policy_version AS v FROM replenish.decision ORDER BY 1')
    ).rows.map(({v}) => v);

  it('B5 a dry run shows decision by decision what a change would alter, at what cost, and writes nothing', async () => {
    const before = await rows();
    const {status, body} = await dryRun({change: {serviceMinPpm: {B: 999_999}}});
    expect(status).toBe(200);
    expect(body.fields).toEqual(['serviceMinPpm']);
    const {changes, changed, decisions, same, reproduced} = body.report;
    expect({same: same + changed, reproduced}).toEqual({same: decisions, reproduced: decisions});
    const [order] = changes.filter((one: {before: {action: string}}) => one.before.action === 'order');
    expect(order).toMatchObject({
      before: {depotId: 'D-1', state: 'executed', expectedMinor: expect.any(Number)},
      after: {depotId: 'D-1', action: 'order', state: 'executed', expectedMinor: expect.any(Number)},
    });
    expect(order.after.quantity).toBeGreaterThan(order.before.quantity);
    expect(order.after.expectedMinor).toBeGreaterThan(order.before.expectedMinor); // costs alone ask for less
    expect(await rows()).toEqual(before);
  });

  it('B5 a dry run shows what would wait for a planner that went out by itself', async () => {
    const {body} = await dryRun({change: {mode: 'propose'}});
    expect(body.report).toMatchObject({changed: 1});
    expect(body.report.changes).toMatchObject([
      {before: {action: 'order', state: 'executed'}, after: {action: 'order', state: 'proposed'}},
    ]);
  });

  it('B5 a dry run of what no decision shows says so, and one that moves nothing changes none', async () => {
    expect((await dryRun({change: {alertOpenMinor: 200_000}})).body).toMatchObject({
      unseen: [{field: 'alertOpenMinor', why: 'it moves alerts, and no decision'}],
      report: {changed: 0},
    });
    expect((await dryRun({change: {marginShare: 0.05}})).body.report).toMatchObject({changed: 0});
    expect(
      await dryRun({change: {floorMinorPerH: 900}}, '/api/v1/parameters/network.share-out'),
    ).toMatchObject({status: 422, body: {error: 'no-dry-run'}});
  });

  it('B5 a dry run of predict.tuning shows which forecasts would be told, and how many explained', async () => {
    const predict = world.db.poolFor('forestock_predict');
    const since = toIso(plusMs(world.clock.now(), -5 * DAY_MS));
    await predict.query(`SELECT predict.ensure_partitions($1, $1::timestamptz + interval '5 days')`, [since]);
    // Day by day 1, 1.5, 3, 3.5, 30 %; the last one is not newer than the one before, and moves nothing.
    await predict.query(
      `INSERT INTO predict.forecast (component_id, as_of, model_version_id, revision, equipment_no, position_id, issued_at, cause, method, horizons_h,
         cumulative_ppm, tail_hazard_ppb_per_h, completeness_pct, window_from, log_seq_through, input_digest, backend)
       SELECT 'C-9', $1::timestamptz + make_interval(days => d.day), 'm-1', n, 1, 'p', $1::timestamptz + make_interval(days => n::int), 'grid', 'model', '{672}', ARRAY[d.ppm],
              0, 100, $1, 0, 0, 'cpu'
         FROM (VALUES (0, 10000, 1), (1, 15000, 2), (2, 30000, 3), (3, 35000, 4), (4, 300000, 5), (2, 900000, 6)) AS d(day, ppm, n)`,
      [since],
    );
    const path = '/api/v1/parameters/predict.tuning';
    const coarser = await dryRun({change: {materialPpm: 100_000}}, path);
    expect(coarser.body.report).toEqual({
      depth: 'each-component-alone',
      forecasts: 6,
      told: {before: 3, after: 2},
      explained: {before: 2, after: 2},
      changed: 1,
      changes: [{componentId: 'C-9', asOf: toIso(plusMs(world.clock.now(), -3 * DAY_MS)), told: 'before'}],
    });
    const rarer = await dryRun({change: {explainFromPpm: 400_000, groupMaterialPpm: 1}}, path);
    expect(rarer.body).toMatchObject({
      fields: ['explainFromPpm', 'groupMaterialPpm'],
      unseen: [{field: 'groupMaterialPpm'}],
      report: {changed: 0, explained: {before: 2, after: 1}},
    });
  });

  it('B5 a change with a date holds from that date on, and decisions name it', async () => {
    const from = toIso(plusMs(world.clock.now(), 2 * DAY_MS));
    const stated = {mode: 'propose', serviceMinPpm: {B: 999_999}, frozenH: 0};
    const changed = await change({change: stated, from, actor: 'ada'});
    expect(changed).toMatchObject({status: 200, body: {changed: true, from, before: {}}});
    const listed = (await world.get('/api/v1/parameters', OWNER)).body.parameters[0];
    expect(listed).toMatchObject({
      key: 'replenish.policy',
      value: {frozenH: 24, marginShare: 0.05},
      versions: [{from, changedBy: 'ada', value: stated}],
    });
    await ask(1);
    expect(await versionsDecidedBy()).toEqual(['default-3']);
    await world.clock.advanceTo(plusMs(world.clock.now(), 3 * DAY_MS));
    await ask(2);
    expect(await versionsDecidedBy()).toEqual(['default-3', `from-${from}`]);
    const held = await world.get('/api/v1/decisions?state=proposed', OWNER);
    expect(held.body.decisions.length).toBeGreaterThan(0);
    const audit = await world.db
      .poolFor('forestock_api')
      .query(`SELECT actor, subject, body FROM platform.audit_entry WHERE action = 'parameter.set'`);
    expect(audit.rows).toEqual([
      {
        actor: 'ada',
        subject: 'replenish.policy',
        body: {from, before: {}, value: {version: `from-${from}`, ...stated}},
      },
    ]);
  });

  it('A1 a payload profile is stated under its name, and what is wrong with it is told by field', async () => {
    const path = '/api/v1/parameters/ingest.profiles';
    const paths = {time: 't', values: 'v', event: '', boot: 'boot', seq: 'seq', type: 'type'};
    const acme = {message: 'reading', paths, time: 'iso', timeMissing: 'reject'};
    const wrong = await change({change: {acme: {...acme, topicTemplate: 'telemetry/{equipmentId}'}}}, path);
    expect(wrong).toMatchObject({
      status: 422,
      body: {error: 'parameter-invalid', details: [{path: 'body.change.acme.topicTemplate'}]},
    });
    const right = await change({change: {acme: {...acme, topicTemplate: 'acme/{equipmentId}'}}}, path);
    expect(right).toMatchObject({status: 200, body: {changed: true}});
  });

  it('B5 null takes a field back to what is delivered, and the same again writes nothing', async () => {
    const limits = async (): Promise<unknown> => {
      const {parameters} = (await world.get('/api/v1/parameters', OWNER)).body;
      return parameters.find(({key}: {key: string}) => key === 'predict.tuning').stated;
    };
    const path = '/api/v1/parameters/predict.tuning';
    await change({change: {materialPpm: 20_000, explainFromPpm: 1_000}}, path);
    expect(await limits()).toEqual({materialPpm: 20_000, explainFromPpm: 1_000});
    await change({change: {materialPpm: null}}, path);
    expect(await limits()).toEqual({explainFromPpm: 1_000});
    const before = await rows();
    expect((await change({change: {explainFromPpm: 1_000}}, path)).body).toMatchObject({changed: false});
    expect(await rows()).toEqual(before);
  });

  it('B5 a change without a date holds from the instant at which it is taken, on a clock that does not wait for it', async () => {
    const console = await createConsole(onMovingClock(), {guard: OWN_PROCESS});
    const ask = (method: 'PUT' | 'POST', url: string, payload: object) =>
      console.inject({method, url, payload, headers: {host: 'localhost'}});
    const delivered = {frozenH: null, mode: null, serviceMinPpm: null, version: null};
    const shown = await ask('POST', `${POLICY}/dry-run`, {change: {marginShare: 0.06}, days: 1});
    expect([shown.statusCode, shown.json().fields]).toEqual([200, ['marginShare']]);
    const done = await ask('PUT', POLICY, {change: {...delivered, marginShare: 0.06}});
    expect(done.statusCode).toBe(200);
    const {from, value} = done.json();
    expect(value).toEqual({marginShare: 0.06, version: `from-${from}`});
    const again = await ask('PUT', POLICY, {change: {marginShare: 0.06}});
    expect(again.json()).toMatchObject({changed: false, value: {version: `from-${from}`}});
    const [row, audit] = await Promise.all([
      world.db.poolFor('forestock_api').query(
        `SELECT value, effective_from AS "from" FROM platform.parameter WHERE key = 'replenish.policy' ORDER BY effective_from DESC LIMIT 1`, // prettier-ignore
      ),
      world.db.poolFor('forestock_api').query(
        `SELECT world_at AS at, body ->> 'from' AS "from" FROM platform.audit_entry WHERE action = 'parameter.set' ORDER BY 1 DESC LIMIT 1`, // prettier-ignore
      ),
    ]);
    expect([value, toIso(row.rows[0].from)]).toEqual([row.rows[0].value, from]);
    expect([audit.rows[0].from, toIso(audit.rows[0].at)]).toEqual([from, from]);
    await console.close();
  });

  it('B5 what cannot be so is refused with every mistake, and what has passed stays', async () => {
    const before = await rows();
    expect(await change({change: {marginShare: 2, marginMinr: 1}})).toMatchObject({
      status: 422,
      body: {error: 'parameter-invalid', message: expect.stringMatching(/marginShare.*marginMinr/s)},
    });
    expect(await change({change: {alertClearMinor: 900_000}})).toMatchObject({
      status: 422,
      body: {message: expect.stringContaining('above alertOpenMinor 100000')},
    });
    expect(await change({change: {reviewH: 48}, from: '2026-01-01T00:00:00Z'})).toMatchObject({
      status: 422,
      body: {error: 'effective-in-past'},
    });
    for (const send of [change, dryRun])
      expect(await send({change: {}}, '/api/v1/parameters/replenish.polcy')).toMatchObject({
        status: 404,
        body: {
          error: 'unknown-tunable',
          message:
            `there is no tunable replenish.polcy (did you mean replenish.policy?); there are ${TUNABLE_KEYS.join(', ')}; ` +
            'forestock tune list shows their fields',
        },
      });
    expect(await rows()).toEqual(before);
  });

  it('B5 a token of a party neither sees nor changes what ops tune', async () => {
    const {body} = await world.send('PUT', '/api/v1/tokens/of-sup', {partyId: 'SUP'}, OWNER);
    const bearer = {authorization: `Bearer ${body.token}`};
    const before = await rows();
    for (const answer of [
      await world.send('PUT', POLICY, {change: {reviewH: 48}}, bearer),
      await world.post(`${POLICY}/dry-run`, {change: {reviewH: 48}, days: 7}, bearer),
      await world.get('/api/v1/parameters', bearer),
    ])
      expect(answer).toMatchObject({status: 403, body: {error: 'not-permitted'}});
    expect(await rows()).toEqual(before);
  });

  /** The same books, on a clock that has gone on whenever it is read. */
  function onMovingClock(): ReturnType<typeof portsOf> {
    let at = world.clock.now();
    const clock = {mode: 'scaled' as const, rate: 1, now: () => (at = plusMs(at, 1))};
    const base = world.base;
    return portsOf({...base, clock: clock as unknown as typeof base.clock}, world);
  }

  /** Something happens at the depot that wants more, and what is due is decided. */
  async function ask(nth: number): Promise<void> {
    const issue = {
      part: {number: 'P-1'},
      depotId: 'D-C',
      qty: 1,
      customerPartyId: 'CUS',
      sourceKey: `i-${nth}`,
    };
    expect(await world.post('/api/v1/stock/issues', issue, OWNER)).toMatchObject({status: 200});
    await world.decide();
  }
});
