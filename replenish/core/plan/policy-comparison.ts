import {invariant} from '../../../domain/invariant.ts';
import {YEAR_DAYS} from '../../../domain/time.ts';
import {parallelLeadTimeDemand, sequentialLeadTimeDemand} from '../lead-time/lead-time-demand.ts';
import {meanSize, type OrderSizes} from '../probability/compound-poisson.ts';
import {mean, variance, type DemandPmf} from '../probability/pmf.ts';
import {fillRateLevels, shortageCurve} from '../stock/fill-rate-level.ts';
import {minMaxPositions, optimalMinMax} from '../stock/min-max-policy.ts';
import {newsvendorLevel} from '../stock/newsvendor.ts';
import {normalNewsvendor} from '../stock/normal-newsvendor.ts';
import {betweenReviews, evaluatePeriodicReview, type PeriodicReview} from '../stock/periodic-review.ts';
import {
  cheapestLevel,
  levelCosts,
  performanceOf,
  type PolicyPerformance,
  type PolicyService,
} from '../stock/policy-performance.ts';
import {
  backorderBatchRq,
  economicBatchRq,
  expectedInventoryRq,
  type ContinuousRq,
} from '../stock/rq-approximation.ts';
import {
  cheapestWindowOf,
  evaluateRq,
  optimalRq,
  permittedLot,
  type LotRule,
  type RqPolicy,
} from '../stock/rq-policy.ts';

/** What is known of a part at a depot, as far as policies differ by it. */
export interface PolicyInput {
  readonly orders: {
    readonly perDay: number;
    /** Variance to mean of their number; 1 = Poisson. */
    readonly vmr: number;
    readonly sizes: OrderSizes;
  };
  readonly leadTime: {readonly meanDays: number; readonly sdDays: number; readonly law: LeadTimeLaw};
  readonly reviewDays: number;
  readonly lots: LotRule;
  readonly costs: {
    readonly orderMinor: number;
    /** Of a piece on hand. */
    readonly holdingMinorPerDay: number;
    /** Of a piece that is missed: its cheapest rescue, waiting included. */
    readonly missedMinor: number;
    /** The same, spread over the time until an order brings one: of a piece owed. */
    readonly owedMinorPerDay: number;
    /** A missed piece is fetched and costs once; else whoever misses it waits for the order, and costs by the day. */
    readonly isFetched: boolean;
  };
  /** What the orders of decisions amount to. */
  readonly decided: RqPolicy;
  readonly maxStock: number | null;
}

/** sequential: orders never overtake each other; parallel: each travels on its own. */
export type LeadTimeLaw = 'sequential' | 'parallel';

export const POLICY_KINDS = [
  'decided',
  'base-stock',
  'rq',
  'rq-expected-inventory',
  'rq-backorders',
  'rq-economic',
  'min-max',
  'periodic',
  'periodic-normal',
  'periodic-fill-rate',
] as const;
export type PolicyKind = (typeof POLICY_KINDS)[number];

/** A policy with its parameters, and what it gives and costs. */
export interface ComparedPolicy extends PolicyService {
  readonly kind: PolicyKind;
  /** Order when the position is at or below; null: at every review. */
  readonly reorderPoint: number | null;
  /** Order up to; null: so many as `lot` says. */
  readonly orderUpTo: number | null;
  /** Pieces of an order, or of which it is a multiple; null: as many as are missing. */
  readonly lot: number | null;
  /** Null: looked at with every order of a customer. */
  readonly reviewDays: number | null;
  readonly ordersPerYear: number;
  /** Money a year. */
  readonly ordering: number;
  readonly holding: number;
  readonly shortage: number;
  readonly total: number;
  /** It may have more pieces here than the place allows. */
  readonly isBeyondMax: boolean;
}

export const NOT_COMPARED = [
  /** Each order costs nothing by itself: the best lot is the smallest. */
  'no-order-cost',
  /** A batch would cost more to hold than the shortages that it prevents. */
  'no-batch-pays',
  /** The source sells multiples only, which do not reach a level exactly. */
  'sold-in-multiples',
  /** The search for it takes the square of a lot's pieces. */
  'large-lot',
  /** The cheapest such policy orders fewer pieces than the source takes. */
  'below-minimum',
  /** Too few pieces are asked for until the next order arrives. */
  'slow-mover',
] as const;
export interface NotCompared {
  readonly kind: PolicyKind;
  readonly reason: (typeof NOT_COMPARED)[number];
}

export interface PolicyComparison {
  /** Demand over a lead time. */
  readonly leadTimeDemand: {readonly mean: number; readonly variance: number};
  /** What decisions do first. */
  readonly policies: readonly ComparedPolicy[];
  readonly notCompared: readonly NotCompared[];
  /** Of those that the place allows, where there are any. */
  readonly cheapest: PolicyKind;
}

/**
 * From here on a normal distribution follows the demand until the next order arrives.
 *
 * Source: Silver, Pyke & Thomas (2017), Inventory and Production Management in Supply Chains, ch. 7, who leave it below ten pieces.
 */
const NORMAL_FROM = 10;

/** The search for (s, S) takes the square of a lot's pieces: this many take a tenth of a second. */
const MIN_MAX_LOT_MAX = 500;

/**
 * What every kind of policy would give and cost in the long run, each with its best parameters, under one and the same demand: that over
 * the lead time for continuous review, and that until a random instant between two arrivals for periodic review. Approximations choose
 * their parameters as textbooks do and are then judged exactly. Orders keep the quantities that the source takes.
 *
 * Source: of each policy in its own file. Example: 45 pieces a year, 2 months, monthly reviews, 220 an order, 950 and 8,550 a piece and year →
 * (8, 7) at 7,225.15; with a multiple of 5 (9, 5) at 7,397 (policy-comparison.test.ts).
 *
 * @param fillRate To be reached by a policy of its own; null: none.
 */
export function comparePolicies(input: PolicyInput, fillRate: number | null): PolicyComparison {
  const market = marketOf(input);
  const rows: (ComparedPolicy | NotCompared)[] = [
    continuous(market, 'decided', input.decided),
    ...continuousPolicies(market),
    minMax(market),
    ...periodicPolicies(market, fillRate),
  ];
  const policies = rows.filter(isCompared);
  const allowed = policies.filter(({isBeyondMax}) => !isBeyondMax);
  const cheapest = (allowed.length > 0 ? allowed : policies).reduce((least, row) =>
    row.total < least.total ? row : least,
  );
  const {start} = market;
  return {
    leadTimeDemand: {mean: mean(start), variance: variance(start)},
    policies,
    notCompared: rows.flatMap((one) => (isCompared(one) ? [] : [one])),
    cheapest: cheapest.kind,
  };
}

function isCompared(one: ComparedPolicy | NotCompared): one is ComparedPolicy {
  return !('reason' in one);
}

/** The demand as each policy meets it. Time in days. */
interface Market {
  readonly input: PolicyInput;
  readonly piecesPerDay: number;
  /** Over a lead time. */
  readonly start: DemandPmf;
  /** Over a lead time and a review. */
  readonly end: DemandPmf;
  readonly review: PeriodicReview;
}

function marketOf(input: PolicyInput): Market {
  const {orders, leadTime, reviewDays, costs} = input;
  const {perDay: demandRate, vmr, sizes} = orders;
  const piecesPerDay = demandRate * meanSize(sizes);
  const demandOver = (laterDays: number): DemandPmf => {
    const asked = {demandRate, vmr, sizes, leadTimeMean: leadTime.meanDays + laterDays};
    return leadTime.law === 'parallel'
      ? parallelLeadTimeDemand(asked)
      : sequentialLeadTimeDemand({...asked, leadTimeSd: leadTime.sdDays});
  };
  return {
    input,
    piecesPerDay,
    start: demandOver(0),
    end: demandOver(reviewDays),
    review: {
      outstanding: betweenReviews(demandOver, reviewDays, piecesPerDay * reviewDays),
      reviewDemand: parallelLeadTimeDemand({demandRate, vmr, sizes, leadTimeMean: reviewDays}),
      sizes,
      reviewInterval: reviewDays,
      orderCost: costs.orderMinor,
      holdingCost: costs.holdingMinorPerDay,
      backorderCost: costs.isFetched ? 0 : costs.owedMinorPerDay,
      missedCost: costs.isFetched ? costs.missedMinor * piecesPerDay : 0,
    },
  };
}

/** Below none a missed piece costs no more than at none. */
function lowestOf({input: {costs}}: Market): number {
  return costs.isFetched ? 0 : -Infinity;
}

/** Looked at with every order. A lot of one piece is a base stock. */
function continuous(market: Market, kind: PolicyKind, {r, q}: RqPolicy): ComparedPolicy {
  const {input, piecesPerDay, start, review} = market;
  const situation = {
    ...review,
    demandRate: piecesPerDay,
    leadTimeDemand: start,
    fixedCost: input.costs.orderMinor,
  };
  const parameters = {
    reorderPoint: r,
    orderUpTo: q === 1 ? r + 1 : null,
    lot: q === 1 ? null : q,
    reviewDays: null,
  };
  return row(market, {kind, ...parameters}, evaluateRq(situation, {r, q}), r + q);
}

function continuousPolicies(market: Market): (ComparedPolicy | NotCompared)[] {
  const {input, piecesPerDay, start, review} = market;
  const {lots, costs} = input;
  const smallest = bestWindow(market, start, permittedLot(1, lots));
  const exact = optimalRq(
    {...review, demandRate: piecesPerDay, leadTimeDemand: start, fixedCost: costs.orderMinor},
    lots,
  );
  const {meanDays} = input.leadTime;
  const normal = {
    holdingCost: costs.holdingMinorPerDay,
    fixedCost: costs.orderMinor,
    demandMean: piecesPerDay,
    demandSd: Math.sqrt(variance(start) / meanDays),
    leadTime: meanDays,
  };
  const approximate = (kind: PolicyKind, of: () => ContinuousRq | null): ComparedPolicy | NotCompared => {
    if (costs.orderMinor === 0) return {kind, reason: 'no-order-cost'};
    const found = of();
    if (found === null) return {kind, reason: 'no-batch-pays'};
    const q = permittedLot(Math.max(1, Math.round(found.q)), lots);
    return continuous(market, kind, {r: Math.round(found.r), q});
  };
  return [
    continuous(market, 'base-stock', smallest),
    continuous(market, 'rq', exact),
    approximate('rq-expected-inventory', () =>
      expectedInventoryRq({...normal, stockoutCost: costs.missedMinor}),
    ),
    approximate('rq-backorders', () => backorderBatchRq({...normal, stockoutCost: costs.owedMinorPerDay})),
    approximate('rq-economic', () => economicBatchRq({...normal, stockoutCost: costs.owedMinorPerDay})),
  ];
}

/** The cheapest positions in a row, as many as the smallest order has pieces. */
function bestWindow(market: Market, outstanding: DemandPmf, size: number): RqPolicy {
  const {review} = market;
  const {holdingMinorPerDay: overage, owedMinorPerDay: underage} = market.input.costs;
  const levelCost = levelCosts({...review, outstanding}, review);
  // For pieces owed the newsvendor's level is the cheapest already, for pieces fetched it is near.
  const best = cheapestLevel(levelCost, newsvendorLevel(outstanding, {overage, underage}));
  return cheapestWindowOf(levelCost, best, size, lowestOf(market));
}

function minMax(market: Market): ComparedPolicy | NotCompared {
  const {input, review} = market;
  const {lots, reviewDays} = input;
  if (lots.multiple > 1) return {kind: 'min-max', reason: 'sold-in-multiples'};
  const economicLot = Math.sqrt((2 * review.orderCost * market.piecesPerDay) / review.holdingCost);
  if (economicLot > MIN_MAX_LOT_MAX) return {kind: 'min-max', reason: 'large-lot'};
  const levelCost = levelCosts(review, review);
  const {s, S} = optimalMinMax({
    periodDemand: review.reviewDemand,
    fixedCost: review.orderCost,
    levelCost: (position) => levelCost(position) * reviewDays,
    lowest: lowestOf(market) - 1,
  });
  if (S - s < lots.minimum) return {kind: 'min-max', reason: 'below-minimum'};
  const {positions, ordersPerPeriod} = minMaxPositions(review.reviewDemand, {s, S});
  const performance = performanceOf(review, positions, ordersPerPeriod / reviewDays, review);
  return row(market, {kind: 'min-max', reorderPoint: s, orderUpTo: S, lot: null, reviewDays}, performance, S);
}

function periodicPolicies(market: Market, fillRate: number | null): (ComparedPolicy | NotCompared)[] {
  const {input, start, end, review} = market;
  const lot = permittedLot(1, input.lots);
  const upTo = (kind: PolicyKind, level: number): ComparedPolicy =>
    row(
      market,
      {
        kind,
        reorderPoint: null,
        orderUpTo: level,
        lot: lot === 1 ? null : lot,
        reviewDays: input.reviewDays,
      },
      evaluatePeriodicReview(review, level, lot),
      level + lot - 1,
    );
  const rows: (ComparedPolicy | NotCompared)[] = [
    upTo('periodic', bestWindow(market, review.outstanding, lot).r + 1),
  ];
  if (mean(end) < NORMAL_FROM) rows.push({kind: 'periodic-normal', reason: 'slow-mover'});
  else {
    const moments = {mean: mean(end), sd: Math.sqrt(variance(end))};
    const {holdingMinorPerDay: overage, owedMinorPerDay: underage} = input.costs;
    rows.push(upTo('periodic-normal', Math.round(normalNewsvendor(moments, {overage, underage}).baseStock)));
  }
  if (fillRate === null) return rows;
  const curve = shortageCurve({lot: 1, pmf: start}, {lot: 1, pmf: end});
  const [level] = fillRateLevels(curve, [fillRate], lot);
  invariant(level !== undefined, 'one target has one level');
  return [...rows, upTo('periodic-fill-rate', level)];
}

type Parameters = Pick<ComparedPolicy, 'kind' | 'reorderPoint' | 'orderUpTo' | 'lot' | 'reviewDays'>;

/** @param highest Where the position never goes beyond. */
function row(
  {input: {maxStock}}: Market,
  parameters: Parameters,
  {ordersPerTime, ordering, holding, shortage, cost, ...service}: PolicyPerformance,
  highest: number,
): ComparedPolicy {
  return {
    ...parameters,
    ...service,
    ordersPerYear: ordersPerTime * YEAR_DAYS,
    ordering: ordering * YEAR_DAYS,
    holding: holding * YEAR_DAYS,
    shortage: shortage * YEAR_DAYS,
    total: cost * YEAR_DAYS,
    isBeyondMax: maxStock !== null && highest > maxStock,
  };
}
