import {streamOf} from '../../simulator/random.ts';
import type {Random} from '../../simulator/random.ts';
import {CLOCK_FAULTS} from './clock-faults.ts';
import {DISK_FAULTS} from './disk-faults.ts';
import {EQUIPMENT_FAULTS} from './equipment-faults.ts';
import type {Fault} from './fault.ts';
import {LINE_FAULTS} from './line-faults.ts';
import {PROCESS_FAULTS} from './process-faults.ts';

export const FAULTS: readonly Fault[] = [
  ...PROCESS_FAULTS,
  ...LINE_FAULTS,
  ...DISK_FAULTS,
  ...CLOCK_FAULTS,
  ...EQUIPMENT_FAULTS,
];

export interface Choice {
  /** Texts, one of which a fault's kind must contain; empty: all. */
  readonly only: readonly string[];
  /** So many of those, drawn at random, instead of each of them once. */
  readonly mix?: number;
  readonly seed: number;
}

/**
 * Each chosen fault once, or a mix of them, in an order that the seed decides.
 *
 * @throws RangeError when a text chooses nothing: a fault that was misspelt would be a promise that nobody tried.
 */
export function chooseFaults({only, mix, seed}: Choice): Fault[] {
  const chosenBy = (text: string): Fault[] => FAULTS.filter(({kind}) => kind.includes(text));
  const nothing = only.find((text) => chosenBy(text).length === 0);
  if (nothing !== undefined) throw new RangeError(`no fault is called ${nothing}; --list names them all`);
  const chosen = only.length === 0 ? FAULTS : [...new Set(only.flatMap(chosenBy))];
  const random = streamOf(seed, 'chaos', 'faults');
  if (mix === undefined) return shuffled(chosen, random);
  return Array.from({length: mix}, () => random.pick(chosen));
}

function shuffled(faults: readonly Fault[], random: Random): Fault[] {
  const left = [...faults];
  return faults.map(() => left.splice(random.integer(0, left.length - 1), 1)[0]!);
}
