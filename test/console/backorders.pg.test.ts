/* eslint-disable @typescript-eslint/no-unsafe-assignment, @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-call -- replies are JSON, and the expectations are what checks them */
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {HOUR_MS, plusMs} from '../../domain/time.ts';
import type {MasterData} from '../../network/api.ts';
import {START} from '../network/tiny-network.ts';
import {hungryNetwork, openConsoleWorld} from './world.ts';
import type {ConsoleWorld} from './world.ts';

/** Three pieces a repair; P-1B has taken the place of P-1, and two of P-1C do the work of one. */
function data(): MasterData {
  const network = hungryNetwork();
  const [first] = network['part']!;
  const approved = {from_part: 'P-1', approval: 'approved'};
  return {
    ...network,
    part: [...network['part']!, {...first!, part_id: 'P-1B'}, {...first!, part_id: 'P-1C'}],
    bom_position: [{...network['bom_position']![0]!, qty: 3}],
    part_relation: [
      {...approved, to_part: 'P-1B', kind: 'supersession'},
      {...approved, to_part: 'P-1C', kind: 'substitute', ratio: 2},
    ],
  };
}

describe('the backorder register over HTTP', () => {
  let world: ConsoleWorld;
  beforeEach(async () => {
    world = await openConsoleWorld({mode: 'shadow', data: data()});
    const report = {
      equipmentId: 'M-1',
      positionId: 'compressor',
      reportedAt: '2026-01-04T14:00:00.000Z',
      finding: 'failed',
      partMissing: true,
    };
    expect((await world.post('/api/v1/repairs', report)).status).toBe(200);
  });
  afterEach(() => world.stop());

  const backorder = async (): Promise<{demandId: string}> =>
    (await world.get('/api/v1/backorders')).body.backorders[0] as {demandId: string};
  const life = async (demandId: string): Promise<{line: object; events: object[]}> =>
    (await world.get(`/api/v1/demand/${demandId}`)).body as {line: object; events: object[]};
  const receive = (number: string, qty: number) =>
    world.post('/api/v1/stock/receipts', {part: {number}, depotId: 'D-1', qty, fromLoc: 'supplier:SUP'});
  const issue = (number: string, qty: number, demandId: string) =>
    world.post('/api/v1/stock/issues', {
      part: {number},
      depotId: 'D-1',
      qty,
      customerPartyId: 'CUS',
      demandId,
    });

  it('E1 shows part, depot, equipment, tier, promise, age, cause, value and how long the machine has been held up', async () => {
    await world.clock.advanceTo(plusMs(START, 2 * HOUR_MS));
    expect(await backorder()).toMatchObject({
      partId: 'P-1',
      depotId: 'D-1',
      equipmentId: 'M-1',
      tier: 'gold',
      cause: 'failure',
      qty: 3,
      filledQty: 0,
      openQty: 3,
      cancelledQty: 0,
      promisedAt: null,
      coveredBy: null,
      ageH: 12,
      impactH: 12,
      openValueMinor: 300_000,
      currency: 'EUR',
    });
    const {waitingMinorPerH} = (await backorder()) as {demandId: string; waitingMinorPerH: number};
    expect(waitingMinorPerH).toBeGreaterThanOrEqual(20_000); // its downtime, and what its contract adds
    expect((await world.get('/api/v1/backorders')).body.impact).toEqual([
      {
        customerPartyId: 'CUS',
        lines: 1,
        pieces: 3,
        machines: 1,
        waitedH: 12,
        downtimeMinor: 12 * waitingMinorPerH,
        currency: 'EUR',
      },
    ]);
    const orderId = '6f1e8a53-1c55-5a8f-9a53-0d7c1a2b3c4d';
    await world.db
      .poolFor('forestock_network')
      .query(
        `SELECT network.place_supply_order($1, $1, 'transfer', 'P-1', 'depot:D-C', 'depot:D-1', null, 'OWN', 3, 'released', $2, $2, 0, 0, 'EUR', 'road')`,
        [orderId, new Date(START).toISOString()],
      );
    expect(await backorder()).toMatchObject({promisedAt: null, coveredBy: null}); // nobody has confirmed it
    const promisedAt = '2026-01-07T08:00:00.000Z';
    await world.post(`/api/v1/orders/${orderId}/confirm`, {promisedAt});
    expect(await backorder()).toMatchObject({promisedAt, coveredBy: orderId});
    await receive('P-1', 3);
    expect(await backorder()).toMatchObject({promisedAt: null, coveredBy: 'shelf'});
  });

  it('E1 one piece, a substitute, the rest called off: three asked for are three, step by step', async () => {
    const {demandId} = await backorder();
    await receive('P-1', 1);
    await receive('P-1C', 8);
    expect(await issue('P-1', 1, demandId)).toMatchObject({status: 200});
    expect(await issue('P-1C', 1, demandId)).toMatchObject({status: 422, body: {error: 'substitute-ratio'}});
    expect(await issue('P-1C', 2, demandId)).toMatchObject({status: 200});
    expect(await backorder()).toMatchObject({filledQty: 2, openQty: 1, openValueMinor: 100_000});
    expect(await issue('P-1C', 4, demandId)).toMatchObject({status: 422, body: {error: 'over-issue'}});
    const cancel = () =>
      world.post(
        `/api/v1/demand/${demandId}/cancel`,
        {reason: 'supplied-elsewhere', note: 'customer had one'},
        {'idempotency-key': 'cancel-1'},
      );
    await world.clock.advanceTo(plusMs(START, 4 * HOUR_MS));
    expect(await cancel()).toMatchObject({
      status: 200,
      body: {repeated: false, result: {demandId, filledQty: 2, cancelledQty: 1}},
    });
    await world.clock.advanceTo(plusMs(START, 9 * HOUR_MS));
    expect(await cancel()).toMatchObject({status: 200, body: {repeated: true}});
    expect((await world.get('/api/v1/backorders')).body.backorders).toEqual([]);
    const {line, events} = await life(demandId);
    expect(line).toMatchObject({
      state: 'cancelled',
      qty: 3,
      filledQty: 2,
      openQty: 0,
      cancelledQty: 1,
      ageH: 14,
      openValueMinor: 0,
    });
    expect(events).toMatchObject([
      {eventNo: 1, type: 'filled', qty: 1, partId: 'P-1', pieces: 1},
      {eventNo: 2, type: 'filled', qty: 1, partId: 'P-1C', pieces: 2},
      {eventNo: 3, type: 'cancelled', qty: 1, reason: 'supplied-elsewhere', note: 'customer had one'},
    ]);
    const stock = (await world.get('/api/v1/stock?depotId=D-1')).body.stock;
    expect(stock).toMatchObject([{partId: 'P-1C', qty: 6}]);
    const audit = await world.db
      .poolFor('forestock_api')
      .query(`SELECT actor FROM platform.audit_entry WHERE action = 'cancel-demand'`);
    expect(audit.rows).toHaveLength(1);
  });

  it('E1 a part that nobody approved for it fills no line, and what is closed or unknown is not called off', async () => {
    const {demandId} = await backorder();
    await receive('P-1B', 3);
    await world.post('/api/v1/stock/receipts', {
      part: {number: 'P-3'},
      depotId: 'D-1',
      qty: 1,
      serial: 'X-1',
      fromLoc: 'supplier:SUP',
    });
    const stranger = {
      part: {number: 'P-3'},
      depotId: 'D-1',
      qty: 1,
      serial: 'X-1',
      customerPartyId: 'CUS',
      demandId,
    };
    const refused = await world.post('/api/v1/stock/issues', stranger);
    expect(refused).toMatchObject({status: 422, body: {error: 'no-substitute'}});
    const nobody = {part: {number: 'P-1B'}, depotId: 'D-1', qty: 1, customerPartyId: 'NOBODY', demandId};
    expect(await world.post('/api/v1/stock/issues', nobody)).toMatchObject({
      status: 422,
      body: {error: 'unknown-party'},
    });
    expect(await backorder()).toMatchObject({openQty: 3});
    expect(await issue('P-1B', 3, demandId)).toMatchObject({status: 200});
    expect(await world.post(`/api/v1/demand/${demandId}/cancel`, {reason: 'other'})).toMatchObject({
      status: 409,
      body: {error: 'demand-closed'},
    });
    const nowhere = '00000000-0000-4000-8000-000000000000';
    expect(await world.post(`/api/v1/demand/${nowhere}/cancel`, {reason: 'other'})).toMatchObject({
      status: 404,
    });
    expect(await world.get(`/api/v1/demand/${nowhere}`)).toMatchObject({status: 404});
    expect(await world.post(`/api/v1/demand/${demandId}/cancel`, {reason: 'bored'})).toMatchObject({
      status: 400,
    });
  });

  it('E2 E5 E8 shows level and causes, is red after 31 days, and green once the review says everything', async () => {
    const {demandId} = await backorder();
    const day = (days: number) => world.clock.advanceTo(plusMs(START, days * 24 * HOUR_MS));
    await day(2);
    await world.replenish.watchBackorders();
    const tagged = (await world.get('/api/v1/backorders')).body;
    expect(tagged).toMatchObject({
      reviewStatus: 'green',
      reviewsMissing: 0,
      backorders: [{level: 'escalate', isRed: false}],
    });
    const causes = tagged.backorders[0].causes as {percent: number}[];
    expect(causes.reduce((sum, {percent}) => sum + percent, 0)).toBe(100);
    await day(31); // nobody watches
    expect((await world.get('/api/v1/backorders')).body).toMatchObject({
      reviewStatus: 'red',
      reviewsMissing: 1,
      backorders: [{isRed: true}],
    });
    const review = (body: object) => world.post(`/api/v1/backorders/${demandId}/review`, body);
    expect(await review({close: true})).toMatchObject({status: 404, body: {error: 'unknown-review'}});
    await world.replenish.watchBackorders();
    expect((await world.get('/api/v1/backorder-reviews?state=open')).body.reviews).toMatchObject([
      {demandId, owner: null},
    ]);
    expect(await review({cause: 'late', close: true})).toMatchObject({
      status: 422,
      body: {error: 'review-incomplete'},
    });
    const words = {
      cause: 'no castings',
      resolution: 'bought elsewhere',
      preventiveAction: 'second source',
      owner: 'ada',
      actionDueAt: '2026-03-01T00:00:00.000Z',
    };
    expect(await review({...words, close: true, actor: 'ada'})).toMatchObject({
      status: 200,
      body: {...words, closedBy: 'ada'},
    });
    expect((await world.get('/api/v1/backorders')).body).toMatchObject({
      reviewStatus: 'green',
      backorders: [{isRed: false}],
    });

    const correct = (body: object) => world.post(`/api/v1/backorders/${demandId}/correct`, body);
    expect(await correct({cause: 'supplier-late'})).toMatchObject({status: 400}); // no reason
    const held = {cause: 'supplier-late', reason: 'customs held it'};
    expect(await correct(held)).toMatchObject({status: 200});
    expect(await correct(held)).toMatchObject({status: 200}); // the same once more
    expect(await review({...words, close: true, actor: 'ada'})).toMatchObject({status: 200}); // said before
    expect(await review({cause: 'another'})).toMatchObject({status: 409, body: {error: 'review-closed'}});
    expect((await world.get(`/api/v1/backorders/${demandId}`)).body).toMatchObject({
      correction: {cause: 'supplier-late', reason: 'customs held it', by: 'planner'},
      events: ['opened', 'warn', 'breach', 'escalate', 'review-opened', 'review-closed', 'corrected'].map(
        (type) => ({type}),
      ),
    });
    expect((await world.get('/api/v1/supply-overrides')).body.overrides).toMatchObject([
      {partId: 'P-1B', demandId, state: 'standing'}, // the part that is bought today
    ]);
    expect((await world.get('/api/v1/alerts?kind=backorder-duration')).body.alerts[0].text).toContain(
      'M-1 waits for 3 of P-1 at D-1',
    );
  });

  it('E1 L2 is narrowed by what planners ask for, page by page, and its sums are those of its lines', async () => {
    const second = {equipmentId: 'M-2', positionId: 'compressor', reportedAt: '2026-01-04T20:00:00.000Z'};
    await world.post('/api/v1/repairs', {...second, finding: 'failed', partMissing: true});
    await world.clock.advanceTo(plusMs(START, 2 * 24 * HOUR_MS));
    await world.replenish.watchBackorders();
    const read = async (query = ''): Promise<{backorders: {demandId: string}[]; nextCursor: string | null}> =>
      (await world.get(`/api/v1/backorders?${query}`)).body as never;
    const ids = ({backorders}: {backorders: {demandId: string}[]}): string[] =>
      backorders.map(({demandId}) => demandId);
    const all = ids(await read());
    expect(all).toHaveLength(2);
    const first = await read('limit=1');
    const next = await read(`limit=1&cursor=${first.nextCursor!}`);
    expect([...ids(first), ...ids(next)]).toEqual(all);

    const {causes} = first.backorders[0] as unknown as {causes: {cause: string}[]};
    const named = causes[0]!.cause;
    for (const [query, count] of [
      ['level=escalate', 2],
      ['customerPartyId=CUS', 2],
      ['customerPartyId=OWN', 0],
      ['tier=gold', 2],
      [`cause=${named}`, 2],
      ['cause=end-of-life', 0],
      ['lateFromH=56', 1], // needed at 14:00 and at 20:00 of the day before the start
      ['lateToH=56', 1],
      ['depotId=D-C', 0],
    ] as const)
      expect([query, ids(await read(query)).length]).toEqual([query, count]);
    await world.post(`/api/v1/backorders/${all[0]!}/correct`, {cause: 'end-of-life', reason: 'not made'});
    expect(ids(await read('cause=end-of-life'))).toEqual([all[0]]);
    expect(ids(await read(`cause=${named}`))).toEqual([all[1]]);

    const summary = (await world.get('/api/v1/backorders/summary')).body;
    expect(summary).toMatchObject({lines: 2, isCut: false, notLookedAt: 0, reviewStatus: 'green'});
    expect(summary.ages.map(({lines}: {lines: number}) => lines)).toEqual([0, 2, 0, 0, 0]);
    expect(summary.causes.map(({percent}: {percent: number}) => percent)).toEqual([50, 50]);
    expect(summary.impact).toMatchObject([
      {customerPartyId: 'CUS', lines: 2, pieces: summary.pieces, machines: 2},
    ]);
    expect((await world.get('/api/v1/backorders/summary?customerPartyId=OWN')).body).toMatchObject({
      lines: 0,
    });
  });

  it('E1 what failed again before the line was called off was called off with it', async () => {
    const {demandId} = await backorder();
    await world.clock.advanceTo(plusMs(START, 90 * 24 * HOUR_MS));
    const again = (reportedAt: string) =>
      world.post('/api/v1/repairs', {
        equipmentId: 'M-1',
        positionId: 'compressor',
        reportedAt,
        finding: 'failed',
        partMissing: true,
      });
    await again('2026-02-20T14:00:00.000Z'); // it still waits: the same need
    expect((await world.get('/api/v1/demand')).body.demand).toHaveLength(1);
    await world.post(`/api/v1/demand/${demandId}/cancel`, {reason: 'not-needed'});
    await again('2026-02-21T14:00:00.000Z'); // told late, and long before the cancellation
    expect((await world.get('/api/v1/demand')).body.demand).toHaveLength(1);
  });
});
