import type {ForecastOutcome} from './accuracy.ts';
import type {SeriesMonth} from './demand-series.ts';
import {croston, tsb} from './intermittent.ts';

/** What the simple methods that planners know say of a month, in pieces. */
export interface SimpleForecasts {
  /** As much as in the month before. */
  readonly naive: number;
  /** Croston's method as Syntetos & Boylan corrected it, smoothing 0.1. */
  readonly sba: number;
  /** Teunter, Syntetos & Babai, smoothing 0.1 and 0.1. */
  readonly tsb: number;
}
export const SIMPLE_METHODS = ['naive', 'sba', 'tsb'] as const satisfies readonly (keyof SimpleForecasts)[];

/** A month that could be seen for less than a week says too little of its rate. */
const SEEN_MIN = 0.25;

/**
 * What the simple methods would have said of the last of these months, knowing the whole months before it. They are told what the forecast
 * itself is told: how much of each month could be seen, so that a stock-out is no quiet time, and the month asked about neither.
 *
 * Example: whole months of 0, 3, 0, 0, 2 pieces, all of them seen, then a month of which half could be seen → naive 1, SBA 0.656, TSB 0.251.
 *
 * @returns null where no whole month was seen before.
 */
export function simpleForecasts(months: readonly SeriesMonth[]): SimpleForecasts | null {
  const asked = months.at(-1);
  const history = months
    .slice(0, -1)
    .filter(({whole, visible}) => whole && visible >= SEEN_MIN)
    .map(({pieces, visible}) => pieces / visible);
  const last = history.at(-1);
  if (asked === undefined || last === undefined) return null;
  const {visible} = asked;
  return {
    naive: last * visible,
    sba: croston(history, {correction: 'syntetos-boylan'}) * visible,
    tsb: tsb(history) * visible,
  };
}

/** A month with what was forecast of it and what the simple methods would have said; null: nothing was known before it. */
export interface ComparedOutcome extends Pick<ForecastOutcome, 'expected' | 'actual'> {
  readonly simple: SimpleForecasts | null;
}

export interface MethodError {
  /** Σ |error| / Σ actual; null where nothing was asked for. */
  readonly wape: number | null;
  /** Root of the mean squared error of a month, in pieces. */
  readonly rmse: number;
}

export interface ForecastValueAdded extends Readonly<Record<keyof SimpleForecasts, MethodError>> {
  /** Months in which both could be asked. */
  readonly months: number;
  readonly forecast: MethodError;
  /** WAPE of naive less that of the forecast: above 0 the forecast adds value; null where nothing was asked for. */
  readonly againstNaive: number | null;
  /** 1 − RMSE / RMSE of the best simple method: the share of its error that the forecast takes off; null where that makes none. */
  readonly againstBest: number | null;
}

/**
 * Forecast value added: whether the forecast errs less than the simple methods, on the very same months.
 *
 * Both measures are needed. WAPE is the one that planners compare, but where most months ask for nothing it is least for a forecast of nothing.
 * The squared error is least for the mean, which is what a stock level is set from, so the best simple method is told by that.
 *
 * Source: Gilliland (2010), The Business Forecasting Deal, ch. 4; for the squared error Kolassa (2020), International Journal of Forecasting 36(1).
 * Example: 2 forecast and 1 and 3 came, naive said 4 and 1 → WAPE 2/4 against 5/4, RMSE 1 against 2.55: 75 points and 61 % are added.
 */
export function forecastValueAdded(outcomes: readonly ComparedOutcome[]): ForecastValueAdded {
  const compared = outcomes.flatMap(({expected, actual, simple}) =>
    simple === null ? [] : [{...simple, actual, forecast: expected}],
  );
  const asked = compared.reduce((sum, {actual}) => sum + actual, 0);
  const errorOf = (method: keyof SimpleForecasts | 'forecast'): MethodError => {
    const errors = compared.map((one) => one[method] - one.actual);
    const absolute = errors.reduce((sum, error) => sum + Math.abs(error), 0);
    const squares = errors.reduce((sum, error) => sum + error * error, 0);
    return {
      wape: asked === 0 ? null : absolute / asked,
      rmse: compared.length === 0 ? 0 : Math.sqrt(squares / compared.length),
    };
  };
  const forecast = errorOf('forecast');
  const simple = {naive: errorOf('naive'), sba: errorOf('sba'), tsb: errorOf('tsb')};
  const best = Math.min(...SIMPLE_METHODS.map((method) => simple[method].rmse));
  return {
    months: compared.length,
    forecast,
    ...simple,
    againstNaive: asked === 0 ? null : simple.naive.wape! - forecast.wape!,
    againstBest: best === 0 ? null : 1 - forecast.rmse / best,
  };
}
