/** Quantities are told apart down to this many pieces (a gram of a kilogram); finer digits are rounding. */
const FINEST = 0.001;

/**
 * The largest quantity that all demands of a history are multiples of; 1 without demand.
 *
 * Example: [0, 300, 0, 200] → 100; [0, 0.5, 2] → 0.5.
 */
export function lotOf(history: readonly number[]): number {
  let common = 0;
  for (const pieces of history) {
    let rest = Math.round(pieces / FINEST);
    while (rest > 0) [common, rest] = [rest, common % rest];
  }
  return common === 0 ? 1 : common * FINEST;
}
