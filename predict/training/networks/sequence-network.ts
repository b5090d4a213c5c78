import type {LayersModel, SymbolicTensor, Tensor, Tensor3D} from '@tensorflow/tfjs';
import type {WindowShape} from '../../core/window-input.ts';
import type {Tf} from '../../adapters/backend.ts';

/** How a network reads the steps of a window: by filters that slide over it, or one step after the other. */
export type SequenceReader =
  | {
      readonly kind: 'convolution';
      readonly layers: readonly {
        readonly filters: number;
        readonly kernel: number;
        readonly stride: number;
      }[];
    }
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

/**
 * A network of one vector (WindowShape) that answers logits of hazards.
 *
 * Convolutions stand as patches laid out side by side and one matrix product, which teach on every backend; TensorFlow.js'
 * own convolution has no gradient on wasm. `forServing` puts it in where it is faster.
 */
export function sequenceNetwork(tf: Tf, settings: SequenceSettings): LayersModel {
  return assemble(tf, settings, (nth, layer, input) => {
    const patches = patchLayer(tf, nth, layer.kernel, layer.stride).apply(input) as SymbolicTensor;
    const dense = tf.layers.dense({
      name: `convolution${nth}`,
      units: layer.filters,
      activation: 'relu',
      kernelInitializer: tf.initializers.glorotUniform({seed: settings.seed + nth}),
    });
    return dense.apply(patches) as SymbolicTensor;
  });
}

/** The same function with TensorFlow.js' convolution, for prediction. The taught network stays as it is. */
export function forServing(tf: Tf, settings: SequenceSettings, taught: LayersModel): LayersModel {
  const serving = assemble(tf, settings, (nth, {filters, kernel, stride}, input) => {
    const layer = tf.layers.conv1d({
      name: `convolution${nth}`,
      filters,
      kernelSize: kernel,
      strides: stride,
      activation: 'relu',
    });
    return layer.apply(input) as SymbolicTensor;
  });
  tf.tidy(() => {
    for (const layer of serving.layers) {
      const shapes = layer.getWeights().map(({shape}) => shape);
      // A patch lists its steps one after the other, as a convolution's kernel does: only the shape differs.
      layer.setWeights(
        taught
          .getLayer(layer.name)
          .getWeights()
          .map((weight, i) => weight.reshape(shapes[i]!)),
      );
    }
  });
  return serving;
}

type Convolution = Extract<SequenceReader, {kind: 'convolution'}>['layers'][number];

function assemble(
  tf: Tf,
  {seed, shape, reader, units, intervals}: SequenceSettings,
  convolve: (nth: number, layer: Convolution, input: SymbolicTensor) => SymbolicTensor,
): LayersModel {
  const {steps, channels, restSteps} = shape;
  const input = tf.input({shape: [(steps + restSteps) * channels], name: 'inputs'});
  const grid = tf.layers
    .reshape({name: 'grid', targetShape: [steps + restSteps, channels, 1]})
    .apply(input) as SymbolicTensor;
  const crop = (name: string, top: number, bottom: number): SymbolicTensor =>
    tf.layers
      .cropping2D({
        name,
        cropping: [
          [top, bottom],
          [0, 0],
        ],
      })
      .apply(grid) as SymbolicTensor;
  const rest = tf.layers.flatten({name: 'rest'}).apply(crop('restSteps', steps, 0)) as SymbolicTensor;
  const window = tf.layers
    .reshape({name: 'window', targetShape: [steps, channels]})
    .apply(crop('windowSteps', 0, restSteps)) as SymbolicTensor;
  let read: SymbolicTensor;
  if (reader.kind === 'convolution') {
    const filtered = reader.layers.reduce((before, layer, nth) => convolve(nth, layer, before), window);
    read = tf.layers.flatten({name: 'read'}).apply(filtered) as SymbolicTensor;
  } else {
    const layer = tf.layers.gru({
      name: 'read',
      units: reader.units,
      kernelInitializer: tf.initializers.glorotUniform({seed}),
      recurrentInitializer: tf.initializers.glorotUniform({seed: seed + 1}),
    });
    read = layer.apply(window) as SymbolicTensor;
  }
  const joined = tf.layers.concatenate({name: 'joined'}).apply([read, rest]);
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

/** Lays out the `kernel` steps under each place of a sliding filter side by side: [rows, places, kernel × channels]. */
function patchLayer(
  tf: Tf,
  nth: number,
  kernel: number,
  stride: number,
): InstanceType<Tf['layers']['Layer']> {
  const placesOf = (steps: number): number => Math.floor((steps - kernel) / stride) + 1;
  class Patches extends tf.layers.Layer {
    static className = 'Patches';
    override computeOutputShape(shape: (number | null)[]): (number | null)[] {
      return [shape[0]!, placesOf(shape[1]!), kernel * shape[2]!];
    }
    override call(inputs: Tensor | Tensor[]): Tensor {
      const input = (Array.isArray(inputs) ? inputs[0]! : inputs) as Tensor3D;
      return tf.tidy(() => patches(tf, input, kernel, stride, placesOf(input.shape[1])));
    }
  }
  return new Patches({name: `patches${nth}`});
}

function patches(tf: Tf, input: Tensor3D, kernel: number, stride: number, places: number): Tensor3D {
  const [rows, steps, channels] = input.shape;
  const each = Array.from({length: kernel}, (_, offset) => {
    if (stride === 1) return input.slice([0, offset, 0], [rows, places, channels]);
    // Every `stride`-th step: fold `stride` steps into one row and keep the first of them.
    const lacking = Math.max(0, offset + places * stride - steps);
    const whole = input
      .slice([0, offset, 0], [rows, Math.min(places * stride, steps - offset), channels])
      .pad([
        [0, 0],
        [0, lacking],
        [0, 0],
      ]);
    return whole
      .reshape([rows, places, stride * channels])
      .slice([0, 0, 0], [rows, places, channels]) as Tensor3D;
  });
  return tf.concat(each, 2);
}
