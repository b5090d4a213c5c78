import type {LayersModel, SymbolicTensor, Tensor2D} from '@tensorflow/tfjs';
import {invariant} from '../../domain/invariant.ts';
import type {HazardLabels} from '../core/hazard-labels.ts';
import type {Tf} from '../adapters/backend.ts';
import {noisePool, seededGenerator, shuffle} from './seeded.ts';

/** Rows ready for the network. */
export interface Example {
  readonly input: Float32Array;
  readonly labels: HazardLabels;
  readonly weight: number;
}

export interface FitOptions {
  readonly seed: number;
  readonly units: number;
  readonly epochs: number;
  readonly batchRows: number;
  readonly learningRate: number;
  /** Weight of the squared kernels in the loss. */
  readonly l2: number;
  /** Normal noise on the standardised inputs while teaching, one standard deviation: few machines must not be learnt by heart. */
  readonly inputNoise: number;
  /** Epochs without a better held-out loss before training stops. */
  readonly patience: number;
  /** Where the logits start: the age law's hazard of each interval, as a line in one input. The layers learn what the signals change about it. */
  readonly ageOffset: {
    readonly input: number;
    readonly slope: number;
    readonly intercepts: readonly number[];
  };
  readonly onEpoch?: (epoch: {
    readonly done: number;
    readonly of: number;
    readonly heldOutLoss: number;
  }) => void;
}

export interface FitResult {
  readonly model: LayersModel;
  readonly epochs: number;
  readonly bestEpoch: number;
  readonly heldOutLoss: number;
}

/**
 * A dense network whose outputs are logits of the hazards of consecutive intervals, trained on the censored likelihood
 *   Σ weight · (exposure · softplus(z) − failed · z).
 * Rows are weighted instead of balanced, so that its probabilities stay probabilities. The epoch with the best held-out
 * loss wins. Equal seed, data and backend give equal weights.
 */
export function fitHazardNetwork(
  tf: Tf,
  training: readonly Example[],
  heldOut: readonly Example[],
  options: FitOptions,
): FitResult {
  invariant(
    training.length > 0 && heldOut.length > 0,
    'a network is trained on rows and stopped by held-out rows',
  );
  const intervals = training[0]!.labels.failed.length;
  const model = build(tf, training[0]!.input.length, options);
  const optimizer = tf.train.adam(options.learningRate);
  const random = seededGenerator(options.seed);
  const draw = noisePool(random);
  const order = Uint32Array.from(training.keys());
  const batches = Math.ceil(training.length / options.batchRows);
  const meanWeight = training.reduce((sum, {weight}) => sum + weight, 0) / training.length;
  let best = {loss: Infinity, epoch: 0, weights: [] as Float32Array[]};
  let epoch = 0;
  while (epoch < options.epochs && epoch - best.epoch < options.patience) {
    shuffle(order, random);
    for (let batch = 0; batch < batches; batch += 1) {
      const progress = (epoch + batch / batches) / options.epochs;
      setLearningRate(optimizer, options.learningRate * 0.5 * (1 + Math.cos(Math.PI * progress)));
      const rows = Array.from(
        order.subarray(batch * options.batchRows, (batch + 1) * options.batchRows),
        (i) => training[i]!,
      );
      tf.tidy(() => {
        const {input, failed, exposure, weight} = tensors(tf, rows, intervals);
        const noise = tf.tensor2d(draw(input.size), input.shape).mul(options.inputNoise);
        optimizer.minimize(() => {
          const logits = model.apply(input.add(noise), {training: true}) as Tensor2D;
          const loss = exposure
            .mul(tf.softplus(logits))
            .sub(failed.mul(logits))
            .mul(weight.div(meanWeight))
            .mean();
          return loss.add(penalty(tf, model, options.l2)).asScalar();
        });
      });
    }
    epoch += 1;
    const heldOutLoss = lossOf(
      heldOut,
      logitsOf(
        tf,
        model,
        heldOut.map(({input}) => input),
      ),
    );
    if (heldOutLoss < best.loss) {
      best = {
        loss: heldOutLoss,
        epoch,
        weights: model.getWeights().map((w) => w.dataSync<'float32'>().slice()),
      };
    }
    options.onEpoch?.({done: epoch, of: options.epochs, heldOutLoss});
  }
  tf.tidy(() => model.setWeights(model.getWeights().map((w, i) => tf.tensor(best.weights[i]!, w.shape))));
  optimizer.dispose();
  return {model, epochs: epoch, bestEpoch: best.epoch, heldOutLoss: best.loss};
}

/** Logits of every row, in order. */
export function logitsOf(tf: Tf, model: LayersModel, inputs: readonly Float32Array[]): Float32Array[] {
  const batchRows = 2048;
  const answers: Float32Array[] = [];
  for (let from = 0; from < inputs.length; from += batchRows) {
    const part = inputs.slice(from, from + batchRows);
    const logits = tf.tidy(() => (model.predict(stack(tf, part)) as Tensor2D).dataSync<'float32'>().slice());
    const width = logits.length / part.length;
    part.forEach((_, i) => answers.push(logits.subarray(i * width, (i + 1) * width)));
  }
  return answers;
}

/** The censored negative log likelihood, weighted, a row and interval. */
function lossOf(rows: readonly Example[], logits: readonly Float32Array[]): number {
  let loss = 0;
  let weights = 0;
  rows.forEach(({labels, weight}, i) => {
    logits[i]!.forEach((z, j) => {
      const softplus = Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)));
      loss += (weight * (labels.exposure[j]! * softplus - labels.failed[j]! * z)) / labels.failed.length;
    });
    weights += weight;
  });
  return loss / weights;
}

/** Two dense layers beside a fixed line from the age input: z = age law + layers(inputs). */
function build(tf: Tf, width: number, {seed, units, ageOffset}: FitOptions): LayersModel {
  const intervals = ageOffset.intercepts.length;
  const glorot = (nth: number): ReturnType<Tf['initializers']['glorotUniform']> =>
    tf.initializers.glorotUniform({seed: seed + nth});
  const input = tf.input({shape: [width], name: 'inputs'});
  const dense1 = tf.layers.dense({name: 'dense1', units, activation: 'relu', kernelInitializer: glorot(1)});
  const dense2 = tf.layers.dense({name: 'dense2', units, activation: 'relu', kernelInitializer: glorot(2)});
  const change = tf.layers.dense({name: 'change', units: intervals, kernelInitializer: 'zeros'});
  const age = tf.layers.dense({name: 'age', units: intervals, trainable: false, kernelInitializer: 'zeros'});
  const hidden = dense2.apply(dense1.apply(input));
  const logits = tf.layers
    .add({name: 'logits'})
    .apply([change.apply(hidden), age.apply(input)] as SymbolicTensor[]);
  const kernel = new Float32Array(width * intervals).fill(
    ageOffset.slope,
    ageOffset.input * intervals,
    (ageOffset.input + 1) * intervals,
  );
  tf.tidy(() =>
    age.setWeights([tf.tensor2d(kernel, [width, intervals]), tf.tensor1d([...ageOffset.intercepts])]),
  );
  return tf.model({name: 'hazards', inputs: input, outputs: logits as SymbolicTensor});
}

function penalty(tf: Tf, model: LayersModel, l2: number): ReturnType<Tf['scalar']> {
  const kernels = model.trainableWeights.map((weight) => weight.read()).filter((value) => value.rank === 2);
  return tf
    .addN(kernels.map((kernel) => kernel.square().sum()))
    .mul(l2)
    .asScalar();
}

interface Batch {
  readonly input: Tensor2D;
  readonly failed: Tensor2D;
  readonly exposure: Tensor2D;
  readonly weight: Tensor2D;
}

function tensors(tf: Tf, rows: readonly Example[], intervals: number): Batch {
  const failed = new Float32Array(rows.length * intervals);
  const exposure = new Float32Array(rows.length * intervals);
  rows.forEach(({labels}, i) => {
    failed.set(labels.failed, i * intervals);
    exposure.set(labels.exposure, i * intervals);
  });
  return {
    input: stack(
      tf,
      rows.map(({input}) => input),
    ),
    failed: tf.tensor2d(failed, [rows.length, intervals]),
    exposure: tf.tensor2d(exposure, [rows.length, intervals]),
    weight: tf.tensor2d(
      Float32Array.from(rows, ({weight}) => weight),
      [rows.length, 1],
    ),
  };
}

function stack(tf: Tf, inputs: readonly Float32Array[]): Tensor2D {
  const width = inputs[0]!.length;
  const flat = new Float32Array(inputs.length * width);
  inputs.forEach((input, i) => flat.set(input, i * width));
  return tf.tensor2d(flat, [inputs.length, width]);
}

/** TensorFlow.js' Adam reads this field each step but declares it protected. */
function setLearningRate(optimizer: ReturnType<Tf['train']['adam']>, learningRate: number): void {
  (optimizer as unknown as {learningRate: number}).learningRate = learningRate;
}
