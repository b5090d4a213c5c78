import {demandRatePerH, shortageMinorPerH, type Risk} from '../demand/depot-demand.ts';
import type {DemandAhead} from '../demand/demand-ahead.ts';
import {timePoints, type UncertainTime} from '../lead-time/time-points.ts';
import type {DepotPlan} from './depot-plan.ts';
import {cdf, type DemandPmf} from '../probability/pmf.ts';
import {expressArrival, normalSource, refillArrival} from './refill.ts';
import {canSend, freeStock, waitsForRescue} from './shelf.ts';
import type {DepotSituation, Situation, Source} from './situation.ts';
import {laneBill, sourceBill, usualPriceMinor} from '../supply/tariff.ts';
import {expressWays, fasterThan} from '../supply/express.ts';

/** What waiting costs where nothing can be fetched at all: a week of it. */
const NO_RESCUE_H = 168;

/** A depot and what its machines may ask for. */
export interface Member {
  readonly depot: DepotSituation;
  readonly risks: readonly Risk[];
  readonly ahead: DemandAhead;
}

/**
 * What a piece missing at a family of depots costs an hour. Where it serves no machine that is known, those that the part has elsewhere
 * are the best guess: background demand comes from machines too.
 */
export function shortageOf(
  policy: Situation['policy'],
  {
    family,
    risks,
    all,
  }: {
    readonly family: readonly Member[];
    /** Of the family's machines. */
    readonly risks: readonly Risk[];
    readonly all: readonly Member[];
  },
): number {
  const needs = family.flatMap(({depot}) => depot.needs);
  const isKnown = risks.length + needs.length > 0 || policy.missedPiece === undefined;
  return shortageMinorPerH(isKnown ? risks : risksOf(all), needs, policy.shortageFloorMinorPerH);
}

/** Sorted by component id. */
export function risksOf(members: readonly Member[]): readonly Risk[] {
  const [only, ...others] = members;
  if (only !== undefined && others.length === 0) return only.risks;
  return members
    .flatMap(({risks}) => risks)
    .sort((a, b) => (a.component.componentId < b.component.componentId ? -1 : 1));
}

/** A way to get a piece that is missed: what it costs beyond the usual way, and when the piece is here. */
interface Rescue {
  readonly feeMinor: number;
  readonly arrival: UncertainTime;
}

/** What a missing piece costs with the cheapest rescue that is there: its fee plus the downtime until it arrives. */
export function cheapestRescue(rescues: readonly Rescue[], shortage: number): number {
  if (rescues.length === 0) return shortage * NO_RESCUE_H;
  return Math.min(...rescues.map(({feeMinor, arrival}) => feeMinor + shortage * arrival.meanH));
}

/**
 * What a piece costs that is needed in so many hours, where its rescue is left to the next look: the fee, and the downtime if it is late by then.
 * So nobody hurries a piece before its time: as long as the next look is early enough, hurrying now saves nothing.
 *
 * Example: an emergency takes 48 h and costs 900, an hour of waiting 20, a look a day: 900 for a need in 10 days, 900 + 12 · 20 for one in 60 h.
 */
export function rescueInTime(
  rescues: readonly Rescue[],
  {shortage, reviewH}: {readonly shortage: number; readonly reviewH: number},
): (hours: number) => number {
  const known = rescues.length === 0 ? [{feeMinor: 0, arrival: {meanH: NO_RESCUE_H, sdH: 0}}] : rescues;
  const lateH = (arrival: UncertainTime, needH: number): number =>
    timePoints(arrival).reduce(
      (sum, {hours, weight}) => sum + weight * Math.max(0, hours + reviewH - needH),
      0,
    );
  return (needH) =>
    Math.min(...known.map(({feeMinor, arrival}) => feeMinor + shortage * lateH(arrival, needH)));
}

/**
 * The rescues that are there. Sources and neighbours that have nothing are none, nor is a piece that is held for another machine: it may be
 * used by then. The normal source counts from when it can really send.
 */
export function rescuesOf(situation: Situation, depot: DepotSituation): readonly Rescue[] {
  const {part} = situation;
  const usualMinor = usualPriceMinor(part, normalSource(depot));
  const refill = refillArrival(situation, depot, 1);
  const rescues: Rescue[] = refill === null ? [] : [{feeMinor: 0, arrival: refill}];
  const depots = new Map(situation.depots.map((other) => [other.depotId, other]));
  for (const source of depot.sources) {
    if (source.kind === 'repair' || source.barred !== undefined) continue;
    if (source.sourceKind === 'depot' && canSend(depots.get(source.sourceId), 0) === 0) continue;
    if (source.kind === 'emergency')
      rescues.push({
        feeMinor: Math.max(0, source.priceMinor - usualMinor) + carriage(part, source),
        arrival: source,
      });
    for (const {meanH, feeMinor} of expressWays(source))
      rescues.push({feeMinor: feeMinor + carriage(part, source), arrival: expressArrival(meanH, source)});
  }
  for (const lane of situation.lanes) {
    const donor = depots.get(lane.fromDepotId);
    if (lane.toDepotId !== depot.depotId || lane.barred !== undefined || donor === undefined) continue;
    if (freeStock(donor) <= 0 || waitsForRescue(donor)) continue;
    rescues.push({feeMinor: laneBill(part, lane, 1).landedMinor, arrival: lane});
  }
  return rescues;
}

/** Orders on their way that can be hurried: a rescue for a need by date, which they were placed for. */
export function hurriedReceipts(depot: DepotSituation): readonly Rescue[] {
  return depot.receipts
    .filter(({frozen}) => frozen === undefined)
    .flatMap(fasterThan)
    .map(({meanH, feeMinor}) => ({feeMinor, arrival: expressArrival(meanH, normalSource(depot))}));
}

/** Freight, duty and handling of one piece. */
function carriage(part: Situation['part'], source: Source): number {
  const {freight, duty, handling} = sourceBill(part, source, 1, {usualMinor: source.priceMinor}).movement;
  return freight + duty + handling;
}

/**
 * What a piece missing at a depot costs. For a machine of its own, a rescue; on its way to a shelf that it feeds, the chance that the shelf is asked
 * for more than it has left before the depot's own order is here, times what that costs there:
 *
 *   Σ share_i · underage_i · P(D_i ≥ S_i),  D_i the shelf's demand over this depot's lead time, S_i what it should hold
 *
 * P(D ≥ S) = EBO(S − 1) − EBO(S): the rise of what the shelf owes if it is one piece short and refilled by nothing else.
 * Example: all is asked for at one shelf, which should hold 1 and is asked for 0.2 pieces meanwhile, 20,000 a rescue → 20,000 · (1 − e^−0.2) = 3,625.
 */
export function missedMinor(
  own: {readonly rescueMinor: number; readonly perH: number},
  fed: readonly DepotPlan[],
  demandMeanwhile: (one: DepotPlan) => DemandPmf,
): number {
  let perH = own.perH;
  let sum = own.perH * own.rescueMinor;
  for (const one of fed) {
    const rate = demandRatePerH(one.echelon);
    perH += rate;
    sum += rate * one.underageMinor * (1 - cdf(demandMeanwhile(one), one.usualTarget - 1));
  }
  return perH === 0 ? own.rescueMinor : sum / perH;
}
