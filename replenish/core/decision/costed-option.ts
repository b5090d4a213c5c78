import type {Option} from '../../../domain/decision.ts';
import type {TermEffect} from '../../../domain/term-effect.ts';
import {timePoints} from '../lead-time/time-points.ts';
import type {UncertainTime} from '../lead-time/time-points.ts';
import {positionOf} from './depot-plan.ts';
import type {DepotPlan} from './depot-plan.ts';
import {landedCost, outlay} from './landed-cost.ts';
import type {Arrivals} from '../demand/outlook.ts';
import type {Situation} from './situation.ts';
import {itemised} from '../supply/tariff.ts';
import type {Bill} from '../supply/tariff.ts';

/** What an option says of itself before it is priced. */
type Way = Pick<
  Option,
  'action' | 'sourceKind' | 'sourceId' | 'mode' | 'quantity' | 'excluded' | 'substitute'
> & {
  readonly arrival: UncertainTime;
  readonly bill: Bill;
  /** Whose pieces it moves; left out: the receiving party's. */
  readonly ownerPartyId?: string | undefined;
  readonly donorRiskMinor?: number;
  readonly terms?: readonly TermEffect[] | undefined;
};

/** What the depot has after an option: as it stands, with `quantity` more at their arrival, unless told otherwise. */
interface After {
  readonly net?: number;
  readonly arrivals?: Arrivals;
  /** A piece that only changes its shelf costs no more to hold than before. */
  readonly movesStock?: boolean;
}

/** An option with its expected landed cost: what every option of a decision is compared by. */
export function costed({part}: Situation, plan: DepotPlan, way: Way, after: After = {}): Option {
  const {arrival, quantity, bill, ownerPartyId, substitute, terms = []} = way;
  const arrivals =
    after.arrivals ?? plan.outlook.adding(plan.arrivals, {quantity, times: timePoints(arrival)});
  const downtimeMinor =
    quantity === 0 ? plan.reactiveMinor : plan.outlook.costMinor(after.net ?? plan.net, arrivals, plan);
  const holding = after.movesStock === true ? 0 : holdingMinor(plan, quantity);
  const donorRisk = way.donorRiskMinor ?? 0;
  const {movement, landedMinor} = bill;
  return {
    action: way.action,
    sourceKind: way.sourceKind,
    sourceId: way.sourceId,
    mode: way.mode,
    quantity,
    arrival: {meanH: arrival.meanH, sdH: arrival.sdH},
    excluded: way.excluded,
    actionMinor: outlay(movement),
    downtimeMinor,
    holdingMinor: holding,
    donorRiskMinor: donorRisk,
    totalMinor: landedCost({movement, downtime: downtimeMinor, holding, donorRisk}),
    landedMinor,
    ...(part.weightG === undefined ? undefined : {movement: itemised(movement)}),
    ...(ownerPartyId === undefined || ownerPartyId === plan.depot.partyId ? undefined : {ownerPartyId}),
    ...(substitute === undefined ? undefined : {substitute}),
    ...(terms.length === 0 ? undefined : {terms}),
  };
}

/**
 * Holding pieces until they are expected to be used, and writing off those that expire before. They are used one after another, so the k-th of them waits k
 * times as long as one would, and no longer than the policy lets a piece wait; those that are owed already wait for nobody.
 *
 *   h · Σ_k min(k · useAfter, most)  over the pieces k = 1..n beyond those owed,  h · n (n + 1) / 2 · useAfter where none waits longest
 *
 * A lot lasts n · useAfter, so this is h · (n + 1) / 2 an hour: the stock between two orders, by which order-lot.ts chooses the lot.
 * Example: 100.00 a year to hold a piece, 24 used a year → 62.50 for a lot of five.
 */
export function holdingMinor(plan: DepotPlan, pieces: number): number {
  const {holdingMinorPerH, useAfterH, heldMaxH} = plan;
  const kept = Math.max(0, pieces - Math.max(0, -positionOf(plan.depot)));
  const rising = Math.min(kept, Math.floor(heldMaxH / useAfterH));
  const pieceHours = ((rising * (rising + 1)) / 2) * useAfterH + (kept - rising) * heldMaxH;
  return Math.round(holdingMinorPerH * pieceHours + kept * plan.writeOffMinor);
}

/** Pieces of the decision's own part that an option brings or saves. Example: two of a 2:1 substitute → 1. */
export function servedPieces({quantity, substitute}: Option): number {
  return substitute === undefined ? quantity : substitute.serves;
}
