import {invariant} from '../../../domain/invariant.ts';
import {YEAR_DAYS} from '../../../domain/time.ts';
import {cheapestRescue, rescuesOf} from '../decision/missed-piece.ts';
import {planDepots, type DepotPlan} from '../decision/depot-plan.ts';
import {usualOrders} from '../decision/order-lot.ts';
import {refillArrival} from '../decision/refill.ts';
import type {Situation, Source} from '../decision/situation.ts';
import type {Risk} from '../demand/depot-demand.ts';
import {failuresPerYear} from '../demand/long-run-demand.ts';
import {meanSize, SINGLE_PIECES, type OrderSizes} from '../probability/compound-poisson.ts';
import {pricedByContracts} from '../supply/contract-price.ts';
import type {TierDemand} from './kept-pieces.ts';
import type {PolicyInput} from './policy-comparison.ts';

/** How many orders of so many pieces each are on record. */
export type OrdersOnRecord = readonly {readonly pieces: number; readonly orders: number}[];

/** A machine whose failure asks for the part, with the tier of its contract. */
export interface TieredMachine {
  readonly equipmentId: string;
  readonly tier: string;
  readonly positions: number;
  /** Downtime and plain penalty, where no forecast says more. */
  readonly shortageMinorPerH: number;
}

/** What a comparison starts from, with where it comes from. */
export interface PolicySubject {
  readonly input: PolicyInput;
  readonly piecesPerYear: number;
  readonly ordersPerYear: number;
  /** Of one piece on hand, whole minor units. */
  readonly holdingMinorPerYear: number;
  /** Depots that are served from here, the depot itself first. */
  readonly servedDepotIds: readonly string[];
  /** Orders behind the sizes; 0: the positions of the machines say them. */
  readonly ordersOnRecord: number;
  readonly tiers: readonly TierDemand[];
}

/** Fewer orders say less of their sizes than the bill of materials. */
const ORDERS_MIN = 5;

/** The depots that a depot replenishes, directly or through others, itself first. */
export function servedFrom(depots: Situation['depots'], depotId: string): readonly string[] {
  const fed = depots.filter(({parentDepotId}) => parentDepotId === depotId);
  return [depotId, ...fed.flatMap((one) => servedFrom(depots, one.depotId))];
}

/**
 * A part at a depot as policies see it: what decisions weigh there (holding, a missed piece, the cost of an order, lead time and order of the
 * source, review), under the demand of a year that begins when today's alarms are over. A depot is asked by its own machines and by the
 * depots that it replenishes, as decisions have it.
 *
 * @param source The depot's normal source.
 * @param reviewDays Null: the review of the policy in force.
 */
export function policySubject(
  recorded: Situation,
  {
    depotId,
    source,
    reviewDays,
  }: {readonly depotId: string; readonly source: Source; readonly reviewDays: number | null},
  onRecord: OrdersOnRecord,
  machines: readonly TieredMachine[],
): PolicySubject {
  const situation = pricedByContracts(recorded);
  const plan = planDepots(situation).get(depotId);
  invariant(plan !== undefined, 'a depot of the situation has a plan');
  const {backgroundPerYear, backgroundVmr, risks} = plan.echelon;
  const yearly = risks.map((risk) => ({
    pieces: risk.component.quantity,
    orders: failuresPerYear(risk.component),
  }));
  const byMachines = yearly.reduce((sum, {pieces, orders}) => sum + pieces * orders, 0);
  const piecesPerYear = backgroundPerYear + byMachines;
  const spread =
    backgroundPerYear * backgroundVmr +
    yearly.reduce((sum, {pieces, orders}) => sum + pieces ** 2 * orders, 0);
  const recordedOrders = onRecord.reduce((sum, {orders}) => sum + orders, 0);
  const isOnRecord = recordedOrders >= ORDERS_MIN;
  const sizes = sizesOf(isOnRecord ? onRecord : [...yearly, {pieces: 1, orders: backgroundPerYear}]);
  const costs = costsOf(situation, plan, source);
  return {
    input: {
      orders: {
        perDay: piecesPerYear / YEAR_DAYS / meanSize(sizes),
        vmr: piecesPerYear === 0 ? 1 : clusteringOf(spread / piecesPerYear, sizes),
        sizes,
      },
      leadTime: {
        meanDays: source.meanH / 24,
        sdDays: source.sdH / 24,
        law: source.sequential === true ? 'sequential' : 'parallel',
      },
      reviewDays: reviewDays ?? situation.policy.reviewH / 24,
      lots: {minimum: source.minimum, multiple: source.multiple},
      costs,
      decided: usualOrders(situation, plan, source),
      maxStock: plan.depot.maxStock,
    },
    piecesPerYear,
    ordersPerYear: piecesPerYear / meanSize(sizes),
    holdingMinorPerYear: Math.round(costs.holdingMinorPerDay * YEAR_DAYS),
    servedDepotIds: servedFrom(situation.depots, depotId),
    ordersOnRecord: isOnRecord ? recordedOrders : 0,
    tiers: tiersOf(situation, plan, machines),
  };
}

/** Shares of the orders by size, the smallest first. */
function sizesOf(orders: OrdersOnRecord): OrderSizes {
  const bySize = new Map<number, number>();
  for (const {pieces, orders: some} of orders) bySize.set(pieces, (bySize.get(pieces) ?? 0) + some);
  const total = [...bySize.values()].reduce((sum, some) => sum + some, 0);
  if (total === 0) return SINGLE_PIECES;
  return [...bySize]
    .filter(([, some]) => some > 0)
    .sort(([a], [b]) => a - b)
    .map(([pieces, some]) => ({pieces, probability: some / total}));
}

/**
 * Variance to mean of the number of orders that is left of that of the pieces once the sizes are told apart:
 *
 *   vmr(pieces) = Var[J] / E[J] + vmr(orders) · E[J]
 *
 * Example: orders of 2, pieces 3 → 1.5. Never below 1: sizes that say more than the pieces vary are believed.
 */
function clusteringOf(vmr: number, sizes: OrderSizes): number {
  const size = meanSize(sizes);
  const square = sizes.reduce((sum, {pieces, probability}) => sum + pieces ** 2 * probability, 0);
  return Math.max(1, (vmr - (square - size ** 2) / size) / size);
}

/**
 * What decisions weigh. A missed piece is fetched where that is cheaper than to wait for the order, and costs once; on its way to shelves that
 * the depot replenishes it costs what they risk, once as well.
 */
function costsOf(situation: Situation, plan: DepotPlan, source: Source): PolicyInput['costs'] {
  const {depot, underageMinor, overageMinor, rescueMinor, shortageMinorPerH: shortage, tooEarlyH} = plan;
  const refill = refillArrival(situation, depot, 1);
  const isFeeding = situation.depots.some(({parentDepotId}) => parentDepotId === depot.depotId);
  return {
    orderMinor: source.orderCostMinor + (source.freightMinor ?? 0) + (source.handlingMinor ?? 0),
    holdingMinorPerDay: (24 * overageMinor) / tooEarlyH,
    missedMinor: underageMinor,
    owedMinorPerDay: (24 * underageMinor) / tooEarlyH,
    isFetched: isFeeding || (refill !== null && rescueMinor < shortage * refill.meanH),
  };
}

/**
 * What customers of each contract tier ask of the depot itself: failures of the machines that are forecast, and of everything else the
 * share of the tier's positions. One of a machine without a forecast costs what its master data says.
 */
function tiersOf(
  situation: Situation,
  {depot, risks}: DepotPlan,
  machines: readonly TieredMachine[],
): readonly TierDemand[] {
  const tierOf = new Map(machines.map(({equipmentId, tier}) => [equipmentId, tier]));
  const positions = machines.reduce((sum, one) => sum + one.positions, 0);
  return [...new Set(machines.map(({tier}) => tier))].map((tier): TierDemand => {
    const own = machines.filter((one) => one.tier === tier);
    const forecast = risks.filter(({component}) => tierOf.get(component.equipmentId) === tier);
    const share = own.reduce((sum, one) => sum + one.positions, 0) / positions;
    const failing = forecast.reduce(
      (sum, one) => sum + one.component.quantity * failuresPerYear(one.component),
      0,
    );
    const perH =
      forecast.length === 0
        ? own.reduce((sum, one) => sum + one.shortageMinorPerH, 0) / own.length
        : meanShortage(forecast);
    const shortage = Math.max(situation.policy.shortageFloorMinorPerH, perH);
    return {
      tier,
      piecesPerDay: (failing + share * depot.backgroundPerYear) / YEAR_DAYS,
      missedMinor: cheapestRescue(rescuesOf(situation, depot), shortage),
    };
  });
}

function meanShortage(risks: readonly Risk[]): number {
  return risks.reduce((sum, {component}) => sum + component.shortageMinorPerH, 0) / risks.length;
}
