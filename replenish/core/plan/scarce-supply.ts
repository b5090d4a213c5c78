import {invariant} from '../../../domain/invariant.ts';
import {expectedBackorders, type DemandPmf} from '../probability/pmf.ts';

/** A depot that wants units of a scarce supply. */
export interface Claimant {
  /** On hand less backorders; negative when it already owes units. */
  readonly net: number;
  /** Until the next supply. */
  readonly demand: DemandPmf;
  /** What one unit short costs it: downtime, contract penalty, tier. */
  readonly shortageCost: number;
}

/** Units for each claimant, in their order. */
export type Allocation = readonly number[];

/** Costs closer than this are the same. */
const TIE = 1e-9;

/**
 * What an allocation leaves short is expected to cost, Σ w · E[(D − net − a)⁺].
 *
 * Source: Sherbrooke (2004), Optimal Inventory Modeling of Systems, ch. 2, for the backorders.
 * Example: Poisson 1 and 2 at cost 10 each: (1, 2) → 9.0922, (3, 0) → 20.2334.
 */
export function allocationCost(claimants: readonly Claimant[], allocation: Allocation): number {
  return claimants.reduce((sum, claimant, i) => sum + shortage(claimant, allocation[i]!), 0);
}

/**
 * Shares out a supply so that the expected shortage cost is least, exactly, in whole lots; what pays nowhere stays unshared.
 * Recursion over claimants and lots: claimants · lots² steps.
 *
 * Source: Ibaraki & Katoh (1988), Resource Allocation Problems, ch. 3 (dynamic programming).
 * @param most Allocations returned at most.
 * @returns Allocations of least cost (within 1e-9), smallest shares of the first claimants first.
 * Example: 3 units, two depots with Poisson 1 and 2 and equal costs 10 → (1, 2) at 9.0922.
 */
export function optimalAllocations(
  claimants: readonly Claimant[],
  available: number,
  lot = 1,
  most = 1_000,
): {readonly cost: number; readonly allocations: readonly Allocation[]} {
  invariant(lot >= 1 && available >= 0, 'supply is not negative and a lot is at least one unit');
  const lots = Math.floor(available / lot);
  const costs = claimants.map((claimant) =>
    Float64Array.from({length: lots + 1}, (_, n) => shortage(claimant, n * lot)),
  );
  // least[i][n]: least cost of claimants i, i + 1, … with n lots.
  const least = [...claimants.map(() => new Float64Array(lots + 1)), new Float64Array(lots + 1)];
  for (let i = claimants.length - 1; i >= 0; i -= 1) {
    for (let n = 0; n <= lots; n += 1) {
      let best = Infinity;
      for (let share = 0; share <= n; share += 1)
        best = Math.min(best, costs[i]![share]! + least[i + 1]![n - share]!);
      least[i]![n] = best;
    }
  }
  function* trace(i: number, n: number): Generator<Allocation> {
    if (i === claimants.length) yield [];
    else {
      for (let share = 0; share <= n; share += 1) {
        if (costs[i]![share]! + least[i + 1]![n - share]! > least[i]![n]! + TIE) continue;
        for (const rest of trace(i + 1, n - share)) yield [share * lot, ...rest];
      }
    }
  }
  const allocations: Allocation[] = [];
  for (const allocation of trace(0, lots)) {
    if (allocations.length >= most) break;
    allocations.push(allocation);
  }
  return {cost: least[0]![lots]!, allocations};
}

/**
 * Gives one lot after the other to whom it saves most (the first of equals), as long as it saves anything. Optimal when lots
 * are single units, since expected shortage is convex in the share; with larger lots use `optimalAllocations`.
 *
 * Source: Fox (1966), Discrete optimization via marginal analysis, Management Science 13(3).
 * Example: 3 units, Poisson 1 and 2 at cost 10 each → (1, 2).
 */
export function marginalAllocation(claimants: readonly Claimant[], available: number, lot = 1): Allocation {
  const shares = claimants.map(() => 0);
  for (let left = available; left >= lot; left -= lot) {
    let chosen = -1;
    let most = 0;
    claimants.forEach((claimant, i) => {
      const saved = shortage(claimant, shares[i]!) - shortage(claimant, shares[i]! + lot);
      if (saved > most) {
        most = saved;
        chosen = i;
      }
    });
    if (chosen < 0) break;
    shares[chosen]! += lot;
  }
  return shares;
}

function shortage({net, demand, shortageCost}: Claimant, share: number): number {
  return shortageCost * expectedBackorders(demand, net + share);
}
