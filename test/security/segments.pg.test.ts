/* eslint-disable @typescript-eslint/no-unsafe-assignment, @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-call, @typescript-eslint/no-unsafe-return -- replies are JSON of every shape, and the expectations are what checks them */
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import type {MasterData} from '../../network/api.ts';
import {SIDES, orderOf, twoSides} from '../console/two-sides.ts';
import type {Side} from '../console/two-sides.ts';
import {openConsoleWorld} from '../console/world.ts';
import type {ConsoleWorld} from '../console/world.ts';

const OWNER = {authorization: 'Bearer the-installation-token'};
const SEGMENT = {A: 'A', B: 'C'} as const;

/** One supplier and one customer of both sides, whose parts are of two segments: PART-A of A, PART-B of C. */
function oneSupplier(): MasterData {
  const rows = JSON.parse(JSON.stringify(twoSides()).replaceAll(/(SUP|CUS)-B/g, '$1-A')) as MasterData;
  const once = new Map(rows['party']!.map((row) => [row['party_id'], row]));
  return {
    ...rows,
    party: [...once.values()],
    part: rows['part']!.map((row, i) => ({...row, criticality: SEGMENT[SIDES[i]!]})),
  };
}

/** What says which part, order or need it is. */
const namesOf = (side: Side): readonly string[] => [
  ...[`PART-${side}`, `Pump of ${side}`, orderOf(side), orderOf(side, 1), orderOf(side, 2)],
];
const LISTS = {
  supplier: ['/api/v1/my/orders', '/api/v1/my/forecasts', '/api/v1/my/scorecard', '/api/v1/my/stock'],
  customer: ['/api/v1/my/backorders'],
} as const;

describe('who is bound to a segment', () => {
  let world: ConsoleWorld;
  const bearer = new Map<string, {authorization: string}>();

  beforeAll(async () => {
    world = await openConsoleWorld({mode: 'shadow', data: oneSupplier(), apiToken: 'the-installation-token'});
    for (const role of ['supplier', 'customer'] as const)
      for (const side of [...SIDES, null]) {
        const partyId = role === 'supplier' ? 'SUP-A' : 'CUS-A';
        const bound = side === null ? {} : {segments: [SEGMENT[side]]};
        const token = {role, partyId, ...bound};
        const path = `/api/v1/tokens/${role}-${side ?? 'all'}`;
        const {body} = await world.send('PUT', path, token, OWNER);
        bearer.set(`${role} ${side ?? 'all'}`, {authorization: `Bearer ${body.token}`});
      }
    await world.db.poolFor('forestock_replenish').query(
      `INSERT INTO replenish.demand_forecast (part_id, depot_id, as_of, party_id, per_year, vmr, prior_kind, prior_per_year, credibility, history_months, pieces, hidden_share)
       SELECT part_id, 'D-C', '2026-01-04Z', 'OWN', 12, 1, 'master-data', 12, 0, 0, 0, 0 FROM (VALUES ('PART-A'), ('PART-B')) f(part_id)`,
    );
    for (const side of SIDES) {
      const goods = {depotId: 'D-C', part: {number: `PART-${side}`}, qty: 1, fromLoc: 'adjustment:found'};
      expect((await world.post('/api/v1/stock/receipts', goods, OWNER)).status).toBe(200);
    }
    await agree({});
  });
  afterAll(() => world.stop());

  const agree = async (more: object): Promise<void> => {
    const terms = {purpose: 'plans', useRights: 'that alone', retentionDays: 30};
    const fields = {partId: 'plain', qty: 'plain'};
    const path = '/api/v1/data-shares/SUP-A/stock';
    expect(await world.send('PUT', path, {...terms, fields, ...more}, OWNER)).toMatchObject({status: 200});
  };
  const textOf = async (path: string, reader: string): Promise<string> => {
    const response = await fetch(world.url + path, {headers: bearer.get(reader)!});
    expect([path, reader, response.status]).toEqual([path, reader, 200]);
    return response.text();
  };

  it.each(['supplier', 'customer'] as const)(
    'K3 a %s of one segment never sees parts of the other, in no list and no export',
    async (role) => {
      for (const list of LISTS[role])
        for (const path of [list, `${list}.csv`]) {
          const whole = await textOf(path, `${role} all`);
          for (const [side, other] of [SIDES, SIDES.toReversed()] as [Side, Side][]) {
            const text = await textOf(path, `${role} ${side}`);
            expect([path, text.includes(`PART-${side}`)]).toEqual([path, true]);
            expect(whole).toContain(`PART-${side}`);
            for (const name of namesOf(other))
              expect([path, name, text.includes(name)]).toEqual([path, name, false]);
          }
        }
    },
  );

  it('K3 an order of another segment is as unknown as one that does not exist', async () => {
    const confirm = (side: Side) =>
      world.post(
        `/api/v1/my/orders/${orderOf(side)}/confirmation`,
        {promisedAt: '2026-01-18T12:00:00.000Z'},
        bearer.get('supplier A'),
      );
    expect(await confirm('B')).toMatchObject({status: 404, body: {error: 'unknown-order'}});
    expect(await confirm('A')).toMatchObject({status: 200});
  });

  it('K3 its scorecard adds up its own segment alone', async () => {
    const all = async (reader: string): Promise<number> => {
      const {body} = await world.get('/api/v1/my/scorecard', bearer.get(reader));
      return body.scores.find(({partId}: {partId: string | null}) => partId === null).pieces;
    };
    expect(await all('supplier all')).toBe(12); // 2 that are late and 4 that came, of either part
    expect(await all('supplier B')).toBe(6);
  });

  it('K3 what is sent as a whole is not sent to who sees a segment of it: the rest would follow by subtraction', async () => {
    await agree({everyHours: 24});
    const path = '/api/v1/my/stock';
    expect((await world.get(path, bearer.get('supplier all'))).body.stock).toHaveLength(2);
    for (const way of [path, `${path}.csv`])
      expect(await world.get(way, bearer.get('supplier A'))).toMatchObject({
        ...{status: 422, body: {error: 'shared-as-a-whole', message: expect.stringContaining('segments A')}},
      });
  });

  it('K3 when a part comes into another class, it goes out of sight', async () => {
    const part = oneSupplier()['part']!.map((row) => ({...row, criticality: 'C'}));
    await world.base.network.importMaster({part}, 'test');
    expect((await world.get('/api/v1/my/orders', bearer.get('supplier A'))).body.orders).toEqual([]);
    expect((await world.get('/api/v1/my/orders', bearer.get('supplier B'))).body.orders).toHaveLength(4);
  });
});
