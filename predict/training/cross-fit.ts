import type {Member} from '../adapters/head.ts';
import type {BackendName} from '../adapters/backend.ts';
import type {HazardCalibration} from '../core/calibration.ts';
import {baselinesOf} from './baselines.ts';
import {chooseCalibration, type MachineEvidence} from './choose-calibration.ts';
import type {Family, FamilyLesson, Fitted} from './families/family.ts';
import {openFitPool} from './fit-pool.ts';
import type {FitStore} from './fit-store.ts';
import type {HeadFitData, HeadFitJob} from './fit-worker.ts';
import type {FoldRows} from './fold-rows.ts';
import {rowsOf, type HeadRow, type RowTable} from './row-table.ts';

/** How well a set of families answers rows of machines that did not teach it. */
export interface Contender {
  readonly families: readonly string[];
  /** Mean negative log likelihood a row and logit, held out. */
  readonly loss: number;
  /** Standard error, over machines, of its distance from the champion's loss; 0 for the champion. */
  readonly behindSe: number;
}

export interface CrossFit {
  /** Of the champion's families, one fit for each fold: `members[fold]`. */
  readonly members: readonly (readonly Member[])[];
  readonly calibration: readonly HazardCalibration[];
  /** The same by the other folds' rows alone, to judge the fold's own by: `calibrationWithout[fold]`. */
  readonly calibrationWithout: readonly (readonly HazardCalibration[])[];
  /** All contenders, best first; the first is the champion. */
  readonly contenders: readonly Contender[];
  /** The same of what knows age alone, or nothing (baselines.ts); they never serve. */
  readonly baselines: readonly Contender[];
}

export interface CrossFitOptions extends Pick<FamilyLesson, 'seed' | 'start' | 'view'> {
  readonly families: readonly Family[];
  /** No row is held out twice. */
  readonly folds: readonly FoldRows[];
  readonly backend: BackendName;
  readonly kept?: FitStore | undefined;
  readonly onFit?: () => void;
}

/**
 * Fits every family once for each fold, and stops it by the fold's own rows. So each of them has an answer by members that
 * did not see its machine. The champion is the set of families, averaged, with the lowest held-out log loss; the same answers
 * calibrate it. It serves with the members of all folds, averaged.
 *
 * Source: cross-validated stacking by Breiman (1996), Stacked regressions, here with equal weights; bagging of the folds'
 * members by the same (1996), Bagging predictors.
 */
export async function crossFit(table: RowTable, options: CrossFitOptions): Promise<CrossFit> {
  const rows = rowsOf(table);
  const {families, folds, seed, start, view, backend, kept, onFit} = options;
  const pool = openFitPool<HeadFitData, HeadFitJob, Fitted>({
    worker: new URL('./fit-worker.ts', import.meta.url),
    data: {table, start, view, backend},
    kept,
  });
  const answers = families.map(() => new Map<number, ArrayLike<number>>());
  const members: Member[][] = folds.map(() => []);
  try {
    const jobs = folds.flatMap((fold, nth) => [...families.keys()].map((family) => ({...fold, nth, family})));
    await Promise.all(
      jobs.map(async ({teach, heldOut, nth, family}) => {
        const job = {family: families[family]!, seed: seed + 100 * nth, teach, heldOut};
        const fitted = await pool.fit(job);
        members[nth]![family] = fitted.member;
        heldOut.forEach((row, i) => answers[family]!.set(row, fitted.heldOut[i]!));
        onFit?.();
      }),
    );
  } finally {
    await pool.close();
  }
  const judge = createJudge(rows, folds);
  const answerOf =
    (set: readonly number[]) =>
    (row: number): number[] =>
      meanOf(set.map((family) => answers[family]!.get(row)!));
  const ranked = subsets(families.length)
    .map((set) => ({set, ...judge.judge(answerOf(set))}))
    .sort((a, b) => a.loss - b.loss);
  const champion = ranked[0]!;
  const contender = (names: readonly string[], judged: Losses): Contender => ({
    families: names,
    loss: judged.loss,
    behindSe: judge.distanceSe(judged, champion),
  });
  const calibrated = calibrations(rows, folds, judge.rows, answerOf(champion.set), table.outputs);
  return {
    members: members.map((here) => champion.set.map((family) => here[family]!)),
    ...calibrated,
    contenders: ranked.map((one) =>
      contender(
        one.set.map((family) => families[family]!.name),
        one,
      ),
    ),
    baselines: baselinesOf(rows, folds, start).map(({name, logits}) =>
      contender(
        [name],
        judge.judge((row) => logits.get(row)!),
      ),
    ),
  };
}

interface Losses {
  readonly loss: number;
  /** Of all rows of each machine. */
  readonly byMachine: Float64Array;
}

interface Judge {
  /** Numbers of the rows that are held out by a fold. */
  readonly rows: readonly number[];
  judge(logitsOf: (row: number) => readonly number[]): Losses;
  distanceSe(a: Losses, b: Losses): number;
}

function createJudge(rows: readonly HeadRow[], folds: readonly FoldRows[]): Judge {
  const judged = folds.flatMap(({heldOut}) => [...heldOut]).sort((a, b) => a - b);
  const weights = new Float64Array(1 + judged.reduce((most, row) => Math.max(most, rows[row]!.machine), 0));
  for (const row of judged) weights[rows[row]!.machine]! += rows[row]!.weight;
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return {
    rows: judged,
    judge: (logitsOf) => {
      const byMachine = new Float64Array(weights.length);
      for (const row of judged) byMachine[rows[row]!.machine]! += lossOf(rows[row]!, logitsOf(row));
      return {byMachine, loss: byMachine.reduce((sum, loss) => sum + loss, 0) / total};
    },
    distanceSe: (a, b) => {
      const behind = a.loss - b.loss;
      const variance = a.byMachine.reduce(
        (sum, loss, m) => sum + (loss - b.byMachine[m]! - behind * weights[m]!) ** 2,
        0,
      );
      return Math.sqrt(variance) / total;
    },
  };
}

/** Example: 2 → [[0], [1], [0, 1]]. */
function subsets(count: number): number[][] {
  return Array.from({length: 2 ** count - 1}, (_, i) =>
    Array.from({length: count}, (__, nth) => nth).filter((nth) => ((i + 1) >> nth) & 1),
  );
}

function meanOf(logits: readonly ArrayLike<number>[]): number[] {
  return Array.from(
    {length: logits[0]!.length},
    (_, j) => logits.reduce((sum, of) => sum + of[j]!, 0) / logits.length,
  );
}

function lossOf({labels, weight}: HeadRow, logits: readonly number[]): number {
  const loss = logits.reduce((sum, z, j) => {
    const softplus = Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)));
    return sum + labels.exposure[j]! * softplus - labels.failed[j]! * z;
  }, 0);
  return (weight * loss) / logits.length;
}

/** By all rows that are held out, and without those of each fold; one output after the other, for the evidence is large. */
function calibrations(
  rows: readonly HeadRow[],
  folds: readonly FoldRows[],
  judged: readonly number[],
  answerOf: (row: number) => readonly number[],
  outputs: number,
): Pick<CrossFit, 'calibration' | 'calibrationWithout'> {
  const owned = folds.map(({heldOut}) => new Set(heldOut));
  const calibration: HazardCalibration[] = [];
  const calibrationWithout = folds.map((): HazardCalibration[] => []);
  for (let output = 0; output < outputs; output += 1) {
    const evidence = evidenceOf(judged, rows, answerOf, output);
    calibration.push(chooseCalibration(evidence));
    owned.forEach((own, fold) => {
      const others = evidence.filter((_, nth) => !own.has(judged[nth]!));
      calibrationWithout[fold]!.push(chooseCalibration(others));
    });
  }
  return {calibration, calibrationWithout};
}

/** What the champion said at one output of the rows that it is judged by, and what came of them. */
function evidenceOf(
  judged: readonly number[],
  rows: readonly HeadRow[],
  answerOf: (row: number) => readonly number[],
  output: number,
): MachineEvidence[] {
  return judged.map((row) => {
    const {labels, weight, machine} = rows[row]!;
    return {
      logit: answerOf(row)[output]!,
      failed: labels.failed[output] === 1,
      exposure: labels.exposure[output]!,
      weight,
      machine,
    };
  });
}
