import type {Option} from '../../../domain/decision.ts';
import type {TermEffect} from '../../../domain/term-effect.ts';
import {HOUR_MS} from '../../../domain/time.ts';
import {lendable} from '../supply/contracted-way.ts';
import {isDue} from '../demand/dated-need.ts';
import {costed} from './costed-option.ts';
import {timePoints} from '../lead-time/time-points.ts';
import type {DepotPlan} from './depot-plan.ts';
import {giveable, lastingPieces, standingNeed, waitsForRescue} from './shelf.ts';
import type {Lane, OpenNeed, Situation, Substitute} from './situation.ts';
import {laneBill, usualPriceMinor} from '../supply/tariff.ts';
import type {Bill} from '../supply/tariff.ts';
import type {Donors} from './unaided.ts';

/** On this very shelf. */
const HERE = {meanH: 0, sdH: 0};

/**
 * Other parts that are approved to do the work, for the dearest machine that stands and that they fit: from this depot's shelf, or
 * sent by a lane. Failures that are only expected wait for the part itself. Each option serves one demand line; the next line is
 * the next decision's.
 *
 * Example: two of a 2:1 substitute lie here, a machine waits for one piece → 'substitute' with quantity 2, serving 1.
 */
export function substituteOptions(situation: Situation, donors: Donors, plan: DepotPlan): Option[] {
  const missing = standingNeed(plan.depot);
  if (situation.substitutes === undefined || missing === 0) return [];
  return situation.substitutes.flatMap((substitute) => {
    const need = servedNeed(plan.depot.needs.filter(isDue), substitute);
    if (need === undefined) return [];
    const serves = Math.min(need.quantity, missing);
    return substitute.depots.flatMap(({depotId}) =>
      waysFrom(substitute, depotId, plan).flatMap((lane) => {
        const offer = offered(situation, {substitute, need, serves, lane, depotId}, donors.of(substitute));
        return offer === null ? [] : [priced(situation, plan, offer)];
      }),
    );
  });
}

/** The dearest need of the very part that the substitute fits and may serve; where there is none, the dearest. */
function servedNeed(needs: readonly OpenNeed[], substitute: Substitute): OpenNeed | undefined {
  const own = needs.filter(({askedPartId}) => askedPartId === undefined);
  const dearestFirst = own.toSorted(
    (a, b) => b.shortageMinorPerH - a.shortageMinorPerH || (a.demandId < b.demandId ? -1 : 1),
  );
  const fitting = dearestFirst.filter((need) => fits(need, substitute));
  return fitting.find((need) => whyForbidden(need) === null) ?? fitting[0] ?? dearestFirst[0];
}

function fits({modelId}: OpenNeed, {models}: Substitute): boolean {
  return models.length === 0 || (modelId !== undefined && models.includes(modelId));
}

/** Null is the depot's own shelf. */
function waysFrom(
  {lanes}: Substitute,
  fromDepotId: string,
  {depot: {depotId}}: DepotPlan,
): readonly (Lane | null)[] {
  if (fromDepotId === depotId) return [null];
  return lanes.filter((lane) => lane.fromDepotId === fromDepotId && lane.toDepotId === depotId);
}

interface Asked {
  readonly substitute: Substitute;
  readonly need: OpenNeed;
  /** Pieces of the need that still miss one. */
  readonly serves: number;
  readonly lane: Lane | null;
  readonly depotId: string;
}
interface Offer extends Asked {
  readonly excluded: string | null;
  readonly donorRiskMinor: number;
}

/** What a donor can do for the need; null when none of the substitute lies there. */
function offered({now}: Situation, asked: Asked, donors: Donors): Offer | null {
  const {substitute, need, lane, depotId} = asked;
  const {ratio, partId} = substitute;
  const donor = donors.plans.get(depotId)!;
  if (donor.net <= 0) return null;
  const usedAt = now + (lane?.meanH ?? 0) * HOUR_MS;
  const spare = Math.min(
    giveable(donor.depot, asked.serves * ratio),
    lastingPieces(donor.depot, usedAt),
    lane?.sendable?.pieces ?? Infinity,
    lane === null ? Infinity : lendable(lane),
  );
  const able = Math.floor(spare / ratio);
  const excluded =
    whyForbidden(need) ??
    lane?.barred ??
    (fits(need, substitute) ? null : `${partId} is approved for ${substitute.models.join(', ')} only`) ??
    (waitsForRescue(donor.depot) ? `${depotId} waits for a rescue itself` : null) ??
    (able === 0 ? `${depotId} can spare ${spare} of ${partId}; one piece takes ${ratio}` : null);
  const serves = Math.max(1, Math.min(asked.serves, able));
  return {...asked, serves, excluded, donorRiskMinor: donors.risk(donor, serves * ratio)};
}

function priced(situation: Situation, plan: DepotPlan, offer: Offer): Option {
  const {substitute, need, serves, lane, depotId, excluded, donorRiskMinor} = offer;
  const {partId, ratio} = substitute;
  const arrival = lane ?? HERE;
  return costed(
    situation,
    plan,
    {
      action: 'substitute',
      sourceKind: 'depot',
      sourceId: depotId,
      mode: lane?.mode ?? null,
      quantity: serves * ratio,
      arrival,
      excluded,
      bill: billOf(situation, plan, offer),
      ownerPartyId: lane?.sendable?.ownerPartyId,
      donorRiskMinor,
      substitute: {partId, ratio, demandId: need.demandId, serves},
      terms: [...(lane?.terms ?? []), ...consent(need)],
    },
    {
      arrivals: plan.outlook.adding(plan.arrivals, {quantity: serves, times: timePoints(arrival)}),
      movesStock: true,
    },
  );
}

function whyForbidden({substitution}: OpenNeed): string | null {
  if (substitution === undefined || substitution.allowed) return null;
  return `contract ${substitution.contractId} allows no other part`;
}

/** Who is asked before it happens. */
function consent({substitution}: OpenNeed): TermEffect[] {
  if (substitution === undefined) return [];
  const {contractId, termNo, approverRole = null, customerConsent} = substitution;
  const isAsked = approverRole !== null || customerConsent;
  return isAsked ? [{term: 'substitution', contractId, termNo, approverRole, customerConsent}] : [];
}

/** The premium is what the pieces are worth beyond what they stand in for. */
function billOf(situation: Situation, plan: DepotPlan, {substitute, serves, lane}: Offer): Bill {
  const worth = substitute.ratio * substitute.unitCostMinor;
  const premiumMinor = Math.max(0, worth - usualPriceMinor(situation.part, plan.source)) * serves;
  if (lane !== null) return laneBill(substitute, lane, serves * substitute.ratio, {premiumMinor});
  return {
    movement: {premium: premiumMinor, fee: 0, freight: 0, duty: 0, handling: 0},
    landedMinor: 0,
  };
}
