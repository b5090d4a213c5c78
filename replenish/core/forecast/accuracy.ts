import {negativeBinomialPmf} from '../probability/negative-binomial.ts';
import {quantile} from '../probability/pmf.ts';
import {pinballLoss} from './pinball.ts';

/** One period of one item: what had been forecast before it began, and what was asked for. Pieces. */
export interface ForecastOutcome {
  readonly expected: number;
  /** Variance over mean that the forecast stated. */
  readonly vmr: number;
  readonly actual: number;
}

export interface ForecastAccuracy {
  readonly forecasts: number;
  readonly expected: number;
  readonly actual: number;
  /** Σ |actual − expected| / Σ actual; null where nothing was asked for. */
  readonly wape: number | null;
  /** (Σ expected − Σ actual) / Σ actual: above 0 too much was forecast; null where nothing was asked for. */
  readonly bias: number | null;
  /** Mean pinball loss of the 0.9 quantile, in pieces. */
  readonly pinball90: number;
  /** Share of the periods within the 0.9 quantile; whole pieces make it a little more than 0.9. */
  readonly covered90: number;
}

const LEVEL = 0.9;

/**
 * How good forecasts were, as a planner reads it, and as a distribution.
 *
 * Example: expected 2 and 2, asked for 1 and 5 → WAPE (1 + 3) / 6 = 0.667, bias (4 − 6) / 6 = −0.333.
 */
export function forecastAccuracy(outcomes: readonly ForecastOutcome[]): ForecastAccuracy {
  let expected = 0;
  let actual = 0;
  let absolute = 0;
  let loss = 0;
  let covered = 0;
  for (const outcome of outcomes) {
    expected += outcome.expected;
    actual += outcome.actual;
    absolute += Math.abs(outcome.actual - outcome.expected);
    const said = quantile(negativeBinomialPmf(outcome.expected, outcome.expected * outcome.vmr), LEVEL);
    loss += pinballLoss(outcome.actual, said, LEVEL);
    if (outcome.actual <= said) covered += 1;
  }
  const forecasts = outcomes.length;
  return {
    forecasts,
    expected,
    actual,
    wape: actual === 0 ? null : absolute / actual,
    bias: actual === 0 ? null : (expected - actual) / actual,
    pinball90: forecasts === 0 ? 0 : loss / forecasts,
    covered90: forecasts === 0 ? 1 : covered / forecasts,
  };
}

/** Drift of one deviation that the signal is built to find late rather than never, in deviations a period. */
const REFERENCE = 0.5;
/** An unbiased normal forecast crosses it once in some 460 periods, on either side (Page's tables for 0.5 and 5). */
export const SIGNAL_LIMIT = 5;

export interface TrackingSignal {
  /** Above 0 more was asked for than forecast, below 0 less; in deviations. */
  readonly signal: number;
  readonly alarm: boolean;
}

/**
 * Tracking signal of one series of forecasts, oldest first: the larger of the two one-sided cumulative sums of the errors in
 * deviations of the forecast's own distribution, each less half a deviation a period and never below 0. Scatter cancels, a bias adds
 * up: an error of one deviation a period is an alarm in the tenth, of two in the fourth.
 *
 *   up = max(0, up + z − ½), down = max(0, down − z − ½),  z = (actual − expected) / √(expected · vmr)
 *
 * Source: Page (1954), Continuous inspection schemes; Harrison & Davies (1964) for forecasts. Example: 4 expected (vmr 1), 8 asked for:
 * z = 2, so 1.5 after one period, and 6 after four: alarm.
 */
export function trackingSignal(outcomes: readonly ForecastOutcome[]): TrackingSignal {
  let up = 0;
  let down = 0;
  for (const {expected, vmr, actual} of outcomes) {
    // A twentieth of a piece at least: where next to nothing was expected, one piece is a surprise and no catastrophe.
    const deviation = Math.sqrt(Math.max(0.05, expected * vmr));
    const error = (actual - expected) / deviation;
    up = Math.max(0, up + error - REFERENCE);
    down = Math.max(0, down - error - REFERENCE);
  }
  const signal = up >= down ? up : -down;
  return {signal, alarm: Math.abs(signal) >= SIGNAL_LIMIT};
}
