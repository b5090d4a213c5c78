import type {Tf} from '../../adapters/backend.ts';
import {selectInputs, type Member} from '../../adapters/head.ts';
import type {Example} from '../hazard-network.ts';
import {fitLogistic} from './logistic-family.ts';
import {fitNetworkMember, type NetworkSettings} from './network-family.ts';
import {fitSequenceMember, type ConvolutionSettings, type RecurrentSettings} from './sequence-family.ts';
import {fitTreesMember, type TreesSettings} from './trees-family.ts';

/** A row that every family can read. */
export interface FamilyRow extends Example {
  /** The same inputs before they were standardised; NaN: not heard. */
  readonly raw: Float32Array;
  readonly place: number;
}

/** What the families of a head read where steps of the window are among its inputs, by their number among these. */
export interface SequenceView {
  readonly steps: number;
  readonly channels: number;
  /** The steps, then what no signal tells: for networks of sequences. */
  readonly sequence: readonly number[];
  /** All but the steps: for all others. */
  readonly plain: readonly number[];
}

/** What one fit is given. All logits are of hazards and are taught by the censored likelihood (hazard-network.ts). */
export interface FamilyLesson {
  readonly training: readonly FamilyRow[];
  /** Stops or tunes the fit and teaches nothing. */
  readonly heldOut: readonly FamilyRow[];
  readonly seed: number;
  /** Where a network starts: the age law of each interval as a line in one standardised input. */
  readonly start: {readonly input: number; readonly slope: number; readonly intercepts: readonly number[]};
  /** Undefined where no steps are among the inputs: then networks of sequences cannot compete. */
  readonly view?: SequenceView | undefined;
}

/** A fit as plain data, and what it answers to the held-out rows, in order. */
export interface Fitted {
  readonly member: Member;
  readonly heldOut: readonly ArrayLike<number>[];
}

/** One way to learn hazards from rows, as data: a thread is told it. */
export type Family =
  | {readonly name: 'network'; readonly settings: NetworkSettings}
  | {readonly name: 'trees'; readonly settings: TreesSettings}
  | {readonly name: 'logistic'}
  | {readonly name: 'convolution'; readonly settings: ConvolutionSettings}
  | {readonly name: 'recurrent'; readonly settings: RecurrentSettings};

export type FamilyName = Family['name'];
export const FAMILY_NAMES = [
  'network',
  'trees',
  'logistic',
  'convolution',
  'recurrent',
] as const satisfies readonly FamilyName[];

/** Equal lessons give equal fits on the same backend. */
export async function fitFamily(tf: Tf, family: Family, lesson: FamilyLesson): Promise<Fitted> {
  const {view} = lesson;
  if (view === undefined) return fit(tf, family, lesson);
  const reads = family.name === 'convolution' || family.name === 'recurrent' ? view.sequence : view.plain;
  const {member, heldOut} = await fit(tf, family, readingOnly(lesson, reads));
  return {member: {...member, reads}, heldOut};
}

function readingOnly(
  {training, heldOut, start, ...lesson}: FamilyLesson,
  reads: readonly number[],
): FamilyLesson {
  const narrow = (rows: readonly FamilyRow[]): FamilyRow[] => rows.map((row) => new NarrowRow(row, reads));
  const input = Math.max(0, reads.indexOf(start.input)); // without a slope it is any of them
  return {...lesson, training: narrow(training), heldOut: narrow(heldOut), start: {...start, input}};
}

/** A row of which only some inputs are read, looked up when they are asked for: copies of all would be as much as the rows. */
class NarrowRow implements FamilyRow {
  readonly #row: FamilyRow;
  readonly #reads: readonly number[];

  constructor(row: FamilyRow, reads: readonly number[]) {
    this.#row = row;
    this.#reads = reads;
  }

  get raw(): Float32Array {
    return selectInputs(this.#row.raw, this.#reads);
  }
  get input(): Float32Array {
    return selectInputs(this.#row.input, this.#reads);
  }
  get place(): number {
    return this.#row.place;
  }
  get labels(): FamilyRow['labels'] {
    return this.#row.labels;
  }
  get weight(): number {
    return this.#row.weight;
  }
}

async function fit(tf: Tf, family: Family, lesson: FamilyLesson): Promise<Fitted> {
  switch (family.name) {
    case 'network':
      return fitNetworkMember(tf, family.settings, lesson);
    case 'trees':
      return fitTreesMember(family.settings, lesson);
    case 'logistic':
      return fitLogistic(lesson);
    case 'convolution': {
      const {layers, ...settings} = family.settings;
      return fitSequenceMember(tf, {kind: 'convolution', layers}, settings, lesson);
    }
    case 'recurrent': {
      const {reads: units, ...settings} = family.settings;
      return fitSequenceMember(tf, {kind: 'recurrent', units}, settings, lesson);
    }
  }
}
