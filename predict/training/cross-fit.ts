import {fitHazardCalibration, type HazardCalibration} from '../core/calibration.ts';
import type {Member} from '../adapters/head.ts';
import type {Family, FamilyLesson, FamilyRow} from './families/family.ts';
import {openFitPool} from './fit-pool.ts';
import type {BackendName} from '../adapters/backend.ts';

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
  /** All contenders, best first; the first is the champion. */
  readonly contenders: readonly Contender[];
}

export interface CrossFitOptions extends Pick<FamilyLesson, 'seed' | 'start'> {
  readonly families: readonly Family[];
  readonly folds: number;
  /** The fold of each row: the same for all rows of a machine. */
  readonly foldOf: (row: number) => number;
  /** The machine of each row, for standard errors. */
  readonly machineOf: (row: number) => number;
  readonly backend: BackendName;
  readonly onFit?: () => void;
}

/**
 * Fits every family once for each fold, on the machines of the others, and stops it by the fold's own. So each row has an
 * answer by members that did not see its machine. The champion is the set of families, averaged, with the lowest held-out
 * log loss; the same answers calibrate it. It serves with the members of all folds, averaged.
 *
 * Source: cross-validated stacking by Breiman (1996), Stacked regressions, here with equal weights; bagging of the folds'
 * members by the same (1996), Bagging predictors.
 */
export async function crossFit(rows: readonly FamilyRow[], options: CrossFitOptions): Promise<CrossFit> {
  const {families, folds, foldOf, seed, start, backend, onFit} = options;
  const rowFolds = Uint8Array.from(rows.keys(), foldOf);
  const pool = openFitPool(rows, {rowFolds, families, start, backend});
  const answers = families.map(() => new Array<ArrayLike<number>>(rows.length));
  const members: Member[][] = Array.from({length: folds}, () => []);
  try {
    const jobs = members.flatMap((_, fold) => [...families.keys()].map((family) => ({fold, family})));
    await Promise.all(
      jobs.map(async ({fold, family}) => {
        const {member, heldOut} = await pool.fit({fold, family, seed: seed + 100 * fold});
        members[fold]![family] = member;
        let nth = 0;
        rowFolds.forEach((of, row) => {
          if (of !== fold) return;
          answers[family]![row] = heldOut[nth]!;
          nth += 1;
        });
        onFit?.();
      }),
    );
  } finally {
    await pool.close();
  }
  const ranked = rank(rows, answers, options);
  const champion = ranked[0]!;
  return {
    members: members.map((here) => champion.members.map((family) => here[family]!)),
    calibration: rows[0]!.labels.failed.map((_, output) => calibrate(rows, champion.logits, output)),
    contenders: ranked.map(({members: set, loss, behindSe}) => ({
      families: set.map((family) => families[family]!.name),
      loss,
      behindSe,
    })),
  };
}

interface Ranked {
  readonly members: readonly number[];
  readonly logits: readonly (readonly number[])[];
  readonly losses: Float64Array;
  readonly loss: number;
  readonly behindSe: number;
}

function rank(
  rows: readonly FamilyRow[],
  answers: readonly (readonly ArrayLike<number>[])[],
  {families, machineOf}: Pick<CrossFitOptions, 'families' | 'machineOf'>,
): Ranked[] {
  const machines = 1 + rows.reduce((most, _, row) => Math.max(most, machineOf(row)), 0);
  const weights = new Float64Array(machines);
  rows.forEach(({weight}, row) => (weights[machineOf(row)]! += weight));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const sets = subsets(families.length).map((members) => {
    const logits = rows.map((_, row) => meanOf(members.map((nth) => answers[nth]![row]!)));
    const losses = new Float64Array(machines);
    rows.forEach((row, i) => (losses[machineOf(i)]! += lossOf(row, logits[i]!)));
    return {members, logits, losses, loss: losses.reduce((sum, loss) => sum + loss, 0) / total};
  });
  sets.sort((a, b) => a.loss - b.loss);
  const best = sets[0]!;
  return sets.map((set) => {
    const behind = set.loss - best.loss;
    let variance = 0;
    set.losses.forEach((loss, m) => (variance += (loss - best.losses[m]! - behind * weights[m]!) ** 2));
    return {...set, behindSe: Math.sqrt(variance) / total};
  });
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

function lossOf({labels, weight}: FamilyRow, logits: readonly number[]): number {
  const loss = logits.reduce((sum, z, j) => {
    const softplus = Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)));
    return sum + labels.exposure[j]! * softplus - labels.failed[j]! * z;
  }, 0);
  return (weight * loss) / logits.length;
}

function calibrate(
  rows: readonly FamilyRow[],
  logits: readonly (readonly number[])[],
  output: number,
): HazardCalibration {
  return fitHazardCalibration(
    rows.map(({labels}, row) => ({
      logit: logits[row]![output]!,
      failed: labels.failed[output] === 1,
      exposure: labels.exposure[output]!,
    })),
  );
}
