import {beforeEach, describe, expect, it} from 'vitest';
import {epochMs, HOUR_MS, toIso} from '../../domain/time.ts';
import type {EpochMs} from '../../domain/time.ts';
import {setParameter} from '../../platform/parameters.ts';
import {listAvailable} from '../../replenish/adapters/available-rows.ts';
import {createReviews} from '../../replenish/adapters/review-store.ts';
import {networkReads} from '../../network/adapters/network-reads.ts';
import {openNetworkPorts} from '../../network/adapters/postgres.ts';
import {execute, NETWORK_COMMANDS} from '../../network/api.ts';
import {tinyNetwork} from '../network/tiny-network.ts';
import {DecidingNetwork, withRows} from './reference.ts';

const KIND = `kind = 'stock-discrepancy'`;
const PARTNER = {
  party: [{party_id: 'PAR', kind: 'partner', name: 'Partner'}],
  depot: [{depot_id: 'D-P', site_id: 'SITE-1', party_id: 'PAR', echelon: 'regional', parent_depot_id: 'D-C'}],
};
const rule = (more: object): object => ({tolerancePieces: 0, tolerancePct: 0, wins: 'ledger', ...more});

/** Of P-1 the central depot has 10 and nobody waits for any. */
describe('stock that somebody states', () => {
  let network: DecidingNetwork;
  beforeEach(async () => {
    network = await DecidingNetwork.open(withRows(tinyNetwork(), PARTNER));
    network.pass(24);
  });

  const state = (onHand: number, more: {readonly at?: EpochMs; readonly source?: string} = {}) =>
    network.book('stateStock', {
      ...(more.source === undefined ? {} : {source: more.source}),
      statements: [{part: {number: 'P-1'}, depotId: 'D-C', onHand, countedAt: toIso(more.at ?? network.now)}],
    });
  const policy = (value: Record<string, unknown>, from = network.now) =>
    setParameter(network.database.poolFor('forestock_platform'), {
      ...{key: 'network.stock-statements', value, from, actor: 'ops-1'},
    });
  const move = (command: 'issueStock' | 'receiveStock', qty: number) =>
    network.book(command, {
      ...{part: {number: 'P-1'}, depotId: 'D-C', qty},
      ...(command === 'issueStock' ? {customerPartyId: 'CUS'} : {fromLoc: 'supplier:SUP'}),
    });
  const count = (counted: number) =>
    network.book('countStock', {part: {number: 'P-1'}, depotId: 'D-C', counted});
  const available = async () =>
    (await listAvailable(network.pool, {depotId: 'D-C', partId: 'P-1', limit: 1}, network.now))[0]!.available;
  const inLedger = () =>
    network.count(`network.stock_movement WHERE part_id = 'P-1' AND to_loc = 'depot:D-C'`);
  interface Case {
    readonly alertId: string;
    readonly state: string;
    readonly dueAt: number;
    readonly body: {readonly difference: number};
  }
  const cases = async (): Promise<readonly Case[]> =>
    (
      await network.pool.query<Case>(
        `SELECT alert_id AS "alertId", state, due_at AS "dueAt", body FROM replenish.alert WHERE ${KIND} ORDER BY opened_at, alert_id`,
      )
    ).rows;
  const standing = async () =>
    (await cases()).filter((one) => one.state !== 'cleared').map(({body}) => body.difference);

  it('A6 of 10 pieces 7 stated is one case of −3, however often it is stated, and books nothing', async () => {
    const before = await inLedger();
    await state(7);
    const [found, ...others] = await cases();
    expect(others).toEqual([]);
    expect(found).toMatchObject({
      state: 'open',
      dueAt: network.now + 5 * 24 * HOUR_MS, // criticality B
      body: {
        ...{partId: 'P-1', depotId: 'D-C', source: 'test', stated: 7, ledger: 10, difference: -3},
        countedAt: toIso(network.now),
      },
    });
    for (let day = 0; day < 2; day += 1) {
      network.pass(24);
      await state(7);
    }
    network.pass(24);
    await state(6);
    expect(await cases()).toMatchObject([
      {alertId: found!.alertId, dueAt: found!.dueAt, body: {difference: -4}},
    ]);
    expect(
      await network.count(`replenish.alert_event JOIN replenish.alert USING (alert_id) WHERE ${KIND}`),
    ).toBe(1);
    expect(await inLedger()).toBe(before);
  });

  it('A6 a difference within the tolerance is none, in pieces or in %', async () => {
    await policy({onHand: rule({tolerancePieces: 3})});
    await state(7);
    expect(await cases()).toEqual([]);
    network.pass(1);
    await policy({onHand: rule({tolerancePct: 29})});
    await state(7);
    expect(await standing()).toEqual([-3]);
  });

  it.each([
    ['ledger', 7, 10],
    ['partner', 7, 7],
    ['lower', 7, 7],
    ['ledger', 13, 10],
    ['partner', 13, 13],
    ['lower', 13, 10],
    ['lower', 0, 0],
  ])(
    'A6 where %s wins and %i are stated, %i can be promised until the case is closed',
    async (wins, stated, used) => {
      await policy({onHand: rule({wins})});
      await state(stated);
      expect(await available()).toBe(used);
      network.pass(1);
      await state(10);
      expect(await standing()).toEqual([]);
      expect(await available()).toBe(10);
    },
  );

  it('A6 a rule has its time, and one of a source stands instead of the general one', async () => {
    await policy({onHand: rule({wins: 'lower'})}, epochMs(network.now + 2 * HOUR_MS));
    await state(7);
    expect(await available()).toBe(10);
    network.pass(2);
    expect(await available()).toBe(7);
    network.pass(1);
    await policy({onHand: rule({wins: 'lower'}), onHandBySource: {test: rule({wins: 'ledger'})}});
    expect(await available()).toBe(10);
  });

  it('A6 a late statement is judged by the ledger of its instant', async () => {
    const counted = network.now;
    network.pass(3);
    await move('issueStock', 4);
    await move('receiveStock', 1);
    await state(10, {at: counted}); // 10 then, 7 now: agrees
    expect(await cases()).toEqual([]);
    await policy({onHand: rule({wins: 'lower'})});
    await state(8, {at: epochMs(counted + 1)});
    expect(await standing()).toEqual([-2]);
    expect(await available()).toBe(5);
    // An older one is kept, and the newest still counts.
    await state(10, {at: epochMs(counted - HOUR_MS)});
    expect(await standing()).toEqual([-2]);
    expect(await network.count('network.stock_statement')).toBe(3);
  });

  it('A6 what moves after a statement changes nothing about it', async () => {
    await policy({onHand: rule({wins: 'lower'})});
    await state(7);
    network.pass(1);
    await move('issueStock', 2);
    expect(await available()).toBe(5);
    await state(5);
    expect(await standing()).toEqual([-3]);
  });

  it('A6 a count that finds what was stated closes the case; one that finds part of it tells it', async () => {
    await policy({onHand: rule({wins: 'lower'})});
    await state(7);
    network.pass(1);
    await count(9);
    expect(await standing()).toEqual([-2]);
    expect(await available()).toBe(7);
    await count(7);
    expect(await cases()).toMatchObject([{state: 'cleared'}]);
    expect(await available()).toBe(7);
  });

  it('A6 pieces that are booked as found close the case of what was stated more', async () => {
    await state(13);
    expect(await standing()).toEqual([3]);
    network.pass(1);
    await move('receiveStock', 3); // from the supplier: another three
    expect(await standing()).toEqual([3]);
    await network.book('receiveStock', {
      ...{part: {number: 'P-1'}, depotId: 'D-C', qty: 3, fromLoc: 'adjustment:found'},
    });
    expect(await standing()).toEqual([]);
  });

  it('A6 a count opens no case, whatever was stated before', async () => {
    await state(10);
    network.pass(1);
    await count(7);
    expect(await cases()).toEqual([]);
  });

  it('A6 what somebody has looked into is reckoned with again, and opens anew only when it differs otherwise or had been settled', async () => {
    await policy({onHand: rule({wins: 'lower'})});
    await state(7);
    await network.pool.query('UPDATE replenish.demand_signal SET pending = false');
    const reviews = createReviews(network.pool, {targets: [], now: () => network.now});
    const said = {actor: 'planner-1', resolution: 'wrong-data', note: 'three lie in the other hall'} as const;
    expect(await reviews.resolveAlert((await cases())[0]!.alertId, said)).toMatchObject({ok: true});
    expect(await available()).toBe(10);
    expect(await network.count(`replenish.demand_signal WHERE pending AND group_id = 'G-1'`)).toBe(1);
    network.pass(24);
    await state(7);
    expect(await standing()).toEqual([]);
    network.pass(24);
    await state(6);
    expect(await standing()).toEqual([-4]);
    network.pass(24);
    await state(10);
    network.pass(24);
    await state(7);
    expect(await standing()).toEqual([-3]);
  });

  it('A6 its group looks again when a case opens, changes or closes, and not for a statement that says the same', async () => {
    const signals = async (): Promise<number> => {
      const pending = await network.count('replenish.demand_signal WHERE pending');
      await network.pool.query('UPDATE replenish.demand_signal SET pending = false');
      return pending;
    };
    await state(10);
    expect(await signals()).toBe(0);
    network.pass(1);
    await state(7);
    expect(await signals()).toBe(1);
    network.pass(1);
    await state(7);
    expect(await signals()).toBe(0);
    network.pass(1);
    await state(10);
    expect(await signals()).toBe(1);
  });

  it('A6 a party states what lies in its own depots, and other depots it does not know', async () => {
    const from = (partyId: string, depotId: string) =>
      network.book('stateStock', {
        ...{source: partyId, partyId},
        statements: [{part: {number: 'P-1'}, depotId, onHand: 2, countedAt: toIso(network.now)}],
      });
    await expect(from('PAR', 'D-C')).rejects.toThrow('statement 1: depot D-C is not known as one of PAR');
    await from('PAR', 'D-P');
    expect((await cases()).map(({body}) => body)).toMatchObject([
      {source: 'PAR', depotId: 'D-P', difference: 2},
    ]);
  });

  it('A6 one that cannot be right refuses all of them, and says which', async () => {
    const now = toIso(network.now);
    const good = {part: {number: 'P-1'}, depotId: 'D-C', onHand: 7, countedAt: now};
    const all = (...more: object[]) =>
      network.book('stateStock', {source: 'wms', statements: [good, ...more]});
    await expect(all({...good, part: {number: 'P-9'}})).rejects.toThrow('statement 2: ');
    await expect(all({...good, countedAt: toIso(epochMs(network.now + 1))})).rejects.toThrow('still to come');
    await expect(all({...good, onHand: 8})).rejects.toThrow('has stated 7 pieces');
    expect(await network.count('network.stock_statement')).toBe(0);
    await all(good);
    await expect(all({...good, onHand: 8})).rejects.toThrow('state a later count');
    await all();
    expect(await network.count('network.stock_statement')).toBe(1);
    await expect(network.pool.query('DELETE FROM network.stock_statement')).rejects.toThrow(
      'permission denied',
    );
  });

  it('A6 pieces in dispute are given to nobody who waits, and to who waits when the dispute is over', async () => {
    await policy({onHand: rule({wins: 'lower'})});
    const ports = openNetworkPorts(network.database.poolFor('forestock_network'), {
      ...{worldClock: {now: () => network.now}, partitions: 4, autoIssue: true},
    });
    let calls = 0;
    const book = async (command: keyof typeof NETWORK_COMMANDS, body: object): Promise<void> => {
      const origin = {source: 'auto', sourceKey: `a${(calls += 1)}`};
      expect(
        await execute(
          ports,
          NETWORK_COMMANDS[command] as (typeof NETWORK_COMMANDS)['shipOrder'],
          {...origin, ...body},
          'test',
        ),
      ).toMatchObject({ok: true});
    };
    const stated = async (onHand: number): Promise<void> => {
      const countedAt = toIso(network.now);
      const statements = [{part: {number: 'P-1'}, depotId: 'D-1', onHand, countedAt}];
      await book('stateStock', {statements});
    };
    const waits = (): Promise<number> => network.count(`network.demand_line WHERE state = 'open'`);
    await stated(0); // two lie there by the ledger
    const broken = {equipmentId: 'M-1', positionId: 'compressor', finding: 'failed', partMissing: false};
    await book('reportRepair', {
      ...{...broken, reportedAt: toIso(network.now)},
    });
    expect(await waits()).toBe(1);
    const lines = await network.pool.query<{id: string}>(`SELECT demand_id AS id FROM network.demand_line`);
    const supply = () => networkReads(network.pool).demandSupply([lines.rows[0]!.id], network.now);
    expect(await supply()).toMatchObject([{depotId: 'D-1', onHand: 0}]);
    network.pass(1);
    await stated(1);
    expect(await waits()).toBe(0);
    expect(await network.count(`network.stock_movement WHERE to_loc = 'customer:CUS'`)).toBe(1);
  });
});
