import type {RegressionTree} from '../../core/boosted-trees.ts';
import type {BinnedRows} from './feature-bins.ts';

export interface TreeLimits {
  readonly leaves: number;
  /** No leaf stands on less curvature: for a rare event, on fewer expected events. */
  readonly leafCurvatureMin: number;
  readonly leafRowsMin: number;
  /** Shrinks leaves that stand on little. */
  readonly l2: number;
  /**
   * Whether each split learns to which side what was not heard belongs, and where it never saw any takes the side of most rows. Else
   * it is the lowest value: right where a thing that was not heard did not happen, wrong of a sensor whose low readings alarm.
   */
  readonly learnsUnheard?: boolean;
  readonly rate: number;
}

/** First and second derivative of the loss by the score, a row. */
export interface Derivatives {
  readonly gradient: Float64Array;
  readonly curvature: Float64Array;
}

interface Split {
  readonly feature: number;
  /** Rows of bins up to this one go left … */
  readonly bin: number;
  /** … but those that were not heard, bin 0, go right. */
  readonly unheardRight: boolean;
  readonly gain: number;
}

interface Leaf {
  readonly node: number;
  /** Range of `order` that holds its rows. */
  readonly from: number;
  readonly to: number;
  readonly histogram: Histogram;
  readonly split: Split | undefined;
}

const BINS = 256;

/**
 * Grows one tree best split first: of all leaves the one whose split lowers the loss most is split next. A split's gain is
 *   ½ (G_l² / (H_l + λ) + G_r² / (H_r + λ) − G² / (H + λ)),   a leaf's value −rate · G / (H + λ).
 *
 * Source: Chen & Guestrin (2016), XGBoost, equations 5 and 7, and section 3.4 for what was not heard; histograms and best-first growth: Ke et al. (2017), LightGBM.
 *
 * @param order Row numbers; put in another order, each leaf's rows together.
 * @param inputs Those that this tree may ask about.
 */
export function growTree(
  {columns, edges}: BinnedRows,
  derivatives: Derivatives,
  order: Uint32Array,
  inputs: readonly number[],
  limits: TreeLimits,
): RegressionTree {
  const unheardRight: (0 | 1)[] = [];
  const tree: RegressionTree = {
    ...{feature: [], threshold: [], left: [], value: []},
    ...(limits.learnsUnheard === true && {unheardRight}),
  };
  const leafAt = (node: number, from: number, to: number, histogram: Histogram): Leaf => {
    const {gradient, curvature} = totalOf(histogram, inputs[0]!);
    tree.feature[node] = -1;
    tree.threshold[node] = 0;
    tree.left[node] = 0;
    unheardRight[node] = 0;
    tree.value[node] = (-limits.rate * gradient) / (curvature + limits.l2);
    return {node, from, to, histogram, split: bestSplit(histogram, inputs, edges, limits)};
  };
  const count = (from: number, to: number): Histogram =>
    histogramOf(columns, derivatives, order, inputs, from, to);
  const leaves = [leafAt(0, 0, order.length, count(0, order.length))];
  while (leaves.length < limits.leaves) {
    const best = leaves.reduce((a, b) => ((b.split?.gain ?? 0) > (a.split?.gain ?? 0) ? b : a));
    if (best.split === undefined) break;
    const {feature, bin} = best.split;
    const middle = partition(order, columns[feature]!, best.from, best.to, best.split);
    // The smaller side is counted, the other is what is left.
    const leftIsSmall = middle - best.from <= best.to - middle;
    const small = leftIsSmall ? count(best.from, middle) : count(middle, best.to);
    const large = subtract(best.histogram, small, inputs);
    const node = tree.feature.length;
    tree.feature[best.node] = feature;
    tree.threshold[best.node] = bin === 0 ? null : edges[feature]![bin - 1]!;
    tree.left[best.node] = node;
    unheardRight[best.node] = best.split.unheardRight ? 1 : 0;
    tree.value[best.node] = 0;
    leaves[leaves.indexOf(best)] = leafAt(node, best.from, middle, leftIsSmall ? small : large);
    leaves.push(leafAt(node + 1, middle, best.to, leftIsSmall ? large : small));
  }
  return tree;
}

/** Sums by bin, BINS an input. */
interface Histogram {
  readonly gradient: Float64Array;
  readonly curvature: Float64Array;
  readonly rows: Uint32Array;
}

function emptyHistogram(inputs: number): Histogram {
  const size = inputs * BINS;
  return {
    gradient: new Float64Array(size),
    curvature: new Float64Array(size),
    rows: new Uint32Array(size),
  };
}

function histogramOf(
  columns: readonly Uint8Array[],
  {gradient, curvature}: Derivatives,
  order: Uint32Array,
  inputs: readonly number[],
  from: number,
  to: number,
): Histogram {
  const sums = emptyHistogram(columns.length);
  for (const input of inputs) {
    const column = columns[input]!;
    const offset = input * BINS;
    for (let i = from; i < to; i += 1) {
      const row = order[i]!;
      const bin = offset + column[row]!;
      sums.gradient[bin]! += gradient[row]!;
      sums.curvature[bin]! += curvature[row]!;
      sums.rows[bin]! += 1;
    }
  }
  return sums;
}

function subtract(all: Histogram, part: Histogram, inputs: readonly number[]): Histogram {
  for (const input of inputs) {
    for (let bin = input * BINS; bin < (input + 1) * BINS; bin += 1) {
      all.gradient[bin]! -= part.gradient[bin]!;
      all.curvature[bin]! -= part.curvature[bin]!;
      all.rows[bin]! -= part.rows[bin]!;
    }
  }
  return all;
}

function totalOf(histogram: Histogram, input: number): {gradient: number; curvature: number; rows: number} {
  const total = {gradient: 0, curvature: 0, rows: 0};
  for (let bin = input * BINS; bin < (input + 1) * BINS; bin += 1) {
    total.gradient += histogram.gradient[bin]!;
    total.curvature += histogram.curvature[bin]!;
    total.rows += histogram.rows[bin]!;
  }
  return total;
}

function bestSplit(
  histogram: Histogram,
  inputs: readonly number[],
  edges: readonly Float64Array[],
  {l2, leafCurvatureMin, leafRowsMin, learnsUnheard = false}: TreeLimits,
): Split | undefined {
  const all = totalOf(histogram, inputs[0]!);
  const unsplit = all.gradient ** 2 / (all.curvature + l2);
  let best: Split | undefined;
  const look = (feature: number, from: 0 | 1): void => {
    let [gradient, curvature, rows] = [0, 0, 0];
    const none = learnsUnheard && histogram.rows[feature * BINS] === 0;
    // The last bin is what lies beyond the last edge: a split has it on the right.
    for (let bin = from; bin <= edges[feature]!.length; bin += 1) {
      const at = feature * BINS + bin;
      gradient += histogram.gradient[at]!;
      curvature += histogram.curvature[at]!;
      rows += histogram.rows[at]!;
      const rest = all.curvature - curvature;
      if (rows < leafRowsMin || curvature < leafCurvatureMin) continue;
      if (all.rows - rows < leafRowsMin || rest < leafCurvatureMin) break;
      const split = gradient ** 2 / (curvature + l2) + (all.gradient - gradient) ** 2 / (rest + l2);
      const gain = (split - unsplit) / 2;
      if (gain > (best?.gain ?? 1e-9)) {
        const unheardRight = from === 1 || (none && 2 * rows < all.rows);
        best = {feature, bin, gain, unheardRight};
      }
    }
  };
  for (const feature of inputs) {
    look(feature, 0);
    if (learnsUnheard && histogram.rows[feature * BINS]! > 0) look(feature, 1);
  }
  return best;
}

/** Puts the rows that go left first, each side in the order it had; answers where the other side begins. */
function partition(
  order: Uint32Array,
  column: Uint8Array,
  from: number,
  to: number,
  {bin, unheardRight}: Split,
): number {
  const right: number[] = [];
  let next = from;
  for (let i = from; i < to; i += 1) {
    const row = order[i]!;
    if (column[row]! <= bin && !(unheardRight && column[row] === 0)) {
      order[next] = row;
      next += 1;
    } else right.push(row);
  }
  order.set(right, next);
  return next;
}
