/* eslint-disable @typescript-eslint/no-unsafe-assignment, @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-call, @typescript-eslint/no-unsafe-return -- replies are JSON of every shape, and the expectations are what checks them */
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {DAY_MS, HOUR_MS, epochMs, toIso} from '../../domain/time.ts';
import type {MasterData} from '../../network/api.ts';
import {START} from '../network/tiny-network.ts';
import {twoSides} from './two-sides.ts';
import {openConsoleWorld} from './world.ts';
import type {ConsoleWorld} from './world.ts';

const OWNER = {authorization: 'Bearer the-installation-token'};
const day = (days: number): string => toIso(epochMs(START + days * DAY_MS));

const lateOrder = (no: number): string => `d0000000-0000-4000-8000-00000000000${no}`;

/** 90 % on time in a month, else 50.00 for each late order, 80.00 at most. */
const agreed = (more: object = {}): string =>
  JSON.stringify({currency: 'EUR', targetPct: 90, perEventMinor: 5_000, capPerWindowMinor: 8_000, ...more});

/**
 * One supplier of both parts, PART-A of segment A and PART-B of C. Of each an order is late since three days ago, and a need waits for 30 h.
 * In December three orders of PART-A came: on time, two days late, three days late. Handed out of PART-A in the month: eight pieces and two; five more before it began.
 */
function aMonth(): MasterData {
  const rows = JSON.parse(JSON.stringify(twoSides()).replaceAll('SUP-B', 'SUP-A')) as MasterData;
  const filled = (key: string, qty: number, from: number, to: number) => ({
    ...rows['demand_history']!.find(({part_id}) => part_id === 'PART-A'),
    ...{source_key: key, qty, filled_qty: qty, requested_at: day(from), filled_at: day(to)},
    ...{state: 'filled', promised_at: ''},
  });
  const due = (no: number, from: number, to: number) => ({
    ...rows['supply_order']!.find(({state, part_id}) => state === 'received' && part_id === 'PART-A'),
    ...{order_id: lateOrder(no), ordered_at: day(from - 20), expected_at: day(from), promised_at: day(from)},
    ...{first_promised_at: day(from), received_at: day(to)},
  });
  return {
    ...rows,
    contract: [
      ...rows['contract']!,
      {contract_id: 'K-S', party_a: 'OWN', party_b: 'SUP-A', type: 'framework', tier: 'standard'},
    ],
    contract_term: [{contract_id: 'K-S', version: 1, term_no: 1, type: 'delivery', params: agreed()}],
    supply_order: [...rows['supply_order']!, due(1, -26, -26), due(2, -24, -22), due(3, -16, -13)],
    party: [...new Map(rows['party']!.map((row) => [row['party_id'], row])).values()],
    part: rows['part']!.map((row) => ({...row, criticality: row['part_id'] === 'PART-A' ? 'A' : 'C'})),
    demand_history: [
      ...rows['demand_history']!,
      filled('eight', 8, -20, -20),
      filled('two', 2, -12, -10),
      filled('before', 5, -40, -40),
    ],
  };
}

describe('the scorecard of a supplier, of a month counted by hand', () => {
  let world: ConsoleWorld;
  const bearer = new Map<string, {authorization: string}>();

  beforeAll(async () => {
    world = await openConsoleWorld({mode: 'shadow', data: aMonth(), apiToken: 'the-installation-token'});
    const tokens = {
      supplier: {role: 'supplier', partyId: 'SUP-A'},
      'supplier of C': {role: 'supplier', partyId: 'SUP-A', segments: ['C']},
      planner: {role: 'planner'},
      technician: {role: 'technician', partyId: 'CUS-A'},
    };
    for (const [name, token] of Object.entries(tokens)) {
      const path = `/api/v1/tokens/${name.replaceAll(' ', '-')}`;
      const {body} = await world.send('PUT', path, token, OWNER);
      bearer.set(name, {authorization: `Bearer ${body.token}`});
    }
    const report = async (key: string, problem: string): Promise<void> => {
      const {rows} = await world.db
        .poolFor('forestock_network')
        .query<{id: string}>('SELECT demand_id AS id FROM network.demand_line WHERE source_key = $1', [key]);
      const told = {demandId: rows[0]!.id, problem, pieces: 1};
      expect(await world.post('/api/v1/my/reports', told, bearer.get('technician'))).toMatchObject({
        status: 200,
      });
    };
    await report('eight', 'dead-on-arrival');
    await report('two', 'wrong-part');
    await report('eight', 'part-missing'); // nobody says that the supplier sent too few
    await report('before', 'wrong-part'); // of another month
    await report('need-A', 'wrong-part'); // nothing was handed out yet
    await world.clock.advanceTo(epochMs(START + 12 * HOUR_MS));
  });
  afterAll(() => world.stop());

  const scores = async (reader: string) =>
    (await world.get('/api/v1/my/scorecard?days=31', bearer.get(reader))).body.scores as Record<
      string,
      unknown
    >[];

  it('H2 two of ten pieces were faulty, and needs waited 5.5 days for late orders: by segment, and all together', async () => {
    // PART-A: 42 h of its need, and 12 h of each of the four that reports opened anew; PART-B: 42 h.
    expect((await scores('supplier')).map(({partId, segment, orders, onTime, handedOut, faulty, waitedDays}) => ({partId, segment, orders, onTime, handedOut, faulty, waitedDays}))).toEqual([
      {partId: null, segment: null, orders: 5, onTime: 1, handedOut: 10, faulty: 2, waitedDays: 5.5},
      {partId: null, segment: 'A', orders: 4, onTime: 1, handedOut: 10, faulty: 2, waitedDays: 3.75},
      {partId: null, segment: 'C', orders: 1, onTime: 0, handedOut: 0, faulty: 0, waitedDays: 1.75},
      {partId: 'PART-B', segment: 'C', orders: 1, onTime: 0, handedOut: 0, faulty: 0, waitedDays: 1.75},
      {partId: 'PART-A', segment: 'A', orders: 4, onTime: 1, handedOut: 10, faulty: 2, waitedDays: 3.75},
    ]); // prettier-ignore
  });

  it('H2 two late orders of December cost 50.00 and, under the cap, 30.00; a disputed one is out until it stands', async () => {
    const lines = async () =>
      (await world.get('/api/v1/settlement?partyId=SUP-A&from=2025-12-01T00:00:00Z', OWNER)).body.lines.map(
        ({orderId, kind, dueAt, amountMinor}: Record<string, unknown>) => ({
          orderId,
          kind,
          dueAt,
          amountMinor,
        }),
      );
    const dueAt = '2026-01-01T00:00:00.000Z';
    const both = [
      {orderId: lateOrder(2), kind: 'penalty', dueAt, amountMinor: 5_000},
      {orderId: lateOrder(3), kind: 'penalty', dueAt, amountMinor: 3_000},
    ];
    expect(await lines()).toEqual(both);
    const settled = async (reader: string) =>
      (await world.get('/api/v1/my/scorecard?days=31', bearer.get(reader))).body.settled;
    expect(await settled('supplier')).toEqual({EUR: {penaltyMinor: 8_000, bonusMinor: 0}});
    expect(await settled('supplier of C')).toBeNull();
    const change = async (params: string) => {
      const columns = ['contract_id', 'version', 'term_no', 'type', 'params'];
      const tables = {contract_term: {columns, rows: [['K-S', '1', '1', 'delivery', params]]}};
      return (await world.post('/api/v1/master-data', {tables}, OWNER)).body;
    };
    const dispute = {orderId: lateOrder(2), reason: 'our dock was closed'};
    expect(await change(agreed({disputes: [dispute]}))).toMatchObject({imported: true, mistakes: []});
    expect(await lines()).toEqual([{...both[1], amountMinor: 5_000}]);
    expect(await settled('supplier')).toEqual({EUR: {penaltyMinor: 5_000, bonusMinor: 0}});
    await change(agreed({disputes: [{...dispute, outcome: 'stands'}]}));
    expect(await lines()).toEqual(both);
  });

  it('H2 what the supplier delivers to somebody else is no matter of this contract', async () => {
    const charged = async () =>
      (await world.get('/api/v1/settlement?partyId=SUP-A&from=2025-12-01T00:00:00Z', OWNER)).body.lines.map(
        ({orderId}: Record<string, unknown>) => orderId,
      );
    const own = async (owner: string) =>
      world.db
        .poolFor('forestock_network')
        .query('UPDATE network.supply_order SET owner_party_id = $1 WHERE order_id = $2', [
          owner,
          lateOrder(3),
        ]);
    expect(await charged()).toEqual([lateOrder(2), lateOrder(3)]);
    await own('CUS-A');
    expect(await charged()).toEqual([lateOrder(2)]);
    await own('OWN');
  });

  it('H2 a planner says whose scorecard it wants to see', async () => {
    expect(await world.get('/api/v1/my/scorecard', bearer.get('planner'))).toMatchObject({
      ...{status: 422, body: {error: 'party-needed'}},
    });
    const path = '/api/v1/my/scorecard?days=31&partyId=SUP-A';
    expect((await world.get(path, bearer.get('planner'))).body.scores).toEqual(await scores('supplier'));
  });

  it('H2 K3 who is bound to a segment sees that one alone, and it is the whole', async () => {
    const rows = await scores('supplier of C');
    expect(rows.map(({partId, segment}) => [partId, segment])).toEqual([
      [null, null],
      [null, 'C'],
      ['PART-B', 'C'],
    ]);
    expect(rows[0]).toMatchObject({orders: 1, handedOut: 0, faulty: 0, waitedDays: 1.75});
  });
});
