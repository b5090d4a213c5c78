import {invariant} from '../../../domain/invariant.ts';
import {expectedBackorders, expectedOnHand, quantile, type DemandPmf} from '../probability/pmf.ts';

/** What one piece too few and one piece too many cost, in the same money unit. */
export interface UnitCosts {
  /** Per piece short: emergency premium plus downtime. */
  readonly underage: number;
  /** Per piece over: holding until the next demand takes it, or the cost of returning it. */
  readonly overage: number;
}

/** The service level at which one more piece no longer pays: underage / (underage + overage). Example: 60 and 1 → 0.9836. */
export function criticalRatio({underage, overage}: UnitCosts): number {
  invariant(underage >= 0 && overage > 0, 'a piece over costs something, a piece short does not earn');
  return underage / (underage + overage);
}

/** Order-up-to level: smallest S with P(D ≤ S) ≥ critical ratio, in pieces. */
export function newsvendorLevel(demand: DemandPmf, costs: UnitCosts): number {
  return quantile(demand, criticalRatio(costs));
}

/**
 * Expected cost of holding S pieces against the demand: overage · E[(S − D)⁺] + underage · E[(D − S)⁺].
 *
 * Source: Snyder & Shen (2019), Fundamentals of Supply Chain Theory, ch. 4.
 * Example: Poisson mean 7.5, overage 1, underage 9, S = 11 → 5.1156.
 */
export function newsvendorCost(demand: DemandPmf, s: number, {underage, overage}: UnitCosts): number {
  return overage * expectedOnHand(demand, s) + underage * expectedBackorders(demand, s);
}

/**
 * Pieces to order now: none when the position reaches the level, else the gap, at least the minimum order quantity, rounded
 * up to whole multiples.
 *
 * @param position On hand + on order − backordered, less units reserved for known needs.
 * Example: position 5, level 13, minimum 2, multiple 2 → 8.
 */
export function orderQuantity(position: number, level: number, minimum = 1, multiple = 1): number {
  invariant(multiple > 0 && minimum >= 0, 'an order multiple is positive and a minimum is not negative');
  if (position >= level) return 0;
  return Math.ceil(Math.max(level - position, minimum) / multiple) * multiple;
}
