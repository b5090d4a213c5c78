const FIRST_MS = 1000;
const LAST_MS = 3 * 3_600_000;
/** 3.6 h: no pause is longer. */
export const RETRY_MAX_MS = 1.2 * LAST_MS;

/**
 * Pause after the n-th failed attempt, in milliseconds: doubled each time up to three hours, ± 20 %.
 *
 * Example, random 0.5: 1 s, 2 s, 4 s, … 2.3 h after the 14th, then 3 h; some 37 attempts within three days.
 */
export function retryPauseMs(attempts: number, random: number): number {
  const pauseMs = Math.min(LAST_MS, FIRST_MS * 2 ** Math.min(attempts - 1, 20));
  return Math.round(pauseMs * (0.8 + 0.4 * random));
}
