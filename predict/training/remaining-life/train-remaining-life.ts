import {OperationalFault} from '../../../domain/fault.ts';
import {errorOfAll, learnLifeErrors, type LifeErrors} from '../../core/remaining-life/life-law.ts';
import {learnNormal, type NormalSignals} from '../../core/remaining-life/normal-signals.ts';
import type {RunHistory} from '../../core/remaining-life/run-history.ts';
import type {Scaling} from '../../core/features.ts';
import {openBackend, type Backend, type BackendChoice} from '../../adapters/backend.ts';
import {scalingOf} from '../scaling.ts';
import {openFitPool, type FitPoolOptions} from '../fit-pool.ts';
import type {FitStore} from '../fit-store.ts';
import {MEMBER_SETTINGS, inputAt, type LifeMember, type LifeTable, type MemberJob} from './fit-member.ts';
import {PARTS, holdBack, type MemberRows} from './hold-back.ts';
import {lifeRows, type LifeRow} from './life-rows.ts';
import type {MemberFitData} from './member-worker.ts';
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
  /** Finished members are kept here and taken from here; who opened it clears it once the model has served its end. */
  readonly kept?: FitStore | undefined;
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

/** Fewer leave each member too few to learn from, and the intervals too few to be honest. */
const UNITS_MIN = 2 * PARTS;

/**
 * Learns to say how long units last that run until they fail. The forecast is the mean of PARTS members, each taught by other
 * units; the interval comes from the errors that the two members make together whom a unit did not teach: cross-conformal, by unit. They are scaled to the mean of all members.
 *
 * Source: Vovk (2015), Cross-conformal predictors.
 *
 * @throws OperationalFault 'too-little-history'
 */
export async function trainRemainingLife(options: LifeTrainingOptions): Promise<RemainingLifeModel> {
  const {histories, cap, conditions, seed, backend: choice, threads, kept, onProgress} = options;
  if (histories.length < UNITS_MIN)
    throw new OperationalFault(
      'too-little-history',
      `${histories.length} units ran to failure, but training holds each of ${PARTS} parts back in turn and needs ${UNITS_MIN}; add units`,
      {retryable: false},
    );
  const normal = learnNormal(histories, conditions);
  const rows = lifeRows(histories, normal, seed);
  const table = tableOf(rows, cap);
  const heldBack = holdBack(rows, histories.length, seed);
  const jobs = heldBack.map(({teach, stop}, nth) => ({seed: seed * 1009 + nth, teach, stop}));
  const members = await fitMembers(jobs, {
    ...{data: {table, settings: MEMBER_SETTINGS, choice}, threads, kept},
    onMember: (done) => onProgress?.(done, PARTS),
  });
  const pairs = await untaughtPairs(await openBackend({choice}), table, members, heldBack);
  const errors = (known: boolean): LifeErrors => {
    const outcomes = rows.flatMap(({drawn, sinceNew, left}, i) => {
      const [a = 0, b = 0] = (pairs.get(i) ?? []).map((share) => cap * share);
      return drawn && sinceNew === known ? [{pair: [a, b] as const, predicted: (a + b) / 2, left}] : [];
    });
    return learnLifeErrors(outcomes, {scale: errorOfAll(outcomes, PARTS, cap)});
  };
  const {scaling} = table;
  return {cap, normal, scaling, members, errors: {sinceNew: errors(true), joined: errors(false)}};
}

interface FitMembersOptions extends Omit<FitPoolOptions<MemberFitData>, 'worker'> {
  readonly onMember: (done: number) => void;
}

async function fitMembers(
  jobs: readonly MemberJob[],
  {onMember, ...options}: FitMembersOptions,
): Promise<LifeMember[]> {
  const worker = new URL('./member-worker.ts', import.meta.url);
  const pool = openFitPool<MemberFitData, MemberJob, LifeMember>({...options, worker});
  let done = 0;
  try {
    return await Promise.all(
      jobs.map(async (job) => {
        const member = await pool.fit(job);
        done += 1;
        onMember(done);
        return member;
      }),
    );
  } finally {
    await pool.close();
  }
}

/** Shares of the cap that the two members see left whom a row's unit did not teach, by the row's number; of rows that were drawn. */
async function untaughtPairs(
  backend: Backend,
  table: LifeTable,
  members: readonly LifeMember[],
  heldBack: readonly MemberRows[],
): Promise<Map<number, number[]>> {
  const pairs = new Map<number, number[]>();
  for (const [nth, member] of members.entries()) {
    const {untaught} = heldBack[nth]!;
    const inputs = Array.from(untaught, (row) => inputAt(table, row));
    const shares = await memberPredictions(backend, member, table.scaling, inputs);
    untaught.forEach((row, i) => pairs.set(row, [...(pairs.get(row) ?? []), shares[i]!]));
  }
  return pairs;
}

/** Rows of lives in memory that threads can share. */
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
