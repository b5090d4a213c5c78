import {demandQuantiles} from '../../replenish/core/forecast/forecast-demand.ts';
import type {DemandPopulation} from '../../replenish/core/forecast/demand-population.ts';
import {empiricalQuantiles, momentQuantiles} from '../../replenish/core/forecast/moment-forecast.ts';
import {pastForecast, type PastForecast} from '../../replenish/core/forecast/past-forecasts.ts';
import {pinballLoss} from '../../replenish/core/forecast/pinball.ts';

export const HORIZONS = [1, 3, 6] as const;
export const LEVELS = [0.5, 0.9, 0.95, 0.99] as const;

/** Periods from one forecast of the held-out part to the next. */
const ORIGIN_STEP = 3;

export interface MethodScore {
  readonly method: string;
  readonly periods: number;
  /** At the same place as its level: mean over the items of loss / (periods · the item's mean a period). */
  readonly loss: readonly number[];
  /** Loss summed over the items / their summed means: what large items decide. */
  readonly pooledLoss: readonly number[];
  /** Share of the totals that the quantile was not exceeded by. */
  readonly coverage: readonly number[];
}

export interface DemandScore {
  readonly heldOutPeriods: number;
  readonly forecasts: number;
  readonly scores: readonly MethodScore[];
}

/** The last periods that nothing is learnt on: 12, or 6 where the history is shorter than three times that. */
export function heldOutPeriods(periods: number): number {
  return periods >= 36 ? 12 : 6;
}

/** Our forecast, the moment-fitted negative binomial and the empirical totals, on the held-out periods, item by item. */
export function scoreDemand(
  histories: readonly (readonly number[])[],
  population: DemandPopulation,
): DemandScore {
  const periods = histories[0]?.length ?? 0;
  const heldOut = heldOutPeriods(periods);
  const cases: PastForecast[] = [];
  for (let origin = periods - heldOut; origin <= periods - Math.max(...HORIZONS); origin += ORIGIN_STEP)
    for (const history of histories) cases.push(pastForecast(history, origin, HORIZONS));
  // Without demand so far an item has no scale to measure a loss in.
  const measured = cases.filter(({mean}) => mean > 0);
  const scores = [
    ...score('forestock', measured, ({history}) => demandQuantiles(history, HORIZONS, LEVELS, population)),
    ...score('negative binomial', measured, ({history}) =>
      HORIZONS.map((ahead) => momentQuantiles(history, ahead, LEVELS)),
    ),
    ...score('empirical', measured, ({history}) =>
      HORIZONS.map((ahead) => empiricalQuantiles(history, ahead, LEVELS)),
    ),
  ];
  return {heldOutPeriods: heldOut, forecasts: measured.length, scores};
}

function score(
  method: string,
  cases: readonly PastForecast[],
  say: (past: PastForecast) => readonly (readonly number[])[],
): MethodScore[] {
  const sums = HORIZONS.map(() => LEVELS.map(() => ({relative: 0, pieces: 0, covered: 0})));
  let means = 0;
  for (const past of cases) {
    means += past.mean;
    const said = say(past);
    HORIZONS.forEach((periods, horizon) => {
      LEVELS.forEach((level, i) => {
        const sum = sums[horizon]![i]!;
        const loss = pinballLoss(past.totals[horizon]!, said[horizon]![i]!, level);
        sum.relative += loss / (periods * past.mean);
        sum.pieces += loss;
        if (past.totals[horizon]! <= said[horizon]![i]!) sum.covered += 1;
      });
    });
  }
  return HORIZONS.map((periods, horizon) => ({
    method,
    periods,
    loss: sums[horizon]!.map(({relative}) => relative / cases.length),
    pooledLoss: sums[horizon]!.map(({pieces}) => pieces / (periods * means)),
    coverage: sums[horizon]!.map(({covered}) => covered / cases.length),
  }));
}
