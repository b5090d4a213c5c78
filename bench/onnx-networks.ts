import type {Network} from '../predict/adapters/head.ts';
import type {SequenceSettings} from '../predict/training/networks/sequence-network.ts';
import {OnnxGraph} from './onnx-file.ts';

interface Weight {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** The weights by name, as TensorFlow.js wrote them. */
function weightsOf({weightSpecs, weights}: Network): ReadonlyMap<string, Weight> {
  let offset = 0;
  return new Map(
    weightSpecs.map(({name, shape}) => {
      const size = shape.reduce((product, side) => product * side, 1);
      const values = new Float32Array(weights.slice(offset, (offset += 4 * size)));
      return [name, {shape, values}];
    }),
  );
}

/** A hazard network of dense layers (hazard-network.ts) in ONNX. */
export function denseOnnx(network: Network, rows: number): Uint8Array {
  const graph = new OnnxGraph();
  const weights = weightsOf(network);
  const dense = (name: string, input: string): string => denseLayer(graph, weights, name, input);
  const first = graph.node('Relu', [dense('dense1', 'inputs')], 'relu1');
  const second = graph.node('Relu', [dense('dense2', first)], 'relu2');
  graph.node('Add', [dense('change', second), dense('age', 'inputs')], 'logits');
  const width = weights.get('dense1/kernel')!.shape[0]!;
  const intervals = weights.get('age/bias')!.shape[0]!;
  return graph.bytes({inputs: [rows, width], logits: [rows, intervals]});
}

/** A convolution network (sequence-network.ts) in ONNX. */
export function convolutionOnnx(network: Network, settings: SequenceSettings, rows: number): Uint8Array {
  const {shape, reader, intervals} = settings;
  if (reader.kind !== 'convolution') throw new Error('the peer is written down for convolutions only');
  const {steps, channels, rest} = shape;
  const graph = new OnnxGraph();
  const weights = weightsOf(network);
  const width = steps * channels + rest.length;
  const slice = (from: number, to: number, name: string): string =>
    graph.node(
      'Slice',
      [
        'inputs',
        graph.integers(`${name}.from`, [from]),
        graph.integers(`${name}.to`, [to]),
        graph.integers(`${name}.axis`, [1]),
      ],
      name,
    );
  const window = graph.node(
    'Reshape',
    [slice(0, steps * channels, 'flat'), graph.integers('windowShape', [rows, steps, channels])],
    'window',
  );
  // ONNX convolves [rows, channels, steps].
  let read = graph.node('Transpose', [window], 'channelsFirst', {perm: [0, 2, 1]});
  reader.layers.forEach(({filters, kernel, stride}, nth) => {
    const {shape: size, values} = weights.get(`convolution${nth}/kernel`)!;
    const inputs = size[0]! / kernel;
    const turned = new Float32Array(values.length);
    for (let step = 0; step < kernel; step += 1)
      for (let input = 0; input < inputs; input += 1)
        for (let filter = 0; filter < filters; filter += 1)
          turned[(filter * inputs + input) * kernel + step] =
            values[(step * inputs + input) * filters + filter]!;
    const bias = weights.get(`convolution${nth}/bias`)!;
    const convolved = graph.node(
      'Conv',
      [
        read,
        graph.constant(`kernel${nth}`, [filters, inputs, kernel], turned),
        graph.constant(`bias${nth}`, [filters], bias.values),
      ],
      `convolution${nth}`,
      {kernel_shape: [kernel], strides: [stride]},
    );
    read = graph.node('Relu', [convolved], `filtered${nth}`);
  });
  const stepsFirst = graph.node('Transpose', [read], 'stepsFirst', {perm: [0, 2, 1]});
  const flat = graph.node('Flatten', [stepsFirst], 'read', {axis: 1});
  const joined = graph.node('Concat', [flat, slice(steps * channels, width, 'rest')], 'joined', {axis: 1});
  const hidden = graph.node('Relu', [denseLayer(graph, weights, 'dense', joined)], 'hidden');
  graph.node('Identity', [denseLayer(graph, weights, 'logits', hidden, 'last')], 'logits');
  return graph.bytes({inputs: [rows, width], logits: [rows, intervals]});
}

function denseLayer(
  graph: OnnxGraph,
  weights: ReadonlyMap<string, Weight>,
  layer: string,
  input: string,
  name = layer,
): string {
  const kernel = weights.get(`${layer}/kernel`)!;
  const bias = weights.get(`${layer}/bias`)!;
  const product = graph.node(
    'MatMul',
    [input, graph.constant(`${name}.kernel`, kernel.shape, kernel.values)],
    `${name}.product`,
  );
  return graph.node('Add', [product, graph.constant(`${name}.bias`, bias.shape, bias.values)], `${name}.sum`);
}
