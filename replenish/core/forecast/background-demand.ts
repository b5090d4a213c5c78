import {invariant} from '../../../domain/invariant.ts';
import {demandMoments} from './demand-moments.ts';
import type {DemandPopulation} from './demand-population.ts';
import {excessVariance} from './excess-variance.ts';

/** Where the rate comes from that a short history is drawn towards. */
export type PriorKind =
  /** Typed in the master data of the depot. */
  | 'master-data'
  /** Rate of parts for the same kind of component, times the pieces installed here. */
  | 'like-parts'
  /** What the depots are asked for of parts without either. */
  | 'population';

/** What is known of one part at one depot. */
export interface BackgroundItem {
  /** Pieces by period, oldest first. */
  readonly history: readonly number[];
  /** How much of a mean month each of them could show; more than 0 each. */
  readonly exposures: readonly number[];
  /** Pieces a month; null where only the population can say. */
  readonly prior: {readonly kind: 'master-data' | 'like-parts'; readonly perMonth: number} | null;
}

/** What a prior is worth, learnt from all items of the network. */
export interface PriorWorth {
  /** The prior counts as much as this many demands of the item's own. */
  readonly demands: number;
  /** Pieces a month of an item that has no prior. */
  readonly perMonth: number;
}

export interface BackgroundForecast {
  /** Pieces a month. */
  readonly perMonth: number;
  /** Variance over mean of the demand over the item's lead time, the error of the rate included. */
  readonly vmr: number;
  /** Weight of the item's own history, 0 to 1. */
  readonly credibility: number;
  readonly priorKind: PriorKind;
}

/** Before enough demand has been seen, a typed rate counts like two demands: as good as a guess of someone who knows the machines. */
const DEMANDS_UNLEARNT = 2;
const DEMANDS_MIN = 0.5;
/** However right the typed rates were, a part that moves away from its own is to be followed within a few dozen demands. */
const DEMANDS_MAX = 20;
/** Fewer pieces than this, expected over all items, cannot judge the rates that expected them. */
const EXPECTED_MIN = 20;

/**
 * What priors are worth here: the less the depots' demand strays from its priors, the more demands one of them counts.
 *
 * Example: ten items expected to be asked for 4 times each, and asked for 4 times each → 20, the most.
 */
export function worthOfPriors(items: readonly BackgroundItem[], population: DemandPopulation): PriorWorth {
  const cases: {seen: number; expected: number; spread: number}[] = [];
  let expected = 0;
  let unsaidPieces = 0;
  let unsaidMonths = 0;
  for (const {history, exposures, prior} of items) {
    const seen = total(history);
    const months = total(exposures);
    if (prior === null) {
      unsaidPieces += seen;
      unsaidMonths += months;
    } else if (prior.perMonth > 0) {
      const mean = prior.perMonth * months;
      expected += mean;
      cases.push({seen, expected: mean, spread: usualSpreadAt(prior.perMonth, population)});
    }
  }
  const between = excessVariance(cases);
  const learnt = between === 0 ? DEMANDS_MAX : 1 / between;
  return {
    demands:
      expected < EXPECTED_MIN ? DEMANDS_UNLEARNT : Math.min(DEMANDS_MAX, Math.max(DEMANDS_MIN, learnt)),
    perMonth: unsaidMonths === 0 ? 0 : unsaidPieces / unsaidMonths,
  };
}

/**
 * The demand to come of a part at a depot, beside the failures that are forecast machine by machine, as a negative binomial. The
 * item's own rate m is the mixture of its whole and its recent past by the population's weights, and the prior μ is weighed against it
 * as a gamma prior of `a` demands:
 *
 *   rate = (a + n m / d) / (a / μ + n / d),  vmr over h months = d + h · (1 / (a / μ + n / d) + drift · rate)
 *
 * with n the effective months of history and d the variance over mean of a month, shrunk to what is usual.
 *
 * @param leadTimeMonths  h, over which the decision has to be ready for demand
 * @returns null where nobody asked and nobody expects to be asked.
 *
 * Source: the gamma-Poisson (Bühlmann) credibility formula, with exposure divided by d for demand that comes in lumps.
 * Example: 6 pieces in 12 whole months, typed 1 a month, a = 2, d = 1 → (2 + 6) / (2 + 12) = 0.571 a month, credibility 0.857.
 */
export function forecastBackground(
  item: BackgroundItem,
  leadTimeMonths: number,
  population: DemandPopulation,
  worth: PriorWorth,
): BackgroundForecast | null {
  const {history, exposures, prior} = item;
  invariant(history.length === exposures.length, 'each period has its exposure');
  const asked = history.some((pieces) => pieces > 0);
  if (prior === null && !asked) return null;
  const priorKind = prior?.kind ?? 'population';
  const mu = prior?.perMonth ?? worth.perMonth;
  const own = ownDemand(item, population);
  const spread = own.spread ?? usualSpreadAt(mu, population);
  if (mu === 0 && own.perMonth === 0) return {perMonth: 0, vmr: 1, credibility: 1, priorKind};
  const demands = priorKind === 'population' ? 1 : worth.demands;
  const ofPrior = mu === 0 ? 0 : demands / mu;
  const ofHistory = own.months / spread;
  const precision = ofPrior + ofHistory;
  const perMonth = ((mu === 0 ? 0 : demands) + ofHistory * own.perMonth) / precision;
  const vmr = spread + leadTimeMonths * (1 / precision + population.levelDrift * perMonth);
  return {perMonth, vmr: Math.max(1, vmr), credibility: ofHistory / precision, priorKind};
}

interface OwnDemand {
  readonly perMonth: number;
  /** Effective months behind the rate. */
  readonly months: number;
  /** Null where the item has too little to tell. */
  readonly spread: number | null;
}

function ownDemand({history, exposures}: BackgroundItem, population: DemandPopulation): OwnDemand {
  if (history.length < 2) {
    const months = total(exposures);
    return {perMonth: months === 0 ? 0 : total(history) / months, months, spread: null};
  }
  const whole = demandMoments(history, 1, exposures);
  const recent = demandMoments(history, population.recentDiscount, exposures);
  const weight = population.recentWeight;
  const mixed = (of: 'mean' | 'effectivePeriods'): number => (1 - weight) * whole[of] + weight * recent[of];
  const perMonth = mixed('mean');
  if (whole.mean === 0) return {perMonth, months: mixed('effectivePeriods'), spread: null};
  const usual = usualSpreadAt(whole.mean, population);
  const seen = Math.max(1, whole.variance / whole.mean);
  const {demandWeight} = whole;
  const spread =
    (demandWeight * seen + population.spreadDemands * usual) / (demandWeight + population.spreadDemands);
  return {perMonth, months: mixed('effectivePeriods'), spread};
}

/** Usual variance over mean of a month, at a mean of so many pieces. */
export function usualSpreadAt(perMonth: number, {usualSpread: {intercept, slope}}: DemandPopulation): number {
  return perMonth === 0 ? 1 : Math.max(1, Math.exp(intercept + slope * Math.log(perMonth)));
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
