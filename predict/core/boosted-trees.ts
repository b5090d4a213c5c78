import {z} from 'zod';

/**
 * One regression tree, node by node; node 0 is the root. A row goes left when its input is at most the threshold. Where it was not
 * heard (NaN) it goes left too, or as `unheardRight` says; a split at −∞ tells "not heard" from all that was.
 */
const RegressionTree = z.object({
  /** Index of the input that a node asks about; −1 at a leaf. */
  feature: z.array(z.int().min(-1)),
  /** null stands for −∞, which JSON does not have. */
  threshold: z.array(z.number().nullable()),
  /** Index of the left child; the right one follows it. 0 at a leaf. */
  left: z.array(z.int().nonnegative()),
  /** 1: a row whose input was not heard goes right. Left out: always left, as if it were the lowest. */
  unheardRight: z.array(z.union([z.literal(0), z.literal(1)])).optional(),
  /** What a leaf adds to the score. */
  value: z.array(z.number()),
});
export type RegressionTree = z.infer<typeof RegressionTree>;

/** A score is `base` plus what one leaf of each tree adds. */
export const BoostedTrees = z.object({base: z.number(), trees: z.array(RegressionTree)});
export type BoostedTrees = z.infer<typeof BoostedTrees>;

/**
 * The score of one row of raw inputs: for hazards a logit, for a remaining life its hours.
 *
 * Source: Friedman (2001), Greedy function approximation: a gradient boosting machine.
 * Example: base 1 and one tree "input 0 ≤ 5: −0.5, else 2" → 0.5 at 5, 3 at 6, 0.5 where nothing was heard.
 */
export function treesScore({base, trees}: BoostedTrees, input: ArrayLike<number>): number {
  let score = base;
  for (const tree of trees) score += tree.value[leafOf(tree, input)]!;
  return score;
}

function leafOf({feature, threshold, left, unheardRight}: RegressionTree, input: ArrayLike<number>): number {
  let node = 0;
  for (let asked = feature[0]!; asked >= 0; asked = feature[node]!) {
    const value = input[asked]!;
    const right = Number.isNaN(value) ? unheardRight?.[node] === 1 : value > (threshold[node] ?? -Infinity);
    node = left[node]! + (right ? 1 : 0);
  }
  return node;
}
