import {demandMoments} from './demand-moments.ts';
import type {DemandPopulation} from './demand-population.ts';
import {viewsAhead} from './forecast-demand.ts';
import {learnCalibration} from './learn-calibration.ts';
import {momentQuantiles} from './moment-forecast.ts';
import {pastForecasts, type PastForecast} from './past-forecasts.ts';
import {pinballLoss} from './pinball.ts';
import {viewsQuantiles} from './quick-quantiles.ts';

/** Probabilities that the forecast is tuned for; the upper ones are where stock is decided. */
export const TUNED_LEVELS = [0.5, 0.9, 0.95, 0.99] as const;
const LEVEL_WEIGHTS: Readonly<Record<(typeof TUNED_LEVELS)[number], number>> = {
  0.5: 0.25,
  0.9: 1,
  0.95: 1,
  0.99: 1,
};

/** Enough that a candidate's loss at 0.99 is told from its neighbour's, and few enough for a minute a population. */
const SEARCH_CASES = 5_000;
const CALIBRATION_CASES = 30_000;

/** What is tried for each setting, one setting after the other. */
const CANDIDATES = {
  recentDiscount: [0.98, 0.95, 0.9, 0.8, 0.7],
  recentWeight: [0, 0.25, 0.5, 0.75, 1],
  spreadDemands: [0.25, 1, 4, 16],
  levelDrift: [0, 0.02, 0.05, 0.1, 0.2, 0.4],
} as const;
const ROUNDS = 2;

/**
 * What the items of a population have in common, from their histories (equally long, oldest first), by the forecasts that
 * could have been made within them: settings with the least pinball loss relative to a moment-fitted negative binomial, then
 * the calibration of each horizon.
 *
 * @param onProgress told the share of the work done, 0 to 1
 */
export function learnPopulation(
  histories: readonly (readonly number[])[],
  horizons: readonly number[],
  onProgress: (share: number) => void = () => undefined,
): DemandPopulation {
  const calibrating = pastForecasts(histories, horizons, CALIBRATION_CASES);
  const search = searchPopulation(histories, horizons, SEARCH_CASES);
  for (;;) {
    const step = search.next();
    if (step.done !== true) {
      onProgress(step.value);
      continue;
    }
    const best = {...step.value, silent: silentDemand(calibrating, horizons)};
    if (!severalOrigins(calibrating, horizons)) return best;
    return {...best, calibration: learnCalibration(best, calibrating, horizons, TUNED_LEVELS)};
  }
}

/** What a population is taken to have in common before it has a past to learn from: mean and spread by size, no calibration. */
export function unlearntPopulation(histories: readonly (readonly number[])[]): DemandPopulation {
  return {
    recentDiscount: 0.95,
    recentWeight: 0.5,
    usualSpread: usualSpread(histories),
    spreadDemands: 1,
    levelDrift: 0.05,
    silent: {mean: 0, variance: 0},
    calibration: [],
  };
}

/**
 * The settings of `learnPopulation` alone, step by step: each step is a candidate tried and yields the share of the work done, so
 * that whoever has other work may do it in between.
 *
 * @param casesMax  past forecasts that each candidate is judged by; the time of a step grows with it
 */
export function* searchPopulation(
  histories: readonly (readonly number[])[],
  horizons: readonly number[],
  casesMax: number,
): Generator<number, DemandPopulation> {
  const searching = pastForecasts(histories, horizons, casesMax).filter(({mean}) => mean > 0);
  let best = unlearntPopulation(histories);
  const reference = losses(searching, horizons, ({history}, periods) =>
    momentQuantiles(history, periods, TUNED_LEVELS),
  );
  const lossOf = (population: DemandPopulation): number => {
    const own = losses(searching, horizons, ({history}, periods) => {
      const {lot, views} = viewsAhead(history, periods, population);
      return viewsQuantiles(views, TUNED_LEVELS).map((lots) => lots * lot);
    });
    return relative(own, reference);
  };
  let bestLoss = lossOf(best);
  const settings = Object.keys(CANDIDATES) as (keyof typeof CANDIDATES)[];
  const trials = ROUNDS * settings.reduce((sum, name) => sum + CANDIDATES[name].length, 0);
  let tried = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const name of settings) {
      for (const value of CANDIDATES[name]) {
        yield (tried += 1) / (trials + 2);
        if (best[name] === value) continue;
        const candidate = {...best, [name]: value};
        const loss = lossOf(candidate);
        if (loss >= bestLoss) continue;
        [best, bestLoss] = [candidate, loss];
      }
    }
  }
  return best;
}

/**
 * All items share the surprises of one origin, so a single one cannot tell a wrong spread from a bad year: it takes two whose
 * periods ahead do not overlap.
 */
function severalOrigins(cases: readonly PastForecast[], horizons: readonly number[]): boolean {
  const origins = cases.map(({history}) => history.length);
  const first = origins.reduce((least, each) => Math.min(least, each), Infinity);
  const last = origins.reduce((most, each) => Math.max(most, each), 0);
  return last - first >= Math.max(...horizons);
}

type Say = (past: PastForecast, periods: number) => readonly number[];

/** Loss, in deviations of the item, summed over the cases, by horizon and level. */
function losses(cases: readonly PastForecast[], horizons: readonly number[], say: Say): number[][] {
  return horizons.map((periods, horizon) => {
    const sums = TUNED_LEVELS.map(() => 0);
    for (const past of cases) {
      const said = say(past, periods);
      TUNED_LEVELS.forEach((level, i) => {
        sums[i]! += pinballLoss(past.totals[horizon]!, said[i]!, level) / past.deviation;
      });
    }
    return sums;
  });
}

/** Sum over horizons and levels of the loss over the reference's; where the reference has none, there is nothing to gain. */
function relative(own: readonly (readonly number[])[], reference: readonly (readonly number[])[]): number {
  let sum = 0;
  own.forEach((row, horizon) => {
    row.forEach((loss, i) => {
      const base = reference[horizon]![i]!;
      if (base > 0) sum += (LEVEL_WEIGHTS[TUNED_LEVELS[i]!] * loss) / base;
    });
  });
  return sum;
}

/** Least squares of ln(variance / mean) on ln(mean) over the items with demand. */
function usualSpread(histories: readonly (readonly number[])[]): DemandPopulation['usualSpread'] {
  const points = histories
    .map((history) => demandMoments(history, 1))
    .filter(({mean}) => mean > 0)
    .map(({mean, variance}) => ({x: Math.log(mean), y: Math.log(Math.max(1, variance / mean))}));
  if (points.length === 0) return {intercept: 0, slope: 0};
  const centreX = points.reduce((sum, {x}) => sum + x, 0) / points.length;
  const centreY = points.reduce((sum, {y}) => sum + y, 0) / points.length;
  const xx = points.reduce((sum, {x}) => sum + (x - centreX) ** 2, 0);
  const xy = points.reduce((sum, {x, y}) => sum + (x - centreX) * (y - centreY), 0);
  const slope = xx === 0 ? 0 : xy / xx;
  return {intercept: centreY - slope * centreX, slope};
}

/** What came, a period, after histories without any demand. */
function silentDemand(
  cases: readonly PastForecast[],
  horizons: readonly number[],
): DemandPopulation['silent'] {
  const longest = horizons.indexOf(Math.max(...horizons));
  const totals = cases.filter(({mean}) => mean === 0).map((past) => past.totals[longest]!);
  if (totals.length < 2) return {mean: 0, variance: 0};
  const centre = totals.reduce((sum, each) => sum + each, 0) / totals.length;
  const squares = totals.reduce((sum, each) => sum + (each - centre) ** 2, 0);
  return {mean: centre / horizons[longest]!, variance: squares / (totals.length - 1) / horizons[longest]!};
}
