import {pricedByContracts} from '../supply/contract-price.ts';
import {withinReach} from '../demand/planned-need.ts';
import {mean} from '../probability/pmf.ts';
import {planDepots} from './depot-plan.ts';
import {reviewReservations} from './reservation.ts';
import {owedPieces} from './shelf.ts';
import type {Receipt, Situation} from './situation.ts';

/** Demand beyond which so little is left is one number: it would not be seen on a drawing. */
const DRAWN_SHARE = 0.9999;
/** Bars that can be told apart. */
const DRAWN_MAX = 60;

/** What one depot had, what was expected of it, and the level that follows: what a decision about it was taken from. */
export interface ShelfBehind {
  readonly onHand: number;
  /** Owed now, or so soon that an order for them is due. */
  readonly owed: number;
  readonly receipts: readonly Pick<Receipt, 'orderId' | 'kind' | 'quantity' | 'meanH' | 'sdH'>[];
  /** Pieces held for machines that are expected to fail. */
  readonly reserved: number;
  /** On hand + on order − owed, of the depot and all that it feeds. */
  readonly position: number;
  /** Order-up-to level of the same, and what of both belongs to the shelves that it feeds. */
  readonly target: number;
  readonly onShelves: number;
  /** P(D ≤ position less what the shelves that it feeds should hold), and what that should be. */
  readonly covered: number;
  readonly wanted: number;
  readonly source: {
    readonly kind: string;
    readonly id: string;
    readonly meanH: number;
    readonly sdH: number;
  } | null;
  readonly reviewH: number;
  /** Demand until an order placed at the next look would arrive: P(D = 0), P(D = 1), …; what is left out, as one number. */
  readonly demand: {readonly mean: number; readonly p: readonly number[]; readonly beyond: number};
  /** What a missing piece costs, and one too early. */
  readonly underageMinor: number;
  readonly overageMinor: number;
  readonly shortageMinorPerH: number;
  /** Expected cost of doing nothing ahead, and of doing nothing at all. */
  readonly reactiveMinor: number;
  readonly waitingMinor: number;
}

/**
 * The shelf behind a decision, worked out from its recorded situation as the decision was. Null: the depot is none of the situation's.
 *
 * Example: Poisson demand of mean 1 → 0.368, 0.368, 0.184, 0.061, 0.015, 0.003, 0.0005, 0.0001.
 */
export function shelfBehind(recorded: Situation, depotId: string): ShelfBehind | null {
  const {situation} = reviewReservations(pricedByContracts(withinReach(recorded)));
  const plan = planDepots(situation).get(depotId);
  if (plan === undefined) return null;
  const {depot, demand, source, position, target, onShelves, covered} = plan;
  const {reviewH} = situation.policy;
  return {
    onHand: depot.onHand,
    owed: owedPieces(depot),
    receipts: depot.receipts.map(({orderId, kind, quantity, meanH, sdH}) => ({
      orderId,
      kind,
      quantity,
      meanH,
      sdH,
    })),
    reserved: depot.reservations.reduce((sum, {quantity}) => sum + quantity, 0),
    ...{position, target, onShelves, covered, wanted: plan.criticalRatio, reviewH},
    source:
      source === null
        ? null
        : {kind: source.sourceKind, id: source.sourceId, meanH: source.meanH, sdH: source.sdH},
    demand: {mean: mean(demand), ...drawn(demand.p, Math.max(position, target) - onShelves)},
    underageMinor: Math.round(plan.underageMinor),
    overageMinor: Math.round(plan.overageMinor),
    shortageMinorPerH: Math.round(plan.shortageMinorPerH),
    reactiveMinor: plan.reactiveMinor,
    waitingMinor: plan.waitingMinor,
  };
}

/** The terms that are worth a bar, and at least those up to a level. */
function drawn(terms: Float64Array, level: number): {p: readonly number[]; beyond: number} {
  const p: number[] = [];
  let sum = 0;
  for (const term of terms) {
    if (p.length >= DRAWN_MAX || (sum >= DRAWN_SHARE && p.length > level)) break;
    p.push(term);
    sum += term;
  }
  return {p, beyond: Math.max(0, 1 - sum)};
}
