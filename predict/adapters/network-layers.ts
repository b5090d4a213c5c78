import type {Tensor, Tensor2D, Tensor3D, Tensor4D} from '@tensorflow/tfjs';
import type {Tf} from './backend.ts';

type Layer = InstanceType<Tf['layers']['Layer']>;
type LayerSettings = NonNullable<ConstructorParameters<Tf['layers']['Layer']>[0]>;
interface LayerClass<Settings> {
  new (settings: Settings & LayerSettings): Layer;
  className: string;
  fromConfig: Tf['layers']['Layer']['fromConfig'];
}

/** Some of a vector's columns, those from `from` to before `to`. */
export interface ColumnsSettings {
  readonly from: number;
  readonly to: number;
}

/** Filters that slide over the steps of a sequence, `stride` steps at a time, each with a bias and cut at zero. */
export interface FiltersSettings {
  readonly filters: number;
  readonly kernel: number;
  readonly stride: number;
  readonly seed: number;
}

export interface NetworkLayers {
  readonly Columns: LayerClass<ColumnsSettings>;
  /** [rows, steps, channels] → [rows, places, filters]; weights `kernel` [kernel × channels, filters] and `bias`. */
  readonly Filters: LayerClass<FiltersSettings>;
}

const made = new WeakMap<Tf, NetworkLayers>();

/** The layers of ours that stored networks are made of; a network can be read once they are known to its TensorFlow.js. */
export function networkLayers(tf: Tf): NetworkLayers {
  let layers = made.get(tf);
  if (layers === undefined) {
    layers = {Columns: columnsLayer(tf), Filters: filtersLayer(tf)};
    tf.serialization.registerClass(layers.Columns);
    tf.serialization.registerClass(layers.Filters);
    made.set(tf, layers);
  }
  return layers;
}

function columnsLayer(tf: Tf): LayerClass<ColumnsSettings> {
  return class Columns extends tf.layers.Layer {
    static className = 'Columns';
    readonly #settings: ColumnsSettings;
    constructor(settings: ColumnsSettings & LayerSettings) {
      super(settings);
      this.#settings = settings;
    }
    override computeOutputShape([rows]: (number | null)[]): (number | null)[] {
      return [rows!, this.#settings.to - this.#settings.from];
    }
    override call(inputs: Tensor | Tensor[]): Tensor {
      const {from, to} = this.#settings;
      return tf.slice(only(inputs), [0, from], [-1, to - from]);
    }
    override getConfig(): ReturnType<Layer['getConfig']> {
      return {...super.getConfig(), from: this.#settings.from, to: this.#settings.to};
    }
  };
}

/**
 * TensorFlow.js' own convolution layer has no gradient on wasm and answers at a third of the speed: it is taught here as
 * patches laid out side by side and one matrix product, and asked as one convolution with its bias and cut.
 */
function filtersLayer(tf: Tf): LayerClass<FiltersSettings> {
  return class Filters extends tf.layers.Layer {
    static className = 'Filters';
    readonly #settings: FiltersSettings;
    constructor(settings: FiltersSettings & LayerSettings) {
      super(settings);
      this.#settings = settings;
    }
    override build(shape: number[]): void {
      const {filters, kernel, seed} = this.#settings;
      const glorot = tf.initializers.glorotUniform({seed});
      this.addWeight('kernel', [kernel * shape[2]!, filters], 'float32', glorot);
      this.addWeight('bias', [filters], 'float32', tf.initializers.zeros());
      super.build(shape);
    }
    override computeOutputShape([rows, steps]: (number | null)[]): (number | null)[] {
      return [rows!, placesOf(steps!, this.#settings), this.#settings.filters];
    }
    override call(inputs: Tensor | Tensor[], {training}: {readonly training?: boolean}): Tensor {
      const [weight, bias] = this.weights.map((variable) => variable.read());
      const input = only(inputs) as Tensor3D;
      return tf.tidy(() => (training === true ? this.#teach : this.#ask)(input, weight as Tensor2D, bias!));
    }
    override getConfig(): ReturnType<Layer['getConfig']> {
      return {...super.getConfig(), ...this.#settings};
    }

    readonly #ask = (input: Tensor3D, weight: Tensor2D, bias: Tensor): Tensor => {
      const {filters, kernel, stride} = this.#settings;
      const [rows, steps, channels] = input.shape;
      const answers = tf.fused.conv2d({
        x: input.reshape<Tensor4D>([rows, 1, steps, channels]),
        // A patch lists its steps one after the other, as a convolution's kernel does: only the shape differs.
        filter: weight.reshape<Tensor4D>([1, kernel, channels, filters]),
        strides: [1, stride],
        pad: 'valid',
        bias,
        activation: 'relu',
      });
      return answers.reshape([rows, placesOf(steps, this.#settings), filters]);
    };

    readonly #teach = (input: Tensor3D, weight: Tensor2D, bias: Tensor): Tensor => {
      const {filters, kernel} = this.#settings;
      const [rows, steps, channels] = input.shape;
      const places = placesOf(steps, this.#settings);
      const patches = patchesOf(tf, input, this.#settings).reshape([rows * places, kernel * channels]);
      return patches.matMul(weight).add(bias).relu().reshape([rows, places, filters]);
    };
  };
}

function only(inputs: Tensor | Tensor[]): Tensor {
  return Array.isArray(inputs) ? inputs[0]! : inputs;
}

/** Example: 5 steps, a kernel of 2 and a stride of 2 → 2 places. */
function placesOf(steps: number, {kernel, stride}: FiltersSettings): number {
  return Math.floor((steps - kernel) / stride) + 1;
}

/** The `kernel` steps under each place side by side: [rows, places, kernel × channels]. */
function patchesOf(tf: Tf, input: Tensor3D, settings: FiltersSettings): Tensor3D {
  const {kernel, stride} = settings;
  const [rows, steps, channels] = input.shape;
  const places = placesOf(steps, settings);
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
