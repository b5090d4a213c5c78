import type {LayersModel, SymbolicTensor, Tensor2D} from '@tensorflow/tfjs';
import {invariant} from '../../domain/invariant.ts';
import type {HazardLabels} from '../core/hazard-labels.ts';
import type {Tf} from '../adapters/backend.ts';
import {fitNetwork, outputsOf, stack, type FitOptions, type FitResult} from './fit-network.ts';

/** Rows ready for the network. */
export interface Example {
  readonly input: Float32Array;
  readonly labels: HazardLabels;
  readonly weight: number;
}

export interface HazardNetworkOptions extends FitOptions {
  readonly units: number;
  /** Where the logits start: the age law's hazard of each interval, as a line in one input. The layers learn what the signals change about it. */
  readonly ageOffset: {
    readonly input: number;
    readonly slope: number;
    readonly intercepts: readonly number[];
  };
}

/** A dense network beside the age law, taught to state hazards. */
export function fitHazardNetwork(
  tf: Tf,
  training: readonly Example[],
  heldOut: readonly Example[],
  options: HazardNetworkOptions,
): FitResult {
  invariant(training.length > 0, 'a network is trained on rows');
  return teachHazards(tf, build(tf, training[0]!.input.length, options), training, heldOut, options);
}

/**
 * Teaches a network whose outputs are logits of the hazards of consecutive intervals, on the censored likelihood
 *   Σ weight · (exposure · softplus(z) − failed · z).
 * Rows are weighted instead of balanced, so that its probabilities stay probabilities.
 */
export function teachHazards(
  tf: Tf,
  model: LayersModel,
  training: readonly Example[],
  heldOut: readonly Example[],
  options: FitOptions,
): FitResult {
  invariant(
    training.length > 0 && heldOut.length > 0,
    'a network is trained on rows and stopped by held-out rows',
  );
  const intervals = training[0]!.labels.failed.length;
  const meanWeight = training.reduce((sum, {weight}) => sum + weight, 0) / training.length;
  return fitNetwork<Example>(
    tf,
    model,
    {
      training,
      inputOf: (rows) => inputsOf(tf, rows),
      lossOf: (logits, rows) => {
        const {failed, exposure, weight} = labelTensors(tf, rows, intervals);
        return exposure.mul(tf.softplus(logits)).sub(failed.mul(logits)).mul(weight.div(meanWeight)).mean();
      },
      heldOutLoss: (taught) =>
        lossOf(
          heldOut,
          outputsOf(tf, taught, heldOut, (rows) => inputsOf(tf, rows)),
        ),
    },
    options,
  );
}

/** Logits of every row, in order. */
export function logitsOf(tf: Tf, model: LayersModel, inputs: readonly Float32Array[]): Float32Array[] {
  return outputsOf(tf, model, inputs, (rows) => stack(tf, rows));
}

function inputsOf(tf: Tf, rows: readonly Example[]): Tensor2D {
  return stack(
    tf,
    rows.map(({input}) => input),
  );
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
function build(tf: Tf, width: number, {seed, units, ageOffset}: HazardNetworkOptions): LayersModel {
  const intervals = ageOffset.intercepts.length;
  const glorot = (nth: number): ReturnType<Tf['initializers']['glorotUniform']> =>
    tf.initializers.glorotUniform({seed: seed + nth});
  const input = tf.input({shape: [width], name: 'inputs'});
  const dense1 = tf.layers.dense({name: 'dense1', units, activation: 'relu', kernelInitializer: glorot(1)});
  const dense2 = tf.layers.dense({name: 'dense2', units, activation: 'relu', kernelInitializer: glorot(2)});
  const change = tf.layers.dense({name: 'change', units: intervals, kernelInitializer: 'zeros'});
  const logits = besideAge(
    tf,
    input,
    change.apply(dense2.apply(dense1.apply(input))) as SymbolicTensor,
    ageOffset,
  );
  return tf.model({name: 'hazards', inputs: input, outputs: logits});
}

/** What layers say of the logits, on top of where they start. */
export function besideAge(
  tf: Tf,
  input: SymbolicTensor,
  change: SymbolicTensor,
  ageOffset: HazardNetworkOptions['ageOffset'],
): SymbolicTensor {
  const [width, intervals] = [input.shape[1]!, ageOffset.intercepts.length];
  const age = tf.layers.dense({name: 'age', units: intervals, trainable: false, kernelInitializer: 'zeros'});
  const logits = tf.layers.add({name: 'logits'}).apply([change, age.apply(input)] as SymbolicTensor[]);
  const kernel = new Float32Array(width * intervals).fill(
    ageOffset.slope,
    ageOffset.input * intervals,
    (ageOffset.input + 1) * intervals,
  );
  tf.tidy(() =>
    age.setWeights([tf.tensor2d(kernel, [width, intervals]), tf.tensor1d([...ageOffset.intercepts])]),
  );
  return logits as SymbolicTensor;
}

interface LabelTensors {
  readonly failed: Tensor2D;
  readonly exposure: Tensor2D;
  readonly weight: Tensor2D;
}

function labelTensors(tf: Tf, rows: readonly Example[], intervals: number): LabelTensors {
  const failed = new Float32Array(rows.length * intervals);
  const exposure = new Float32Array(rows.length * intervals);
  rows.forEach(({labels}, i) => {
    failed.set(labels.failed, i * intervals);
    exposure.set(labels.exposure, i * intervals);
  });
  return {
    failed: tf.tensor2d(failed, [rows.length, intervals]),
    exposure: tf.tensor2d(exposure, [rows.length, intervals]),
    weight: tf.tensor2d(
      Float32Array.from(rows, ({weight}) => weight),
      [rows.length, 1],
    ),
  };
}
