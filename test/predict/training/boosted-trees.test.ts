import {describe, expect, it} from 'vitest';
import {treesScore} from '../../../predict/core/boosted-trees.ts';
import {sigmoid} from '../../../predict/core/calibration.ts';
import {binRows} from '../../../predict/training/trees/feature-bins.ts';
import {
  fitTrees,
  hazardLoss,
  squaredLoss,
  type TreesOptions,
} from '../../../predict/training/trees/fit-trees.ts';
import {seededGenerator} from '../../../predict/training/seeded.ts';

const OPTIONS: TreesOptions = {
  seed: 1,
  trees: 200,
  patience: 200,
  rowShare: 1,
  inputShare: 1,
  leaves: 4,
  leafCurvatureMin: 0,
  leafRowsMin: 1,
  l2: 0,
  rate: 1,
};

const rowsOf = (values: readonly number[]): Float32Array[] => values.map((value) => Float32Array.of(value));

describe('bins', () => {
  it('split between values, keep what was not heard apart, and never exceed a byte', () => {
    const {columns, edges} = binRows(rowsOf([1, 3, NaN, 3, 9]));
    expect([...edges[0]!]).toEqual([2, 6]);
    expect([...columns[0]!]).toEqual([1, 2, 0, 2, 3]);
    const many = binRows(Array.from({length: 10_000}, (_, i) => Float32Array.of(i)));
    expect(many.edges[0]!.length).toBeLessThanOrEqual(254);
    expect(Math.max(...many.columns[0]!)).toBe(many.edges[0]!.length + 1);
    const counts = new Map<number, number>();
    for (const bin of many.columns[0]!) counts.set(bin, (counts.get(bin) ?? 0) + 1);
    expect(Math.max(...counts.values())).toBeLessThan((2 * 10_000) / 254);
  });
});

describe('a tree', () => {
  it('finds the split of a step: mean 1 up to 2, mean 5 beyond, by hand', () => {
    const inputs = rowsOf([1, 2, 3, 4]);
    const loss = squaredLoss([1, 1, 5, 5].map((target) => ({target, weight: 1})));
    const fitted = fitTrees({inputs, loss}, {inputs, loss}, {...OPTIONS, trees: 1, leaves: 2});
    // Base 3; gradients +2 +2 −2 −2, curvature 1 a row: leaves −(4)/2 and +(4)/2.
    expect(fitted).toEqual({
      base: 3,
      trees: [{feature: [0, -1, -1], threshold: [2.5, 0, 0], left: [1, 0, 0], value: [0, -2, 2]}],
    });
    expect(inputs.map((input) => treesScore(fitted, input))).toEqual([1, 1, 5, 5]);
  });

  it('tells rows that were not heard from all others', () => {
    const inputs = rowsOf([NaN, NaN, -7, 7]);
    const loss = squaredLoss([9, 9, 1, 1].map((target) => ({target, weight: 1})));
    const fitted = fitTrees({inputs, loss}, {inputs, loss}, {...OPTIONS, trees: 1, leaves: 2});
    expect(fitted.trees[0]!.threshold[0]).toBeNull();
    expect(inputs.map((input) => treesScore(fitted, input))).toEqual([9, 9, 1, 1]);
    expect(treesScore(JSON.parse(JSON.stringify(fitted)) as typeof fitted, Float32Array.of(NaN))).toBe(9);
  });

  it('B1 learns the side of what was not heard, and where none was seen takes that of most rows', () => {
    const inputs = rowsOf([NaN, 1, 2, 3, 4]);
    const loss = squaredLoss([5, 1, 1, 5, 5].map((target) => ({target, weight: 1})));
    const settings = {...OPTIONS, trees: 1, leaves: 2, learnsUnheard: true};
    const learnt = fitTrees({inputs, loss}, {inputs, loss}, settings);
    expect(learnt.trees[0]!).toMatchObject({threshold: [2.5, 0, 0], unheardRight: [1, 0, 0]});
    for (const [row, score] of [5, 1, 1, 5, 5].entries())
      expect(treesScore(learnt, inputs[row]!)).toBeCloseTo(score, 10);
    const lowest = fitTrees({inputs, loss}, {inputs, loss}, {...settings, learnsUnheard: false});
    expect(treesScore(lowest, Float32Array.of(NaN))).toBe(treesScore(lowest, Float32Array.of(1)));
    // Low is what alarms, and a reading that is missing was never seen: it says nothing, so most rows speak for it.
    const heard = rowsOf([1, 2, 3, 4, 5]);
    const alarms = squaredLoss([9, 1, 1, 1, 1].map((target) => ({target, weight: 1})));
    const unseen = fitTrees({inputs: heard, loss: alarms}, {inputs: heard, loss: alarms}, settings);
    expect(treesScore(unseen, Float32Array.of(NaN))).toBeCloseTo(1, 10);
  });

  it('shrinks leaves by the penalty and splits none that stand on too little', () => {
    const inputs = rowsOf([1, 2, 3, 4]);
    const loss = squaredLoss([1, 1, 5, 5].map((target) => ({target, weight: 1})));
    const {trees} = fitTrees({inputs, loss}, {inputs, loss}, {...OPTIONS, trees: 1, leaves: 2, l2: 2});
    expect(trees[0]!.value).toEqual([0, -1, 1]); // −4 / (2 + 2)
    const whole = fitTrees({inputs, loss}, {inputs, loss}, {...OPTIONS, trees: 1, leafCurvatureMin: 3});
    expect(inputs.map((input) => treesScore(whole, input))).toEqual([3, 3, 3, 3]);
  });
});

describe('boosted hazards', () => {
  const inputs = rowsOf([0, 0, 0, 0, 1, 1, 1, 1]);
  const rows = (failed: readonly number[], exposure = 1): Parameters<typeof hazardLoss>[0] =>
    failed.map((each) => ({failed: each, exposure: each === 1 ? 1 : exposure, weight: 1}));

  it('come to the shares that failed', () => {
    const loss = hazardLoss(rows([0, 0, 0, 1, 0, 1, 1, 1]));
    const fitted = fitTrees({inputs, loss}, {inputs, loss}, OPTIONS);
    expect(sigmoid(treesScore(fitted, [0]))).toBeCloseTo(0.25, 5);
    expect(sigmoid(treesScore(fitted, [1]))).toBeCloseTo(0.75, 5);
  });

  it('count half-watched survivors half: one failure and three half exposures are 1 of 2.5', () => {
    const loss = hazardLoss(rows([0, 0, 0, 1, 0, 0, 0, 1], 0.5));
    const fitted = fitTrees({inputs, loss}, {inputs, loss}, OPTIONS);
    expect(sigmoid(treesScore(fitted, [0]))).toBeCloseTo(1 / 2.5, 5);
  });

  it('stop where the held-out loss is lowest, and are equal for equal seeds', () => {
    const random = seededGenerator(5);
    const draw = (count: number): {inputs: Float32Array[]; loss: ReturnType<typeof hazardLoss>} => {
      const drawn = Array.from({length: count}, () => Float32Array.of(random(), random(), random()));
      return {
        inputs: drawn,
        loss: hazardLoss(
          drawn.map(([x]) => ({failed: random() < 0.1 + 0.5 * x! ? 1 : 0, exposure: 1, weight: 1})),
        ),
      };
    };
    const [training, heldOut] = [draw(400), draw(400)];
    const settings = {...OPTIONS, rate: 0.3, leaves: 8, patience: 20, rowShare: 0.7, inputShare: 0.7};
    const fitted = fitTrees(training, heldOut, settings);
    expect(fitted.trees.length).toBeGreaterThan(0);
    expect(fitted.trees.length).toBeLessThan(60); // noise is all that is left to learn
    expect(fitTrees(training, heldOut, settings)).toEqual(fitted);
    const mean = ({inputs: of, loss}: typeof heldOut, trees: number): number =>
      of.reduce(
        (sum, input, row) =>
          sum + loss.value(row, treesScore({...fitted, trees: fitted.trees.slice(0, trees)}, input)),
        0,
      );
    const all = fitted.trees.map((_, i) => mean(heldOut, i + 1));
    expect(all.indexOf(Math.min(...all))).toBe(fitted.trees.length - 1);
  });
});
