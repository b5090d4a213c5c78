import type {Ppm} from '../../domain/quantity.ts';

/**
 * Has the curve moved enough to look at stock again? True when any horizon differs from what replenish was last told by at
 * least `thresholdPpm`. Measured against the last *signalled* curve, so that slow drift adds up and noise does not.
 */
export function movedMaterially(
  told: readonly Ppm[] | undefined,
  now: readonly Ppm[],
  thresholdPpm: Ppm,
): boolean {
  if (told?.length !== now.length) return true;
  return now.some((ppm, i) => Math.abs(ppm - told[i]!) >= thresholdPpm);
}
