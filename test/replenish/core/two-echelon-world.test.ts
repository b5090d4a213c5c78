import {describe, expect, it} from 'vitest';
import {
  exactTwoEchelon,
  totalBackorders,
  variMetric,
  type TwoEchelonSystem,
} from '../../../replenish/core/plan/two-echelon.ts';
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

/** Pieces of one order, so that demand has a variance-to-mean ratio of `vmr`: logarithmic, by inversion. */
function orderSize(vmr: number, uniform: number): number {
  const q = 1 - 1 / vmr;
  let probability = q === 0 ? 1 : -q / Math.log(1 - q);
  let left = uniform;
  for (let pieces = 1; ; pieces += 1) {
    left -= probability;
    if (left < 0 || probability < 1e-15) return pieces;
    probability *= (q * pieces) / (pieces + 1);
  }
}

interface Played {
  /** Mean pieces owed by each depot. */
  readonly owed: readonly number[];
  /** Share of its pieces that each filled at once. */
  readonly filled: readonly number[];
}

/** One run of the real thing: orders of one piece or several, served in the order they came, each piece resupplied one for one. */
function simulated(
  {centreResupplyTime, centreStock, bases}: TwoEchelonSystem,
  days: number,
  seed: number,
): Played {
  const random = streamOf(seed, 'two-echelon');
  const meanSize = bases.map(({vmr = 1}) => (vmr === 1 ? 1 : (vmr - 1) / Math.log(vmr)));
  const rates = bases.map(({demandRate}, i) => demandRate / meanSize[i]!);
  const rate = rates.reduce((sum, one) => sum + one, 0);
  const ordered: number[] = [];
  const received: number[][] = bases.map(() => []);
  const owedDays = bases.map(() => 0);
  const atOnce = bases.map(() => 0);
  for (
    let now = -Math.log(1 - random.uniform()) / rate;
    now < days;
    now -= Math.log(1 - random.uniform()) / rate
  ) {
    let pick = random.uniform() * rate;
    const depot = rates.findIndex((one) => (pick -= one) < 0);
    const {stock, shipTime, vmr = 1} = bases[depot]!;
    const pieces = vmr === 1 ? 1 : orderSize(vmr, random.uniform());
    for (let piece = 0; piece < pieces; piece += 1) {
      // The centre's k-th piece ordered takes the one that order k − S has brought back.
      const back = ordered[ordered.length - centreStock];
      const leaves =
        centreStock === 0
          ? now + centreResupplyTime
          : Math.max(now, (back ?? -Infinity) + centreResupplyTime);
      ordered.push(now);
      const arrivals = received[depot]!;
      arrivals.push(leaves + shipTime);
      // And its own n-th piece asked for takes the one that demand n − S has brought.
      const filled = arrivals[arrivals.length - 1 - stock] ?? now;
      owedDays[depot]! += Math.max(0, filled - now);
      if (filled <= now) atOnce[depot]! += 1;
    }
  }
  return {
    owed: owedDays.map((sum) => sum / days),
    filled: atOnce.map((sum, i) => sum / received[i]!.length),
  };
}

/** Mean over runs, and its standard error. */
function estimate(values: readonly number[]): {readonly mean: number; readonly error: number} {
  const mean = values.reduce((sum, one) => sum + one, 0) / values.length;
  const squares = values.reduce((sum, one) => sum + (one - mean) ** 2, 0);
  return {mean, error: Math.sqrt(squares / (values.length * (values.length - 1)))};
}

describe('a centre and its depots, played through', () => {
  it('D2 owe what the exact split says, and VARI-METRIC comes within five per cent', () => {
    const runs = Array.from({length: 20}, (_, seed) => simulated(system, 100_000, seed));
    const {mean, error: spread} = estimate(runs.map(({owed}) => owed.reduce((sum, one) => sum + one, 0)));
    const exact = totalBackorders(exactTwoEchelon(system));
    expect(spread / exact).toBeLessThan(0.01);
    expect(Math.abs(mean - exact)).toBeLessThan(3 * spread);
    expect(Math.abs(totalBackorders(variMetric(system)) / exact - 1)).toBeLessThan(0.05);
  });

  it.each([
    ['alike', [2, 2, 2]],
    ['more here than there', [1, 2, 4]],
  ])('D2 owe what VARI-METRIC says within five per cent where demand comes in lumps, %s', (_, vmrs) => {
    const lumpy = {...system, bases: system.bases.map((one, i) => ({...one, vmr: vmrs[i]!}))};
    const states = variMetric(lumpy);
    const runs = Array.from({length: 20}, (_, seed) => simulated(lumpy, 100_000, seed));
    const {mean, error} = estimate(runs.map(({owed}) => owed.reduce((sum, one) => sum + one, 0)));
    expect(error / mean).toBeLessThan(0.01);
    expect(Math.abs(totalBackorders(states) / mean - 1)).toBeLessThan(0.05);
    expect(totalBackorders(variMetric(system)) / mean).toBeLessThan(0.6); // as if it were Poisson
    if (new Set(vmrs).size > 1) return; // single depots: the calm one is better off than it says, the lumpy one worse
    states.forEach(({expectedBackorders, fillRate}, i) => {
      const owed = estimate(runs.map((run) => run.owed[i]!));
      const filled = estimate(runs.map((run) => run.filled[i]!));
      expect(Math.abs(expectedBackorders - owed.mean)).toBeLessThan(0.05 * owed.mean + 3 * owed.error);
      expect(Math.abs(fillRate - filled.mean)).toBeLessThan(0.01 + 3 * filled.error);
    });
  });
});
