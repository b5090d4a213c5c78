/* eslint-disable @typescript-eslint/no-unsafe-assignment, @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-call -- replies are JSON of every shape, and the expectations are what checks them */
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import type {MasterData} from '../../network/api.ts';
import {orderOf, twoSides} from './two-sides.ts';
import type {Side} from './two-sides.ts';
import {openConsoleWorld} from './world.ts';
import type {Answer, ConsoleWorld} from './world.ts';

const OWNER = {authorization: 'Bearer the-installation-token'};
const ORDERS = '/api/v1/my/orders';

describe('a supplier at the API', () => {
  let world: ConsoleWorld;
  const bearer: Record<string, {authorization: string}> = {};

  beforeAll(async () => {
    world = await openConsoleWorld({mode: 'shadow', data: twoSides(), apiToken: 'the-installation-token'});
    for (const side of ['A', 'B']) {
      const token = {role: 'supplier', partyId: `SUP-${side}`};
      const {body} = await world.send('PUT', `/api/v1/tokens/of-${side}`, token, OWNER);
      bearer[side] = {authorization: `Bearer ${body.token}`};
    }
  });
  afterAll(() => world.stop());

  const confirm = (side: Side, orderId: string, promisedAt: string, sourceKey?: string): Promise<Answer> =>
    world.post(
      `${ORDERS}/${orderId}/confirmation`,
      {promisedAt, ...(sourceKey === undefined ? {} : {sourceKey})},
      bearer[side],
    );

  it('K3 sees its open orders, the soonest due first, with what was wanted, what was confirmed and what is late', async () => {
    const {status, body} = await world.get(ORDERS, bearer['A']);
    expect(status).toBe(200);
    expect(body.orders).toEqual([
      {
        ...{
          orderId: orderOf('A', 1),
          kind: 'purchase',
          partId: 'PART-A',
          partName: 'Pump of A',
          depotId: 'D-C',
        },
        ...{qty: 2, shippedQty: 0, receivedQty: 0, state: 'confirmed', isLate: true, slips: 1, mode: null},
        ...{orderedAt: '2025-12-06T00:00:00.000Z', requestedAt: null},
        ...{promisedAt: '2026-01-04T00:00:00.000Z', dueAt: '2026-01-04T00:00:00.000Z'},
      },
      {
        ...{orderId: orderOf('A'), kind: 'purchase', partId: 'PART-A', partName: 'Pump of A', depotId: 'D-C'},
        ...{qty: 3, shippedQty: 0, receivedQty: 0, state: 'released', isLate: false, slips: 0, mode: null},
        ...{orderedAt: '2025-12-31T00:00:00.000Z', requestedAt: '2026-01-15T00:00:00.000Z'},
        ...{promisedAt: null, dueAt: '2026-01-15T00:00:00.000Z'},
      },
    ]);
    const first = await world.get(`${ORDERS}?limit=1`, bearer['A']);
    const second = await world.get(`${ORDERS}?limit=1&cursor=${first.body.nextCursor}`, bearer['A']);
    expect([first.body.orders[0].orderId, second.body.orders[0].orderId]).toEqual([
      orderOf('A', 1),
      orderOf('A'),
    ]);
  });

  it('K3 confirms a date: once under one key, kept beside the date that was wanted, and on record by name', async () => {
    const at = '2026-01-18T12:00:00.000Z';
    expect(await confirm('A', orderOf('A'), at, 'act-1')).toMatchObject({
      status: 200,
      body: {repeated: false, result: {state: 'confirmed'}},
    });
    expect(await confirm('A', orderOf('A'), at, 'act-1')).toMatchObject({
      status: 200,
      body: {repeated: true},
    });
    const {body} = await world.get(ORDERS, bearer['A']);
    expect(body.orders[1]).toMatchObject({
      ...{state: 'confirmed', promisedAt: at, dueAt: at, requestedAt: '2026-01-15T00:00:00.000Z', slips: 0},
    });
    await confirm('A', orderOf('A'), '2026-01-25T12:00:00.000Z');
    expect((await world.get(ORDERS, bearer['A'])).body.orders[1]).toMatchObject({slips: 1});
    const {rows} = await world.db
      .poolFor('forestock_api')
      .query<{actor: string}>(`SELECT actor FROM platform.audit_entry WHERE action = 'confirm-order'`);
    expect(rows).toEqual([{actor: 'token of-A'}, {actor: 'token of-A'}]);
  });

  it('K3 another’s order is as unknown as one that does not exist, and stays as it is', async () => {
    const missing = 'c0000000-0000-4000-8000-000000000001';
    const answers = [orderOf('B'), missing].map((orderId) =>
      confirm('A', orderId, '2026-02-01T12:00:00.000Z'),
    );
    const [foreign, none] = await Promise.all(answers);
    expect(foreign).toMatchObject({status: 404, body: {error: 'unknown-order'}});
    expect(none!.body.message.replace(missing, '…')).toBe(foreign!.body.message.replace(orderOf('B'), '…'));
    const {body} = await world.get(ORDERS, bearer['B']);
    expect(body.orders.map(({state}: {state: string}) => state)).toEqual(['confirmed', 'released']);
    expect(await world.get(`${ORDERS}?partyId=SUP-B`, bearer['A'])).toMatchObject({
      ...{status: 403, body: {error: 'foreign-party'}},
    });
  });

  it('K3 a day that is over is no promise, today is one', async () => {
    expect(await confirm('B', orderOf('B'), '2026-01-03T23:00:00.000Z')).toMatchObject({
      status: 422,
      body: {error: 'promise-past', message: expect.stringContaining('it is 2026-01-05')},
    });
    expect(await confirm('B', orderOf('B'), '2026-01-05T00:00:00.000Z')).toMatchObject({status: 200});
  });

  it('K3 an admin says whose page it wants to see', async () => {
    expect(await world.get(ORDERS, OWNER)).toMatchObject({status: 422, body: {error: 'party-needed'}});
    const {body} = await world.get(`${ORDERS}?partyId=SUP-B`, OWNER);
    expect(body.orders).toHaveLength(2);
  });

  it('C8 sees the expected demand of its own parts by month, and of no other', async () => {
    await world.db.poolFor('forestock_replenish').query(
      `INSERT INTO replenish.demand_forecast (part_id, depot_id, as_of, party_id, per_year, vmr, prior_kind, prior_per_year, credibility, history_months, pieces, hidden_share)
       SELECT part_id, 'D-C', '2026-01-04Z', 'OWN', per_year, 1, 'master-data', per_year, 0, 0, 0, 0 FROM (VALUES ('PART-A', 12), ('PART-B', 24)) f(part_id, per_year)`,
    );
    const forecasts = '/api/v1/my/forecasts?months=2';
    const {body} = await world.get(forecasts, bearer['A']);
    const part = {partId: 'PART-A', partName: 'Pump of A'};
    expect(body.forecasts).toEqual([
      {...part, month: '2026-01', pieces: expect.closeTo((12 * 27) / 365.25, 6)},
      {...part, month: '2026-02', pieces: expect.closeTo((12 * 28) / 365.25, 6)},
    ]);
    const other: {partId: string}[] = (await world.get(forecasts, bearer['B'])).body.forecasts;
    expect(new Set(other.map(({partId}) => partId))).toEqual(new Set(['PART-B']));

    // Two parts more, of which one is asked for as much: pages of one part each, no month twice.
    const {part: parts = [], sourcing = []} = twoSides();
    const like = (rows: MasterData[string], partId: string) =>
      rows.filter((row) => row['part_id'] === 'PART-A').map((row) => ({...row, part_id: partId}));
    await world.base.network.importMaster(
      {
        part: ['PART-A2', 'PART-A3'].flatMap((id) =>
          like(parts, id).map((row) => ({...row, group_id: `G-${id}`})),
        ),
        sourcing: ['PART-A2', 'PART-A3'].flatMap((id) => like(sourcing, id)),
      },
      'test',
    );
    await world.db.poolFor('forestock_replenish').query(
      `INSERT INTO replenish.demand_forecast (part_id, depot_id, as_of, party_id, per_year, vmr, prior_kind, prior_per_year, credibility, history_months, pieces, hidden_share)
       SELECT part_id, 'D-C', '2026-01-04Z', 'OWN', per_year, 1, 'master-data', per_year, 0, 0, 0, 0 FROM (VALUES ('PART-A2', 12), ('PART-A3', 30)) f(part_id, per_year)`,
    );
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const next: Answer = await world.get(
        `${forecasts}&limit=1${cursor && `&cursor=${cursor}`}`,
        bearer['A'],
      );
      seen.push(...(next.body.forecasts as {partId: string}[]).map(({partId}) => partId));
      cursor = next.body.nextCursor as string | null;
    }
    expect(seen).toEqual(['PART-A3', 'PART-A3', 'PART-A', 'PART-A', 'PART-A2', 'PART-A2']);
  });

  it('H2 sees how it delivered: one of two orders on time, the one that came 2.5 days beyond its agreed 20', async () => {
    const {body} = await world.get('/api/v1/my/scorecard', bearer['B']);
    expect(body.scores.map(({partId}: {partId: string | null}) => partId)).toEqual([null, null, 'PART-B']);
    expect(body.scores[0]).toMatchObject({
      ...{orders: 2, onTime: 1, pieces: 6, receivedPieces: 4, slipped: 1},
      ...{timed: 1, inLeadTime: 0, beyondAgreedDays: 2.5, confirmed: 0, confirmHours: null},
    });
    expect((await world.get('/api/v1/my/scorecard?days=10', bearer['B'])).body.scores[0].orders).toBe(1);
  });
});
