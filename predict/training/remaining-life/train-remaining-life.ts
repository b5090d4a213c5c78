import {OperationalFault} from '../../../domain/fault.ts';
import {learnLifeErrors, type LifeErrors, type LifeOutcome} from '../../core/remaining-life/life-law.ts';
import {learnNormal, type NormalSignals} from '../../core/remaining-life/normal-signals.ts';
import type {RunHistory} from '../../core/remaining-life/run-history.ts';
import type {Scaling} from '../../core/features.ts';
import {openBackend, type BackendChoice} from '../../adapters/backend.ts';
import {scalingOf} from '../scaling.ts';
import {seededGenerator, shuffle} from '../seeded.ts';
import type {LifeMember, LifeTable, MemberJob} from './fit-member.ts';
import {lifeRows, type LifeRow} from './life-rows.ts';
import {fitMembers} from './member-threads.ts';
import {memberPredictions} from './predict-remaining-life.ts';

export interface LifeTrainingOptions {
  /** Whole lives: each ends with the failure. */
  readonly histories: readonly RunHistory[];
  /** Remaining lives above it count as it, in cycles: long before the end a unit shows no sign of it. */
  readonly cap: number;
  /** Operating conditions, where their number is known; else they are found. */
  readonly conditions?: number | undefined;
  readonly seed: number;
  readonly backend: BackendChoice;
  readonly threads: number;
  /** Members of `of` that are fitted. */
  readonly onProgress?: (done: number, of: number) => void;
}

export interface RemainingLifeModel {
  readonly cap: number;
  readonly normal: NormalSignals;
  readonly scaling: Scaling;
  readonly members: readonly LifeMember[];
  /** Errors of held-back units: of those known since new, and of those that joined mid-life. */
  readonly errors: {readonly sinceNew: LifeErrors; readonly joined: LifeErrors};
}

/** Each part of the units is held back by one member, and stops another. */
const PARTS = 10;
/** Fewer leave each member too few to learn from, and the intervals too few to be honest. */
export const UNITS_MIN = 2 * PARTS;

/**
 * Learns to say how long units last that run until they fail. The units are dealt into PARTS; member i learns from all but
 * part i, which measures its errors, and part i + 1, which stops it. The forecast is the mean of all members, the interval
 * comes from the errors of the held-back units: cross-conformal, by unit.
 *
 * Source: Vovk (2015), Cross-conformal predictors.
 *
 * @throws OperationalFault 'too-little-history'
 */
export async function trainRemainingLife(options: LifeTrainingOptions): Promise<RemainingLifeModel> {
  const {histories, cap, seed, backend: choice, threads, onProgress} = options;
  if (histories.length < UNITS_MIN)
    throw new OperationalFault(
      'too-little-history',
      `${histories.length} units ran to failure, but training holds each of ${PARTS} parts back in turn and needs ${UNITS_MIN}; add units`,
      {retryable: false},
    );
  const normal = learnNormal(histories, options.conditions);
  const rows = lifeRows(histories, normal, seed);
  const table = tableOf(rows, cap);
  const part = dealt(histories.length, seed);
  const jobs = Array.from({length: PARTS}, (_, nth): MemberJob => {
    const next = (nth + 1) % PARTS;
    return {
      seed: seed * 1009 + nth,
      teach: numbersOf(rows, ({unit}) => part[unit] !== nth && part[unit] !== next),
      stop: numbersOf(rows, ({unit, drawn}) => drawn && part[unit] === next),
    };
  });
  const members = await fitMembers(table, jobs, {
    choice,
    threads,
    onMember: (done) => onProgress?.(done, PARTS),
  });
  const backend = await openBackend({choice});
  const held: {row: LifeRow; outcome: LifeOutcome}[] = [];
  for (const [nth, member] of members.entries()) {
    const asked = rows.filter(({unit, drawn}) => drawn && part[unit] === nth);
    const said = await memberPredictions(backend, member, table.scaling, asked.map(({input}) => input)); // prettier-ignore
    asked.forEach((row, i) => held.push({row, outcome: {predicted: cap * said[i]!, left: row.left}}));
  }
  const errors = (sinceNew: boolean): LifeErrors =>
    learnLifeErrors(held.filter(({row}) => row.sinceNew === sinceNew).map(({outcome}) => outcome));
  return {
    cap,
    normal,
    scaling: table.scaling,
    members,
    errors: {sinceNew: errors(true), joined: errors(false)},
  };
}

function tableOf(rows: readonly LifeRow[], cap: number): LifeTable {
  const width = rows[0]!.input.length;
  const inputs = new Float32Array(new SharedArrayBuffer(4 * width * rows.length));
  const target = new Float32Array(new SharedArrayBuffer(4 * rows.length));
  rows.forEach(({input, left}, i) => {
    inputs.set(input, i * width);
    target[i] = Math.min(1, left / cap);
  });
  return {width, inputs, target, scaling: scalingOf(rows.map(({input}) => input))};
}

/** Which part each unit is in, as even as can be. */
function dealt(units: number, seed: number): Uint32Array {
  const order = Uint32Array.from({length: units}, (_, unit) => unit);
  shuffle(order, seededGenerator(seed));
  const part = new Uint32Array(units);
  order.forEach((unit, nth) => (part[unit] = nth % PARTS));
  return part;
}

function numbersOf(rows: readonly LifeRow[], wanted: (row: LifeRow) => boolean): Uint32Array {
  return Uint32Array.from(rows.flatMap((row, number) => (wanted(row) ? [number] : [])));
}
