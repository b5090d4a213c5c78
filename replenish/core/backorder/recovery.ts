/**
 * The order-up-to level while a depot recovers from a backorder: the usual demand is covered at once, the safety stock above it comes
 * back in equal steps. A source that has just come to its feet is not asked for everything on its first day, and what it still owes
 * counts, because the level is met by the inventory position.
 *
 *   S(k) = u + ⌊(S − u) · k / n⌋   with u = min(S, ⌈usual demand⌉), k = 1..n
 *
 * @param target       S, the full order-up-to level, in pieces.
 * @param usualPieces  Mean demand until an order placed now arrives.
 * @param step         k, 1 in the first step; above `steps` the recovery is over.
 *
 * Example: S = 7, usual demand 2.4, four steps → 4, 5, 6, 7.
 */
export function recoveryLevel(target: number, usualPieces: number, step: number, steps: number): number {
  const usual = Math.min(target, Math.ceil(usualPieces));
  return usual + Math.floor(((target - usual) * Math.min(step, steps)) / steps);
}
