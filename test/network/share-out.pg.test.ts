import {beforeEach, describe, expect, it} from 'vitest';
import {networkReads} from '../../network/adapters/network-reads.ts';
import {openNetworkPorts} from '../../network/adapters/postgres.ts';
import {
  adviseShares,
  execute,
  importMasterData,
  listShareOuts,
  NETWORK_COMMANDS,
  toRawFolder,
} from '../../network/api.ts';
import type {MasterData} from '../../network/core/master-data.ts';
import type {NetworkPorts, NetworkReads} from '../../network/ports.ts';
import {toIso} from '../../domain/time.ts';
import {openTestDatabase} from '../support/database.ts';
import {START} from './tiny-network.ts';
import {twoCustomers} from './two-customers.ts';

const clock = {now: () => START};

/** Machine M-B stands for four times the money of M-A; nothing lies at D-1. */
function contested(): MasterData {
  const network = twoCustomers();
  const priced = network['equipment']!.map((row) => ({
    ...row,
    downtime_minor_per_h: row['equipment_id'] === 'M-A' ? 10_000 : 40_000,
  }));
  const elsewhere = network['opening_stock']!.filter((row) => row['depot_id'] !== 'D-1');
  return {...network, equipment: priced, opening_stock: elsewhere};
}

describe('a shelf with fewer pieces than needs', () => {
  let ports: NetworkPorts;
  let reads: NetworkReads;
  let calls = 0;
  const key = () => ({source: 'test', sourceKey: `k-${(calls += 1)}`});
  const fails = (equipmentId: string, hours: number) =>
    execute(
      ports,
      NETWORK_COMMANDS.reportRepair,
      {
        ...key(),
        equipmentId,
        positionId: 'compressor',
        finding: 'failed',
        reportedAt: toIso((START + hours * 3_600_000) as typeof START),
        partMissing: true,
      },
      'test',
    );
  const receive = (qty: number) =>
    execute(
      ports,
      NETWORK_COMMANDS.receiveStock,
      {...key(), part: {number: 'P-1'}, depotId: 'D-1', qty, fromLoc: 'supplier:SUP'},
      'test',
    );
  const open = async (autoIssue: boolean): Promise<void> => {
    const database = await openTestDatabase();
    const pool = database.poolFor('forestock_network');
    ports = openNetworkPorts(pool, {worldClock: clock, partitions: 4, autoIssue});
    reads = networkReads(pool);
    expect(await importMasterData(ports, toRawFolder(contested()), {actor: 'test'})).toMatchObject({
      ok: true,
    });
  };
  beforeEach(() => open(true));

  it('F1 one piece for two machines goes to the dearer one, though it failed last, and the reasons are kept', async () => {
    expect(await fails('M-A', -50)).toMatchObject({ok: true});
    expect(await fails('M-B', -1)).toMatchObject({ok: true});
    expect(await receive(1)).toMatchObject({ok: true, value: {issued: 1}});
    const lines = await reads.demand({limit: 10});
    expect(lines.map(({equipmentId, state}) => [equipmentId, state])).toEqual([
      ['M-A', 'open'],
      ['M-B', 'filled'],
    ]);
    const [kept, ...others] = await listShareOuts(reads, {limit: 10});
    expect(others).toEqual([]);
    expect(kept).toMatchObject({
      depotId: 'D-1',
      groupId: 'G-1',
      supply: 1,
      asked: 2,
      nextSupplyAt: null,
      shares: [
        {customerPartyId: 'CUS-B', given: 1, perHourMinor: 40_000, gainMinor: 168 * 40_000, reason: 'money'},
        {customerPartyId: 'CUS-A', given: 0, perHourMinor: 10_000, gainMinor: 0, reason: 'money'},
      ],
    });
    expect(await listShareOuts(reads, {limit: 10, demandId: lines[0]!.demandId})).toHaveLength(1);
    expect(await receive(5)).toMatchObject({ok: true, value: {issued: 1}});
    expect(await listShareOuts(reads, {limit: 10})).toHaveLength(1); // enough for all needs no reasons
  });

  it('F1 where people issue, the advice says who should get the piece, and the register agrees', async () => {
    await open(false);
    await fails('M-A', -50);
    await fails('M-B', -1);
    await receive(1);
    const [advice] = await adviseShares(reads, {limit: 10}, clock);
    expect(advice).toMatchObject({
      partId: 'P-1',
      depotId: 'D-1',
      supply: 1,
      asked: 2,
      shares: [
        {customerPartyId: 'CUS-B', given: 1},
        {customerPartyId: 'CUS-A', given: 0},
      ],
    });
    expect(await listShareOuts(reads, {limit: 10})).toEqual([]);
  });
});
