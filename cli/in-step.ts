import type {WorkspaceClock} from '../platform/clock.ts';

/** At 900 world seconds a second 15 minutes: a machine that speaks every ten is silent after 60. */
const PATIENCE_MS = 1000;

/**
 * Does the work of one turn of the world. Where it takes longer than `patienceMs`, for the computer has other work, world time stands until it
 * is done: what a machine has said counts from when it was heard, and whoever is not let to speak must not look silent.
 *
 * @param rate World seconds per second when time goes on.
 */
export async function inStep(
  clock: Pick<WorkspaceClock, 'setRate'>,
  rate: number,
  work: () => Promise<void>,
  patienceMs: number = PATIENCE_MS,
): Promise<void> {
  let held: Promise<void> | undefined;
  const timer = setTimeout(() => {
    held = clock.setRate(0);
    held.catch(() => undefined); // said below
  }, patienceMs);
  try {
    await work();
  } finally {
    clearTimeout(timer);
    if (held !== undefined) {
      await held;
      await clock.setRate(rate);
    }
  }
}
