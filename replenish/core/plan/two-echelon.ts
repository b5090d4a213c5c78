import {invariant} from '../../../domain/invariant.ts';
import {negativeBinomialPmf} from '../probability/negative-binomial.ts';
import {
  convolve,
  expectedBackorders,
  expectedOnHand,
  trimmed,
  varianceOfBackorders,
  type DemandPmf,
} from '../probability/pmf.ts';
import {poissonPmf} from '../probability/poisson.ts';
import {unitFillRate} from '../stock/service-measures.ts';

/** A regional depot that draws on the central warehouse, one for one. Times and rates in one time unit throughout. */
export interface Base {
  readonly demandRate: number;
  /** Variance to mean of the demand of any time; left out: 1, Poisson. */
  readonly vmr?: number;
  /** Share of failures repaired on site, 0 without a shop. */
  readonly localRepairShare: number;
  readonly localRepairTime: number;
  /** From the centre, when it has stock. */
  readonly shipTime: number;
  /** With a lot, the least of the levels stock..stock + lot − 1 that its position takes in turn. */
  readonly stock: number;
  /** Pieces of one order; left out: 1, one for one. */
  readonly lot?: number;
}

/** A central warehouse and the depots it serves, first come first served. */
export interface TwoEchelonSystem {
  /** Until the centre has a unit back: repair turn-round or supplier lead time. */
  readonly centreResupplyTime: number;
  readonly centreStock: number;
  /** Pieces that the centre orders at once; left out: 1. */
  readonly centreLot?: number;
  readonly bases: readonly Base[];
}

/** What the centre owes and holds. */
export interface CentreState {
  readonly rate: number;
  /** Variance to mean of what is ordered of it. */
  readonly vmr: number;
  readonly pipeline: DemandPmf;
  readonly expectedBackorders: number;
  readonly varianceOfBackorders: number;
  readonly expectedOnHand: number;
  /** Mean wait of a depot's order for the centre's stock. */
  readonly delay: number;
}

/** One depot: the units it waits for, and what that does to its shelf. */
export interface BaseState {
  readonly pipeline: DemandPmf;
  readonly pipelineMean: number;
  readonly pipelineVariance: number;
  readonly expectedBackorders: number;
  readonly expectedOnHand: number;
  readonly fillRate: number;
}

/**
 * The centre's own state is the same in all three methods: its pipeline is Poisson by Palm's theorem; negative binomial where demand varies
 * more than that. Depots that order by the lot make what is ordered of it vary more: of demand d, a lot of Q leaves m = d mod Q pieces to chance,
 * m (Q − m) of variance. With a lot of its own, each of its levels is as likely as the other (Hadley & Whitin).
 *
 * Source: Sherbrooke (2004), Optimal Inventory Modeling of Systems, ch. 3; for demand of a variance-to-mean ratio above one, ch. 4.
 * Example: one piece a day, 4 days, stock 4 → 0.7815 owed, so each waits 0.7815 days.
 */
export function centreState({
  centreResupplyTime,
  centreStock,
  centreLot = 1,
  bases,
}: TwoEchelonSystem): CentreState {
  const rate = bases.reduce((sum, base) => sum + orderRate(base), 0);
  const spread = bases.reduce((sum, base) => sum + orderRate(base) * (base.vmr ?? 1), 0);
  const byLot = bases.reduce((sum, base) => sum + lotVariance(base, centreResupplyTime), 0);
  const meanUnits = rate * centreResupplyTime;
  const vmr = meanUnits > 0 ? (spread * centreResupplyTime + byLot) / meanUnits : 1;
  const pipeline = negativeBinomialPmf(meanUnits, vmr * meanUnits);
  const over = (measure: (level: number) => number): number => overLevels(centreStock, centreLot, measure);
  const backorders = over((level) => expectedBackorders(pipeline, level));
  const squared = over(
    (level) => varianceOfBackorders(pipeline, level) + expectedBackorders(pipeline, level) ** 2,
  );
  return {
    rate,
    vmr,
    pipeline,
    expectedBackorders: backorders,
    varianceOfBackorders:
      centreLot === 1 ? varianceOfBackorders(pipeline, centreStock) : squared - backorders ** 2,
    expectedOnHand: over((level) => expectedOnHand(pipeline, level)),
    delay: rate > 0 ? backorders / rate : 0,
  };
}

/**
 * Reference function: the plan takes `variMetric`.
 *
 * METRIC: a depot's pipeline is taken as Poisson with the right mean, which understates backorders.
 * Source: Sherbrooke (1968), METRIC: a multi-echelon technique for recoverable item control, Operations Research 16(1).
 * Example: that centre and two depots with half the demand each, a day away, 1 piece each → 0.3011 short at each (exactly 0.3413).
 */
export function metric(system: TwoEchelonSystem): readonly BaseState[] {
  const centre = centreState(system);
  return system.bases.map((base) => {
    const meanUnits = ownPipeline(base) + share(base, centre) * centre.expectedBackorders;
    return baseState(poissonPmf(meanUnits), meanUnits, meanUnits, base);
  });
}

/**
 * VARI-METRIC: mean and variance of a depot's pipeline are right, and a negative binomial is fitted to them.
 *
 *   mean = own + f · E[B],  variance = v · (own + f · E[B]) + f² · (Var[B] − v0 · E[B])
 *
 * f is the depot's share of the centre's orders; v and v0 are the variance-to-mean ratios of its demand and of the centre's, 1 for Poisson. Then
 * the variance is Sherbrooke's, own + f (1 − f) · E[B] + f² · Var[B]. Without stock at the centre it is right for all of them: v · (own + f · E[B]).
 * Where depots differ in v, what the centre owes is shared out by f all the same: their sum is nearer than each.
 *
 * Source: Sherbrooke (1986), VARI-METRIC: improved approximations for multi-indenture, multi-echelon availability models,
 * Operations Research 34(2); Graves (1985), A multi-echelon inventory model for a repairable item with one-for-one replenishment,
 * Management Science 31(10). Example: the same → 0.3416 short at each.
 */
export function variMetric(system: TwoEchelonSystem): readonly BaseState[] {
  const centre = centreState(system);
  return system.bases.map((base) => {
    const f = share(base, centre);
    const vmr = base.vmr ?? 1;
    const meanUnits = ownPipeline(base) + f * centre.expectedBackorders;
    const shared = centre.varianceOfBackorders - centre.vmr * centre.expectedBackorders;
    // Beside depots that vary far more, a calm one's formula may fall below what any demand has.
    const varianceUnits = Math.max(meanUnits, vmr * meanUnits + f * f * shared);
    const pipeline = negativeBinomialPmf(meanUnits, varianceUnits);
    return baseState(pipeline, meanUnits, varianceUnits, base);
  });
}

/**
 * The exact distribution: each unit that the centre owes is owed to a depot with probability f, independently, since orders
 * are served in the order they came. The depot's pipeline is its own plus that share. The centre may order by the lot, depots one for one. Cost: (centre's terms)² a depot.
 *
 * Source: Simon (1971), Stationary properties of a two-echelon inventory model for low demand items; Graves (1985).
 * Example: the same → 0.3413 short at each.
 */
export function exactTwoEchelon(system: TwoEchelonSystem): readonly BaseState[] {
  const centre = centreState(system);
  invariant(system.bases.every(isSimple), 'the exact split is for Poisson demand and single pieces');
  const owed = backorderPmf(centre.pipeline, system.centreStock, system.centreLot);
  return system.bases.map((base) => {
    const own = ownPipeline(base);
    const f = share(base, centre);
    const pipeline = convolve(poissonPmf(own), thinned(owed, f));
    const meanUnits = own + f * centre.expectedBackorders;
    const varianceUnits = own + f * (1 - f) * centre.expectedBackorders + f * f * centre.varianceOfBackorders;
    return baseState(pipeline, meanUnits, varianceUnits, base);
  });
}

/** Multiplications that the exact split takes: the centre's terms, squared, for each depot; Infinity where it does not hold, with other demand than Poisson or depots that order by the lot. */
export function exactTerms(system: TwoEchelonSystem): number {
  const {centreStock, bases} = system;
  if (!bases.every(isSimple)) return Infinity;
  const {pipeline} = centreState(system);
  return bases.length * Math.max(1, pipeline.p.length - centreStock) ** 2;
}

/** Expected backorders of all depots together: what customers feel. Example: the same, exactly → 0.6826. */
export function totalBackorders(states: readonly BaseState[]): number {
  return states.reduce((sum, state) => sum + state.expectedBackorders, 0);
}

function isSimple({vmr = 1, lot = 1}: Base): boolean {
  return vmr === 1 && lot === 1;
}

/**
 * Mean of a measure over the levels stock..stock + lot − 1: where orders are of `lot` pieces, the inventory position takes each as often.
 *
 * Source: Hadley & Whitin (1963), Analysis of Inventory Systems, ch. 4; `evaluateRq` (rq-policy.ts) with r = stock − 1.
 * Example: levels 2..4 of a measure that is the level → 3.
 */
export function overLevels(stock: number, lot: number, measure: (level: number) => number): number {
  let sum = 0;
  for (let level = stock; level < stock + lot; level += 1) sum += measure(level);
  return sum / lot;
}

/** What ordering by the lot adds to the variance of the pieces ordered over a time: E[m (Q − m)], m = demand mod Q. */
function lotVariance(base: Base, time: number): number {
  const {vmr = 1, lot = 1} = base;
  if (lot === 1) return 0;
  const demand = orderRate(base) * time;
  const {p} = negativeBinomialPmf(demand, vmr * demand);
  return p.reduce((sum, probability, d) => sum + probability * (d % lot) * (lot - (d % lot)), 0);
}

/** Distribution of the units owed, (X − level)⁺, each level stock..stock + lot − 1 as likely. Example: 0, 1, 2 in the pipeline with 0.5, 0.3, 0.2, stock 1 → 0.8, 0.2. */
export function backorderPmf({p, tail}: DemandPmf, stock: number, lot = 1): DemandPmf {
  invariant(Number.isInteger(stock) && stock >= 0, 'stock is in whole pieces');
  const owed = new Float64Array(Math.max(1, p.length - stock));
  const highest = Math.min(stock + lot, Math.max(p.length, stock + 1)); // beyond, nothing is owed
  owed[0] = (stock + lot - highest) / lot;
  for (let level = stock; level < highest; level += 1)
    p.forEach((probability, x) => (owed[Math.max(0, x - level)]! += probability / lot));
  return {p: owed, tail};
}

/** Each unit counts with probability `keep`, independently: binomial rows, one from the other. Example: 2 units, ½ → ¼, ½, ¼. */
export function thinned({p, tail}: DemandPmf, keep: number): DemandPmf {
  const row = new Float64Array(p.length);
  const kept = new Float64Array(p.length);
  row[0] = 1;
  for (let units = 0; units < p.length; units += 1) {
    if (units > 0) {
      for (let k = units; k > 0; k -= 1) row[k] = row[k]! * (1 - keep) + row[k - 1]! * keep;
      row[0] *= 1 - keep;
    }
    for (let k = 0; k <= units; k += 1) kept[k]! += p[units]! * row[k]!;
  }
  return trimmed(kept, tail);
}

/** Orders on the centre: failures not repaired on site. Example: 0.5 a day, 40 % repaired → 0.3. */
export function orderRate({demandRate, localRepairShare}: Base): number {
  return demandRate * (1 - localRepairShare);
}

/** Mean units in local repair or on the way, as if the centre always had stock. Example: 0.5 a day, 40 % repaired in 10 days, else 2 days → 2.6. */
export function ownPipeline(base: Base): number {
  return base.demandRate * base.localRepairShare * base.localRepairTime + orderRate(base) * base.shipTime;
}

function share(base: Base, centre: CentreState): number {
  return centre.rate > 0 ? orderRate(base) / centre.rate : 0;
}

function baseState(
  pipeline: DemandPmf,
  pipelineMean: number,
  pipelineVariance: number,
  {stock, lot = 1, vmr = 1}: Pick<Base, 'stock' | 'lot' | 'vmr'>,
): BaseState {
  return {
    pipeline,
    pipelineMean,
    pipelineVariance,
    expectedBackorders: overLevels(stock, lot, (level) => expectedBackorders(pipeline, level)),
    expectedOnHand: overLevels(stock, lot, (level) => expectedOnHand(pipeline, level)),
    fillRate: overLevels(stock, lot, (level) => unitFillRate(pipeline, level, vmr)),
  };
}
