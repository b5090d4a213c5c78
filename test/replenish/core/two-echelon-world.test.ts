import {describe, expect, it} from 'vitest';
import {exactTwoEchelon, totalBackorders, variMetric} from '../../../replenish/core/plan/two-echelon.ts';
import {streamOf} from '../../../simulator/random.ts';

const base = {localRepairShare: 0, localRepairTime: 0, shipTime: 3};
const system = {
  centreResupplyTime: 30,
  centreStock: 4,
  bases: [
    {...base, demandRate: 0.03, stock: 1},
    {...base, demandRate: 0.06, stock: 1},
    {...base, demandRate: 0.09, stock: 2},
  ],
};

/** Mean pieces owed in one run of the real thing: orders served in the order they came, each unit resupplied one for one. */
function simulated(days: number, seed: number): number {
  const random = streamOf(seed, 'two-echelon');
  const rate = system.bases.reduce((sum, {demandRate}) => sum + demandRate, 0);
  const ordered: number[] = [];
  const received: number[][] = system.bases.map(() => []);
  let owedDays = 0;
  for (
    let now = -Math.log(1 - random.uniform()) / rate;
    now < days;
    now -= Math.log(1 - random.uniform()) / rate
  ) {
    let pick = random.uniform() * rate;
    const depot = system.bases.findIndex(({demandRate}) => (pick -= demandRate) < 0);
    // The centre's k-th order takes the unit that order k − S has brought back.
    const back = ordered[ordered.length - system.centreStock];
    const leaves = back === undefined ? now : Math.max(now, back + system.centreResupplyTime);
    ordered.push(now);
    const arrivals = received[depot]!;
    // And its own n-th demand takes the unit that demand n − S has brought.
    const filled = arrivals[arrivals.length - system.bases[depot]!.stock];
    arrivals.push(leaves + base.shipTime);
    owedDays += Math.max(0, (filled ?? now) - now);
  }
  return owedDays / days;
}

describe('a centre and its depots, played through', () => {
  it('D2 owe what the exact split says, and VARI-METRIC comes within five per cent', () => {
    const runs = Array.from({length: 20}, (_, seed) => simulated(100_000, seed));
    const mean = runs.reduce((sum, run) => sum + run, 0) / runs.length;
    const spread = Math.sqrt(
      runs.reduce((sum, run) => sum + (run - mean) ** 2, 0) / (runs.length * (runs.length - 1)),
    );
    const exact = totalBackorders(exactTwoEchelon(system));
    expect(spread / exact).toBeLessThan(0.01);
    expect(Math.abs(mean - exact)).toBeLessThan(3 * spread);
    expect(Math.abs(totalBackorders(variMetric(system)) / exact - 1)).toBeLessThan(0.05);
  });
});
