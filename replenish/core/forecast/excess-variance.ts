/** Pieces seen where so many were expected, and the variance over mean of such demand. */
export interface SeenAgainstExpected {
  readonly seen: number;
  readonly expected: number;
  readonly spread: number;
}

/** Standard errors that an estimate must lie above 0: with one alone, chance would look like structure in one case of six. */
const ERRORS_ABOVE = 2;

/**
 * How much the true levels differ from the expected ones, as a squared coefficient of variation, beyond what demand of its spread
 * scatters anyway; 0 where the data could as well have come from equal levels.
 *
 *   τ² = Σ [(seen − expected)² − spread · expected] / Σ expected²
 *
 * It is the between-variance of credibility theory, and z = τ² / (τ² + spread / expected) the weight of what was seen.
 *
 * Source: Bühlmann & Straub (1970), with the moments of a mixed Poisson. Example: 30 and 10 seen where 20 each were expected, spread
 * 1 → (100 + 100 − 40) / 800 = 0.2; 22 and 18 → 0.
 */
export function excessVariance(cases: readonly SeenAgainstExpected[]): number {
  let excess = 0;
  let squares = 0;
  let noise = 0;
  for (const {seen, expected, spread} of cases) {
    excess += (seen - expected) ** 2 - spread * expected;
    squares += expected * expected;
    // Variance of a squared deviation around its mean: 2 σ⁴ of a normal one, and σ² more of a count's.
    noise += 2 * (spread * expected) ** 2 + spread ** 3 * expected;
  }
  if (squares === 0 || excess <= ERRORS_ABOVE * Math.sqrt(noise)) return 0;
  return excess / squares;
}
