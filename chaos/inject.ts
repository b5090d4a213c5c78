import {messageOf} from '../domain/fault.ts';
import {pause} from './faults/fault.ts';
import type {Fault, Target} from './faults/fault.ts';

/** What was done, or why it was not. */
export interface InjectedFault {
  readonly kind: string;
  /** ISO 8601. */
  readonly at: string;
  readonly ms: number;
  /** What happened, where that is a number. */
  readonly note?: string;
  /** Why it was not done. */
  readonly skipped?: string;
  /** What went wrong while it was done, such as a process that did not come up again. */
  readonly failed?: string;
}

export interface InjectOptions extends Target {
  /** In the order in which they begin. */
  readonly faults: readonly Fault[];
  /** How many are under way at the same time. */
  readonly atOnce: number;
  /** No fault begins later than so long after the first; those that are left are named as skipped. */
  readonly withinMs: number;
  /** Between the end of one fault and the beginning of the next. */
  readonly calmMs: number;
  readonly say: (line: string) => void;
}

/** How often a fault that has to wait for another looks whether it may begin. */
const LOOK_MS = 50;

/**
 * Does one fault after the other, `atOnce` of them side by side where they touch different things.
 *
 * @returns all of them, in the order in which they began.
 */
export async function inject(options: InjectOptions): Promise<InjectedFault[]> {
  const {faults, atOnce, calmMs, withinMs} = options;
  const endAt = performance.now() + withinMs;
  const waiting = [...faults];
  const busy = new Set<string>();
  const injected: InjectedFault[] = [];
  const lane = async (): Promise<void> => {
    while (waiting.length > 0 && performance.now() < endAt) {
      const next = waiting.findIndex(({touches}) => !touches.some((each) => busy.has(each)));
      if (next < 0) {
        await pause(LOOK_MS);
        continue;
      }
      const fault = waiting.splice(next, 1)[0]!;
      for (const each of fault.touches) busy.add(each);
      const place = injected.length;
      injected.push({kind: fault.kind, at: new Date().toISOString(), ms: 0});
      injected[place] = await injectOne(fault, options);
      if (injected[place].skipped === undefined) await pause(calmMs);
      for (const each of fault.touches) busy.delete(each);
    }
  };
  await Promise.all(Array.from({length: atOnce}, lane));
  const at = new Date().toISOString();
  const late = waiting.map(({kind}) => ({kind, at, ms: 0, skipped: 'the time for faults was over'}));
  return [...injected, ...late];
}

/** Trouble with a fault is a finding of the run, and no reason to leave the reckoning out. */
async function injectOne(
  fault: Fault,
  {world, equipment, outageMs, freezeMs, say}: InjectOptions,
): Promise<InjectedFault> {
  const {kind} = fault;
  const at = new Date();
  const begun = {kind, at: at.toISOString()};
  const skipped = fault.unable?.(world);
  if (skipped !== undefined) return {...begun, ms: 0, skipped};
  say(`${begun.at} ${kind}`);
  try {
    const note = await fault.inject({world, equipment, outageMs, freezeMs});
    return {...begun, ms: Date.now() - at.getTime(), ...(note === undefined ? {} : {note})};
  } catch (error) {
    return {...begun, ms: Date.now() - at.getTime(), failed: messageOf(error)};
  }
}
