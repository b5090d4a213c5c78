import {treesScore} from '../../core/boosted-trees.ts';
import {fitTrees, hazardLoss, type TreeRows, type TreesOptions} from '../trees/fit-trees.ts';
import type {FamilyLesson, FamilyRow, Fitted} from './family.ts';

export type TreesSettings = Omit<TreesOptions, 'seed' | 'onTree'>;

/** Boosted trees, one ensemble for each logit. */
export function fitTreesMember(settings: TreesSettings, {training, heldOut, seed}: FamilyLesson): Fitted {
  const outputs = training[0]!.labels.failed.map((_, j) =>
    fitTrees(treeRows(training, j), treeRows(heldOut, j), {...settings, seed: seed + j}),
  );
  return {
    member: {family: 'trees', outputs},
    heldOut: heldOut.map(({raw}) => outputs.map((trees) => treesScore(trees, raw))),
  };
}

/** Rows that were not watched in an interval say nothing about it. */
function treeRows(rows: readonly FamilyRow[], output: number): TreeRows {
  const watched = rows.filter(({labels}) => labels.exposure[output]! > 0);
  return {
    inputs: watched.map(({raw}) => raw),
    loss: hazardLoss(
      watched.map(({labels, weight}) => ({
        failed: labels.failed[output]!,
        exposure: labels.exposure[output]!,
        weight,
      })),
    ),
  };
}
