/**
 * Loss of a stated quantile: every piece short costs the level, every piece too many costs 1 − level. Its expectation is least
 * at the true quantile, so it is what a stock held at that level would cost in shortage and holding.
 *
 * Source: Koenker & Bassett (1978), Regression Quantiles. Example: asked 5, said 3 at 0.9 → 1.8; asked 3, said 5 → 0.2.
 */
export function pinballLoss(actual: number, said: number, level: number): number {
  return actual > said ? level * (actual - said) : (1 - level) * (said - actual);
}
