import {beforeEach, describe, expect, it} from 'vitest';
import {DAY_MS, HOUR_MS, toIso} from '../../domain/time.ts';
import type {MasterData} from '../../network/core/master-data.ts';
import {createBackorderStore} from '../../replenish/adapters/backorder-rows.ts';
import {openBackorderDesk} from '../../replenish/adapters/backorder-desk.ts';
import {backorderEvents, listOverrides, listReviews, readStandings, redecide} from '../../replenish/api.ts';
import {watchBackorders} from '../../replenish/backorder-service.ts';
import {START, tinyNetwork} from '../network/tiny-network.ts';
import {DecidingNetwork} from './reference.ts';

const LINE = '5f8e4a3c-0000-4000-8000-000000000001';
const LATE = '5f8e4a3c-0000-4000-8000-00000000000a';

/** One empty depot with a slow supplier and a dear, quick one; nothing is forecast. */
function oneDepot(): MasterData {
  const network = tinyNetwork();
  const [, fromSupplier] = network['sourcing']!;
  const base = {...fromSupplier!, depot_id: 'D-1', lead_time_sd_d: 0};
  const others = Object.entries(network).filter(([table]) => table !== 'opening_stock');
  return {
    ...Object.fromEntries(others),
    sourcing: [
      {...base, lead_time_mean_d: 30},
      {...base, kind: 'emergency', lead_time_mean_d: 5, price_minor: 400_000},
    ],
    part_depot: [{part_id: 'P-1', depot_id: 'D-1', party_id: 'OWN'}],
  };
}

describe('backorders that last', () => {
  let network: DecidingNetwork;

  const watch = () =>
    watchBackorders({store: createBackorderStore(network.pool, ['erp']), now: () => network.now});
  const standing = async () => (await readStandings(network.pool, [LINE], network.now)).get(LINE)!;
  const lived = async () => (await backorderEvents(network.pool, LINE)).map(({type}) => type);
  const audited = async (action: string) => network.count(`platform.audit_entry WHERE action = '${action}'`);
  const networkDb = () => network.database.poolFor('forestock_network');

  /** Machine M-1 asks for one piece at START; the only one on order was ordered forty days before and promised for ten days ago. */
  beforeEach(async () => {
    network = await DecidingNetwork.open(oneDepot());
    const at = (days: number): string => toIso((START + days * DAY_MS) as typeof START);
    await networkDb().query(
      `INSERT INTO network.demand_line (demand_id, source, source_key, part_id, depot_id, equipment_no, customer_party_id, tier, qty, requested_at, needed_at)
       SELECT $1, 'test', 'line', 'P-1', 'D-1', equipment_no, 'CUS', 'gold', 1, $2, $2 FROM network.equipment WHERE equipment_id = 'M-1'`,
      [LINE, at(0)],
    );
    await networkDb().query(
      `SELECT network.place_supply_order($1, $1, 'purchase', 'P-1', 'supplier:SUP', 'depot:D-1', 'SUP', 'OWN', 1, 'released', $2, $3, 0, 0, 'EUR', NULL)`,
      [LATE, at(-40), at(-10)],
    );
    await networkDb().query(
      `UPDATE network.supply_order SET state = 'confirmed', promised_at = $2, first_promised_at = $2 WHERE order_id = $1`,
      [LATE, at(-10)],
    );
  });

  it('E2 E5 is tagged from what is on record, and passes each level once, whatever the clock does in between', async () => {
    network.pass(1);
    await watch();
    expect((await standing()).causes).toMatchObject([
      {cause: 'supplier-late', percent: 100, evidence: [{kind: 'order', ref: LATE, detail: {lateH: 240}}]},
    ]);
    expect(await watch()).toBe(0); // nothing is due
    for (const hours of [10, 12, 1, 24, 1, 1]) {
      network.pass(hours);
      await watch();
      await watch();
    }
    expect(await lived()).toEqual(['opened', 'warn', 'breach', 'escalate']); // B and gold: at 12, 24 and 48 h
    const alerts = await network.pool.query<{
      level: number;
      body: {level: string; tell: string};
      notified: boolean;
    }>(`SELECT level, body, notified FROM replenish.alert WHERE kind = 'backorder-duration'`);
    expect(alerts.rows).toMatchObject([
      {level: 3, body: {level: 'escalate', tell: 'operations-manager'}, notified: true},
    ]);
    const told = await network.pool.query<{type: string}>(
      `SELECT payload->>'type' AS type FROM platform.outbox WHERE cause_kind = 'alert' ORDER BY outbox_id`,
    );
    expect(told.rows.map(({type}) => type)).toEqual(['alert.warn', 'alert.breach', 'alert.escalate']);
  });

  it('E7 passes the levels of its machine’s contract, and tells whom that names', async () => {
    const levels = [{afterMin: 60, role: 'site-lead', channel: 'phone'}, {afterMin: 120, role: 'account-manager', channel: 'mail'}]; // prettier-ignore
    await network.database
      .poolFor('forestock_partners')
      .query(
        `INSERT INTO partners.contract_term (contract_id, version, term_no, type, params, effective) VALUES ('K-1', 1, 1, 'escalation', $1, '(,)')`,
        [JSON.stringify({levels})],
      );
    const told = async () => {
      const {rows} = await network.pool.query<{level: string; tell: string}>(
        `SELECT body->>'level' AS level, body->>'tell' AS tell FROM replenish.alert WHERE kind = 'backorder-duration'`,
      );
      return rows;
    };
    network.pass(1);
    await watch();
    expect(await told()).toEqual([{level: 'warn', tell: 'site-lead'}]);
    network.pass(1);
    await watch();
    network.pass(45);
    await watch();
    expect(await lived()).toEqual(['opened', 'warn', 'breach']);
    network.pass(1); // the third is the matrix’s: B and gold after 48 h
    await watch();
    expect(await lived()).toEqual(['opened', 'warn', 'breach', 'escalate']);
  });

  it('E2 five things that went wrong on the books share one backorder', async () => {
    const db = networkDb();
    await network.forecast('S-2', 10_000);
    await network.database
      .poolFor('forestock_predict')
      .query(`UPDATE predict.forecast_current SET method = 'model'`);
    await network.signal();
    await network.decide(); // what was known a lead time before
    network.pass(40 * 24);
    const now = toIso(network.now);
    const [second, stopped] = [LINE.replace(/1$/, '2'), LATE.replace(/a$/, 'b')];
    // The model had not seen it coming: machine M-2 fails,
    await db.query(
      `INSERT INTO network.position_event (equipment_no, position_id, observed_at, event_key, type)
       SELECT equipment_no, 'compressor', $1, 'failed', 'failure' FROM network.equipment WHERE equipment_id = 'M-2'`,
      [now],
    );
    await db.query(
      `INSERT INTO network.demand_line (demand_id, source, source_key, part_id, depot_id, equipment_no, tier, qty, requested_at, needed_at)
       SELECT $1, 'event', 'failed', 'P-1', 'D-1', equipment_no, 'gold', 1, $2, $2 FROM network.equipment WHERE equipment_id = 'M-2'`,
      [second, now],
    );
    // nine pieces went elsewhere at once,
    await db.query(
      `INSERT INTO network.demand_line (demand_id, source, source_key, part_id, depot_id, tier, qty, filled_qty, requested_at, needed_at, filled_at, state)
       VALUES (gen_random_uuid(), 'test', 'rush', 'P-1', 'D-1', 'gold', 9, 9, $1, $1, $1, 'filled')`,
      [now],
    );
    // a count found one fewer, and somebody called a transfer off.
    for (const [key, from, to] of [
      ['in', 'supplier:SUP', 'depot:D-1'],
      ['count', 'depot:D-1', 'adjustment:count'],
    ])
      await db.query(
        `SELECT network.post_movement(gen_random_uuid(), 'test', $1, 'P-1', '', '', 'OWN', 'new', $2, $3, 1, $4)`,
        [key, from, to, now],
      );
    await db.query(
      `SELECT network.place_supply_order($1, $1, 'transfer', 'P-1', 'depot:D-C', 'depot:D-1', NULL, 'OWN', 1, 'released',
                                         $2::timestamptz - interval '2 days', $2::timestamptz + interval '2 days', 0, 0, 'EUR', 'road')`,
      [stopped, now],
    );
    await db.query(
      `INSERT INTO network.supply_order_event (order_id, event_no, source, source_key, type, world_at) VALUES ($1, 2, 'test', 'off', 'cancel', $2)`,
      [stopped, now],
    );
    await db.query(`UPDATE network.supply_order SET state = 'cancelled' WHERE order_id = $1`, [stopped]);
    network.pass(1);
    await watch();
    const found = (await readStandings(network.pool, [second], network.now)).get(second)!;
    expect(found.causes.map(({cause, percent}) => [cause, percent])).toEqual([
      ['supplier-late', 20],
      ['transfer-blocked', 20],
      ['parameter-error', 20],
      ['demand-spike', 20],
      ['prediction-missed', 20],
    ]);
  });

  it('E5 another matrix counts from its date on', async () => {
    network.pass(1);
    await watch();
    const value = {acceptable: [{criticality: '*', tier: '*', hours: 4}]};
    await network.database
      .poolFor('forestock_platform')
      .query(
        `INSERT INTO platform.parameter (key, effective_from, value, changed_by) VALUES ('replenish.backorders', $1, $2, 'ops')`,
        [toIso((START + 6 * HOUR_MS) as typeof START), JSON.stringify(value)],
      );
    network.pass(4);
    expect(await watch()).toBe(0);
    network.pass(1);
    expect(await watch()).toBe(1);
    expect((await standing()).level).toBe('breach');
  });

  it('E5 a matrix that cannot be read is named, and the register still shows', async () => {
    const parameter = (value: unknown) =>
      network.database.poolFor('forestock_platform').query(
        `INSERT INTO platform.parameter (key, effective_from, value, changed_by) VALUES ('replenish.backorders', $1, $2, 'ops')
             ON CONFLICT (key, scope, effective_from) DO UPDATE SET value = excluded.value`,
        [toIso(network.now), JSON.stringify(value)],
      );
    network.pass(13);
    await watch();
    for (const value of [
      {warnShare: 2},
      {acceptible: []},
      'none',
      [{hours: 4}],
      {override: {from: 'never'}},
    ]) {
      await parameter(value);
      await expect(watch()).rejects.toMatchObject({
        code: 'parameter-unreadable',
        message: expect.stringContaining('replenish.backorders') as string,
      });
    }
    expect(await standing()).toMatchObject({level: 'warn', isRed: false});
    await parameter({warnShare: 0.25});
    expect(await watch()).toBe(1);
  });

  it('E6 a line that called for an override calls for one again, where the level was moved after the first had ended', async () => {
    const from = (level: string) =>
      network.database
        .poolFor('forestock_platform')
        .query(
          `INSERT INTO platform.parameter (key, effective_from, value, changed_by) VALUES ('replenish.backorders', $1, $2, 'ops')`,
          [
            toIso(network.now),
            JSON.stringify({
              override: {from: level, piecesPerWaiting: 2, stableH: 1, longestDays: 0.1},
              recovery: {steps: 1, stepH: 1},
            }),
          ],
        );
    await from('breach');
    for (const hours of [25, 3, 2]) {
      network.pass(hours);
      await watch();
    }
    expect(await listOverrides(network.pool, {limit: 10})).toMatchObject([{state: 'ended'}]);
    await from('escalate');
    network.pass(24);
    await watch();
    expect((await listOverrides(network.pool, {limit: 10})).map(({state}) => state)).toEqual([
      'standing',
      'ended',
    ]);
  });

  it('E2 E8 two people may speak of one backorder at once', async () => {
    const desk = openBackorderDesk(network.pool, () => network.now);
    network.pass(31 * 24);
    await watch();
    const said = Array.from({length: 8}, (_, i) => [
      desk.correct({demandId: LINE, cause: 'planned-risk', reason: `r${i}`, actor: 'ada'}),
      desk.review({demandId: LINE, words: {cause: `c${i}`}, close: false, actor: 'ben'}),
    ]).flat();
    const settled = await Promise.allSettled(said);
    expect(settled.filter(({status}) => status === 'rejected')).toEqual([]);
    expect((await lived()).slice(-16).toSorted()).toEqual([
      ...Array.from({length: 8}, () => 'corrected'),
      ...Array.from({length: 8}, () => 'review-changed'),
    ]);
  });

  it('E7 who has acknowledged the alert is told no more', async () => {
    network.pass(13);
    await watch();
    await network.pool.query(
      `UPDATE replenish.alert SET state = 'acknowledged' WHERE kind = 'backorder-duration'`,
    );
    network.pass(40);
    await watch();
    expect(await lived()).toEqual(['opened', 'warn', 'breach', 'escalate']);
    expect(await network.count(`platform.outbox WHERE cause_kind = 'alert'`)).toBe(1);
  });

  it('E6 D8 orders above the reorder point once, goes back when supply is stable, and says when', async () => {
    await network.signal();
    await network.decide({alertOpenMinor: 1_000_000_000});
    const before = (await network.orders()).length; // the late order covers the position
    network.pass(49);
    await watch();
    const overrides = () => listOverrides(network.pool, {limit: 10});
    expect(await overrides()).toMatchObject([
      {partId: 'P-1', depotId: 'D-1', demandId: LINE, state: 'standing', capPieces: 2},
    ]);
    const decided = await network.decide();
    expect(decided.at(-1)!.settled.decision.reasons).toContainEqual(
      expect.objectContaining({code: 'reorder-point-overridden', waiting: 1, capPieces: 2}),
    );
    for (const {decisionId, written} of decided)
      if (written) expect(await redecide(network.pool, decisionId)).toMatchObject({same: true});

    // Another machine has waited as long: one piece more, and none again for the first.
    const bought = async () => (await network.orders()).slice(before).reduce((sum, {qty}) => sum + qty, 0);
    expect(await bought()).toBe(1);
    await networkDb().query(
      `INSERT INTO network.demand_line (demand_id, source, source_key, part_id, depot_id, tier, qty, requested_at, needed_at)
       VALUES (gen_random_uuid(), 'test', 'second', 'P-1', 'D-1', 'gold', 1, $1, $1)`,
      [toIso(network.now)],
    );
    network.pass(49);
    await watch();
    await network.decide();
    expect(await overrides()).toMatchObject([{state: 'standing', capPieces: 4}]);
    expect(await bought()).toBe(2);

    await networkDb().query(
      `UPDATE network.demand_line SET state = 'filled', filled_qty = qty, filled_at = $1`,
      [toIso(network.now)],
    );
    await networkDb().query(
      `UPDATE network.supply_order SET state = 'received', shipped_qty = qty, received_qty = qty`,
    );
    await watch();
    expect(await lived()).toEqual(['opened', 'warn', 'breach', 'escalate', 'closed']);
    expect(
      await network.count(`replenish.alert WHERE kind = 'backorder-duration' AND state <> 'cleared'`),
    ).toBe(0);
    for (let look = 0; look < 32; look += 1) {
      network.pass(6);
      await watch();
    }
    expect(await overrides()).toMatchObject([{state: 'recovering', revertedBecause: 'supply-stable'}]);
    expect(await audited('override.reverted')).toBe(1);
    const recovering = await network.decide();
    expect(recovering.at(-1)!.settled.situation.depots[0]!.supplyShock).toMatchObject({
      phase: 'recovery',
      step: 1,
      steps: 4,
    });
    network.pass(4 * 7 * 24);
    await watch();
    expect(await overrides()).toMatchObject([{state: 'ended'}]);
    expect(await network.count(`platform.world_timer WHERE kind IN ('override', 'backorder')`)).toBe(0);
  });

  it('E6 the part that is bought today is bought for who waits for the one that it supersedes', async () => {
    await networkDb().query(
      `INSERT INTO network.part (part_id, group_id, name, unit_cost_minor, currency)
       SELECT 'P-1B', group_id, 'Compressor B', unit_cost_minor, currency FROM network.part WHERE part_id = 'P-1'`,
    );
    await networkDb().query(
      `INSERT INTO network.part_relation (from_part, to_part, kind, approval, ratio) VALUES ('P-1', 'P-1B', 'supersession', 'approved', 2)`,
    );
    network.pass(49);
    await watch();
    expect(await listOverrides(network.pool, {limit: 10})).toMatchObject([
      {partId: 'P-1B', demandId: LINE, capPieces: 4},
    ]);
  });

  it('E8 thirty days open a review that cannot be closed empty, by nobody and by no way around', async () => {
    const desk = openBackorderDesk(network.pool, () => network.now);
    const by = {demandId: LINE, actor: 'ada'};
    expect(await desk.review({...by, words: {}, close: true})).toMatchObject({
      ok: false,
      reason: 'unknown-review',
    });
    network.pass(31 * 24);
    expect((await standing()).isRed).toBe(true);
    await watch();
    expect(await standing()).toMatchObject({isRed: true, review: {closedAt: null}});
    expect(await listReviews(network.pool, {state: 'open', limit: 10})).toMatchObject([
      {demandId: LINE, partId: 'P-1', causes: [{cause: 'supplier-late'}]},
    ]);
    const words = {
      cause: 'supplier out of castings',
      resolution: 'bought elsewhere',
      preventiveAction: 'second source',
    };
    expect(await desk.review({...by, words, close: true})).toMatchObject({
      ok: false,
      reason: 'review-incomplete',
      detail: expect.stringContaining('owner, due date of the action') as string,
    });
    const emptied = network.pool.query(
      `UPDATE replenish.backorder_review SET closed_at = $1, closed_by = 'x'`,
      [toIso(network.now)],
    );
    await expect(emptied).rejects.toThrow(/review_not_empty/);
    expect(await desk.review({...by, words, close: false})).toMatchObject({ok: true});
    const rest = {owner: 'ada', actionDueAt: network.now};
    expect(await desk.review({...by, words: rest, close: true})).toMatchObject({
      ok: true,
      value: {...words, closedBy: 'ada'},
    });
    expect(await standing()).toMatchObject({isRed: false});
    expect(await desk.review({...by, words: {cause: 'other'}, close: false})).toMatchObject({
      reason: 'review-closed',
    });
    expect(await audited('backorder.review-closed')).toBe(1);
  });

  it('E2 a person names another cause with a reason, and the automatic tags stay beside it', async () => {
    const desk = openBackorderDesk(network.pool, () => network.now);
    const correction = {
      demandId: LINE,
      cause: 'parameter-error',
      reason: 'the order was keyed in twice',
      actor: 'ada',
    } as const;
    expect(await desk.correct(correction)).toMatchObject({ok: false, reason: 'unknown-backorder'});
    network.pass(1);
    await watch();
    expect(await desk.correct(correction)).toMatchObject({ok: true});
    expect(await standing()).toMatchObject({
      causes: [{cause: 'supplier-late', percent: 100}],
      correction: {
        cause: 'parameter-error',
        reason: 'the order was keyed in twice',
        by: 'ada',
        at: network.now,
      },
    });
    expect(await lived()).toEqual(['opened', 'corrected']);
  });
});
