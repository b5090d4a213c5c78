import {PPM} from '../../../domain/quantity.ts';
import {YEAR_DAYS} from '../../../domain/time.ts';
import {demandOverLeadTime, demandOverOwnLeadTimes, demandRatePerH, riskOf} from '../demand/depot-demand.ts';
import type {DemandSource, Risk} from '../demand/depot-demand.ts';
import {demandAhead, pooledAhead} from '../demand/demand-ahead.ts';
import {plannedPieces} from '../demand/dated-need.ts';
import {reachH} from '../demand/planned-need.ts';
import {timePoints} from '../lead-time/time-points.ts';
import type {UncertainTime} from '../lead-time/time-points.ts';
import {levelUnder} from '../backorder/emergency-override.ts';
import {
  cheapestRescue,
  hurriedReceipts,
  missedMinor,
  rescueInTime,
  rescuesOf,
  risksOf,
  shortageOf,
  type Member,
} from './missed-piece.ts';
import {criticalRatio} from '../stock/newsvendor.ts';
import {nextLook, type NextLook} from './next-look.ts';
import type {DemandPmf} from '../probability/pmf.ts';
import {cdf, mean, quantile} from '../probability/pmf.ts';
import {Outlook} from '../demand/outlook.ts';
import type {Arrivals, Supply} from '../demand/outlook.ts';
import {expressArrival, normalSource, refillArrival} from './refill.ts';
import {serviceFloorPpm} from './service-floor.ts';
import {netStock, owedPieces} from './shelf.ts';
import type {DepotSituation, Situation, Source} from './situation.ts';
import {expressWays} from '../supply/express.ts';

const YEAR_H = YEAR_DAYS * 24;
/** Everything is judged at least a week and at most a quarter ahead. */
const HORIZON_MIN_H = 168;
const HORIZON_MAX_H = 2160;
/** Most lanes and expedites are here within this; their arrival times are put on the grid. */
const STOCK_BEYOND_NEED = 24;
/** No shelf covers every demand that a distribution allows. */
const SERVICE_MAX = 1 - 1e-9;

/** What one depot needs, before anybody asks how to get it. */
export interface DepotPlan {
  readonly depot: DepotSituation;
  /** Of its own components, sorted by id. */
  readonly risks: readonly Risk[];
  /** Its own demand and that of all depots that it feeds. */
  readonly echelon: DemandSource;
  /** The depot's normal source, null when it has none. */
  readonly source: Source | null;
  /** Demand until an order placed at the next look would arrive. */
  readonly demand: DemandPmf;
  readonly criticalRatio: number;
  /** The smallest S with P(D ≤ S) ≥ critical ratio, on top of what the shelves that it feeds should hold. */
  readonly usualTarget: number;
  /** What the shelves that it feeds should hold. */
  readonly onShelves: number;
  /** Order-up-to level: the usual target, unless a long backorder raises it or the recovery from one has not reached it yet. */
  readonly target: number;
  /** On hand + on order − owed; over the depot and everything it feeds. */
  readonly position: number;
  readonly belowTarget: boolean;
  /** An order is due whether or not customers have waited too long. */
  readonly belowUsualTarget: boolean;
  /** P(demand ≤ position less what the shelves that it feeds should hold). */
  readonly covered: number;
  /** Whether an order would be due at a position of the depot and all it feeds, of which so many pieces are the depot's own. */
  readonly dueAt: (position: number, own: number) => boolean;
  readonly shortageMinorPerH: number;
  /** The cheapest way to get a piece once it is missed: fee, freight and downtime until it is here. */
  readonly rescueMinor: number;
  /** The same for a piece that is needed in so many hours, where nothing is hurried before the next look. */
  readonly rescueInTimeMinor: (hours: number) => number;
  readonly holdingMinorPerH: number;
  /** Of one piece: its value times the chance that it expires before it is used. */
  readonly writeOffMinor: number;
  /** What a piece too late costs: its rescue, or what the shelves that wait for it risk. */
  readonly underageMinor: number;
  /** What a piece too early costs: it is held for so long, and may expire. */
  readonly overageMinor: number;
  readonly tooEarlyH: number;
  /** Hours until one more piece is expected to be used. */
  readonly useAfterH: number;
  /** No piece is held longer: it is used or sent on. */
  readonly heldMaxH: number;
  readonly net: number;
  /** What is on order, receipt by receipt, and what of it will have arrived when. */
  readonly supplies: readonly Supply[];
  readonly arrivals: Arrivals;
  readonly outlook: Outlook;
  /** Expected cost within the horizon when nothing is done ahead and every failure is met as it comes. */
  readonly reactiveMinor: number;
  /** Expected downtime and penalty within the horizon when nothing more is done at all. */
  readonly waitingMinor: number;
}

export function planDepots(situation: Situation): ReadonlyMap<string, DepotPlan> {
  const members = new Map(
    situation.depots.map((depot) => [
      depot.depotId,
      {
        depot,
        risks: depot.components.map((component) => riskOf(component, situation.now)),
        ahead: demandAhead(depot, situation.now, situation.policy.lotShare),
      },
    ]),
  );
  const plans = new Map<string, DepotPlan>();
  const planOf = (member: Member): DepotPlan => {
    const {depotId} = member.depot;
    const known = plans.get(depotId);
    if (known !== undefined) return known;
    const fed = [...members.values()].filter(({depot}) => depot.parentDepotId === depotId);
    const plan = planDepot(situation, members, member, fed.map(planOf));
    plans.set(depotId, plan);
    return plan;
  };
  return new Map([...members].map(([depotId, member]) => [depotId, planOf(member)]));
}

/** @param fed Plans of the depots that it feeds directly. */
function planDepot(
  situation: Situation,
  members: ReadonlyMap<string, Member>,
  own: Member,
  fed: readonly DepotPlan[],
): DepotPlan {
  const {policy, part} = situation;
  const {depot, risks, ahead} = own;
  const family = [own, ...feeds(members, depot.depotId)];
  const echelon = pooled(family);
  const source = normalSource(depot);
  const leadTime = source ?? {meanH: HORIZON_MIN_H, sdH: 0};
  const overLeadTime = mayCross(policy, source) ? demandOverOwnLeadTimes : demandOverLeadTime;
  const demand = overLeadTime(echelon, leadTime, policy.reviewH);
  const shortage = shortageOf(policy, {family, risks: echelon.risks, all: [...members.values()]});
  const holdingMinorPerH = (part.unitCostMinor * depot.holdingRatePerYear) / YEAR_H;
  const heldMaxH = policy.holdingDaysMax * 24;
  const useAfterH = Math.min(heldMaxH, 1 / Math.max(1e-12, demandRatePerH(echelon)));
  const writeOffMinor = expectedWriteOff(part, useAfterH);
  const rescues = rescuesOf(situation, depot);
  const rescueMinor = cheapestRescue(rescues, shortage);
  // What is not ordered now can be ordered at the next look: a piece too many is held for an order's time at most, or until it is used.
  const tooEarlyH = Math.min(useAfterH, leadTime.meanH + policy.reviewH);
  const overageMinor = Math.max(1, holdingMinorPerH * tooEarlyH + writeOffMinor);
  const underageMinor =
    policy.missedPiece === undefined || fed.length === 0
      ? rescueMinor
      : missedMinor({rescueMinor, perH: demandRatePerH({...depot, risks, ...ahead})}, fed, (one) =>
          overLeadTime(one.echelon, leadTime, policy.reviewH),
        );
  const costRatio = criticalRatio({underage: underageMinor, overage: overageMinor});
  // What lies on a shelf that it feeds serves that shelf's customers: a parent that counted on it for the others would order
  // nothing while their shelves stand empty.
  const onShelves = fed.reduce((sum, plan) => sum + plan.usualTarget, 0);
  const segment = serviceFloorPpm(situation, depot) / PPM;
  const refill = refillArrival(situation, depot, 1);
  // Whoever would rather wait for the order pays by the hour: that is the newsvendor's case.
  const isFetched = refill !== null && rescueMinor < shortage * refill.meanH;
  const byPiece = policy.orderRule === 'next-look' && fed.length === 0 && isFetched && ordersByPiece(source);
  const piece: NextLook | null = byPiece
    ? nextLook(
        {orderedNow: overLeadTime(echelon, leadTime, 0), orderedNext: demand},
        {missed: rescueMinor, held: (overageMinor * policy.reviewH) / tooEarlyH},
      )
    : null;
  const costService = piece === null ? costRatio : Math.min(SERVICE_MAX, cdf(demand, piece.level));
  const ratio = Math.max(costService, segment);
  // The maximum is the depot's own shelf; a parent's target covers the shelves that it feeds as well.
  const shelfMax = family.length === 1 ? (depot.maxStock ?? Infinity) : Infinity;
  // The plan of the network sees what a single depot cannot; a parent's floor covers the shelves that it feeds as well.
  const floor = depot.mayStock ? family.reduce((sum, member) => sum + (member.depot.stockFloor ?? 0), 0) : 0;
  const wanted = Math.max(quantile(demand, ratio) + onShelves, floor, depot.mustStock ? 1 : 0);
  const usualTarget = depot.mayStock ? Math.min(wanted, shelfMax) : 0;
  const position =
    family.reduce((sum, member) => sum + positionOf(member.depot), 0) - plannedBelow(situation, own, family);
  const level = {target: usualTarget, position, usualPieces: mean(demand)};
  const target = levelUnder(depot.supplyShock, level);
  // The order side alone has hysteresis: the position must fail clearly before a depot asks, and cover clearly before it takes an
  // order back that a planner is looking at, or turned down. An order that was placed needs none: it counts in the position.
  const asks =
    situation.asked?.some((one) => one.depotId === depot.depotId && one.action === 'order') === true;
  const patience = asks ? 0 : policy.hysteresis;
  const coveredAt = (spareAt: number): number => (spareAt < 0 ? 0 : cdf(demand, spareAt));
  const failsAt = (spareAt: number, wanted: number): boolean =>
    coveredAt(spareAt) < wanted - patience * (1 - wanted);
  const dueAt = (positionAt: number, ownAt: number): boolean => {
    const spareAt = positionAt - onShelves;
    const isUncovered =
      piece === null
        ? failsAt(spareAt, ratio)
        : piece.risk(spareAt) > (1 + patience) * piece.riskMax || failsAt(spareAt, segment);
    const mustFill = (depot.mustStock && ownAt < 1) || positionAt < Math.min(floor, shelfMax);
    return spareAt < 0 || isUncovered || mustFill;
  };
  const isDue = dueAt(position, positionOf(depot));
  const supplies = depot.receipts.map(({quantity, ...arrival}) => ({quantity, times: timePoints(arrival)}));
  const net = netStock(depot);
  const horizonH = horizonOf(leadTime);
  const outlook = new Outlook(
    {...depot, risks, ...ahead},
    horizonH,
    arrivalTimes(situation, depot, refill),
    Math.max(0, net) + STOCK_BEYOND_NEED,
    depot.needs.flatMap(({inH: hours, quantity: pieces}) => (hours === undefined ? [] : [{hours, pieces}])),
  );
  const rescueInTimeMinor = rescueInTime([...rescues, ...hurriedReceipts(depot)], {
    shortage,
    reviewH: policy.reviewH,
  });
  const arrivals = outlook.arrivals(supplies);
  return {
    depot,
    risks,
    echelon,
    source,
    demand,
    criticalRatio: ratio,
    usualTarget,
    onShelves,
    target,
    position,
    belowTarget: position < target && (isDue || isOverridden(depot)),
    belowUsualTarget: position < usualTarget && isDue,
    covered: coveredAt(position - onShelves),
    dueAt,
    shortageMinorPerH: shortage,
    rescueMinor,
    rescueInTimeMinor,
    holdingMinorPerH,
    writeOffMinor,
    underageMinor,
    overageMinor,
    tooEarlyH,
    useAfterH,
    heldMaxH,
    net,
    supplies,
    arrivals,
    outlook,
    reactiveMinor: outlook.costMinor(net, arrivals, {
      shortageMinorPerH: shortage,
      rescueMinor,
      rescueInTimeMinor,
    }),
    waitingMinor: Math.round(outlook.shortagePieceHours(net, arrivals) * shortage),
  };
}

/** Planned pieces of the shelves that a depot feeds, which are near by its own lead time, though not by theirs. */
function plannedBelow(situation: Situation, own: Member, family: readonly Member[]): number {
  const below = family.filter((member) => member !== own && member.depot.planned !== undefined);
  if (below.length === 0) return 0;
  const reach = reachH(situation, own.depot);
  const depots = new Map(family.map(({depot}) => [depot.depotId, depot]));
  return below.reduce(
    (sum, {depot}) => sum + plannedPieces(depot, reach + wayH(depots, depot, own.depot)),
    0,
  );
}

/** Hours that a piece takes from a depot to one that it feeds, directly or through others. */
function wayH(
  depots: ReadonlyMap<string, DepotSituation>,
  to: DepotSituation | undefined,
  from: DepotSituation,
): number {
  if (to === undefined || to === from) return 0;
  return (normalSource(to)?.meanH ?? 0) + wayH(depots, depots.get(to.parentDepotId ?? ''), from);
}

/**
 * Orders of single pieces follow each other closely, and a late one is overtaken unless its source keeps their order. Depots are asked for what is
 * needed, suppliers for a lot where an order costs something (order-lot.ts).
 */
function mayCross({lotCoverDaysMax}: Situation['policy'], source: Source | null): boolean {
  if (source === null || source.sequential === true || source.minimum > 1 || source.multiple > 1)
    return false;
  return (
    source.sourceKind === 'depot' ||
    lotCoverDaysMax === undefined ||
    (ordersByPiece(source) && source.priceTiers === undefined)
  );
}

/** Where an order costs nothing by itself and has no least quantity, each piece is ordered when its time has come. */
function ordersByPiece(source: Source | null): boolean {
  if (source === null || source.minimum > 1 || source.multiple > 1) return false;
  return source.orderCostMinor + (source.freightMinor ?? 0) + (source.handlingMinor ?? 0) === 0;
}

/** Customers have waited too long: the reorder point is bypassed. */
export function isOverridden({supplyShock}: DepotSituation): boolean {
  return supplyShock?.phase === 'override';
}

/** On hand + on order − owed, now or so soon that an order is due. Example: 2 on the shelf, 3 coming, 1 owed → 4. */
export function positionOf(depot: DepotSituation): number {
  return (
    depot.onHand + depot.receipts.reduce((sum, receipt) => sum + receipt.quantity, 0) - owedPieces(depot)
  );
}

/**
 * What a piece loses on average by expiring on the shelf: its next use is exponential about the mean.
 * Example: worth 1,000.00, used after 200 days on average, good for 400 → e⁻² of it, 135.34. A piece that lasts loses nothing.
 */
function expectedWriteOff({unitCostMinor, shelfLifeD}: Situation['part'], useAfterH: number): number {
  return shelfLifeD === undefined ? 0 : unitCostMinor * Math.exp((-shelfLifeD * 24) / useAfterH);
}

/** Every depot that a depot replenishes, directly or through others. */
function feeds(members: ReadonlyMap<string, Member>, depotId: string): Member[] {
  const children = [...members.values()].filter(({depot}) => depot.parentDepotId === depotId);
  return children.flatMap((child) => [child, ...feeds(members, child.depot.depotId)]);
}

function pooled(family: readonly Member[]): DemandSource {
  const perYear = family.reduce((sum, {depot}) => sum + depot.backgroundPerYear, 0);
  const spread = family.reduce((sum, {depot}) => sum + depot.backgroundPerYear * depot.backgroundVmr, 0);
  return {
    risks: risksOf(family),
    backgroundPerYear: perYear,
    backgroundVmr: perYear > 0 ? spread / perYear : 1,
    ...pooledAhead(family.map(({depot, ahead}) => ({perYear: depot.backgroundPerYear, ahead}))),
  };
}

function horizonOf(leadTime: {readonly meanH: number; readonly sdH: number}): number {
  return Math.min(HORIZON_MAX_H, Math.max(HORIZON_MIN_H, leadTime.meanH + 2 * leadTime.sdH));
}

/** Everything that may bring a piece here, now or by a decision: its possible times belong to the grid. */
function arrivalTimes(situation: Situation, depot: DepotSituation, refill: UncertainTime | null): number[] {
  const arrivals: UncertainTime[] = [...depot.receipts, ...depot.sources];
  for (const {lanes} of [situation, ...(situation.substitutes ?? [])])
    for (const lane of lanes) if (lane.toDepotId === depot.depotId) arrivals.push(lane);
  for (const source of depot.sources)
    for (const {meanH} of expressWays(source)) arrivals.push(expressArrival(meanH, source));
  for (const receipt of depot.receipts)
    for (const {meanH} of expressWays(receipt)) arrivals.push(expressArrival(meanH, normalSource(depot)));
  if (refill !== null) arrivals.push(refill);
  return arrivals.flatMap(timePoints).map((point) => point.hours);
}
