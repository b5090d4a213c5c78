import {beforeEach, describe, expect, it} from 'vitest';
import {type EpochMs, epochMs, HOUR_MS, toIso} from '../../domain/time.ts';
import {exportFolder} from '../../network/adapters/master-books.ts';
import {openNetworkPorts} from '../../network/adapters/postgres.ts';
import {execute, importMasterData, NETWORK_COMMANDS, toRawFolder} from '../../network/api.ts';
import type {NetworkPorts} from '../../network/ports.ts';
import {resubmit} from '../../network/resubmit.ts';
import {createFollower} from '../../network/service.ts';
import type {Pool} from '../../platform/pg.ts';
import {openTestDatabase} from '../support/database.ts';
import {START, tinyNetwork} from './tiny-network.ts';
import {createEquipment} from './equipment-log.ts';

const at = (hours: number): EpochMs => epochMs(START + hours * HOUR_MS);

describe('the follower', () => {
  let pool: Pool;
  let ports: NetworkPorts;
  let runOnce: () => Promise<number>;
  let equipment: Awaited<ReturnType<typeof createEquipment>>;
  let now: EpochMs;

  beforeEach(async () => {
    const database = await openTestDatabase();
    pool = database.poolFor('forestock_network');
    now = at(0);
    ports = openNetworkPorts(pool, {worldClock: {now: () => now}, partitions: 4, autoIssue: true});
    const outcome = await importMasterData(ports, toRawFolder(tinyNetwork()), {actor: 'test'});
    expect(outcome).toMatchObject({ok: true});
    const follower = createFollower(ports);
    runOnce = async () => (await follower.runOnce()).rows;
    equipment = await createEquipment(database);
  });

  const history = async (equipmentId: string, positionId = 'compressor') =>
    (
      await pool.query<{from: number; to: number | null; component: string; cause: string | null}>(
        `SELECT i.installed_at AS from, i.removed_at AS to, i.component_id AS component, i.removal_cause AS cause
           FROM network.installation i JOIN network.equipment e USING (equipment_no)
          WHERE e.equipment_id = $1 AND i.position_id = $2 ORDER BY 1`,
        [equipmentId, positionId],
      )
    ).rows.map((row) => [
      toIso(epochMs(row.from)),
      row.to === null ? null : toIso(epochMs(row.to)),
      row.component,
      row.cause,
    ]);
  const lines = async () =>
    (
      await pool.query<{
        cause: string;
        state: string;
        depot: string;
        qty: number;
        filled: number;
        tier: string;
        requested: number;
      }>(
        `SELECT cause, state, depot_id AS depot, qty, filled_qty AS filled, tier, requested_at AS requested
           FROM network.demand_line WHERE source = 'event' ORDER BY requested_at, demand_id`,
      )
    ).rows;
  const onHand = async (loc: string) =>
    (
      await pool.query<{qty: number}>(
        'SELECT coalesce(sum(qty), 0) AS qty FROM network.stock_balance WHERE loc = $1',
        [loc],
      )
    ).rows[0]!.qty;
  const signals = async () =>
    (await pool.query(`SELECT 1 FROM replenish.demand_signal WHERE cause_kind = 'event'`)).rowCount;

  it('A3 remove and install moves age and demand to the right serial', async () => {
    await equipment.send('M-1', at(100), 'failure', {positionId: 'compressor'});
    await equipment.send('M-1', at(110), 'part-replaced', {positionId: 'compressor', serial: 'S-NEW'});
    expect(await runOnce()).toBe(2);
    expect(await history('M-1')).toEqual([
      [toIso(at(-1000)), toIso(at(110)), 'S-1', 'failure'],
      [toIso(at(110)), null, 'S-NEW', null],
    ]);
    expect(await lines()).toMatchObject([
      {cause: 'failure', state: 'filled', depot: 'D-1', qty: 1, tier: 'gold', requested: at(100)},
    ]);
    expect(await onHand('depot:D-1')).toBe(1);
    expect(await signals()).toBe(1);
    expect(await runOnce()).toBe(0);
  });

  it('a serial that leaves one machine and enters another keeps its age', async () => {
    await equipment.send('M-1', at(100), 'part-replaced', {positionId: 'compressor', serial: 'S-NEW'});
    await equipment.send('M-2', at(120), 'part-replaced', {positionId: 'compressor', serial: 'S-1'});
    await runOnce();
    expect(await history('M-2')).toEqual([
      [toIso(at(-500)), toIso(at(120)), 'S-2', 'planned'],
      [toIso(at(120)), null, 'S-1', null],
    ]);
    expect((await pool.query('SELECT 1 FROM network.quarantine')).rowCount).toBe(0);
  });

  it('a serial that still sits in another machine is not believed, and someone hears of it', async () => {
    await equipment.send('M-2', at(120), 'part-replaced', {positionId: 'compressor', serial: 'S-1'});
    await runOnce();
    expect((await history('M-2')).at(-1)![2]).toBe(`inferred:M-2:compressor:${toIso(at(120))}`);
    const {rows} = await pool.query<{reason: string; detail: string}>(
      'SELECT reason, detail FROM network.quarantine',
    );
    expect(rows).toMatchObject([{reason: 'serial-unusable'}]);
    expect(rows[0]!.detail).toContain('installed in M-1 compressor');
  });

  it('late events leave the same history as events in order', async () => {
    await equipment.send('M-1', at(300), 'part-replaced', {positionId: 'compressor', serial: 'S-C'});
    await runOnce();
    await equipment.send('M-1', at(110), 'part-replaced', {positionId: 'compressor', serial: 'S-B'});
    await runOnce();
    await equipment.send('M-1', at(105), 'failure', {positionId: 'compressor'});
    await runOnce();
    expect(await history('M-1')).toEqual([
      [toIso(at(-1000)), toIso(at(110)), 'S-1', 'failure'],
      [toIso(at(110)), toIso(at(300)), 'S-B', 'planned'],
      [toIso(at(300)), null, 'S-C', null],
    ]);
    expect(await lines()).toMatchObject([
      {cause: 'failure', requested: at(105)},
      {cause: 'planned', requested: at(300)},
    ]);
  });

  it('without stock a need stays open as a backorder, and a planned one answers nobody else', async () => {
    for (const hour of [100, 500, 900])
      await equipment.send('M-1', at(hour), 'part-replaced', {positionId: 'compressor'});
    await runOnce();
    expect((await lines()).map(({state}) => state)).toEqual(['filled', 'filled', 'open']);
    expect(await onHand('depot:D-1')).toBe(0);
  });

  it('maintenance and its scan are one job; a failure reported twice is one need', async () => {
    await equipment.send('M-1', at(100), 'failure', {positionId: 'compressor'});
    await equipment.send('M-1', at(103), 'failure', {positionId: 'compressor'});
    await equipment.send('M-1', at(110), 'maintenance', {positionId: 'compressor'});
    await equipment.send('M-1', at(112), 'part-replaced', {positionId: 'compressor', serial: 'S-NEW'});
    await runOnce();
    expect(await lines()).toHaveLength(1);
    expect((await history('M-1')).map((row) => row[2])).toEqual(['S-1', 'S-NEW']);
  });

  describe('needs that were counted twice', () => {
    it('of which one was met by a successor: the piece goes to who waits for the successor', async () => {
      const network = tinyNetwork();
      const [first] = network['part']!;
      network['part']!.push({...first!, part_id: 'P-1B'});
      network['part_relation'] = [
        {from_part: 'P-1', to_part: 'P-1B', kind: 'supersession', ratio: 1, approval: 'approved'},
      ];
      network['equipment_model']!.push({...network['equipment_model']![0]!, model_id: 'CH-200'});
      network['bom_position']!.push({...network['bom_position']![0]!, model_id: 'CH-200', part_id: 'P-1B'});
      network['equipment']!.push({...network['equipment']![0]!, equipment_id: 'M-3', model_id: 'CH-200'});
      network['service_area']!.push({...network['service_area']![0]!, equipment_id: 'M-3'});
      expect(await importMasterData(ports, toRawFolder(network), {actor: 'test'})).toMatchObject({ok: true});
      await equipment.send('M-2', at(100), 'failure', {positionId: 'compressor'});
      await runOnce();
      const receipt = {
        source: 'wms',
        sourceKey: 'r-1',
        part: {number: 'P-1B'},
        depotId: 'D-1',
        fromLoc: 'supplier:SUP',
      };
      await execute(ports, NETWORK_COMMANDS.receiveStock, {...receipt, qty: 1}, 'test');
      await failTwice('M-1');
      await equipment.send('M-3', at(300), 'failure', {positionId: 'compressor'});
      await runOnce();
      expect((await lines()).at(-1)).toMatchObject({requested: at(300), state: 'open'});
      await equipment.send('M-1', at(150), 'failure', {positionId: 'compressor'});
      await runOnce();
      expect((await lines()).slice(-2)).toMatchObject([
        {requested: at(200), state: 'cancelled', filled: 0},
        {requested: at(300), state: 'filled', filled: 1},
      ]);
    });

    const steps = async () =>
      (
        await pool.query<{step: string}>(
          `SELECT e.type || ' ' || e.qty AS step FROM network.demand_event e JOIN network.demand_line d USING (demand_id)
            WHERE d.requested_at = $1 ORDER BY e.demand_id, e.event_no`,
          [toIso(at(200))],
        )
      ).rows.map(({step}) => step);
    /** A failure at 200 h is a need of its own, until one at 150 h is heard of late. */
    const failTwice = async (equipmentId: string) => {
      for (const hour of [100, 200]) {
        await equipment.send(equipmentId, at(hour), 'failure', {positionId: 'compressor'});
        await runOnce();
      }
    };

    it('at two machines of one depot, learnt of at once: no piece goes from one to the other', async () => {
      await equipment.send('M-2', at(100), 'failure', {positionId: 'compressor'});
      await runOnce();
      const receipt = {
        source: 'wms',
        sourceKey: 'r-1',
        part: {number: 'P-1'},
        depotId: 'D-1',
        fromLoc: 'supplier:SUP',
      };
      expect(await execute(ports, NETWORK_COMMANDS.receiveStock, {...receipt, qty: 1}, 'test')).toMatchObject(
        {ok: true},
      );
      await failTwice('M-1');
      await equipment.send('M-2', at(200), 'failure', {positionId: 'compressor'});
      await runOnce();
      expect((await lines()).map(({state}) => state).sort()).toEqual(['filled', 'filled', 'filled', 'open']);

      for (const id of ['M-1', 'M-2'])
        await equipment.send(id, at(150), 'failure', {positionId: 'compressor'});
      expect(await runOnce()).toBe(2);
      expect((await lines()).map(({state, filled}) => [state, filled])).toEqual([
        ['filled', 1],
        ['filled', 1],
        ['cancelled', 0],
        ['cancelled', 0],
      ]);
      expect(await onHand('depot:D-1')).toBe(1);
    });

    it('at a machine whose new serial is doubted: the piece comes back once', async () => {
      await failTwice('M-1');
      await equipment.send('M-1', at(150), 'failure', {positionId: 'compressor'});
      await equipment.send('M-1', at(400), 'part-replaced', {positionId: 'compressor', serial: 'S-2'});
      await runOnce();
      expect(await steps()).toEqual(['filled 1', 'returned 1', 'cancelled 1']);
    });
  });

  it('an unknown position is quarantined and stops nothing else', async () => {
    await equipment.send('M-1', at(100), 'failure', {positionId: 'gearbox'});
    await equipment.send('M-2', at(100), 'failure', {positionId: 'compressor'});
    await runOnce();
    const {rows} = await pool.query<{reason: string}>('SELECT reason FROM network.quarantine');
    expect(rows).toEqual([{reason: 'unknown-position'}]);
    expect(await lines()).toHaveLength(1);
  });

  it('readings alone move the checkpoint to the head', async () => {
    await equipment.pass('M-1', 40);
    expect(await runOnce()).toBe(40);
    expect(await runOnce()).toBe(0);
  });

  it('readings of one partition pass beside the events of another; a full batch says that more may wait', async () => {
    const {rows} = await pool.query<{id: string}>(
      'SELECT DISTINCT ON (partition_no) equipment_id AS id FROM network.equipment ORDER BY partition_no, equipment_id',
    );
    const [quiet, busy] = rows.map(({id}) => id) as [string, string];
    const follower = createFollower(ports);
    await equipment.pass(quiet, 40);
    for (let i = 0; i < 3; i += 1) await equipment.send(busy, at(100 + i), 'error');
    expect(await follower.runOnce()).toEqual({rows: 43, more: false});
    expect(await follower.runOnce()).toEqual({rows: 0, more: false});
    for (let i = 0; i < 501; i += 1) await equipment.send(busy, at(200 + i), 'error');
    expect(await follower.runOnce()).toEqual({rows: 500, more: true});
    expect(await follower.runOnce()).toEqual({rows: 1, more: false});
  });

  it('a folder carries what the events have made of the network into an empty database', async () => {
    await equipment.send('M-1', at(100), 'failure', {positionId: 'compressor'});
    await equipment.send('M-1', at(110), 'part-replaced', {positionId: 'compressor', serial: 'S-NEW'});
    for (const hour of [200, 500])
      await equipment.send('M-2', at(hour), 'maintenance', {positionId: 'compressor'});
    await runOnce();
    const first = await exportFolder(pool);
    expect(first['demand_history']!.rows.map(({cells}) => cells['state'])).toEqual(
      expect.arrayContaining(['open', 'filled']),
    );
    const other = (await openTestDatabase()).poolFor('forestock_network');
    const ports = openNetworkPorts(other, {worldClock: {now: () => now}, partitions: 4, autoIssue: false});
    expect(await importMasterData(ports, first, {actor: 'test'})).toMatchObject({ok: true});
    expect(await exportFolder(other)).toEqual(first);
  });

  it('what was quarantined for want of master data passes once it is there, and once only', async () => {
    await equipment.send('M-1', at(100), 'failure', {positionId: 'gearbox'});
    await runOnce();
    const ports = openNetworkPorts(pool, {worldClock: {now: () => now}, partitions: 4, autoIssue: true});
    const quarantineId = (
      await pool.query<{id: string}>('SELECT quarantine_id AS id FROM network.quarantine')
    ).rows[0]!.id;
    expect(await resubmit(ports, {quarantineId}, 'test')).toMatchObject({
      ok: false,
      reason: 'unknown-position',
    });
    const network = tinyNetwork();
    network['bom_position']!.push({...network['bom_position']![0]!, position_id: 'gearbox'});
    expect(await importMasterData(ports, toRawFolder(network), {actor: 'test'})).toMatchObject({ok: true});
    expect(await resubmit(ports, {quarantineId}, 'test')).toMatchObject({ok: true, repeated: false});
    expect(await resubmit(ports, {quarantineId}, 'test')).toMatchObject({ok: true, repeated: true});
    expect(await lines()).toHaveLength(1);
  });
});
