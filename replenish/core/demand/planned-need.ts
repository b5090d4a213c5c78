import {normalSource, refillArrival} from '../decision/refill.ts';
import type {DepotSituation, OpenNeed, Situation} from '../decision/situation.ts';
import {allNeeds, isDue} from './dated-need.ts';
import {timePoints} from '../lead-time/time-points.ts';

/**
 * The situation with its planned needs where they belong: demand with probability 1 at a date.
 *
 * A need counts as owed once a piece ordered at the next look could come too late for it, and not before:
 *
 *   needed in ≤ latest arrival of the normal source + review
 *
 * Within that reach P(D + k ≤ y) = P(D ≤ y − k): k certain pieces in the demand over lead time and review are k pieces less in the position, and
 * stay so when their date has come. What is not within reach waits in `planned`; its pieces are bought later, in time.
 *
 * Example: an order takes 10 days, a look a day: a need in 12 days waits, tomorrow it is ordered for.
 */
export function withinReach(situation: Situation): Situation {
  if (!situation.depots.some(isPlannedFor)) return situation;
  const depots = situation.depots.map((depot) => ({
    ...withoutPlanned(depot),
    needs: depot.needs.filter(isDue),
  }));
  const standing = {...situation, depots};
  return {
    ...situation,
    depots: situation.depots.map((depot, i) => {
      if (!isPlannedFor(depot)) return depot;
      const reach = reachH(standing, depots[i]!);
      const all = allNeeds(depot).toSorted((a, b) => (a.demandId < b.demandId ? -1 : 1));
      const isNear = (need: OpenNeed): boolean => (need.inH ?? 0) <= reach;
      const planned = all.filter((need) => !isNear(need));
      return {...depots[i]!, needs: all.filter(isNear), ...(planned.length === 0 ? {} : {planned})};
    }),
  };
}

/** How far ahead a depot has to look for a need: by the slowest of its usual source's arrivals, and by when that can really send. */
export function reachH(situation: Situation, depot: DepotSituation): number {
  const source = normalSource(depot);
  if (source === null) return Infinity;
  const refill = refillArrival(situation, depot, 1) ?? source;
  return Math.max(latestH(source), latestH(refill)) + situation.policy.reviewH;
}

function latestH(arrival: {readonly meanH: number; readonly sdH: number}): number {
  return timePoints(arrival).at(-1)!.hours;
}

function isPlannedFor({needs, planned}: DepotSituation): boolean {
  return planned !== undefined || needs.some((need) => !isDue(need));
}

function withoutPlanned(depot: DepotSituation): DepotSituation {
  const rest = {...depot};
  delete rest.planned;
  return rest;
}
