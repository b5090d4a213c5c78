import {invariant} from '../../../domain/invariant.ts';
import {bestSmoothing, smooth} from './smoothing.ts';

/*
 * The textbook's yardsticks: no decision takes them. The forecast of each month is held against SBA (`croston`) and `tsb` when the month is
 * over (value-added.ts); the others are reference functions, asked by published answers only.
 *
 * Point forecasts of the demand rate (pieces a period) from a history of equal periods, for demand with many empty periods.
 * They are rates only: a stock decision needs a distribution around them. A history without demand has rate 0.
 */

/** Sizes of the demands, and the periods from one to the next; the first interval counts from the start of the history. */
interface Demands {
  readonly sizes: readonly number[];
  readonly intervals: readonly number[];
}

function demands(history: readonly number[]): Demands {
  const sizes: number[] = [];
  const intervals: number[] = [];
  let before = -1;
  history.forEach((pieces, period) => {
    invariant(pieces >= 0, `demand of period ${period} is ${pieces}: it cannot be negative`);
    if (pieces === 0) return;
    sizes.push(pieces);
    intervals.push(period - before);
    before = period;
  });
  return {sizes, intervals};
}

/** How Croston's method treats what is known to bias it. */
export type CrostonCorrection =
  /** As published (Croston 1972): too high by up to the smoothing. */
  | 'none'
  /** Syntetos & Boylan 2005: times 1 − α/2. */
  | 'syntetos-boylan'
  /** Shale, Boylan & Johnston 2006: times 1 − α/(2 − α). */
  | 'shale-boylan-johnston';

export interface CrostonOptions {
  /** α in (0, 1], of sizes and intervals alike; 'fitted' chooses each by least squared error within 0.1–0.3. */
  readonly smoothing?: number | 'fitted';
  readonly correction?: CrostonCorrection;
  /** The interval to start from: the first one seen, or the mean of all. */
  readonly firstInterval?: 'seen' | 'mean';
}

/**
 * Croston's method: smoothed size over smoothed interval, both moved only when there is demand, so the rate of a part that
 * has stopped selling never falls (see `tsb`).
 *
 * Source: Croston (1972), Forecasting and stock control for intermittent demands, Operational Research Quarterly 23(3).
 * Example: [0, 3, 0, 0, 2] at α 0.1 → sizes 3 → 2.9, intervals 2 → 2.1: 2.9 / 2.1 = 1.381; with Syntetos-Boylan 1.312.
 */
export function croston(history: readonly number[], options: CrostonOptions = {}): number {
  const {smoothing = 0.1, correction = 'none', firstInterval = 'seen'} = options;
  const {sizes, intervals} = demands(history);
  if (sizes.length === 0) return 0;
  const start = firstInterval === 'seen' ? intervals[0]! : mean(intervals);
  const from = [start, ...intervals.slice(1)];
  if (smoothing === 'fitted') {
    invariant(correction === 'none', 'the corrections are stated for one smoothing of both series');
    return smooth(sizes, bestSmoothing(sizes)) / smooth(from, bestSmoothing(from));
  }
  return (smooth(sizes, smoothing) / smooth(from, smoothing)) * correctionFactor(correction, smoothing);
}

function correctionFactor(correction: CrostonCorrection, alpha: number): number {
  if (correction === 'syntetos-boylan') return 1 - alpha / 2;
  if (correction === 'shale-boylan-johnston') return 1 - alpha / (2 - alpha);
  return 1;
}

/**
 * TSB: smoothed size × smoothed chance of any demand in a period. The chance is moved every
 * period, so the rate of a part that has stopped selling falls towards 0.
 *
 * Source: Teunter, Syntetos & Babai (2011), Intermittent demand: linking forecasting to inventory obsolescence, European Journal of
 * Operational Research 214(3). Example: [0, 3, 0, 0, 2] at 0.1 and 0.1 → size 2.9 × chance 0.1729 = 0.501.
 */
export function tsb(history: readonly number[], sizeSmoothing = 0.1, chanceSmoothing = 0.1): number {
  const {sizes} = demands(history);
  if (sizes.length === 0) return 0;
  const occurred = history.map((pieces) => (pieces > 0 ? 1 : 0));
  return smooth(sizes, sizeSmoothing) * smooth(occurred, chanceSmoothing);
}

/**
 * Reference function. ADIDA: the history summed into buckets of about one mean interval, smoothed, and divided back.
 * Periods before the first whole bucket are left out.
 *
 * Source: Nikolopoulos et al. (2011), An aggregate–disaggregate intermittent demand approach, Journal of the Operational Research
 * Society 62(3). Example: 20 periods of 5 → buckets of 1, rate 5.
 */
export function adida(history: readonly number[]): number {
  const {intervals} = demands(history);
  return intervals.length === 0 ? 0 : aggregateRate(history, wholePeriods(mean(intervals)));
}

/**
 * Reference function. IMAPA: the mean of the aggregate rates for every bucket of 1 period up to the mean
 * interval, so that no single bucket size has to be right.
 *
 * Source: Petropoulos & Kourentzes (2015), Forecast combinations for intermittent demand, Journal of the Operational Research Society
 * 66(6). Example: 20 periods of 5 → 5.
 */
export function imapa(history: readonly number[]): number {
  const {intervals} = demands(history);
  if (intervals.length === 0) return 0;
  const rates = Array.from({length: wholePeriods(mean(intervals))}, (_, i) => aggregateRate(history, i + 1));
  return mean(rates);
}

function aggregateRate(history: readonly number[], periods: number): number {
  const sums: number[] = [];
  for (let at = history.length % periods; at < history.length; at += periods) {
    sums.push(history.slice(at, at + periods).reduce((sum, pieces) => sum + pieces, 0));
  }
  return smooth(sums, bestSmoothing(sums)) / periods;
}

export type DemandPattern = 'smooth' | 'intermittent' | 'erratic' | 'lumpy';

export interface DemandClass {
  /** Average demand interval: periods of the history per period with demand. */
  readonly adi: number;
  /** Squared coefficient of variation of the sizes, with n − 1; 0 for a single demand. */
  readonly cv2: number;
  readonly pattern: DemandPattern;
}

const FREQUENT_BELOW_ADI = 1.32;
const EVEN_BELOW_CV2 = 0.49;

/**
 * Reference function. The four patterns, cut at an interval of 1.32 and a squared variation of 0.49.
 * Undefined for a history without demand.
 *
 * Source: Syntetos, Boylan & Croston (2005), On the categorization of demand patterns, Journal of the Operational Research Society 56(5).
 * Example: [0, 3, 0, 0, 2] → interval 5 / 2 = 2.5, variation 0.5 / 6.25 = 0.08: intermittent.
 */
export function demandClass(history: readonly number[]): DemandClass | undefined {
  const {sizes} = demands(history);
  if (sizes.length === 0) return undefined;
  const adi = history.length / sizes.length;
  const centre = mean(sizes);
  const squares = sizes.reduce((sum, size) => sum + (size - centre) ** 2, 0);
  const cv2 = sizes.length === 1 ? 0 : squares / (sizes.length - 1) / centre ** 2;
  const frequent = adi < FREQUENT_BELOW_ADI;
  const even = cv2 < EVEN_BELOW_CV2;
  const pattern = frequent ? (even ? 'smooth' : 'erratic') : even ? 'intermittent' : 'lumpy';
  return {adi, cv2, pattern};
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** To the nearest whole number, halves to the even one, as the programs that published these methods round. */
function wholePeriods(value: number): number {
  const below = Math.floor(value);
  const rounded = value - below === 0.5 ? below + (below % 2) : Math.round(value);
  return Math.max(1, rounded);
}
