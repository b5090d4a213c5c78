import {
  availabilityLoss,
  fleetAvailability,
  piecesServed,
  type Fleet,
  type FleetAvailability,
  type ServedPart,
} from './availability.ts';
import {resupplyDays, type RepairLoop} from './repair-loop.ts';
import {cheapestWithin, leastPenaltyWithin} from './system-approach.ts';
import {convexified, stockSplits, type SplitBounds, type StockSplit} from './stock-split.ts';
import {orderRate, ownPipeline, type Base, type TwoEchelonSystem} from './two-echelon.ts';

/** A part at a depot, as the plan sees it: long-run rates, and what the place must and may hold. */
export interface PlannedDepot {
  readonly depotId: string;
  /** Pieces that its own machines and customers ask for. */
  readonly ratePerDay: number;
  /** Variance to mean of these pieces; left out: 1, Poisson. */
  readonly vmr?: number;
  /** Mean lead time from its normal source; null when it has none. */
  readonly leadTimeDays: number | null;
  /** The depot that replenishes it; null when a supplier does. */
  readonly sourceDepotId: string | null;
  readonly mayStock: boolean;
  readonly mustStock: boolean;
  readonly maxStock: number | null;
  /** Pieces that its normal source sends at least, and in whole multiples of; left out: 1. */
  readonly lot?: number;
  /** Where a workshop repairs what breaks here; at a centre also what its depots without a workshop send back. */
  readonly repair?: RepairLoop;
}

/** A way on which one depot may help another. */
export interface PlannedLane {
  readonly fromDepotId: string;
  readonly toDepotId: string;
  readonly days: number;
}

export interface PlannedPart {
  readonly partId: string;
  readonly unitCostMinor: number;
  /** What one missing piece costs. */
  readonly shortageMinorPerH: number;
  readonly depots: readonly PlannedDepot[];
  /** Between depots that fill no other. */
  readonly lanes?: readonly PlannedLane[];
}

export type PlanGoal =
  /** Least expected downtime cost with stock worth this much at most. */
  | {readonly kind: 'budget'; readonly budgetMinor: number}
  /** Cheapest stock with which this share of the machines that carry a planned part wait for none. */
  | {readonly kind: 'availability'; readonly availability: number};

/** A part at a depot that no target can be worked out for, and why. */
export interface Unplanned {
  readonly partId: string;
  readonly depotId: string;
  readonly reason: 'no-source' | 'third-echelon' | 'moves-too-fast';
}

/** What to hold, as the marginal analysis has it. */
export interface NetworkPlan {
  /** Of each curve, in their order: `evaluated` says what it means for each depot. */
  readonly chosen: readonly StockSplit[];
  readonly spendMinor: number;
  /** Lagrangian: nothing within the goal is better by more than this share. */
  readonly gap: number;
}

/** What customers feel of a plan. */
export interface PlanOutcome extends FleetAvailability {
  readonly expectedBackorders: number;
  /** Σ shortage cost · expected backorders, by the hour. */
  readonly downtimeMinorPerH: number;
  /** Taken from the logarithm of the availability, in machines; see `availabilityLoss`. */
  readonly loss: number;
}

/** One centre with the depots it fills, for one part: what the marginal analysis moves as a whole. */
export interface PlanCurve {
  /** The best for each total. */
  readonly splits: readonly StockSplit[];
  readonly part: PlannedPart;
  readonly system: TwoEchelonSystem;
  readonly centre: PlannedDepot;
  readonly bases: readonly PlannedDepot[];
}

/** Parts with more than this in the pipelines of one centre move by the carton: their level follows from the lead-time demand alone. */
const PIPELINE_MAX = 60;
/** Standard deviations of the pipeline, beyond which stock saves nothing that could be seen. */
const SPREADS = 4;

/**
 * What each part's stock may save, one convex curve for each centre that a supplier fills. The centre's own machines are a depot beside
 * it that may hold nothing: they are served from the same shelf, first come first served. Where a workshop repairs, the
 * pipeline is failures × repair time, and only what it condemns waits for the supplier.
 *
 * Source: Sherbrooke (1968), METRIC, Operations Research 16(1), for the pipelines; (1986), VARI-METRIC, for the backorders.
 * Example: 3 failures in 30 days at a centre that buys in 30 days, base stock 3 → 0.6721 short (network-plan.test.ts).
 */
export function curvesOf(part: PlannedPart): {
  readonly curves: readonly PlanCurve[];
  readonly unplanned: readonly Unplanned[];
} {
  const byId = new Map(part.depots.map((depot) => [depot.depotId, depot]));
  const isCentre = ({leadTimeDays, sourceDepotId}: PlannedDepot): boolean =>
    leadTimeDays !== null && sourceDepotId === null;
  const unplanned: Unplanned[] = [];
  const leave = ({depotId}: PlannedDepot, reason: Unplanned['reason']): number =>
    unplanned.push({partId: part.partId, depotId, reason});
  for (const depot of part.depots) {
    const source = depot.sourceDepotId === null ? undefined : byId.get(depot.sourceDepotId);
    if (depot.leadTimeDays === null || (depot.sourceDepotId !== null && source === undefined))
      leave(depot, 'no-source');
    else if (source !== undefined && !isCentre(source)) leave(depot, 'third-echelon');
  }
  const curves = part.depots.filter(isCentre).flatMap((centre) => {
    const bases = part.depots.filter(
      ({sourceDepotId, leadTimeDays}) => sourceDepotId === centre.depotId && leadTimeDays !== null,
    );
    const curve = curveOf(part, centre, bases);
    if (curve === null) [centre, ...bases].forEach((depot) => leave(depot, 'moves-too-fast'));
    return curve ?? [];
  });
  return {curves, unplanned};
}

function curveOf(part: PlannedPart, centre: PlannedDepot, bases: readonly PlannedDepot[]): PlanCurve | null {
  const system: TwoEchelonSystem = {
    centreResupplyTime: centreResupplyDays(centre, bases),
    centreStock: 0,
    centreLot: centre.lot ?? 1,
    bases: [
      asBase({...centre, leadTimeDays: 0, lot: 1}, null),
      ...bases.map((base) => asBase(base, base.repair)),
    ],
  };
  const atCentre = system.bases.reduce((sum, base) => sum + orderRate(base), 0) * system.centreResupplyTime;
  const underWay = system.bases.reduce((sum, base) => sum + ownPipeline(base), 0);
  const vmr = Math.max(...system.bases.map((base) => base.vmr ?? 1));
  if (atCentre + underWay > PIPELINE_MAX) return null;
  const bounds: SplitBounds = {
    centre: boundsOf(centre),
    bases: [{min: 0, max: 0}, ...bases.map(boundsOf)],
  };
  const must = bounds.centre.min + bounds.bases.reduce((sum, {min}) => sum + min, 0);
  const totalMax =
    must + upTo(atCentre + underWay, vmr) + bases.filter(({ratePerDay}) => ratePerDay > 0).length;
  const splits = stockSplits(system, totalMax, bounds.centre.min + upTo(atCentre, vmr), bounds);
  return {part, system, centre, bases, splits};
}

/** A level that a pipeline of this mean and variance to mean passes about once in ten thousand times. */
function upTo(pipelineMean: number, vmr: number): number {
  return Math.ceil(pipelineMean + SPREADS * Math.sqrt(pipelineMean * vmr));
}

/** A centre's own machines stand beside its workshop, which is the centre's. */
function asBase(
  {ratePerDay, vmr = 1, leadTimeDays, lot = 1}: PlannedDepot,
  repair: RepairLoop | null | undefined,
): Base {
  return {
    demandRate: ratePerDay,
    vmr,
    localRepairShare: repair?.repairedShare ?? 0,
    localRepairTime: repair?.turnaroundDays ?? 0,
    shipTime: leadTimeDays!,
    stock: 0,
    lot,
  };
}

/** Mean over all that is ordered of the centre: a broken piece takes as long back as a good one takes out; what a depot's own workshop condemned is bought. */
function centreResupplyDays(centre: PlannedDepot, bases: readonly PlannedDepot[]): number {
  const leadTimeDays = centre.leadTimeDays!;
  const {repair} = centre;
  if (repair === undefined) return leadTimeDays;
  let rate = 0;
  let underWay = 0;
  for (const depot of [{...centre, leadTimeDays: 0, repair: undefined}, ...bases]) {
    const ordered = depot.ratePerDay * (1 - (depot.repair?.repairedShare ?? 0));
    rate += ordered;
    underWay +=
      ordered *
      (depot.repair === undefined
        ? resupplyDays(repair, {wayBackDays: depot.leadTimeDays!, leadTimeDays})
        : leadTimeDays);
  }
  return rate === 0 ? leadTimeDays : underWay / rate;
}

function boundsOf({mayStock, mustStock, maxStock}: PlannedDepot): {min: number; max: number} {
  if (!mayStock) return {min: 0, max: 0};
  const max = maxStock ?? Infinity;
  return {min: Math.min(max, mustStock ? 1 : 0), max};
}

/**
 * Targets for every part and depot together: the system approach over convexified two-echelon curves, under a budget or for an
 * availability of the fleet (`fleetAvailability`), whose logarithm adds up over the parts.
 *
 * @param spare Machines of loss to stay below the goal by, for what the curves' approximation is off.
 *
 * Source: Sherbrooke (2004), Optimal Inventory Modeling of Systems, ch. 2 and 3.
 * Example: a centre alone, 0.1 a day, 30 days, a budget for three pieces → 3 there, 0.6721 short.
 *
 * @returns 'out-of-reach' when what must be held costs more than the budget, or no stock reaches the availability; 'no-machines' when
 *   no active machine asks for a part that can be planned, so that its availability cannot be told.
 */
export function planNetwork(
  curves: readonly PlanCurve[],
  goal: PlanGoal,
  fleet: Fleet,
  spare = 0,
): NetworkPlan | 'out-of-reach' | 'no-machines' {
  const weigh = (penalty: (i: number, backorders: number) => number) =>
    curves.map(({part, splits}, i) => {
      const penaltyOf = (backorders: number): number => penalty(i, backorders);
      return {splits: convexified(splits, penaltyOf), unitCost: part.unitCostMinor, penaltyOf};
    });
  const lossMax = lossAllowed(curves, goal, fleet);
  if (lossMax === null) return 'no-machines';
  const served = piecesServed(fleet, curves.map(servedPart));
  const plan =
    goal.kind === 'budget'
      ? leastPenaltyWithin(
          weigh((i, backorders) => backorders * curves[i]!.part.shortageMinorPerH),
          goal.budgetMinor,
        )
      : cheapestWithin(
          weigh((i, backorders) => availabilityLoss(served[i]!.pieces, backorders)),
          lossMax - spare,
        );
  if (plan === null) return 'out-of-reach';
  return {chosen: plan.chosen, spendMinor: Math.round(plan.spend), gap: plan.gap};
}

/** Machines of loss that a goal allows: −N · ln(availability); null where nobody asks for a planned part. A budget allows any. */
export function lossAllowed(curves: readonly PlanCurve[], goal: PlanGoal, fleet: Fleet): number | null {
  if (goal.kind === 'budget') return Infinity;
  const {machinesTold} = outcomeOf(
    curves,
    fleet,
    curves.map(() => 0),
  );
  return machinesTold === 0 ? null : -machinesTold * Math.log(goal.availability);
}

/** @param backorders Of each curve, in their order. */
export function outcomeOf(
  curves: readonly PlanCurve[],
  fleet: Fleet,
  backorders: readonly number[],
): PlanOutcome {
  const served = piecesServed(fleet, curves.map(servedPart));
  return {
    ...fleetAvailability(fleet, served, backorders),
    expectedBackorders: backorders.reduce((sum, each) => sum + each, 0),
    downtimeMinorPerH: Math.round(
      backorders.reduce((sum, each, i) => sum + each * curves[i]!.part.shortageMinorPerH, 0),
    ),
    loss: backorders.reduce((sum, each, i) => sum + availabilityLoss(served[i]!.pieces, each), 0),
  };
}

function servedPart({part, centre, bases, system}: PlanCurve): ServedPart {
  return {
    partId: part.partId,
    depotIds: [centre, ...bases].map(({depotId}) => depotId),
    isAskedFor: system.bases.some(({demandRate}) => demandRate > 0),
  };
}
