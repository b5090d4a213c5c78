/* eslint-disable @typescript-eslint/no-unsafe-assignment, @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-call, @typescript-eslint/no-unsafe-return -- replies are JSON of every shape, and the expectations are what checks them */
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {openConsoleWorld} from './world.ts';
import type {ConsoleWorld} from './world.ts';

const goods = {part: {number: 'P-1'}, depotId: 'D-1'};
/** M-1 has failed and no part is at hand. */
const failed = {
  equipmentId: 'M-1',
  positionId: 'compressor',
  reportedAt: '2026-01-04T10:00:00.000Z',
  finding: 'failed',
  partMissing: true,
};

describe('daily work over HTTP', () => {
  let world: ConsoleWorld;
  beforeAll(async () => {
    world = await openConsoleWorld({mode: 'auto'});
    await world.decide();
  });
  afterAll(() => world.stop());

  const onHand = async (): Promise<number> => {
    const {body} = await world.get('/api/v1/stock?partId=P-1&depotId=D-1');
    return body.stock.reduce((sum: number, row: {qty: number}) => sum + row.qty, 0);
  };

  it('E1 a need that finds an empty shelf stands in the backorder register until pieces come in', async () => {
    expect((await world.post('/api/v1/repairs', failed)).status).toBe(200);
    const {backorders} = (await world.get('/api/v1/backorders')).body;
    expect(backorders).toMatchObject([
      {
        partId: 'P-1',
        depotId: 'D-1',
        equipmentId: 'M-1',
        tier: 'gold',
        qty: 1,
        filledQty: 0,
        state: 'open',
        neededAt: '2026-01-04T10:00:00.000Z',
      },
    ]);
    expect(await onHand()).toBe(0);
    const receipt = await world.post('/api/v1/stock/receipts', {...goods, qty: 3, fromLoc: 'supplier:SUP'});
    expect(receipt).toMatchObject({status: 200, body: {repeated: false, result: {pieces: 3}}});
    const issue = {...goods, qty: 1, customerPartyId: 'CUS', demandId: backorders[0].demandId};
    expect(await world.post('/api/v1/stock/issues', issue)).toMatchObject({status: 200});
    expect((await world.get('/api/v1/backorders')).body.backorders).toEqual([]);
    expect(await onHand()).toBe(2);
    expect(await world.post('/api/v1/stock/issues', issue)).toMatchObject({status: 422});
  });

  it('B3 the alert names machine, part, depot, day, cost and the cheapest remedy, in words too', async () => {
    const other = await openConsoleWorld({mode: 'propose'});
    await other.post('/api/v1/repairs', failed);
    await other.decide();
    const {alerts} = (await other.get('/api/v1/alerts')).body;
    const alert = alerts.find((one: {subject: string}) => one.subject === 'P-1@D-1');
    expect(alert).toMatchObject({kind: 'backorder-impact', state: 'open', level: 2, currency: 'EUR'});
    expect(alert.moneyMinor).toBeGreaterThan(0);
    expect(alert.text).toContain('D-1 owes 1 of P-1; expected cost');
    // The piece is owed already: the shelf is empty from the moment of deciding.
    expect(alert.body).toMatchObject({equipmentId: 'M-1', emptyAt: '2026-01-05T00:00:00.000Z'});
    expect(alert.body.expectedShortageH).toBeGreaterThan(0); // piece-hours within horizonH
    expect(alert.body.remedy).toMatchObject({sourceKind: 'depot', sourceId: 'D-C'});
    // Two more of the kind, opened so that neither the oldest nor the newest first gives the order by money.
    await other.db.poolFor('forestock_replenish').query(
      `INSERT INTO replenish.alert (alert_id, kind, subject, opened_at, updated_at, state, money_minor, currency, body)
       SELECT gen_random_uuid(), a.kind, other.subject, a.opened_at + other.later, a.updated_at, a.state, other.money, a.currency, a.body
         FROM replenish.alert a,
              (VALUES ('least', interval '2 hours', 9), ('most', interval '1 hour', 10 * $2::bigint)) AS other (subject, later, money)
        WHERE a.alert_id = $1`,
      [alert.alertId, alert.moneyMinor],
    );
    const ranked = (await other.get('/api/v1/alerts?kind=backorder-impact')).body.alerts;
    expect(ranked.map((one: {subject: string}) => one.subject)).toEqual(['most', 'P-1@D-1', 'least']);
    const trace = await other.get(`/api/v1/alerts/${alert.alertId}/trace`);
    expect(trace).toMatchObject({status: 200, body: {alert: {alertId: alert.alertId, subject: 'P-1@D-1'}}});
    const unknown = await other.get('/api/v1/alerts/00000000-0000-4000-8000-000000000000/trace');
    expect(unknown).toMatchObject({status: 404, body: {error: 'unknown-alert'}});
    const seen = await other.post(`/api/v1/alerts/${alert.alertId}/acknowledge`, {actor: 'ada'});
    expect(seen).toMatchObject({status: 200, body: {state: 'acknowledged'}});
    expect((await other.get('/api/v1/alerts?state=acknowledged')).body.alerts).toHaveLength(1);
    await other.stop();
  });

  it('K1 a command sent twice under one key is carried out once', async () => {
    const before = await onHand();
    const key = {'idempotency-key': 'count-1'};
    const count = {...goods, counted: before + 4};
    expect(await world.post('/api/v1/stock/counts', count, key)).toMatchObject({
      status: 200,
      body: {repeated: false, result: {difference: 4}},
    });
    expect(await world.post('/api/v1/stock/counts', count, key)).toMatchObject({
      status: 200,
      body: {repeated: true},
    });
    expect(await world.post('/api/v1/stock/counts', {...count, counted: 1}, key)).toMatchObject({
      status: 409,
      body: {error: 'key-reused'},
    });
    expect(await onHand()).toBe(before + 4);
  });

  it('A5 an unknown unit is kept with its reason, and passes once it is corrected', async () => {
    const before = await onHand();
    const wrong = await world.post('/api/v1/stock/receipts', {
      ...goods,
      qty: 1,
      uom: 'PALLET',
      fromLoc: 'supplier:SUP',
    });
    expect(wrong).toMatchObject({status: 422, body: {error: 'unknown-unit'}});
    const rows = (await world.get('/api/v1/quarantine?state=open')).body.quarantine;
    const quarantine = rows.filter((row: {kind: string}) => row.kind === 'receive-stock');
    expect(quarantine).toMatchObject([{kind: 'receive-stock', reason: 'unknown-unit'}]);
    expect(wrong.body.details[0].nextStep).toContain(quarantine[0].quarantineId);
    const path = `/api/v1/quarantine/${quarantine[0].quarantineId}/resubmit`;
    const corrected = {body: {...quarantine[0].body, uom: 'BX'}};
    expect(await world.post(path, corrected)).toMatchObject({
      status: 200,
      body: {repeated: false, result: {pieces: 12}},
    });
    expect(await world.post(path, corrected)).toMatchObject({status: 200, body: {repeated: true}});
    expect(await onHand()).toBe(before + 12);
  });

  it('K2 a number that means two parts is refused with both named', async () => {
    expect(await world.get('/api/v1/parts/resolve?number=6205')).toMatchObject({
      status: 200,
      body: {partId: 'P-1'},
    });
    const ambiguous = await world.get('/api/v1/parts/resolve?number=77');
    expect(ambiguous).toMatchObject({status: 422, body: {error: 'ambiguous-part'}});
    expect(ambiguous.body.message).toMatch(/P-1.*P-2/);
  });

  it('an order runs its course: confirmed, shipped, received; a finished one takes no more', async () => {
    const {orders} = (await world.get('/api/v1/orders?state=open')).body;
    const order = orders[0];
    const step = (name: string, body = {}): Promise<{status: number; body: unknown}> =>
      world.post(`/api/v1/orders/${order.orderId}/${name}`, body);
    expect(await step('confirm', {promisedAt: '2026-01-09T00:00:00.000Z'})).toMatchObject({
      status: 200,
      body: {result: {state: 'confirmed'}},
    });
    expect(await step('ship')).toMatchObject({
      status: 200,
      body: {result: {state: 'shipped', shippedQty: order.qty}},
    });
    expect(await step('receive')).toMatchObject({
      status: 200,
      body: {result: {state: 'received', receivedQty: order.qty}},
    });
    expect(await step('cancel')).toMatchObject({status: 409, body: {error: 'order-state'}});
  });

  it('A3 an equipment shows what is installed, also as of an earlier day, and is not found when unknown', async () => {
    const {body} = await world.get('/api/v1/equipment/M-2');
    expect(body.installed).toMatchObject([
      {
        positionId: 'compressor',
        componentId: 'S-2',
        partId: 'P-1',
        depotIds: ['D-1', 'D-C'],
        contractId: 'K-1',
      },
    ]);
    expect((await world.get('/api/v1/equipment/M-2?asOf=2025-11-01T00:00:00.000Z')).status).toBe(404);
    expect(await world.get('/api/v1/equipment/M-9')).toMatchObject({status: 404, body: {error: 'not-found'}});
  });

  it('decisions come in pages that neither repeat nor skip one', async () => {
    for (const counted of [0, 40, 1]) {
      await world.post('/api/v1/stock/counts', {...goods, counted});
      await world.decide();
    }
    const all = (await world.get('/api/v1/decisions?limit=500')).body.decisions as {decisionId: string}[];
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page: {body: {decisions: {decisionId: string}[]; nextCursor: string | null}} = await world.get(
        `/api/v1/decisions?limit=1${cursor === '' ? '' : `&cursor=${cursor}`}`,
      );
      seen.push(...page.body.decisions.map((one) => one.decisionId));
      cursor = page.body.nextCursor;
    }
    expect(all.length).toBeGreaterThan(2);
    expect(seen).toEqual(all.map((one) => one.decisionId));
  });

  it('invariant I5a: a recorded decision, decided again, is the same byte by byte', async () => {
    const {decisions} = (await world.get('/api/v1/decisions')).body;
    for (const {decisionId} of decisions)
      expect((await world.get(`/api/v1/decisions/${decisionId}/redecide`)).body).toMatchObject({same: true});
  });
});
