import type {Tensor} from '@tensorflow/tfjs';
import {beforeAll, describe, expect, it} from 'vitest';
import {openBackend, type Tf} from '../../../../predict/adapters/backend.ts';
import {fromLayers, toLayers} from '../../../../predict/adapters/network-runner.ts';
import {sigmoid} from '../../../../predict/core/calibration.ts';
import {logitsOf, teachHazards, type Example} from '../../../../predict/training/hazard-network.ts';
import {
  sequenceNetwork,
  type SequenceSettings,
} from '../../../../predict/training/networks/sequence-network.ts';
import {seededGenerator} from '../../../../predict/training/seeded.ts';

const STEPS = 24;
const CHANNELS = 2;
const SETTINGS: SequenceSettings = {
  seed: 3,
  shape: {steps: STEPS, channels: CHANNELS, rest: [0, 1, 2]},
  reader: {
    kind: 'convolution',
    layers: [
      {filters: 6, kernel: 3, stride: 1},
      {filters: 8, kernel: 5, stride: 2},
    ],
  },
  units: 8,
  intervals: 2,
};
const TEACHING = {
  seed: 3,
  epochs: 12,
  batchRows: 64,
  learningRate: 1e-2,
  l2: 1e-5,
  inputNoise: 0,
  patience: 12,
};

let tf: Tf;
beforeAll(async () => ({tf} = await openBackend({choice: 'wasm', strict: true})));

/** Two bumps of equal size in the first channel: those close to each other fail. Means, spreads and ends tell nothing. */
function rows(count: number, seed: number): Example[] {
  const random = seededGenerator(seed);
  return Array.from({length: count}, (_, i) => {
    const input = new Float32Array(STEPS * CHANNELS + 3).map(() => 0.2 * (random() - 0.5));
    const fails = i % 2 === 0;
    const first = Math.floor(random() * (STEPS - 12));
    for (const at of [first, first + (fails ? 2 : 4 + Math.floor(random() * 8))]) input[at * CHANNELS]! += 2;
    return {input, labels: {failed: [fails ? 1 : 0, 0], exposure: [1, fails ? 0 : 1]}, weight: 1};
  });
}

describe('a network of sequences', () => {
  it('lays out the steps under its filter as a convolution does, by hand', () => {
    const settings: SequenceSettings = {
      ...SETTINGS,
      shape: {steps: 5, channels: 1, rest: [0]},
      reader: {kind: 'convolution', layers: [{filters: 1, kernel: 2, stride: 2}]},
      units: 1,
      intervals: 1,
    };
    const taught = sequenceNetwork(tf, settings);
    const set = (name: string, ...weights: [number[], number[]][]): void =>
      taught.getLayer(name).setWeights(weights.map(([values, shape]) => tf.tensor(values, shape)));
    set(
      'convolution0',
      [
        [10, 1],
        [2, 1],
      ],
      [[0], [1]],
    );
    set(
      'dense',
      [
        [1, 100, 10_000],
        [3, 1],
      ],
      [[0], [1]],
    );
    set('logits', [[1], [1, 1]], [[0], [1]]);
    // Places (1, 2) and (3, 4) answer 12 and 34, the fifth step has no pair; the rest is 7.
    const input = Float32Array.of(1, 2, 3, 4, 5, 7);
    expect(logitsOf(tf, taught, [input])[0]![0]).toBe(12 + 3_400 + 70_000);
    const teaching = taught.apply(tf.tensor2d(input, [1, 6]), {training: true}) as Tensor;
    expect(teaching.dataSync()[0]).toBe(12 + 3_400 + 70_000);
  });

  it('learns what lies in the order of a window, and serves what it was taught', async () => {
    const model = sequenceNetwork(tf, SETTINGS);
    const fit = teachHazards(tf, model, rows(1_500, 1), rows(300, 2), TEACHING);
    const unseen = rows(300, 9);
    const hazards = logitsOf(
      tf,
      fit.model,
      unseen.map(({input}) => input),
    ).map(([logit]) => sigmoid(logit!));
    const right = unseen.filter(({labels}, i) => hazards[i]! > 0.5 === (labels.failed[0] === 1)).length;
    expect(right / unseen.length).toBeGreaterThan(0.9);
    // Stored and read again, as a version in the models folder is.
    const served = await toLayers(tf, await fromLayers(tf, fit.model));
    const answers = logitsOf(
      tf,
      served,
      unseen.map(({input}) => input),
    );
    answers.forEach(([logit], i) => expect(sigmoid(logit!)).toBe(hazards[i]));
  });

  it('reads step after step alike, and equal seeds teach equal weights', () => {
    const settings: SequenceSettings = {...SETTINGS, reader: {kind: 'recurrent', units: 6}};
    const fitted = [1, 2].map(() => {
      const model = sequenceNetwork(tf, settings);
      return teachHazards(tf, model, rows(200, 1), rows(100, 2), {...TEACHING, epochs: 3});
    });
    // Logits of 0 cost ln 2 in the first interval, and ln 2 in the second for the half that came to it.
    expect(fitted[0]!.heldOutLoss).toBeLessThan(0.75 * Math.LN2);
    const [first, second] = fitted.map(({model}) => model.getWeights().map((weight) => weight.dataSync()));
    expect(second).toEqual(first);
  });
});
