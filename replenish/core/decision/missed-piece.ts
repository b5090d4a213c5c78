import {demandRatePerH, shortageMinorPerH, type Risk} from '../demand/depot-demand.ts';
import type {DemandAhead} from '../demand/demand-ahead.ts';
import type {DepotPlan} from './depot-plan.ts';
import {cdf, type DemandPmf} from '../probability/pmf.ts';
import {normalSource, refillArrival} from './refill.ts';
import {canSend, freeStock, waitsForRescue} from './shelf.ts';
import type {DepotSituation, Situation, Source} from './situation.ts';
import {laneBill, sourceBill, usualPriceMinor} from '../supply/tariff.ts';

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

/**
 * What a missing piece costs with the cheapest rescue that is there: its fee plus the downtime until it arrives. Sources and
 * neighbours that have nothing are no rescue, nor is a piece that is held for another machine: it may be used by then. The normal
 * source counts from when it can really send.
 */
export function cheapestRescue(situation: Situation, depot: DepotSituation, shortage: number): number {
  const {part} = situation;
  const usualMinor = usualPriceMinor(part, normalSource(depot));
  const refill = refillArrival(situation, depot, 1);
  const rescues: number[] = refill === null ? [] : [shortage * refill.meanH];
  const depots = new Map(situation.depots.map((other) => [other.depotId, other]));
  for (const source of depot.sources) {
    if (source.kind === 'repair' || source.barred !== undefined) continue;
    if (source.sourceKind === 'depot' && canSend(depots.get(source.sourceId), 0) === 0) continue;
    if (source.kind === 'emergency')
      rescues.push(
        Math.max(0, source.priceMinor - usualMinor) + carriage(part, source) + shortage * source.meanH,
      );
    if (source.expediteMeanH !== null)
      rescues.push((source.expediteFeeMinor ?? 0) + carriage(part, source) + shortage * source.expediteMeanH);
  }
  for (const lane of situation.lanes) {
    const donor = depots.get(lane.fromDepotId);
    if (lane.toDepotId !== depot.depotId || lane.barred !== undefined || donor === undefined) continue;
    if (freeStock(donor) <= 0 || waitsForRescue(donor)) continue;
    rescues.push(laneBill(part, lane, 1).landedMinor + shortage * lane.meanH);
  }
  return rescues.length === 0 ? shortage * NO_RESCUE_H : Math.min(...rescues);
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
