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

/** Classes by how often an item was asked for, equally many past forecasts in each. */
const CLASSES = 3;

/**
 * For each horizon, class of items and level the raw level whose quantile had the least pinball loss over the past forecasts:
 * the conformal idea of asking the past how far a stated probability can be trusted, with the loss in place of the count,
 * because demand in whole pieces rarely meets a probability exactly.
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
      const losses = trialLosses(population, members, horizons, horizon, levels);
      const knots = levels.map((level, i) => ({level, raw: rawLevel(level, chosenFactor(losses[i]!))}));
      return {periods, demandsMax, knots: ascending(knots)};
    }),
  );
}

function classesOf(
  cases: readonly PastForecast[],
): {readonly demandsMax: number; readonly members: readonly PastForecast[]}[] {
  const counted = cases
    .map((past) => ({past, demands: demandCount(past.history)}))
    .sort((a, b) => a.demands - b.demands);
  const bounds = Array.from({length: CLASSES}, (_, i) =>
    i === CLASSES - 1 ? Infinity : (counted[Math.floor((counted.length * (i + 1)) / CLASSES)]?.demands ?? 0),
  );
  return [...new Set(bounds)].map((demandsMax, i, all) => ({
    demandsMax,
    members: counted
      .filter(({demands}) => demands <= demandsMax && demands > (all[i - 1] ?? 0))
      .map(({past}) => past),
  }));
}

/** Loss by level and factor, summed over the cases in deviations of the item. */
function trialLosses(
  population: DemandPopulation,
  cases: readonly PastForecast[],
  horizons: readonly number[],
  horizon: number,
  levels: readonly number[],
): number[][] {
  const trials = levels
    .flatMap((level, i) => ODDS_FACTORS.map((factor, j) => ({level, i, j, raw: rawLevel(level, factor)})))
    .sort((a, b) => a.raw - b.raw);
  const raws = trials.map(({raw}) => raw);
  const losses = levels.map(() => ODDS_FACTORS.map(() => 0));
  for (const {history, totals, deviation} of cases) {
    const {lot, views} = viewsAhead(history, horizons[horizon]!, population);
    const said = viewsQuantiles(views, raws);
    trials.forEach(({level, i, j}, at) => {
      losses[i]![j]! += pinballLoss(totals[horizon]!, lot * said[at]!, level) / deviation;
    });
  }
  return losses;
}

function chosenFactor(losses: readonly number[]): number {
  const charged = losses.map((loss, i) => loss + Math.ceil(i / 2) * GAIN_A_STEP * losses[0]!);
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
