import type {LayersModel, SymbolicTensor} from '@tensorflow/tfjs';
import type {WindowShape} from '../../core/window-input.ts';
import type {Tf} from '../../adapters/backend.ts';
import {networkLayers, type FiltersSettings} from '../../adapters/network-layers.ts';

/** How a network reads the steps of a window: by filters that slide over it, or one step after the other. */
export type SequenceReader =
  | {readonly kind: 'convolution'; readonly layers: readonly Omit<FiltersSettings, 'seed'>[]}
  | {readonly kind: 'recurrent'; readonly units: number};

export interface SequenceSettings {
  readonly seed: number;
  readonly shape: WindowShape;
  readonly reader: SequenceReader;
  /** Units of the layer that joins what was read with the rest of the inputs. */
  readonly units: number;
  /** Logits that it answers, one an interval between horizons. */
  readonly intervals: number;
}

/** A network of one vector (WindowShape) that answers logits of hazards. */
export function sequenceNetwork(
  tf: Tf,
  {seed, shape, reader, units, intervals}: SequenceSettings,
): LayersModel {
  const {steps, channels, rest} = shape;
  const {Columns} = networkLayers(tf);
  const input = tf.input({shape: [steps * channels + rest.length], name: 'inputs'});
  const columns = (name: string, from: number, to: number): SymbolicTensor =>
    new Columns({name, from, to}).apply(input) as SymbolicTensor;
  const window = tf.layers
    .reshape({name: 'window', targetShape: [steps, channels]})
    .apply(columns('signals', 0, steps * channels)) as SymbolicTensor;
  const read = readSteps(tf, window, reader, seed);
  const others = columns('rest', steps * channels, steps * channels + rest.length);
  const joined = tf.layers.concatenate({name: 'joined'}).apply([read, others]);
  const dense = tf.layers.dense({
    name: 'dense',
    units,
    activation: 'relu',
    kernelInitializer: tf.initializers.glorotUniform({seed: seed + 10}),
  });
  const logits = tf.layers.dense({name: 'logits', units: intervals, kernelInitializer: 'zeros'});
  const output = logits.apply(dense.apply(joined)) as SymbolicTensor;
  return tf.model({name: 'hazards', inputs: input, outputs: output});
}

function readSteps(tf: Tf, window: SymbolicTensor, reader: SequenceReader, seed: number): SymbolicTensor {
  if (reader.kind === 'recurrent') {
    const layer = tf.layers.gru({
      name: 'read',
      units: reader.units,
      kernelInitializer: tf.initializers.glorotUniform({seed}),
      recurrentInitializer: tf.initializers.glorotUniform({seed: seed + 1}),
    });
    return layer.apply(window) as SymbolicTensor;
  }
  const {Filters} = networkLayers(tf);
  const filtered = reader.layers.reduce<SymbolicTensor>((before, layer, nth) => {
    const filters = new Filters({...layer, name: `convolution${nth}`, seed: seed + nth});
    return filters.apply(before) as SymbolicTensor;
  }, window);
  return tf.layers.flatten({name: 'read'}).apply(filtered) as SymbolicTensor;
}
