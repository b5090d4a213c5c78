import {HOUR_MS, YEAR_DAYS} from '../../../domain/time.ts';
import {pricedByContracts} from '../supply/contract-price.ts';
import {lendable} from '../supply/contracted-way.ts';
import {demandAhead} from '../demand/demand-ahead.ts';
import {riskOf, type Risk} from '../demand/depot-demand.ts';
import {expectedWithin, longRunDemand, longRunShortageMinorPerH} from '../demand/long-run-demand.ts';
import {planDepots, positionOf, type DepotPlan} from '../decision/depot-plan.ts';
import {allNeeds, plannedPieces} from '../demand/dated-need.ts';
import type {HeldStock} from './excess.ts';
import type {PlannedDepot, PlannedLane, PlannedPart} from './network-plan.ts';
import {outlay} from '../decision/landed-cost.ts';
import {newsvendorCost} from '../stock/newsvendor.ts';
import type {BalancedShelf, BalanceLane} from './rebalance.ts';
import {normalSource} from '../decision/refill.ts';
import {
  NO_REPAIRS,
  pooledHistory,
  repairedShare,
  type RepairHistory,
  type RepairLoop,
} from './repair-loop.ts';
import {freeStock, lastingPieces, waitsForRescue} from '../decision/shelf.ts';
import type {DepotSituation, Lane, Situation, Source} from '../decision/situation.ts';
import {laneBill} from '../supply/tariff.ts';

/** What the books say of repairs at a depot; nothing where none is on record. */
export type RepairsAt = (depotId: string) => RepairHistory | undefined;

/** A situation as the plan of the whole network sees it: in the long run, whatever the alarms, the season and the campaigns of today. */
export function plannedPart(recorded: Situation, repairsAt: RepairsAt = () => undefined): PlannedPart {
  const situation = pricedByContracts(recorded);
  const {part, policy} = situation;
  const components = situation.depots.flatMap((depot) => depot.components);
  const needs = situation.depots.flatMap(allNeeds);
  return {
    partId: part.partId,
    unitCostMinor: part.unitCostMinor,
    shortageMinorPerH: Math.round(longRunShortageMinorPerH(components, needs, policy.shortageFloorMinorPerH)),
    depots: situation.depots.map((depot): PlannedDepot => {
      const source = normalSource(depot);
      const {perYear, vmr} = longRunDemand(depot);
      return {
        depotId: depot.depotId,
        ratePerDay: perYear / YEAR_DAYS,
        vmr,
        leadTimeDays: source === null ? null : source.meanH / 24,
        sourceDepotId: source?.sourceKind === 'depot' ? source.sourceId : null,
        mayStock: depot.mayStock,
        mustStock: depot.mustStock,
        maxStock: depot.maxStock,
        lot: depot.mayStock ? leastLot(source) : 1,
        ...repairLoopAt(situation, depot, repairsAt),
      };
    }),
    lanes: openLanes(situation),
  };
}

/** The least order of a source. Example: 5 or more in multiples of 3 → 6. */
function leastLot(source: Source | null): number {
  return source === null ? 1 : Math.ceil(source.minimum / source.multiple) * source.multiple;
}

/** A depot with a workshop repairs its own, and what the depots that it fills have no workshop for. */
function repairLoopAt(
  {depots}: Situation,
  depot: DepotSituation,
  repairsAt: RepairsAt,
): {readonly repair?: RepairLoop} {
  const workshop = workshopOf(depot);
  if (workshop === undefined) return {};
  const served = depots.filter(
    (one) =>
      one === depot || (workshopOf(one) === undefined && normalSource(one)?.sourceId === depot.depotId),
  );
  const history = pooledHistory(served.map(({depotId}) => repairsAt(depotId) ?? NO_REPAIRS));
  return {repair: {repairedShare: repairedShare(history), turnaroundDays: workshop.meanH / 24}};
}

function workshopOf({sources}: DepotSituation): DepotSituation['sources'][number] | undefined {
  return sources.find(({kind, barred}) => kind === 'repair' && barred === undefined);
}

/** Ways between depots that fill no other, as rules leave them. */
function openLanes({depots, lanes}: Situation): readonly PlannedLane[] {
  const feeding = new Set(depots.map(({parentDepotId}) => parentDepotId));
  return lanes
    .filter(
      ({fromDepotId, toDepotId, barred}) =>
        barred === undefined && !feeding.has(fromDepotId) && !feeding.has(toDepotId),
    )
    .map(({fromDepotId, toDepotId, meanH}) => ({fromDepotId, toDepotId, days: meanH / 24}));
}

/** What lies where, and how much of it the coming days ask for, alarms, season and campaigns included. */
export function heldStock(
  situation: Situation,
  {depots}: PlannedPart,
  horizonDays: number,
): readonly Omit<HeldStock, 'target'>[] {
  const {now, policy} = situation;
  const used = situation.depots.map((depot) =>
    expectedWithin(
      {...depot, risks: risksOf(situation, depot), ...demandAhead(depot, now, policy.lotShare)},
      24 * horizonDays,
    ),
  );
  const rate = (depotId: string): number =>
    depots.reduce(
      (sum, one, i) =>
        one.depotId === depotId || one.sourceDepotId === depotId ? sum + used[i]! / horizonDays : sum,
      0,
    );
  return situation.depots.map((depot, i) => ({
    depotId: depot.depotId,
    sourceDepotId: depots[i]!.sourceDepotId,
    free: Math.max(0, freeStock(depot) - plannedPieces(depot)),
    position: positionOf(depot) - plannedPieces(depot),
    ratePerDay: rate(depot.depotId),
  }));
}

/**
 * Shelves and lanes of a part between depots that fill no other: what a centre sends is replenishment, and decided by itself. A lane
 * carries what its rules and the owners of the pieces allow, at the tariff that decisions pay.
 */
export function balanceInput(recorded: Situation): {
  readonly shelves: readonly BalancedShelf[];
  readonly lanes: readonly BalanceLane[];
} {
  const situation = pricedByContracts(recorded);
  const feeding = new Set(situation.depots.map(({parentDepotId}) => parentDepotId));
  const plans = planDepots(situation);
  const leaves = situation.depots.filter(({depotId}) => !feeding.has(depotId));
  return {
    shelves: leaves.map(({depotId}) => balancedShelf(situation, plans.get(depotId)!)),
    lanes: situation.lanes
      .filter(({barred}) => barred === undefined)
      .map((lane) => balanceLane(situation, lane)),
  };
}

/** A lane at the tariff that decisions pay, taken apart into what a shipment costs and what each piece adds. */
export function balanceLane({part}: Situation, lane: Lane): BalanceLane {
  const [one, two] = [1, 2].map((pieces) => outlay(laneBill(part, lane, pieces).movement));
  const costPerPieceMinor = two! - one!;
  const {fromDepotId, toDepotId, mode, sendable} = lane;
  const piecesMax = Math.min(sendable?.pieces ?? Infinity, lendable(lane));
  return {fromDepotId, toDepotId, mode, piecesMax, costMinor: one! - costPerPieceMinor, costPerPieceMinor};
}

/**
 * What a level costs is the newsvendor's: pieces short over the lead time at the cheapest rescue, pieces over at their holding until
 * use. The target weighs a piece too early by an order's time at most, since it may still be left to the next look; a piece that lies on a shelf may not, and is
 * held there until it is used. So the level of least cost is the depot's own target or one below.
 *
 * Example: 200.00 a year to hold a piece; one too many on a shelf that uses one a year costs 200.00, where an order's time of eleven days would say 6.02.
 */
export function balancedShelf({now}: Situation, plan: DepotPlan): BalancedShelf {
  const {depot, demand, position, target, rescueMinor, holdingMinorPerH, useAfterH, writeOffMinor} = plan;
  const overage = Math.max(1, holdingMinorPerH * useAfterH + writeOffMinor);
  const floor = Math.max(depot.stockFloor ?? 0, depot.mustStock ? 1 : 0);
  const lasting = lastingPieces(depot, now + useAfterH * HOUR_MS);
  const free = waitsForRescue(depot)
    ? 0
    : Math.min(freeStock(depot) - plannedPieces(depot), lasting, position - floor);
  const wants = Math.max(0, (depot.mayStock ? target : 0) - position);
  return {
    depotId: depot.depotId,
    position,
    target,
    giveable: Math.max(0, free),
    room: depot.maxStock === null ? wants : Math.min(wants, Math.max(0, depot.maxStock - position)),
    costAt: (stock) => newsvendorCost(demand, stock, {overage, underage: rescueMinor}),
  };
}

function risksOf({now}: Situation, {components}: DepotSituation): readonly Risk[] {
  return components.map((component) => riskOf(component, now));
}
