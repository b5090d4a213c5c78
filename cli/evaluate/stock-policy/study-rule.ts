import {invariant} from '../../../domain/invariant.ts';

/*
 * What the published study did for the Syntetos-Boylan approximation, written again from its description: smoothing parameters
 * of size and interval fitted to each history, and a level against a gamma distribution with the forecast as mean and the
 * history's variance.
 */

/**
 * The Syntetos-Boylan rate with the two smoothings that bring the fitted rates closest to the running mean of the demand (mean absolute
 * rate), started from the first size and interval.
 *
 * Source: Kourentzes (2014), On intermittent demand model optimisation and selection, IJPE 156.
 */
export function fittedSba(history: readonly number[]): number {
  const fit = crostonHistory(history);
  const loss = ([size = 0, interval = 0]: readonly number[]): number => rateError(fit, size, interval);
  const [size = 0, interval = 0] = nelderMead(loss, [FIRST_GUESS, FIRST_GUESS]);
  return lastRate(fit, size, interval);
}

const FIRST_GUESS = 0.05;
/** The running mean stands still over this first share of the history, where it says little. */
const STILL_SHARE = 0.3;

interface CrostonHistory {
  readonly at: readonly number[];
  readonly sizes: readonly number[];
  readonly runningMean: readonly number[];
}

function crostonHistory(history: readonly number[]): CrostonHistory {
  const at = history.flatMap((pieces, period) => (pieces > 0 ? [period] : []));
  invariant(at.length >= 2, 'a smoothing is fitted to two demands or more');
  let sum = 0;
  const means = history.map((pieces, period) => (sum += pieces) / (period + 1));
  const still = Math.ceil(STILL_SHARE * history.length) - 1;
  return {
    at,
    sizes: at.map((period) => history[period]!),
    runningMean: means.map((mean, period) => (period < still ? means[still]! : mean)),
  };
}

/** Σ |rate − running mean| over the periods after the first demand; endless outside 0..1. */
function rateError(fit: CrostonHistory, size: number, interval: number): number {
  if (!(size >= 0 && size <= 1 && interval >= 0 && interval <= 1)) return Infinity;
  const {at, runningMean} = fit;
  let error = 0;
  walk(fit, size, interval, (rate, i) => {
    const last = at[i + 1] ?? runningMean.length - 1;
    for (let period = at[i]! + 1; period <= last; period += 1) error += Math.abs(rate - runningMean[period]!);
  });
  return error;
}

function lastRate(fit: CrostonHistory, size: number, interval: number): number {
  let last = 0;
  walk(fit, size, interval, (rate) => (last = rate));
  return last;
}

/** The rate after each demand. */
function walk(
  {at, sizes}: CrostonHistory,
  size: number,
  interval: number,
  hear: (rate: number, demand: number) => void,
): void {
  const factor = 1 - interval / 2;
  let level = sizes[0]!;
  let between = at[0]! + 1;
  for (let i = 0; i < at.length; i += 1) {
    if (i > 0) {
      level += size * (sizes[i]! - level);
      between += interval * (at[i]! - at[i - 1]! - between);
    }
    hear((factor * level) / between, i);
  }
}

const ROUNDS_MAX = 2_000;
/** Share of the error at the start that corners may differ by in the end. */
const SETTLED = 1e-5;

/**
 * Least value of a function of two arguments by a walking triangle.
 * Source: Nash (1990), Compact Numerical Methods for Computers, algorithm 19, which the study's statistics program uses.
 */
export function nelderMead(
  loss: (at: readonly number[]) => number,
  start: readonly [number, number],
): readonly number[] {
  const corner = (at: readonly number[]): Corner => ({at, loss: loss(at)});
  const between = (from: Corner, to: readonly number[], share: number): Corner =>
    corner(to.map((value, axis) => value + share * (from.at[axis]! - value)));
  const step = 0.1 * Math.max(...start.map(Math.abs)) || 0.1;
  let [best, middle, worst] = sorted(
    corner(start),
    corner([start[0] + step, start[1]]),
    corner([start[0], start[1] + step]),
  );
  const tolerance = SETTLED * Math.abs(loss(start));
  for (let round = 0; round < ROUNDS_MAX && worst.loss > best.loss + tolerance; round += 1) {
    const centre = best.at.map((value, axis) => (value + middle.at[axis]!) / 2);
    const mirrored = between(worst, centre, -1);
    let next = mirrored;
    if (mirrored.loss < best.loss) {
      const further = between(mirrored, centre, 2);
      if (further.loss < mirrored.loss) next = further;
    } else {
      const kept = mirrored.loss < worst.loss ? mirrored : worst;
      const nearer = between(kept, centre, 0.5);
      next = nearer.loss < kept.loss ? nearer : kept;
    }
    // No way is better: all close in on the best.
    if (next === worst) [middle, next] = [between(middle, best.at, 0.5), between(worst, best.at, 0.5)];
    [best, middle, worst] = sorted(best, middle, next);
  }
  return best.at;
}

function sorted(a: Corner, b: Corner, c: Corner): [Corner, Corner, Corner] {
  return [a, b, c].sort((one, other) => one.loss - other.loss) as [Corner, Corner, Corner];
}

interface Corner {
  readonly at: readonly number[];
  readonly loss: number;
}

/**
 * E[(D − level)⁺] of gamma demand, the distribution of the study that comes closest to its published curves.
 *
 *   mean · P(k + 1, level / θ)′ − level · P(k, level / θ)′, with k = mean² / variance, θ = variance / mean, P′ = 1 − P
 *
 * Example: mean 1, variance 1, level 1 → e⁻¹ ≈ 0.3679.
 */
export function gammaShortage(mean: number, variance: number, level: number): number {
  const shape = (mean * mean) / variance;
  const x = (level * mean) / variance;
  const above = 1 - gammaCdf(shape, x);
  // P(k + 1, x) = P(k, x) − x^k e^(−x) / Γ(k + 1)
  const aboveNext = x === 0 ? 1 : above + Math.exp(shape * Math.log(x) - x - lnGamma(shape + 1));
  return mean * aboveNext - level * above;
}

/** The regularised lower incomplete gamma function: a series below shape + 1, a continued fraction above. */
function gammaCdf(shape: number, x: number): number {
  if (x <= 0) return 0;
  const front = Math.exp(shape * Math.log(x) - x - lnGamma(shape + 1));
  if (x < shape + 1) {
    let term = 1;
    let sum = 1;
    for (let k = 1; term > sum * 1e-14; k += 1) {
      term *= x / (shape + k);
      sum += term;
    }
    return front * sum;
  }
  let fraction = x + 2 * FRACTION_DEPTH + 1 - shape;
  for (let k = FRACTION_DEPTH; k >= 1; k -= 1)
    fraction = x + 2 * k - 1 - shape - (k * (k - shape)) / fraction;
  return 1 - (front * shape) / fraction;
}

const FRACTION_DEPTH = 60;

/** ln Γ(x) for x > 0. Source: Stirling's series after shifting x above 8. Example: lnGamma(5) = ln 24. */
function lnGamma(x: number): number {
  let shifted = x;
  let product = 1;
  while (shifted < 8) {
    product *= shifted;
    shifted += 1;
  }
  const inverse = 1 / (shifted * shifted);
  const series = (1 / 12 - inverse * (1 / 360 - inverse * (1 / 1260 - inverse / 1680))) / shifted;
  return (
    (shifted - 0.5) * Math.log(shifted) - shifted + 0.5 * Math.log(2 * Math.PI) + series - Math.log(product)
  );
}

/**
 * The study's level: the least whole number of pieces from `least` on whose expected shortage is within the allowed one, and
 * at most the largest demand so far.
 *
 * @param shortage E[(D − level)⁺], falling in the level
 */
export function studyLevel(
  shortage: (level: number) => number,
  allowed: number,
  most: number,
  least = 0,
): number {
  if (shortage(least) <= allowed) return least;
  let low = least;
  let high = Math.max(least + 1, Math.ceil(most));
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (shortage(middle) <= allowed) high = middle;
    else low = middle;
  }
  return Math.min(high, Math.max(1, Math.ceil(most)));
}
