import {beforeEach, describe, expect, it} from 'vitest';
import {epochMs, HOUR_MS, toIso} from '../../domain/time.ts';
import {networkReads} from '../../network/adapters/network-reads.ts';
import {openNetworkPorts} from '../../network/adapters/postgres.ts';
import {
  execute,
  importMasterData,
  NETWORK_COMMANDS,
  resolvePart,
  resubmit,
  toRawFolder,
} from '../../network/api.ts';
import type {NetworkPorts} from '../../network/ports.ts';
import type {NetworkReads} from '../../network/read-ports.ts';
import type {Pool} from '../../platform/pg.ts';
import {openTestDatabase, type TestDatabase} from '../support/database.ts';
import {START, tinyNetwork} from './tiny-network.ts';

const ORDER = '6f1e8a53-1c55-5a8f-9a53-0d7c1a2b3c4d';
const clock = {now: () => START};
const {
  receiveStock,
  issueStock,
  countStock,
  shipOrder,
  receiveOrder,
  confirmOrder,
  cancelOrder,
  reportRepair,
  addEquipment,
} = NETWORK_COMMANDS;

describe('daily operations', () => {
  let database: TestDatabase;
  let pool: Pool;
  let ports: NetworkPorts;
  let reads: NetworkReads;
  let calls = 0;
  const key = () => ({source: 'wms', sourceKey: `k-${(calls += 1)}`});

  beforeEach(async () => {
    database = await openTestDatabase();
    pool = database.poolFor('forestock_network');
    ports = openNetworkPorts(pool, {worldClock: clock, partitions: 4, autoIssue: false});
    reads = networkReads(pool);
    expect(await importMasterData(ports, toRawFolder(tinyNetwork()), {actor: 'test'})).toMatchObject({
      ok: true,
    });
  });

  const onHand = async (loc: string, partId = 'P-1') =>
    (await reads.stock({partId, limit: 100}))
      .filter((row) => row.loc === loc)
      .reduce((sum, row) => sum + row.qty, 0);
  const count = async (table: string) =>
    (await pool.query<{n: number}>(`SELECT count(*) AS n FROM ${table}`)).rows[0]!.n;
  const receipt = (change: object) => ({
    ...key(),
    part: {number: 'P-1'},
    depotId: 'D-1',
    qty: 1,
    fromLoc: 'supplier:SUP',
    ...change,
  });
  const purchase = (qty: number) =>
    pool.query(
      `SELECT network.place_supply_order($1, $1, 'purchase', 'P-1', 'supplier:SUP', 'depot:D-C', 'SUP', 'OWN', $2, 'released', $3, $3, 0, 1000, 'EUR', null)`,
      [ORDER, qty, toIso(START)],
    );

  it('A5 one box sent is twelve pieces on the shelf', async () => {
    const outcome = await execute(ports, receiveStock, receipt({qty: 1, uom: 'BX'}), 'test');
    expect(outcome).toMatchObject({ok: true, value: {partId: 'P-1', pieces: 12}});
    expect(await onHand('depot:D-1')).toBe(14);
  });

  it('A5 an unknown unit is quarantined, and resubmitted passes once', async () => {
    const body = receipt({qty: 1, uom: 'PAL'});
    const refusal = await execute(ports, receiveStock, body, 'test');
    expect(refusal).toMatchObject({ok: false, reason: 'unknown-unit'});
    expect(await execute(ports, receiveStock, body, 'test')).toEqual(refusal);
    expect(await count('network.quarantine')).toBe(1);
    expect(await onHand('depot:D-1')).toBe(2);

    const quarantineId = refusal.ok ? '' : refusal.quarantineId!;
    const corrected = {quarantineId, body: {...body, uom: 'BX'}};
    expect(await resubmit(ports, corrected, 'test')).toMatchObject({ok: true, repeated: false});
    expect(await resubmit(ports, corrected, 'test')).toMatchObject({
      ok: true,
      repeated: true,
      value: {pieces: 12},
    });
    expect(await onHand('depot:D-1')).toBe(14);
  });

  it.each([
    ['a part kept by lot without its lot', {part: {number: 'P-2'}}, 'lot-missing'],
    ['a part kept by serial without its serial', {part: {number: 'P-3'}}, 'serial-missing'],
    ['two pieces under one serial', {part: {number: 'P-3'}, serial: 'X-1', qty: 2}, 'serial-quantity'],
    ['an unknown depot', {depotId: 'D-9'}, 'unknown-depot'],
    ['an unknown part', {part: {number: 'P-9'}}, 'unknown-part'],
    ['an ambiguous number', {part: {number: '77'}}, 'ambiguous-part'],
  ])('A5 %s is refused and kept', async (_, change, reason) => {
    expect(await execute(ports, receiveStock, receipt(change), 'test')).toMatchObject({ok: false, reason});
    expect(await count('network.quarantine')).toBe(1);
  });

  it('A5 a serial comes in once', async () => {
    const piece = {part: {number: 'P-3'}, serial: 'X-1'};
    expect(await execute(ports, receiveStock, receipt(piece), 'test')).toMatchObject({ok: true});
    expect(await execute(ports, receiveStock, receipt(piece), 'test')).toMatchObject({
      ok: false,
      reason: 'serial-elsewhere',
    });
    expect(await onHand('depot:D-1', 'P-3')).toBe(1);
  });

  it('K2 a manufacturer number and our own meet in one stock view; an ambiguous one names its candidates', async () => {
    await execute(ports, receiveStock, receipt({part: {scheme: 'MPN', number: '6205'}, qty: 3}), 'test');
    expect(await resolvePart(reads, {number: '6205'}, clock)).toEqual({ok: true, value: 'P-1'});
    expect(await onHand('depot:D-1', 'P-1')).toBe(5);
    const ambiguous = await resolvePart(reads, {scheme: 'MPN', number: '77'}, clock);
    expect(ambiguous).toMatchObject({ok: false, reason: 'ambiguous-part'});
    expect(ambiguous.ok ? '' : ambiguous.detail).toContain('P-1 and P-2');
  });

  it.each([
    ['shipment', 'OWN'],
    ['receipt', 'SUP'],
  ] as const)('J2 with title passing at %s pieces in transit belong to %s', async (titleTransfer, owner) => {
    await purchase(10);
    await execute(ports, shipOrder, {...key(), orderId: ORDER, titleTransfer}, 'test');
    const transit = (await reads.stock({limit: 100})).filter(({loc}) => loc === `transit:${ORDER}`);
    expect(transit).toMatchObject([{ownerPartyId: owner, qty: 10, valueMinor: 1_000_000}]);
    expect(await execute(ports, receiveOrder, {...key(), orderId: ORDER, qty: 4}, 'test')).toMatchObject({
      value: {state: 'shipped'},
    });
    expect(await execute(ports, receiveOrder, {...key(), orderId: ORDER}, 'test')).toMatchObject({
      value: {state: 'received'},
    });
    const landed = await reads.stock({limit: 100});
    expect(landed.filter(({loc}) => loc === 'depot:D-C')).toMatchObject([{ownerPartyId: 'OWN', qty: 20}]);
    expect(await onHand(`transit:${ORDER}`)).toBe(0);
  });

  it('an order is confirmed with its promise, and what has shipped cannot be cancelled', async () => {
    await purchase(2);
    const promisedAt = toIso(epochMs(START + 48 * HOUR_MS));
    expect(await execute(ports, confirmOrder, {...key(), orderId: ORDER, promisedAt}, 'test')).toMatchObject({
      value: {state: 'confirmed'},
    });
    expect(await reads.orders({limit: 5})).toMatchObject([
      {promisedAt: START + 48 * HOUR_MS, state: 'confirmed'},
    ]);
    await execute(ports, shipOrder, {...key(), orderId: ORDER}, 'test');
    expect(await execute(ports, cancelOrder, {...key(), orderId: ORDER}, 'test')).toMatchObject({
      ok: false,
      reason: 'order-state',
    });
    expect(await execute(ports, receiveOrder, {...key(), orderId: ORDER, qty: 3}, 'test')).toMatchObject({
      reason: 'order-quantity',
    });
  });

  it('a command sent twice acts once and answers the first outcome; its key cannot name another', async () => {
    const body = receipt({qty: 5});
    expect(await execute(ports, receiveStock, body, 'test')).toMatchObject({ok: true, repeated: false});
    expect(await execute(ports, receiveStock, body, 'test')).toMatchObject({
      ok: true,
      repeated: true,
      value: {pieces: 5},
    });
    expect(await execute(ports, receiveStock, {...body, qty: 6}, 'test')).toMatchObject({
      ok: false,
      reason: 'key-reused',
    });
    expect(await onHand('depot:D-1')).toBe(7);
    expect(
      (await pool.query(`SELECT 1 FROM platform.audit_entry WHERE action = 'receive-stock'`)).rowCount,
    ).toBe(1);
  });

  it('stock that is not there is not issued; every use is in the demand history', async () => {
    const issue = {part: {number: 'P-1'}, depotId: 'D-1', customerPartyId: 'CUS'};
    expect(await execute(ports, issueStock, {...key(), ...issue, qty: 3}, 'test')).toMatchObject({
      ok: false,
      reason: 'not-enough-stock',
    });
    expect(await execute(ports, issueStock, {...key(), ...issue, qty: 2}, 'test')).toMatchObject({ok: true});
    expect(await reads.demand({state: 'filled', limit: 5})).toMatchObject([
      {qty: 2, filledQty: 2, cause: 'use'},
    ]);
  });

  it('a count writes the difference as an adjustment', async () => {
    const counted = {...key(), part: {number: 'P-1'}, depotId: 'D-1', counted: 1};
    expect(await execute(ports, countStock, counted, 'test')).toMatchObject({
      ok: true,
      value: {difference: -1},
    });
    expect(await onHand('depot:D-1')).toBe(1);
  });

  it('A4 a repair report with a part makes history and demand; with the part missing the machine waits', async () => {
    const report = {equipmentId: 'M-1', positionId: 'compressor', finding: 'failed'};
    const missing = {...key(), ...report, reportedAt: toIso(START), partMissing: true};
    expect(await execute(ports, reportRepair, missing, 'test')).toMatchObject({ok: true});
    const done = {...key(), ...report, reportedAt: toIso(epochMs(START + 30 * HOUR_MS)), serial: 'S-9'};
    expect(await execute(ports, reportRepair, done, 'test')).toMatchObject({ok: true});
    expect(await reads.demand({limit: 5})).toMatchObject([
      {cause: 'failure', equipmentId: 'M-1', state: 'open', tier: 'gold'},
    ]);
    const [now] = await reads.installationsAsOf({
      at: epochMs(START + 40 * HOUR_MS),
      equipmentId: 'M-1',
      limit: 5,
    });
    expect(now).toMatchObject({componentId: 'S-9', ageH: 10, depotIds: ['D-1', 'D-C'], contractId: 'K-1'});
    const [then] = await reads.installationsAsOf({at: START, equipmentId: 'M-1', limit: 5});
    expect(then).toMatchObject({componentId: 'S-1', ageH: 1000});
  });

  it('equipment is onboarded in one step, with components for every position', async () => {
    const body = {
      ...key(),
      equipmentId: 'M-3',
      modelId: 'CH-100',
      siteId: 'SITE-2',
      customerPartyId: 'CUS',
      downtimeMinorPerH: 100,
      currency: 'EUR',
      depots: [{depotId: 'D-1', transitH: 2}],
    };
    expect(await execute(ports, addEquipment, body, 'test')).toMatchObject({ok: true});
    const [installed] = await reads.installationsAsOf({at: START, equipmentId: 'M-3', limit: 5});
    expect(installed).toMatchObject({
      positionId: 'compressor',
      componentId: `inferred:M-3:compressor:${toIso(START)}`,
    });
    const wrong = {
      ...body,
      ...key(),
      equipmentId: 'M-4',
      modelId: 'CH-999',
      depots: [{depotId: 'D-9', transitH: 1}],
    };
    const refusal = await execute(ports, addEquipment, wrong, 'test');
    expect(refusal).toMatchObject({ok: false, reason: 'invalid-equipment'});
    expect(refusal.ok ? '' : refusal.detail).toMatch(/CH-999[^]*D-9/);
  });

  it('an import full of mistakes names all of them and changes nothing', async () => {
    const before = await count('network.part');
    const network = tinyNetwork();
    network['part']!.push({...network['part']![0]!, part_id: 'P-NEW', unit_cost_minor: -5});
    network['sourcing']!.push(
      {...network['sourcing']![0]!, part_id: 'P-99'},
      {...network['sourcing']![0]!, kind: 'emergency', lead_time_mean_d: 0},
    );
    network['part_relation'] = [
      {from_part: 'P-1', to_part: 'P-2', kind: 'supersession', approval: 'approved'},
      {from_part: 'P-2', to_part: 'P-1', kind: 'supersession', approval: 'approved'},
    ];
    network['part_depot']!.push({part_id: 'P-3', depot_id: 'D-1', party_id: 'OWN'});
    network['installation']!.push({
      ...network['installation']![0]!,
      component_id: 'S-8',
      installed_at: toIso(START),
    });
    network['uom_conversion']!.push({part_id: 'P-2', from_uom: 'BARREL', num: 1, den: 1});
    network['equipment']!.push({...network['equipment']![0]!});
    network['wishes'] = [{a: 1}];
    const outcome = await importMasterData(ports, toRawFolder(network), {actor: 'test'});
    const mistakes = outcome.ok
      ? []
      : outcome.mistakes.map(({file, line, column}) => `${file}:${line}:${column}`);
    expect(mistakes).toEqual([
      'equipment.csv:4:equipment_id',
      'installation.csv:4:installed_at',
      'part.csv:5:unit_cost_minor',
      'part_depot.csv:4:part_id',
      'part_relation.csv:2:to_part',
      'sourcing.csv:4:part_id',
      'sourcing.csv:5:lead_time_mean_d',
      'uom_conversion.csv:3:from_uom',
      'wishes.csv:0:',
    ]);
    expect(await count('network.part')).toBe(before);
  });
});
