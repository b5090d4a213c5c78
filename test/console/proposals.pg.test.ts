/* eslint-disable @typescript-eslint/no-unsafe-assignment, @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-call, @typescript-eslint/no-unsafe-return -- replies are JSON of every shape, and the expectations are what checks them */
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {DAY_MS, plusMs} from '../../domain/time.ts';
import {openConsoleWorld} from './world.ts';
import type {ConsoleWorld} from './world.ts';

describe('proposals', () => {
  let world: ConsoleWorld;
  beforeAll(async () => {
    world = await openConsoleWorld({mode: 'propose'});
    await world.decide();
  });
  afterAll(() => world.stop());

  /** The one proposal of a depot. */
  const waiting = async (
    depotId = 'D-1',
  ): Promise<{decisionId: string; quantity: number; partId: string}> => {
    const {body} = await world.get(`/api/v1/proposals?depotId=${depotId}`);
    expect(body.proposals).toHaveLength(1);
    return body.proposals[0];
  };
  const rowsIn = async (sql: string, ...values: unknown[]): Promise<number> =>
    (await world.db.poolFor('forestock_api').query<{n: number}>(sql, values)).rows[0]!.n;
  const ordersOf = (decisionId: string): Promise<number> =>
    rowsIn('SELECT count(*) AS n FROM network.supply_order WHERE decision_id = $1', decisionId);

  it('D5 a decision above the mode waits as a proposal with its reasons, and orders nothing', async () => {
    const {decisionId} = await waiting();
    const {body} = await world.get(`/api/v1/decisions/${decisionId}`);
    expect(body).toMatchObject({
      state: 'proposed',
      mode: 'propose',
      depotId: 'D-1',
      partId: 'P-1',
      reviews: [],
    });
    expect(body.reasons.map((reason: {code: string}) => reason.code)).toContain('needs-approval');
    expect(body.reasons.every((reason: {text: string}) => reason.text.length > 10)).toBe(true);
    expect(body.expiresAt).toMatch(/^2026-01-12T/);
    expect(await ordersOf(decisionId)).toBe(0);
  });

  it('D5 a rejection needs a reason code, orders nothing, and is not proposed again as it was', async () => {
    const {decisionId} = await waiting();
    const without = await world.post(`/api/v1/proposals/${decisionId}/reject`, {});
    expect(without).toMatchObject({
      status: 400,
      body: {error: 'invalid-request', details: [{path: 'body.reasonCode'}]},
    });
    const rejected = await world.post(`/api/v1/proposals/${decisionId}/reject`, {
      reasonCode: 'ordered-elsewhere',
      note: 'PO 4711',
      actor: 'ada',
    });
    expect(rejected).toMatchObject({status: 200, body: {state: 'rejected', orderId: null}});
    const {body} = await world.get(`/api/v1/decisions/${decisionId}`);
    expect(body.reviews).toMatchObject([
      {actor: 'ada', verdict: 'reject', reasonCode: 'ordered-elsewhere', note: 'PO 4711'},
    ]);
    await touch('same');
    expect((await world.get('/api/v1/proposals?depotId=D-1')).body.proposals).toEqual([]);
    expect(await ordersOf(decisionId)).toBe(0);
  });

  it('D5 approval places the order, its message, the audit entry and a follow-up signal together, and only once', async () => {
    await issue(1); // another situation, so another proposal
    const {decisionId, quantity} = await waiting();
    const path = `/api/v1/proposals/${decisionId}/approve`;
    const key = {'idempotency-key': 'approve-1'};
    const approvals = await Promise.all([1, 2, 3].map(() => world.post(path, {actor: 'ada'}, key)));
    expect(approvals.map(({status}) => status)).toEqual([200, 200, 200]);
    expect(approvals.filter(({body}) => !body.repeated)).toHaveLength(1);
    expect(approvals[0]!.body).toMatchObject({state: 'approved', quantity});
    expect(await ordersOf(decisionId)).toBe(1);
    const outbox = `SELECT count(*) AS n FROM platform.outbox WHERE cause_kind = 'decision' AND cause_id = $1`;
    expect(await rowsIn(outbox, decisionId)).toBe(1);
    const audit = `SELECT count(*) AS n FROM platform.audit_entry WHERE action = 'decision.approved' AND actor = 'ada' AND subject = $1`;
    expect(await rowsIn(audit, decisionId)).toBe(1);
    const signal = `SELECT count(*) AS n FROM replenish.demand_signal WHERE cause_kind = 'follow-up' AND cause_ref = $1`;
    expect(await rowsIn(signal, decisionId)).toBe(1);
    const {orders} = (await world.get('/api/v1/orders?state=open&partId=P-1')).body;
    expect(orders).toMatchObject([{decisionId, qty: quantity, state: 'released', toLoc: 'depot:D-1'}]);

    expect(await world.post(path, {actor: 'bob'}, key)).toMatchObject({
      status: 409,
      body: {error: 'key-reused'},
    });
    const again = await world.post(path, {});
    expect(again).toMatchObject({status: 409, body: {error: 'proposal-closed'}});
    expect(again.body.message).toContain('was approved before');
  });

  it('D5 a changed quantity is priced anew and must be one the source takes', async () => {
    await world.decide();
    await world.db
      .poolFor('forestock_network')
      .query(`UPDATE network.part_depot SET background_per_year = 100 WHERE depot_id = 'D-1'`); // busier than it was
    await issue(2);
    const {decisionId, quantity: proposed} = await waiting();
    const path = `/api/v1/proposals/${decisionId}/change`;
    const wrong = await world.post(path, {quantity: 0, reasonCode: 'because', extra: 1});
    expect(wrong.status).toBe(400);
    expect(wrong.body.details.map((detail: {path: string}) => detail.path).sort()).toEqual([
      'body',
      'body.quantity',
      'body.reasonCode',
    ]);
    const tooMuch = await world.post(path, {quantity: 500, reasonCode: 'quantity-too-low'});
    expect(tooMuch).toMatchObject({status: 409, body: {error: 'proposal-outdated'}}); // D-C has ten pieces
    const same = await world.post(path, {quantity: proposed, reasonCode: 'other'});
    expect(same).toMatchObject({status: 422, body: {error: 'quantity-unchanged'}});
    const quantity = proposed + 1;
    const changed = await world.post(path, {quantity, reasonCode: 'quantity-too-low', actor: 'ada'});
    expect(changed).toMatchObject({status: 200, body: {state: 'changed', quantity}});
    const {orders} = (await world.get('/api/v1/orders?state=open&partId=P-1')).body;
    expect(orders.find((one: {decisionId: string}) => one.decisionId === decisionId)).toMatchObject({
      qty: quantity,
    });
  });

  it('a proposal that the situation has overtaken says so', async () => {
    await world.decide();
    await count(0);
    const {decisionId} = await waiting('D-C');
    await count(9); // pieces turned up: nothing is needed any more
    const late = await world.post(`/api/v1/proposals/${decisionId}/approve`, {});
    expect(late).toMatchObject({status: 409, body: {error: 'proposal-closed'}});
    expect(late.body.message).toContain('withdrawn because the situation changed');
    expect(await ordersOf(decisionId)).toBe(0);
  });

  it('a proposal that nobody answered in time expires', async () => {
    await count(0);
    const {decisionId} = await waiting('D-C');
    const waitingBefore = (await world.get('/api/v1/proposals')).body.proposals.length;
    expect(waitingBefore).toBe(1);
    await world.clock.advanceTo(plusMs(world.clock.now(), 8 * DAY_MS));
    const late = await world.post(`/api/v1/proposals/${decisionId}/approve`, {});
    expect(late).toMatchObject({status: 409, body: {error: 'proposal-expired'}});
    expect(await world.replenish.reviews.expireProposals()).toBe(waitingBefore);
    expect((await world.get(`/api/v1/decisions/${decisionId}`)).body.state).toBe('expired');
    await touch('after expiry');
    expect((await waiting('D-C')).decisionId).not.toBe(decisionId); // still needed: proposed anew
  });

  it('an unknown proposal is not found', async () => {
    const nowhere = '/api/v1/proposals/00000000-0000-4000-8000-000000000000/approve';
    expect(await world.post(nowhere, {})).toMatchObject({status: 404, body: {error: 'unknown-proposal'}});
  });

  /** A technician needs a piece that is not there: one backorder more. */
  async function issue(nth: number): Promise<void> {
    const repair = await world.post(
      '/api/v1/repairs',
      {
        equipmentId: nth % 2 === 0 ? 'M-1' : 'M-2',
        positionId: 'compressor',
        reportedAt: `2026-01-04T0${nth}:00:00.000Z`,
        finding: 'failed',
        partMissing: true,
      },
      {'idempotency-key': `repair-${nth}`},
    );
    expect(repair.status).toBe(200);
    await world.decide();
  }

  /** The shelf was counted. */
  async function count(counted: number): Promise<void> {
    const done = await world.post('/api/v1/stock/counts', {part: {number: 'P-1'}, depotId: 'D-1', counted});
    expect(done.status).toBe(200);
    await world.decide();
  }

  /** Something touched the group, and nothing is different. */
  async function touch(cause: string): Promise<void> {
    await world.db
      .poolFor('forestock_replenish')
      .query(`SELECT replenish.raise_demand_signal(gen_random_uuid(), 'G-1', 'test', $1, $2)`, [
        cause,
        new Date(world.clock.now()).toISOString(),
      ]);
    await world.decide();
  }

  it('an approved order that is called off: whoever was told of it is told once that it is off', async () => {
    const {orders} = (await world.get('/api/v1/orders?state=released&partId=P-1')).body;
    const {orderId, decisionId, qty} = orders[0];
    const path = `/api/v1/orders/${orderId}/cancel`;
    const key = {'idempotency-key': 'undo-1'};
    expect(await world.post(path, {}, key)).toMatchObject({
      status: 200,
      body: {result: {state: 'cancelled'}},
    });
    expect((await world.post(path, {}, key)).body.repeated).toBe(true);
    const {rows} = await world.db
      .poolFor('forestock_api')
      .query<{target_id: string; payload: object}>(
        `SELECT target_id, payload FROM platform.outbox WHERE payload->>'orderId' = $1 ORDER BY outbox_id`,
        [orderId],
      );
    expect(rows).toMatchObject([
      {payload: {type: 'order.released', decisionId}},
      {target_id: rows[0]!.target_id, payload: {type: 'order.cancelled', decisionId, quantity: qty}},
    ]);
  });
});
