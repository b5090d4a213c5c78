/** Where an uncertain time may lie. */
export interface TimePoint {
  readonly hours: number;
  readonly weight: number;
}

/** A time from now of which mean and standard deviation are known. */
export interface UncertainTime {
  readonly meanH: number;
  readonly sdH: number;
}

/** A point of a law of mean 0 and deviation 1. */
interface StandardPoint {
  readonly z: number;
  readonly weight: number;
}

/**
 * An uncertain time as three points: the Gauss quadrature of the gamma law with its mean and deviation, exact for polynomials of
 * the time up to degree 5. So mean, variance and skewness are kept, and every point lies after now, however wide the law.
 *
 * Lead times are right-skewed: three points about the mean of a normal law would lie before now from a deviation of 0.58 of the mean on.
 *
 * Source: Golub & Welsch (1969), Calculation of Gauss quadrature rules, Mathematics of Computation 23, with the recurrence of the
 * generalised Laguerre polynomials (Abramowitz & Stegun 22.7.12). Example: 100 ± 20 h → 73.4, 105.3, 145.3 h with weights 0.280, 0.630, 0.090.
 */
export function timePoints({meanH, sdH}: UncertainTime): readonly TimePoint[] {
  if (sdH === 0) return [{hours: meanH, weight: 1}];
  const cv = sdH / meanH;
  return quadrature({skewness: 2 * cv, spread: 2 + 2 * cv ** 2, last: 4 * cv}).map(({z, weight}) => ({
    hours: Math.max(0, meanH + z * sdH), // rounding can leave −1e−14 of a very wide law
    weight,
  }));
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
