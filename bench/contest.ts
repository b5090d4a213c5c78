import {repeat} from './measure.ts';
import type {Figure} from './measure.ts';

/** One of several ways to the same end; returns what it made, so that no compiler leaves it out. */
export interface Contender {
  readonly figure: string;
  readonly work: () => unknown;
  /** What one call of `work` does this many of: rows of a batch, messages of an envelope. */
  readonly of?: number;
}

interface Contest {
  readonly scenario: string;
  /** What is counted: 'µs a message'. */
  readonly unit: string;
  /** This process's CPU, collecting its garbage included, or what passes until the work is done, other processes' share included. */
  readonly clock: 'cpu' | 'wall';
  readonly contenders: readonly Contender[];
}

/** Rounds of one run; the contenders take turns, so that a busy moment of the machine falls on all of them. */
const ROUNDS = 8;

/**
 * Microseconds that each way takes, all in this process.
 *
 * @param runMs Of one run over all contenders, after a round in which their code is compiled.
 */
export function contest(
  {scenario, unit, clock, contenders}: Contest,
  {runs, runMs}: {readonly runs: number; readonly runMs: number},
): Promise<Figure[]> {
  const turnMs = runMs / ROUNDS / contenders.length;
  return repeat(
    scenario,
    runs,
    async () => {
      const spent = contenders.map(() => ({micros: 0, calls: 0}));
      for (let round = 0; round <= ROUNDS; round += 1) {
        for (const [i, {work}] of contenders.entries()) {
          const {micros, calls} = await turn(work, turnMs, clock);
          if (round === 0) continue;
          spent[i]!.micros += micros;
          spent[i]!.calls += calls;
        }
      }
      return Object.fromEntries(
        contenders.map(({figure, of = 1}, i) => [
          figure,
          significant(spent[i]!.micros / spent[i]!.calls / of),
        ]),
      );
    },
    Object.fromEntries(
      contenders.map(({figure}) => [figure, {unit: `${unit}${clock === 'cpu' ? ' (CPU)' : ''}`}]),
    ),
  );
}

async function turn(
  work: () => unknown,
  forMs: number,
  clock: 'cpu' | 'wall',
): Promise<{readonly micros: number; readonly calls: number}> {
  const endAt = performance.now() + forMs;
  const startedAt = microsBy(clock);
  let calls = 0;
  let made: unknown;
  do {
    // Looked at the clock 16 calls apart, and awaited only what returns a promise: both cost more than many a call.
    for (let i = 0; i < 16; i += 1) {
      made = work();
      if (made instanceof Promise) await made;
    }
    calls += 16;
  } while (performance.now() < endAt);
  if (made === undefined) throw new Error('a contender makes something');
  return {micros: microsBy(clock) - startedAt, calls};
}

function microsBy(clock: 'cpu' | 'wall'): number {
  if (clock === 'wall') return 1000 * performance.now();
  const {user, system} = process.cpuUsage();
  return user + system;
}

/** Three digits. Example: 0.012345 → 0.0123. */
function significant(value: number): number {
  return Number(value.toPrecision(3));
}
