import {demandCount} from './demand-moments.ts';
import type {Calibration, CalibrationKnot, DemandPopulation} from './demand-population.ts';
import {viewsAhead} from './forecast-demand.ts';
import type {PastForecast} from './past-forecasts.ts';
import {pinballLoss} from './pinball.ts';
import {viewsQuantiles} from './quick-quantiles.ts';

/** The raw odds of exceeding, in shares of the wanted ones, that are tried for a level, by steps away from 1. */
const ODDS_FACTORS = [1, 0.9, 1.1, 0.8, 1.25, 0.7, 1.4, 0.6, 1.6, 0.5, 1.8, 0.4, 2, 0.3];

/** Each step away from 1 must lower the loss by this share of the loss at 1: a guard against learning chance. */
const GAIN_A_STEP = 0.003;

/** Coverage that is off the stated level by this much is as good as met. */
const COVERAGE_FREE = 0.01;

/**
 * Each share of the past covered beyond that costs this many times as much of the loss at 1: the loss is flat around its least, and
 * whoever plans with a quantile counts on its probability. From 1.5 to 8 the sets of `evaluate spareparts` are covered about alike,
 * and what it takes in loss grows.
 */
const OVER_COST = 2;

/** Nobody plans a stock by a lower level; and most medians of such items are 0, which covers far more than half. */
const CHARGED_FROM = 0.9;

/** Classes by how often an item was asked for, equally many past forecasts in each. */
const CLASSES = 3;

/**
 * For each horizon, class of items and level the raw level whose quantile had the least pinball loss over the past forecasts, what
 * they covered too much charged: the conformal idea of asking the past how far a stated probability can be trusted, with the loss
 * beside the count, because demand in whole pieces rarely meets a probability exactly.
 */
export function learnCalibration(
  population: DemandPopulation,
  cases: readonly PastForecast[],
  horizons: readonly number[],
  levels: readonly number[],
): readonly Calibration[] {
  const classes = classesOf(cases.filter(({mean}) => mean > 0));
  return horizons.flatMap((periods, horizon) =>
    classes.map(({demandsMax, members}) => {
      const trials = trialsOf(population, members, horizons, horizon, levels);
      const knots = levels.map((level, i) => ({
        level,
        raw: rawLevel(level, chosenFactor(level, trials[i]!)),
      }));
      return {periods, demandsMax, knots: ascending(knots)};
    }),
  );
}

/** None without a past forecast: items busier than any then have nothing to learn from. */
function classesOf(
  cases: readonly PastForecast[],
): {readonly demandsMax: number; readonly members: readonly PastForecast[]}[] {
  const counted = cases
    .map((past) => ({past, demands: demandCount(past.history)}))
    .sort((a, b) => a.demands - b.demands);
  const bounds = Array.from({length: CLASSES}, (_, i) =>
    i === CLASSES - 1 ? Infinity : (counted[Math.floor((counted.length * (i + 1)) / CLASSES)]?.demands ?? 0),
  );
  return [...new Set(bounds)]
    .map((demandsMax, i, all) => ({
      demandsMax,
      members: counted
        .filter(({demands}) => demands <= demandsMax && demands > (all[i - 1] ?? 0))
        .map(({past}) => past),
    }))
    .filter(({members}) => members.length > 0);
}

/** What the quantiles of a factor would have done in the past. */
interface Trial {
  /** Summed over the cases, in deviations of the item. */
  readonly loss: number;
  /** Share of the cases whose total was not above the quantile. */
  readonly coverage: number;
  /** The same at the origin where it was least. */
  readonly leastCoverage: number;
}

/** By level and factor. */
function trialsOf(
  population: DemandPopulation,
  cases: readonly PastForecast[],
  horizons: readonly number[],
  horizon: number,
  levels: readonly number[],
): Trial[][] {
  const sums = levels.map(() => ODDS_FACTORS.map(() => ({loss: 0, covered: new Map<number, number>()})));
  const tried = levels
    .flatMap((level, i) =>
      ODDS_FACTORS.map((factor, j) => ({level, raw: rawLevel(level, factor), sum: sums[i]![j]!})),
    )
    .sort((a, b) => a.raw - b.raw);
  const raws = tried.map(({raw}) => raw);
  const perOrigin = new Map<number, number>();
  for (const {history, totals, deviation} of cases) {
    const {lot, views} = viewsAhead(history, horizons[horizon]!, population);
    const said = viewsQuantiles(views, raws);
    const total = totals[horizon]!;
    const origin = history.length;
    perOrigin.set(origin, (perOrigin.get(origin) ?? 0) + 1);
    tried.forEach(({level, sum}, at) => {
      const quantile = lot * said[at]!;
      sum.loss += pinballLoss(total, quantile, level) / deviation;
      if (total <= quantile) sum.covered.set(origin, (sum.covered.get(origin) ?? 0) + 1);
    });
  }
  return sums.map((row) => row.map(({loss, covered}) => ({loss, ...coverageOf(covered, perOrigin)})));
}

function coverageOf(
  covered: ReadonlyMap<number, number>,
  cases: ReadonlyMap<number, number>,
): Pick<Trial, 'coverage' | 'leastCoverage'> {
  const sum = (counts: ReadonlyMap<number, number>): number =>
    [...counts.values()].reduce((a, b) => a + b, 0);
  const shares = [...cases].map(([origin, count]) => (covered.get(origin) ?? 0) / count);
  return {coverage: sum(covered) / sum(cases), leastCoverage: Math.min(...shares)};
}

/**
 * The factor of least loss and charge, of those that at no origin fell below the level, or not further than no change did: whole
 * pieces make coverage jump, and where the jump lies between two origins, their common share says nothing about the next.
 */
function chosenFactor(level: number, trials: readonly Trial[]): number {
  const unchanged = trials[0]!;
  const floor = Math.min(level - COVERAGE_FREE, unchanged.leastCoverage);
  const overCost = level < CHARGED_FROM ? 0 : OVER_COST;
  const charged = trials.map(({loss, coverage, leastCoverage}, i) => {
    if (leastCoverage < floor) return Infinity;
    const over = Math.max(0, coverage - level - COVERAGE_FREE);
    return loss + (Math.ceil(i / 2) * GAIN_A_STEP + overCost * over) * unchanged.loss;
  });
  return ODDS_FACTORS[charged.indexOf(Math.min(...charged))]!;
}

/** Raw odds of exceeding are `factor` times the wanted odds. Example: 0.95 at 2 → odds 2/19, so 0.9048. */
function rawLevel(level: number, factor: number): number {
  return level / (level + factor * (1 - level));
}

/** Drops a knot that does not lie above the one before it. */
function ascending(knots: readonly CalibrationKnot[]): readonly CalibrationKnot[] {
  return knots.filter(({raw}, i) => knots.slice(0, i).every((before) => before.raw < raw));
}
