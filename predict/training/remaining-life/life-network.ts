import type {LayersModel, Scalar, Tensor2D} from '@tensorflow/tfjs';
import type {Tf} from '../../adapters/backend.ts';
import {fitNetwork, outputsOf, stack, type FitOptions, type FitResult} from '../fit-network.ts';

/** What teaches: standardised inputs, and the share of the cap that was left (1 at or above it). */
export interface LifeExample {
  readonly input: Float32Array;
  readonly target: number;
  readonly weight: number;
}

export interface LifeNetworkOptions extends FitOptions {
  readonly units: readonly number[];
  readonly dropout: number;
}

/** A dense network that says the share of the cap that is left, taught by squared error. */
export function fitLifeNetwork(
  tf: Tf,
  training: readonly LifeExample[],
  heldOut: readonly LifeExample[],
  options: LifeNetworkOptions,
): FitResult {
  const inputOf = (rows: readonly LifeExample[]): Tensor2D => stack(tf, rows.map(({input}) => input)); // prettier-ignore
  const weightOf = (rows: readonly LifeExample[]): number => rows.reduce((sum, {weight}) => sum + weight, 0);
  const meanWeight = weightOf(training) / training.length;
  return fitNetwork<LifeExample>(
    tf,
    build(tf, training[0]!.input.length, options),
    {
      training,
      inputOf,
      lossOf: (outputs, rows) => {
        const target = tf.tensor2d(Float32Array.from(rows, (row) => row.target), [rows.length, 1]); // prettier-ignore
        const weight = tf.tensor2d(Float32Array.from(rows, (row) => row.weight / meanWeight), [rows.length, 1]); // prettier-ignore
        return outputs.sub(target).square().mul(weight).mean<Scalar>();
      },
      heldOutLoss: (model) => {
        const outputs = outputsOf(tf, model, heldOut, inputOf);
        return heldOut.reduce((sum, row, i) => sum + row.weight * (outputs[i]![0]! - row.target) ** 2, 0) / weightOf(heldOut); // prettier-ignore
      },
    },
    options,
  );
}

function build(tf: Tf, width: number, {seed, units, dropout}: LifeNetworkOptions): LayersModel {
  const network = tf.sequential({name: 'remaining-life'});
  units.forEach((size, i) => {
    const kernelInitializer = tf.initializers.glorotUniform({seed: seed + 2 * i});
    network.add(tf.layers.dense({units: size, activation: 'relu', kernelInitializer, ...(i === 0 ? {inputShape: [width]} : {})})); // prettier-ignore
    if (dropout > 0) network.add(tf.layers.dropout({rate: dropout, seed: seed + 2 * i + 1}));
  });
  const kernelInitializer = tf.initializers.glorotUniform({seed: seed + 2 * units.length});
  network.add(tf.layers.dense({units: 1, activation: 'sigmoid', kernelInitializer}));
  return network;
}
