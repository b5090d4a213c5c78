import type {LayersModel, SymbolicTensor} from '@tensorflow/tfjs';
import type {WindowShape} from '../../core/window-input.ts';
import type {Tf} from '../../adapters/backend.ts';
import {besideAge, type HazardNetworkOptions} from '../hazard-network.ts';
import {networkLayers, type FiltersSettings} from '../../adapters/network-layers.ts';

/** How a network reads the steps of a window: by filters that slide over it, or one step after the other. */
export type SequenceReader =
  | {readonly kind: 'convolution'; readonly layers: readonly Omit<FiltersSettings, 'seed'>[]}
  | {readonly kind: 'recurrent'; readonly units: number};

export interface SequenceSettings {
  readonly seed: number;
  readonly shape: Pick<WindowShape, 'steps' | 'channels' | 'rest'>;
  readonly reader: SequenceReader;
  /** Units of the layer that joins what was read with the rest of the inputs. */
  readonly units: number;
  /** Logits that it answers, one an interval between horizons. */
  readonly intervals: number;
  /** Where the logits start (hazard-network.ts); default 0. */
  readonly start?: HazardNetworkOptions['ageOffset'] | undefined;
}

/** A network of one vector (WindowShape) that answers logits of hazards. */
export function sequenceNetwork(
  tf: Tf,
  {seed, shape, reader, units, intervals, start}: SequenceSettings,
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
  const name = start === undefined ? 'logits' : 'change';
  const logits = tf.layers.dense({name, units: intervals, kernelInitializer: 'zeros'});
  const change = logits.apply(dense.apply(joined)) as SymbolicTensor;
  const outputs = start === undefined ? change : besideAge(tf, input, change, start);
  return tf.model({name: 'hazards', inputs: input, outputs});
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
