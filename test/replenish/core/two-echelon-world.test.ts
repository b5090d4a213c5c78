import {describe, expect, it} from 'vitest';
import {
  exactTerms,
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

/** A shelf on (stock − 1, lot): its n-th piece asked for takes what was there at first, or the piece that an earlier order has brought. */
class Shelf {
  #asked = 0;
  readonly #brought: number[] = [];
  readonly stock: number;
  readonly lot: number;
  readonly supply: (now: number) => number;
  constructor(stock: number, lot: number, supply: (now: number) => number) {
    this.stock = stock;
    this.lot = lot;
    this.supply = supply;
  }
  /** @returns when the piece can leave. */
  take(now: number): number {
    this.#asked += 1;
    if (this.#asked % this.lot === 0)
      for (let piece = 0; piece < this.lot; piece += 1) this.#brought.push(this.supply(now));
    const before = this.stock + this.lot - 1;
    return this.#asked <= before ? now : Math.max(now, this.#brought[this.#asked - before - 1]!);
  }
}

/** One run of the real thing: orders of one piece or several, served in the order they came, shelves resupplied one for one or by the lot. */
function simulated(
  {centreResupplyTime, centreStock, centreLot = 1, bases}: TwoEchelonSystem,
  days: number,
  seed: number,
): Played {
  const random = streamOf(seed, 'two-echelon');
  const meanSize = bases.map(({vmr = 1}) => (vmr === 1 ? 1 : (vmr - 1) / Math.log(vmr)));
  const rates = bases.map(({demandRate}, i) => demandRate / meanSize[i]!);
  const rate = rates.reduce((sum, one) => sum + one, 0);
  const centre = new Shelf(centreStock, centreLot, (now) => now + centreResupplyTime);
  const shelves = bases.map(
    ({stock, lot = 1, shipTime}) => new Shelf(stock, lot, (now) => centre.take(now) + shipTime),
  );
  const owedDays = bases.map(() => 0);
  const atOnce = bases.map(() => 0);
  const asked = bases.map(() => 0);
  for (
    let now = -Math.log(1 - random.uniform()) / rate;
    now < days;
    now -= Math.log(1 - random.uniform()) / rate
  ) {
    let pick = random.uniform() * rate;
    const depot = rates.findIndex((one) => (pick -= one) < 0);
    const {vmr = 1} = bases[depot]!;
    const pieces = vmr === 1 ? 1 : orderSize(vmr, random.uniform());
    for (let piece = 0; piece < pieces; piece += 1) {
      const filled = shelves[depot]!.take(now);
      asked[depot]! += 1;
      owedDays[depot]! += filled - now;
      if (filled <= now) atOnce[depot]! += 1;
    }
  }
  return {
    owed: owedDays.map((sum) => sum / days),
    filled: atOnce.map((sum, i) => sum / asked[i]!),
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

  it.each([
    ['at the centre', {centreLot: 8, lots: [1, 1, 1], vmr: 1, within: 0.05}],
    // The centre owes most when depots have just ordered: taken as independent, that errs on the safe side.
    ['at the depots', {centreLot: 1, lots: [3, 4, 2], vmr: 1, within: 0.12}],
    ['at both, of lumpy demand', {centreLot: 6, lots: [2, 3, 4], vmr: 2, within: 0.06}],
  ])(
    'D2 owe what the mean over the levels of the position says where orders are by the lot, %s',
    (_, world) => {
      const {centreLot, lots, vmr, within} = world;
      const bases = system.bases.map((one, i) => ({...one, stock: 1, vmr, lot: lots[i]!}));
      const byLot = {...system, centreStock: 1, centreLot, bases};
      const runs = Array.from({length: 20}, (_, seed) => simulated(byLot, 100_000, seed));
      const {mean, error} = estimate(runs.map(({owed}) => owed.reduce((sum, one) => sum + one, 0)));
      expect(error / mean).toBeLessThan(0.01);
      expect(Math.abs(totalBackorders(variMetric(byLot)) / mean - 1)).toBeLessThan(within);
      const oneForOne = {...byLot, centreLot: 1, bases: bases.map((one) => ({...one, lot: 1}))};
      expect(totalBackorders(variMetric(oneForOne)) / mean).toBeGreaterThan(1.5);
      if (exactTerms(byLot) < Infinity)
        expect(Math.abs(totalBackorders(exactTwoEchelon(byLot)) - mean)).toBeLessThan(3 * error);
      variMetric(byLot).forEach(({fillRate}, i) =>
        expect(Math.abs(fillRate - estimate(runs.map(({filled}) => filled[i]!)).mean)).toBeLessThan(0.03),
      );
    },
  );
});
