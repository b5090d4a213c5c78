import {invariant} from '../../../domain/invariant.ts';
import type {DemandPmf} from '../probability/pmf.ts';
import {calibrate, rawLevelOf} from './calibrate.ts';
import {demandCount, demandMoments} from './demand-moments.ts';
import type {CalibrationKnot, DemandPopulation} from './demand-population.ts';
import {lotOf} from './lot.ts';
import {viewsPmf, viewsQuantiles, type View} from './quick-quantiles.ts';

/** Total demand of the periods ahead, counted in lots: P(total = k · lot) = pmf.p[k]. */
export interface DemandForecast {
  readonly lot: number;
  readonly pmf: DemandPmf;
}

/** A standard deviation of more lots than this is counted in coarser ones: finer steps change no stock decision. */
const LOTS_A_DEVIATION = 32;

/**
 * The distribution of an item's total demand over the next `periods`, from its history of equal periods, oldest first.
 *
 * Two views of the item, its whole history and its recent past, each give a negative binomial; the forecast is their mixture
 * by the population's weight, with its probabilities calibrated as the population's past forecasts needed it. In each view
 *
 *   mean = h · m,  variance = h · m · d + h² · (m · d / n + drift · m²)
 *
 * with m the (discounted) mean a period, d the item's variance over mean, shrunk to the usual one of the population, and n the
 * effective number of periods: the middle term is the error of m itself.
 *
 * Example: see test/replenish/core/forecast/forecast-demand.test.ts.
 */
export function forecastDemand(
  history: readonly number[],
  periods: number,
  population: DemandPopulation,
): DemandForecast {
  const {lot, views} = viewsAhead(history, periods, population);
  return {lot, pmf: calibrate(viewsPmf(views), knotsFor(history, periods, population))};
}

/**
 * Quantiles, in pieces, of the total demand over each of the horizons: those of `forecastDemand` without its distribution.
 * Longer totals hold the shorter ones, so no quantile falls below that of a shorter horizon.
 *
 * @param horizons periods ahead, ascending
 * @param levels   probabilities of not being exceeded, ascending
 * @returns one row of quantiles for each horizon
 */
export function demandQuantiles(
  history: readonly number[],
  horizons: readonly number[],
  levels: readonly number[],
  population: DemandPopulation,
): number[][] {
  const rows: number[][] = [];
  for (const periods of horizons) {
    const {lot, views} = viewsAhead(history, periods, population);
    const knots = knotsFor(history, periods, population);
    const raw = levels.map((level) => rawLevelOf(level, knots));
    const shorter = rows.at(-1);
    rows.push(viewsQuantiles(views, raw).map((lots, i) => Math.max(lots * lot, shorter?.[i] ?? 0)));
  }
  return rows;
}

/** The views of an item, in lots, before their probabilities meet what the population learnt about them. */
export function viewsAhead(
  history: readonly number[],
  periods: number,
  population: DemandPopulation,
): {readonly lot: number; readonly views: readonly View[]} {
  invariant(periods >= 1, `a forecast looks at least one period ahead, not ${periods}`);
  const {recentWeight, recentDiscount} = population;
  const views: View[] = [];
  if (recentWeight < 1)
    views.push({weight: 1 - recentWeight, ...totalAhead(history, 1, periods, population)});
  if (recentWeight > 0)
    views.push({weight: recentWeight, ...totalAhead(history, recentDiscount, periods, population)});
  const lot = coarseLot(lotOf(history), views);
  return {
    lot,
    views: views.map(({weight, mean, variance}) => ({
      weight,
      mean: mean / lot,
      variance: variance / (lot * lot),
    })),
  };
}

interface Moments {
  readonly mean: number;
  readonly variance: number;
}

function totalAhead(
  history: readonly number[],
  discount: number,
  periods: number,
  population: DemandPopulation,
): Moments {
  const seen = demandMoments(history, discount);
  const {mean, effectivePeriods} = seen;
  if (mean === 0)
    return {mean: periods * population.silent.mean, variance: periods * population.silent.variance};
  const {spreadDemands, usualSpread, levelDrift} = population;
  const usual = Math.max(1, Math.exp(usualSpread.intercept + usualSpread.slope * Math.log(mean)));
  const own = Math.max(1, seen.variance / mean);
  const spread = (seen.demandWeight * own + spreadDemands * usual) / (seen.demandWeight + spreadDemands);
  const ofLevel = (mean * spread) / effectivePeriods + levelDrift * mean * mean;
  return {mean: periods * mean, variance: periods * mean * spread + periods * periods * ofLevel};
}

/** A multiple of the item's own lot that keeps the distribution short, and no coarser than its variance over mean. */
function coarseLot(lot: number, totals: readonly Moments[]): number {
  const steps = totals.map(({mean, variance}) =>
    mean === 0 ? Infinity : Math.min(Math.sqrt(variance) / LOTS_A_DEVIATION, variance / mean) / lot,
  );
  const least = Math.min(...steps);
  return least > 1 && least < Infinity ? lot * Math.floor(least) : lot;
}

/** Of the nearest horizon, by ratio, the class that the item is in. */
function knotsFor(
  history: readonly number[],
  periods: number,
  {calibration}: DemandPopulation,
): readonly CalibrationKnot[] {
  const distance = (of: number): number => Math.abs(Math.log(of / periods));
  const least = Math.min(...calibration.map((each) => distance(each.periods)));
  const demands = demandCount(history);
  return (
    calibration.find((each) => distance(each.periods) === least && demands <= each.demandsMax)?.knots ?? []
  );
}
