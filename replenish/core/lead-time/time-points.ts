import {PPM} from '../../../domain/quantity.ts';

/** Where an uncertain time may lie. */
export interface TimePoint {
  readonly hours: number;
  readonly weight: number;
}

/** Points of a law, taken apart from where it lies: standard deviations from the mean, and ppm that add up to a million. */
export type Shape = readonly (readonly [deviations: number, ppm: number])[];

/** A time from now: mean and standard deviation, and the shape of its law where that was learnt. */
export interface UncertainTime {
  readonly meanH: number;
  readonly sdH: number;
  readonly shape?: Shape | undefined;
}

/** A point of a law of mean 0 and deviation 1. */
interface StandardPoint {
  readonly z: number;
  readonly weight: number;
}

/**
 * An uncertain time as three points at most: those of its own law (`condensed`), or else the Gauss quadrature of the gamma law with its mean and
 * deviation, exact for polynomials of the time up to degree 5. So mean, variance and skewness are kept, and every point lies after now, however wide the law.
 *
 * Lead times are right-skewed: three points about the mean of a normal law would lie before now from a deviation of 0.58 of the mean on.
 *
 * Source: Golub & Welsch (1969), Calculation of Gauss quadrature rules, Mathematics of Computation 23, with the recurrence of the
 * generalised Laguerre polynomials (Abramowitz & Stegun 22.7.12). Example: 100 ± 20 h → 73.4, 105.3, 145.3 h with weights 0.280, 0.630, 0.090.
 */
export function timePoints({meanH, sdH, shape}: UncertainTime): readonly TimePoint[] {
  if (sdH === 0) return [{hours: meanH, weight: 1}];
  // Rounding can leave −1e−14 of a very wide law; a law that was moved since keeps its shape.
  const hoursAt = (z: number): number => Math.max(0, meanH + z * sdH);
  if (shape !== undefined) return shape.map(([z, ppm]) => ({hours: hoursAt(z), weight: ppm / PPM}));
  const cv = sdH / meanH;
  const gamma = quadrature({skewness: 2 * cv, spread: 2 + 2 * cv * cv, last: 4 * cv});
  return gamma.map(({z, weight}) => ({hours: hoursAt(z), weight}));
}

/**
 * A law of many points in three at most, by its own Gauss quadrature: mean, variance and skewness stay, and no point lies outside the law's own.
 * A law of two points is these two.
 *
 * Source: Stieltjes' procedure on a discrete law, as in Gautschi (2004), Orthogonal Polynomials, ch. 2.
 * Example: 240 h in 3 of 4, else 432 h → mean 288, deviation 83.1, shape (−0.577, ¾), (1.732, ¼): 240 and 432 h.
 */
export function condensed(law: readonly TimePoint[]): UncertainTime {
  const meanOf = (of: (hours: number) => number): number =>
    law.reduce((sum, {hours, weight}) => sum + weight * of(hours), 0);
  const meanH = meanOf((hours) => hours);
  const sdH = Math.sqrt(meanOf((hours) => (hours - meanH) ** 2));
  if (sdH < CERTAIN * meanH) return {meanH, sdH: 0};
  const at = (hours: number): number => (hours - meanH) / sdH;
  const skewness = meanOf((hours) => at(hours) ** 3);
  const second = (z: number): number => (z - skewness) * z - 1;
  const spread = meanOf((hours) => second(at(hours)) ** 2);
  if (spread < CERTAIN) return {meanH, sdH, shape: rounded(twoPoints(skewness))};
  const last = meanOf((hours) => at(hours) * second(at(hours)) ** 2) / spread;
  return {meanH, sdH, shape: rounded(quadrature({skewness, spread, last}))};
}

/** One time after another, each independent of the other. Example: 3 h, then 100 ± 20 h → 103 ± 20 h. */
export function added(first: UncertainTime, then: UncertainTime): UncertainTime {
  const sum = {meanH: first.meanH + then.meanH, sdH: Math.hypot(first.sdH, then.sdH)};
  if (first.shape === undefined && then.shape === undefined) return sum;
  const {shape} = condensed(crossed(first, then, (one, other) => one + other));
  return {...sum, shape};
}

/**
 * The later of two times, each independent of the other. Where each may be the later one, it is later than either by itself.
 *
 *   E[max(X, Y)] = E[Y] + E[(X − Y)⁺],  over the points of both
 *
 * Source: its definition; for normal times Clark (1961), The greatest of a finite set of random variables, Operations Research 9.
 * Example: 10 ± 2 and 14 ± 3 days → 14.20 ± 2.82 (gamma times by simulation: 14.21 ± 2.80; Clark: 14.24). 10 ± 2 twice → 10.97 ± 1.83 (11.13 ± 1.78).
 */
export function laterOf(one: UncertainTime, other: UncertainTime): UncertainTime {
  const [first, then] = [timePoints(one), timePoints(other)];
  if (first[0]!.hours >= then.at(-1)!.hours) return one;
  if (then[0]!.hours >= first.at(-1)!.hours) return other;
  return condensed(crossed(one, other, Math.max));
}

function crossed(
  first: UncertainTime,
  then: UncertainTime,
  of: (one: number, other: number) => number,
): TimePoint[] {
  const others = timePoints(then);
  return timePoints(first).flatMap((one) =>
    others.map((other) => ({hours: of(one.hours, other.hours), weight: one.weight * other.weight})),
  );
}

/** Below this share of the mean a deviation is rounding. */
const CERTAIN = 1e-6;
/** A deviation is kept to so many parts: a lead time of 60 ± 20 days to three minutes. */
const DEVIATION_PARTS = 1e4;

/** Canonical: a decision keeps it. What is missing to a million goes to the likeliest point. */
function rounded(points: readonly StandardPoint[]): Shape {
  const shape = points
    .map(({z, weight}): [number, number] => [
      Math.round(z * DEVIATION_PARTS) / DEVIATION_PARTS + 0, // never −0, which no JSON keeps
      Math.round(weight * PPM),
    ])
    .filter(([, ppm]) => ppm > 0);
  const likeliest = shape.reduce((best, point) => (point[1] > best[1] ? point : best));
  likeliest[1] += PPM - shape.reduce((sum, [, ppm]) => sum + ppm, 0);
  return shape;
}

/** A law whose second polynomial vanishes on it has no more than two points: its roots. */
function twoPoints(skewness: number): StandardPoint[] {
  const half = Math.sqrt(skewness * skewness + 4) / 2;
  return [skewness / 2 - half, skewness / 2 + half].map((z) => ({z, weight: 1 / (1 + z * z)}));
}

/** How the orthogonal polynomials of a standardised law follow from each other: p₁ = z, p₂ = (z − skewness) · z − 1, p₃ = (z − last) · p₂ − spread · z. */
interface Recurrence {
  readonly skewness: number;
  /** E[p₂²]. */
  readonly spread: number;
  readonly last: number;
}

/** Roots of p₃ in rising order, each with the weight 1 / (1 + z² + p₂² / spread). Example: a normal law, (0, 2, 0) → −√3, 0, √3 with 1/6, 2/3, 1/6. */
function quadrature({skewness, spread, last}: Recurrence): StandardPoint[] {
  // z³ − 3 third z² + b z + last, by cosines: all three roots are real.
  const third = (skewness + last) / 3;
  const b = skewness * last - 1 - spread;
  const square = third * third - b / 3;
  const radius = Math.sqrt(square);
  const turn = (third * (third * third - b / 2) - last / 2) / (square * radius);
  const angle = Math.acos(Math.max(-1, Math.min(1, turn)));
  const root = (k: number): StandardPoint => {
    const z = third + 2 * radius * Math.cos((angle + 2 * Math.PI * k) / 3);
    const second = (z - skewness) * z - 1;
    return {z, weight: 1 / (1 + z * z + (second * second) / spread)};
  };
  return [root(1), root(2), root(0)];
}
