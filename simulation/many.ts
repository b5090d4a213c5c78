import {fork} from 'node:child_process';
import type {ChildProcess} from 'node:child_process';
import {availableParallelism} from 'node:os';
import {fileURLToPath} from 'node:url';
import type {Outcome} from './simulate.ts';

const TELLER = fileURLToPath(new URL('./teller.ts', import.meta.url));
/** A story takes 50 ms; one that blocks its process is ended with it. */
const STORY_MS_MAX = 120_000;

export interface Stories {
  readonly from: number;
  readonly count: number;
  /** Default: one for each core. */
  readonly processes?: number;
  /** As they end, in no particular order. */
  readonly told?: (outcome: Outcome, done: number) => void;
}

/** Tells the stories of many seeds, one core each. @returns their outcomes, by seed. */
export async function simulateMany({
  from,
  count,
  processes = availableParallelism(),
  told,
}: Stories): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  let next = from;
  const tellers = Array.from({length: Math.min(processes, count)}, () => new Teller());
  const work = async (teller: Teller): Promise<void> => {
    while (next < from + count) {
      const seed = next++;
      const outcome = await teller.tell(seed);
      outcomes.push(outcome);
      told?.(outcome, outcomes.length);
    }
  };
  try {
    await Promise.all(tellers.map(work));
  } finally {
    for (const teller of tellers) teller.stop();
  }
  return outcomes.sort((a, b) => a.seed - b.seed);
}

/** One process, replaced when a story has ended it. */
class Teller {
  #process: ChildProcess | undefined;

  async tell(seed: number): Promise<Outcome> {
    const child = (this.#process ??= fork(TELLER, {execArgv: ['--import', 'tsx'], stdio: 'inherit'}));
    return new Promise<Outcome>((resolve) => {
      const told = (outcome: Outcome): void => {
        clearTimeout(overdue);
        child.off('exit', ended);
        resolve(outcome);
      };
      const ended = (code: number | null, signal: string | null): void => {
        clearTimeout(overdue);
        child.off('message', told);
        this.#process = undefined;
        resolve(brokenOff(seed, `its process ended with ${signal ?? `code ${String(code)}`}`));
      };
      const overdue = setTimeout(() => child.kill('SIGKILL'), STORY_MS_MAX);
      child.once('message', told).once('exit', ended);
      child.send(seed);
    });
  }

  stop(): void {
    this.#process?.disconnect();
  }
}

function brokenOff(seed: number, broken: string): Outcome {
  return {seed, scene: undefined, broken, steps: 0, messages: 0, effects: 0, faults: 0, storyMs: 0};
}
