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
import type {NetworkPorts} from '../../network/ports.ts';
import type {NetworkReads} from '../../network/read-ports.ts';
import {toIso} from '../../domain/time.ts';
import type {Pool} from '../../platform/pg.ts';
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
  let pool: Pool;
  let platformPool: Pool;
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
  const open = async (autoIssue: boolean, data = contested()): Promise<void> => {
    const database = await openTestDatabase();
    pool = database.poolFor('forestock_network');
    platformPool = database.poolFor('forestock_platform');
    ports = openNetworkPorts(pool, {worldClock: clock, partitions: 4, autoIssue});
    reads = networkReads(pool);
    expect(await importMasterData(ports, toRawFolder(data), {actor: 'test'})).toMatchObject({
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

  it('F1 I2 a typed penalty counts as far as it can still be charged: an event that is lost already weighs nothing', async () => {
    const network = contested();
    const key = {contract_id: 'K-T', version: 1};
    const EUR = {slaTermNo: 1, currency: 'EUR'};
    const underContract = (event: number): MasterData => ({
      ...network,
      equipment: network['equipment']!.map((row) =>
        row['equipment_id'] === 'M-A' ? {...row, contract_id: 'K-T'} : row,
      ),
      contract: [
        ...(network['contract'] ?? []),
        {
          contract_id: 'K-T',
          version: 1,
          party_a: 'OWN',
          party_b: 'CUS-A',
          type: 'sla',
          penalty_minor_per_h: 1,
        },
      ],
      contract_term: [
        {...key, term_no: 1, type: 'sla', params: '{"metric":"restoreH","target":100}'},
        {...key, term_no: 2, type: 'penalty', params: JSON.stringify({...EUR, perEventMinor: event})},
        {
          ...key,
          term_no: 3,
          type: 'penalty',
          params: '{"slaTermNo":1,"currency":"USD","perHourMinor":1000000}',
        },
      ],
    });
    const firstServed = async (hours: number): Promise<unknown> => {
      await open(true, underContract(16_800_000));
      expect(await fails('M-A', hours)).toMatchObject({ok: true});
      expect(await fails('M-B', -1)).toMatchObject({ok: true});
      await receive(1);
      const [kept] = await listShareOuts(reads, {limit: 10});
      return kept!.shares[0];
    };
    // 168 hours until a supply that nobody knows: 168,000.00 are 1,000.00 an hour, beside the downtime of 100.00.
    expect(await firstServed(-50)).toMatchObject({customerPartyId: 'CUS-A', perHourMinor: 110_000});
    expect(await firstServed(-150)).toMatchObject({customerPartyId: 'CUS-B', perHourMinor: 40_000});
  });

  it('F1 the next supply may be one of the part that supersedes it', async () => {
    const tomorrow = (START + 24 * 3_600_000) as typeof START;
    await pool.query(
      `INSERT INTO network.part (part_id, group_id, name, unit_cost_minor, currency)
       SELECT 'P-1B', group_id, 'Compressor B', unit_cost_minor, currency FROM network.part WHERE part_id = 'P-1'`,
    );
    await pool.query(
      `INSERT INTO network.part_relation (from_part, to_part, kind, approval, ratio) VALUES ('P-1', 'P-1B', 'supersession', 'approved', 1)`,
    );
    await pool.query(
      `SELECT network.place_supply_order(id, id, 'purchase', 'P-1B', 'supplier:SUP', 'depot:D-1', 'SUP', 'OWN', 1, 'released', $1, $2, 0, 0, 'EUR', NULL)
         FROM (SELECT gen_random_uuid() AS id) AS one`,
      [toIso(START), toIso(tomorrow)],
    );
    await fails('M-A', -50);
    await fails('M-B', -1);
    await receive(1);
    expect(await listShareOuts(reads, {limit: 10})).toMatchObject([{nextSupplyAt: tomorrow}]);
  });

  it('F1 parameters that cannot be read hold no piece up, and are named in the audit trail', async () => {
    await platformPool.query(
      `INSERT INTO platform.parameter (key, effective_from, value, changed_by) VALUES ('network.share-out', $1, '{"ageStepDays": "a month"}', 'ops')`,
      [toIso(START)],
    );
    await fails('M-A', -50);
    await fails('M-B', -1);
    expect(await receive(1)).toMatchObject({ok: true, value: {issued: 1}});
    const told = await pool.query<{subject: string; body: {reason: string}}>(
      `SELECT subject, body FROM platform.audit_entry WHERE action = 'parameter.unreadable'`,
    );
    expect(told.rows).toMatchObject([
      {subject: 'network.share-out', body: {reason: expect.stringContaining('ageStepDays') as string}},
    ]);
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
