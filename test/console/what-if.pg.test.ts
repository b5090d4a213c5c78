/* eslint-disable @typescript-eslint/no-unsafe-assignment, @typescript-eslint/no-unsafe-call, @typescript-eslint/no-unsafe-member-access -- replies are JSON, and the expectations are what checks them */
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {openConsoleWorld} from './world.ts';
import type {Answer, ConsoleWorld} from './world.ts';

describe('a what-if over HTTP', () => {
  let world: ConsoleWorld;
  beforeAll(async () => {
    world = await openConsoleWorld({mode: 'propose'});
    await world.decide();
  });
  afterAll(() => world.stop());

  const ask = (overlay: unknown, more: object = {}): Promise<Answer> =>
    world.post('/api/v1/what-if', {overlay, days: 30, ...more});

  it('M2 tells which recorded decisions change and what both acts cost; the same question has the same answer', async () => {
    const plenty = {stock: [{depotId: 'D-1', addOnHand: 50}]};
    const {status, body} = await ask(plenty);
    expect(status).toBe(200);
    expect(body.report.decisions).toBeGreaterThan(0);
    expect(body.report.reproduced).toBe(body.report.decisions);
    expect(body.report.changes[0]).toMatchObject({
      partId: 'P-1',
      before: {depotId: 'D-1', quantity: expect.any(Number)},
      after: {action: 'nothing', quantity: 0},
    });
    expect(body.report.changes).toHaveLength(body.report.changed as number);
    expect(body.changesLeftOut).toBe(0);
    expect((await ask(plenty)).body).toEqual(body);
    expect((await ask({})).body.report).toMatchObject({changed: 0, decisions: body.report.decisions});
  });

  it('M2 keeps to the part, the depot and the days that are asked for', async () => {
    expect((await ask({}, {partId: 'P-2'})).body.report.decisions).toBe(0);
    expect((await ask({}, {depotId: 'D-1'})).body.report.decisions).toBeGreaterThan(0);
    expect((await ask({}, {days: 401})).body).toMatchObject({
      error: 'invalid-request',
      details: [{path: 'body.days'}],
    });
  });

  it('M2 an entry that names nothing it could change is refused with its place', async () => {
    const {status, body} = await ask({stock: [{depotId: 'D-1'}], leadTimes: {sources: [{scale: -1}]}});
    expect(status).toBe(400);
    const paths = body.details.map(({path}: {path: string}) => path) as string[];
    expect(paths).toContain('body.overlay.stock.0');
    expect(paths).toContain('body.overlay.leadTimes.sources.0.scale');
  });

  it('M2 is worked out under a role that can write no table of the service', async () => {
    const api = world.db.poolFor('forestock_api');
    const {rows} = await api.query<{name: string; writable: boolean}>(
      `SELECT format('%I.%I', n.nspname, c.relname) AS name,
              has_table_privilege(c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE') AS writable
         FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('r', 'p') AND n.nspname IN ('platform', 'network', 'ingest', 'predict', 'replenish', 'partners')`,
    );
    expect(rows.length).toBeGreaterThan(50);
    expect(rows.filter(({writable}) => writable)).toEqual([]);
    await expect(api.query('DELETE FROM replenish.decision')).rejects.toMatchObject({code: '42501'});
  });

  it('M2 changes no row of the service', async () => {
    const counts = async (): Promise<unknown> =>
      (
        await world.db.poolFor('forestock_api').query(
          `SELECT (SELECT count(*) FROM replenish.decision) AS decisions, (SELECT count(*) FROM replenish.decision_input) AS inputs,
                  (SELECT count(*) FROM replenish.demand_signal) AS signals, (SELECT count(*) FROM network.supply_order) AS orders,
                  (SELECT count(*) FROM replenish.alert) AS alerts, (SELECT count(*) FROM platform.audit_entry) AS audited,
                  (SELECT count(*) FROM platform.outbox) AS effects`,
        )
      ).rows;
    const before = await counts();
    await ask({stock: [{onHand: 0}], leadTimes: {sources: [{scale: 3}]}});
    expect(await counts()).toEqual(before);
  });
});
