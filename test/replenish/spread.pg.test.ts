import {describe, expect, it} from 'vitest';
import type {MasterData} from '../../network/core/master-data.ts';
import {openPlanning} from '../../replenish/main.ts';
import {tinyNetwork} from '../network/tiny-network.ts';
import {DecidingNetwork, withRows} from './reference.ts';

describe('a scarce supply over the depots that want it', () => {
  /** A second regional depot like the first; both want P-1 thirty times a year, the first has two pieces. */
  const open = async (): Promise<DecidingNetwork> => {
    const network = tinyNetwork();
    const alike = (table: string): MasterData[string] =>
      network[table]!.filter((row) => row['depot_id'] === 'D-1').map((row) => ({...row, depot_id: 'D-2'}));
    const wider = withRows(network, {
      depot: alike('depot'),
      sourcing: alike('sourcing'),
      part_depot: alike('part_depot'),
    });
    return DecidingNetwork.open({
      ...wider,
      part_depot: wider['part_depot']!.map((row) => ({
        ...row,
        background_per_year: row['depot_id'] === 'D-C' ? 0 : 30,
      })),
      opening_stock: wider['opening_stock']!.map((row) =>
        row['depot_id'] === 'D-C' ? {...row, qty: 3} : row,
      ),
    });
  };

  it('F1 goes where it averts most, to the emptier shelf, exactly, and writes nothing', async () => {
    const deciding = await open();
    const planning = openPlanning(deciding.pool, () => deciding.now);
    const run = await planning.spread({partId: 'P-1', depotId: 'D-C', lot: 1});
    if (!run.ok) throw new Error(run.detail);
    const shares = new Map(run.value.rows.map((row) => [row.depotId, row.share]));
    expect(run.value).toMatchObject({pieces: 3, unshared: 0, nextSupplyH: 480});
    expect(shares.get('D-2')! - shares.get('D-1')!).toBeGreaterThan(0);
    expect(run.value.withMinor).toBeLessThan(run.value.withoutMinor);
    expect(run.value.byTurnsMinor).toBe(run.value.withMinor); // single pieces: convex
    expect(await deciding.count('replenish.plan_run')).toBe(0);
    expect(await deciding.orders()).toEqual([]);
  });

  it('F1 lots go together, and what makes no lot stays', async () => {
    const deciding = await open();
    const planning = openPlanning(deciding.pool, () => deciding.now);
    const run = await planning.spread({partId: 'P-1', depotId: 'D-C', pieces: 5, lot: 2});
    if (!run.ok) throw new Error(run.detail);
    expect(run.value.rows.every(({share}) => share % 2 === 0)).toBe(true);
    expect(run.value.unshared).toBe(1);
    expect(run.value.withMinor).toBeLessThanOrEqual(run.value.byTurnsMinor);
  });

  it('refuses what it cannot spread, by name', async () => {
    const deciding = await open();
    const planning = openPlanning(deciding.pool, () => deciding.now);
    const reason = async (asked: {partId: string; depotId: string}): Promise<string> => {
      const run = await planning.spread({...asked, lot: 1});
      return run.ok ? 'none' : run.reason;
    };
    expect(await reason({partId: 'P-9', depotId: 'D-C'})).toBe('unknown-part');
    expect(await reason({partId: 'P-1', depotId: 'D-9'})).toBe('unknown-depot');
    expect(await reason({partId: 'P-2', depotId: 'D-C'})).toBe('unknown-part');
  });
});
