import type {LayersModel, Scalar, Tensor, Tensor2D} from '@tensorflow/tfjs';
import {invariant} from '../../domain/invariant.ts';
import type {Tf} from '../adapters/backend.ts';
import {noisePool, seededGenerator, shuffle} from './seeded.ts';

export interface FitOptions {
  readonly seed: number;
  readonly epochs: number;
  readonly batchRows: number;
  readonly learningRate: number;
  /** Weight of the squared kernels in the loss. */
  readonly l2: number;
  /** Normal noise on the standardised inputs while teaching, in standard deviations: few machines must not be learnt by heart. */
  readonly inputNoise: number;
  /** Epochs without a better held-out loss before training stops. */
  readonly patience: number;
  readonly onEpoch?: (epoch: {
    readonly done: number;
    readonly of: number;
    readonly heldOutLoss: number;
  }) => void;
}

/** What a network is taught: how its rows become tensors, and what an answer costs. */
export interface Lesson<Row> {
  readonly inputOf: (rows: readonly Row[]) => Tensor;
  /** Mean loss of a batch's outputs; runs inside `tf.tidy`. */
  readonly lossOf: (outputs: Tensor, rows: readonly Row[]) => Scalar;
  readonly training: readonly Row[];
  /** Mean loss of the held-out rows, which teach nothing. */
  readonly heldOutLoss: (model: LayersModel) => number;
}

export interface FitResult {
  readonly model: LayersModel;
  readonly epochs: number;
  readonly bestEpoch: number;
  readonly heldOutLoss: number;
}

/**
 * Teaches a network by Adam with a cosine-shaped learning rate and keeps the weights of the epoch whose held-out loss is
 * lowest. Equal seed, rows and backend give equal weights.
 *
 * Source: Kingma & Ba (2015), Adam; the learning rate: Loshchilov & Hutter (2017), without restarts.
 */
export function fitNetwork<Row>(
  tf: Tf,
  model: LayersModel,
  {inputOf, lossOf, training, heldOutLoss}: Lesson<Row>,
  options: FitOptions,
): FitResult {
  invariant(training.length > 0, 'a network is trained on rows');
  const optimizer = tf.train.adam(options.learningRate);
  const random = seededGenerator(options.seed);
  const draw = noisePool(random);
  const order = Uint32Array.from(training.keys());
  const batches = Math.ceil(training.length / options.batchRows);
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
        const input = inputOf(rows);
        const noise = tf.tensor(draw(input.size), input.shape).mul(options.inputNoise);
        optimizer.minimize(() => {
          const outputs = model.apply(input.add(noise), {training: true}) as Tensor;
          return lossOf(outputs, rows)
            .add(penalty(tf, model, options.l2))
            .asScalar();
        });
      });
    }
    epoch += 1;
    const loss = heldOutLoss(model);
    if (loss < best.loss) {
      const weights = model.getWeights().map((weight) => weight.dataSync<'float32'>().slice());
      best = {loss, epoch, weights};
    }
    options.onEpoch?.({done: epoch, of: options.epochs, heldOutLoss: loss});
  }
  invariant(best.epoch > 0, 'the held-out loss of a network is a number');
  tf.tidy(() => model.setWeights(model.getWeights().map((w, i) => tf.tensor(best.weights[i]!, w.shape))));
  optimizer.dispose();
  return {model, epochs: epoch, bestEpoch: best.epoch, heldOutLoss: best.loss};
}

/** Answers of every row, in order; `inputOf` makes a batch's tensor. */
export function outputsOf<Row>(
  tf: Tf,
  model: LayersModel,
  rows: readonly Row[],
  inputOf: (rows: readonly Row[]) => Tensor,
): Float32Array[] {
  const batchRows = 512;
  const answers: Float32Array[] = [];
  for (let from = 0; from < rows.length; from += batchRows) {
    const part = rows.slice(from, from + batchRows);
    const outputs = tf.tidy(() =>
      (model.predictOnBatch(inputOf(part)) as Tensor).dataSync<'float32'>().slice(),
    );
    const width = outputs.length / part.length;
    part.forEach((_, i) => answers.push(outputs.subarray(i * width, (i + 1) * width)));
  }
  return answers;
}

/** Input vectors as the rows of a matrix. */
export function stack(tf: Tf, inputs: readonly Float32Array[]): Tensor2D {
  const width = inputs[0]!.length;
  const flat = new Float32Array(inputs.length * width);
  inputs.forEach((input, i) => flat.set(input, i * width));
  return tf.tensor2d(flat, [inputs.length, width]);
}

function penalty(tf: Tf, model: LayersModel, l2: number): Scalar {
  const kernels = model.trainableWeights.map((weight) => weight.read()).filter((value) => value.rank === 2);
  return tf
    .addN(kernels.map((kernel) => kernel.square().sum()))
    .mul(l2)
    .asScalar();
}

/** TensorFlow.js' Adam reads this field each step but declares it protected. */
function setLearningRate(optimizer: ReturnType<Tf['train']['adam']>, learningRate: number): void {
  (optimizer as unknown as {learningRate: number}).learningRate = learningRate;
}
