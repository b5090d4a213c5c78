import {invariant} from '../../../domain/invariant.ts';
import {treesScore, type BoostedTrees} from '../../core/boosted-trees.ts';
import {sigmoid} from '../../core/calibration.ts';
import {seededGenerator, shuffle} from '../seeded.ts';
import {binRows} from './feature-bins.ts';
import {growTree, type Derivatives, type TreeLimits} from './grow-tree.ts';

/** A loss of a score, row by row. */
export interface ScoreLoss {
  readonly rows: number;
  /** Where boosting starts: the best score that is the same for all rows. */
  readonly base: number;
  /** First and second derivative by the score of a row. */
  readonly derivatives: (row: number, score: number) => readonly [gradient: number, curvature: number];
  readonly value: (row: number, score: number) => number;
}

export interface TreesOptions extends TreeLimits {
  readonly seed: number;
  /** Trees at most. */
  readonly trees: number;
  /** Trees without a better held-out loss before growing stops. */
  readonly patience: number;
  /** Share of the rows, and of the inputs, that each tree sees. */
  readonly rowShare: number;
  readonly inputShare: number;
  readonly onTree?: (progress: {readonly done: number; readonly of: number}) => void;
}

/** A set of rows with their loss. */
export interface TreeRows {
  readonly inputs: readonly Float32Array[];
  readonly loss: ScoreLoss;
}

/**
 * Boosted trees on raw inputs, stopped where the held-out loss is lowest. Equal seed and rows give equal trees.
 *
 * Source: Friedman (2002), Stochastic gradient boosting; Newton's step a leaf: Chen & Guestrin (2016).
 */
export function fitTrees(training: TreeRows, heldOut: TreeRows, options: TreesOptions): BoostedTrees {
  const {inputs, loss} = training;
  invariant(inputs.length > 0 && heldOut.inputs.length > 0, 'trees grow on rows and stop by held-out rows');
  const binned = binRows(inputs);
  const width = inputs[0]!.length;
  const random = seededGenerator(options.seed);
  const fitted: BoostedTrees = {base: loss.base, trees: []};
  const scores = new Float64Array(inputs.length).fill(loss.base);
  const heldOutScores = new Float64Array(heldOut.inputs.length).fill(loss.base);
  const derivatives: Derivatives = {
    gradient: new Float64Array(inputs.length),
    curvature: new Float64Array(inputs.length),
  };
  let best = {loss: meanLoss(heldOut.loss, heldOutScores), trees: 0};
  const allRows = Uint32Array.from(inputs.keys());
  const allInputs = Uint32Array.from({length: width}, (_, input) => input);
  while (fitted.trees.length < options.trees && fitted.trees.length - best.trees < options.patience) {
    scores.forEach((score, row) => {
      const [gradient, curvature] = loss.derivatives(row, score);
      derivatives.gradient[row] = gradient;
      derivatives.curvature[row] = curvature;
    });
    const order = sampled(allRows, options.rowShare, random);
    const asked = [...sampled(allInputs, options.inputShare, random)].sort((a, b) => a - b);
    const tree = growTree(binned, derivatives, order, asked, options);
    fitted.trees.push(tree);
    const alone: BoostedTrees = {base: 0, trees: [tree]};
    inputs.forEach((input, row) => (scores[row]! += treesScore(alone, input)));
    heldOut.inputs.forEach((input, row) => (heldOutScores[row]! += treesScore(alone, input)));
    const heldOutLoss = meanLoss(heldOut.loss, heldOutScores);
    if (heldOutLoss < best.loss) best = {loss: heldOutLoss, trees: fitted.trees.length};
    options.onTree?.({done: fitted.trees.length, of: options.trees});
  }
  return {base: fitted.base, trees: fitted.trees.slice(0, best.trees)};
}

/**
 * The censored likelihood of one interval's hazard, exposure · softplus(z) − failed · z, weighted; z is its logit.
 *
 * Example: two rows alike, one of which failed → base 0, where each row's loss is ln 2.
 */
export function hazardLoss(
  rows: readonly {readonly failed: number; readonly exposure: number; readonly weight: number}[],
): ScoreLoss {
  const [failed, watched] = rows.reduce(
    ([f, e], row) => [f + row.weight * row.failed, e + row.weight * row.exposure],
    [0.5, 1], // half a failure in one row more: a class that never failed has a finite logit
  );
  const share = Math.min(0.99, failed / watched);
  return {
    rows: rows.length,
    base: Math.log(share / (1 - share)),
    derivatives: (row, score) => {
      const {failed: here, exposure, weight} = rows[row]!;
      const hazard = sigmoid(score);
      return [weight * (exposure * hazard - here), weight * exposure * hazard * (1 - hazard)];
    },
    value: (row, score) => {
      const {failed: here, exposure, weight} = rows[row]!;
      const softplus = Math.max(score, 0) + Math.log1p(Math.exp(-Math.abs(score)));
      return weight * (exposure * softplus - here * score);
    },
  };
}

/** Half the squared error of a number, weighted; the base is the mean. */
export function squaredLoss(rows: readonly {readonly target: number; readonly weight: number}[]): ScoreLoss {
  const weights = rows.reduce((sum, {weight}) => sum + weight, 0);
  return {
    rows: rows.length,
    base: rows.reduce((sum, {target, weight}) => sum + weight * target, 0) / weights,
    derivatives: (row, score) => {
      const {target, weight} = rows[row]!;
      return [weight * (score - target), weight];
    },
    value: (row, score) => (rows[row]!.weight * (score - rows[row]!.target) ** 2) / 2,
  };
}

function meanLoss(loss: ScoreLoss, scores: Float64Array): number {
  let sum = 0;
  scores.forEach((score, row) => (sum += loss.value(row, score)));
  return sum / scores.length;
}

function sampled(values: Uint32Array, share: number, random: () => number): Uint32Array {
  if (share >= 1) return values.slice();
  const drawn = values.slice();
  shuffle(drawn, random);
  return drawn.slice(0, Math.max(1, Math.round(share * values.length))).sort();
}
