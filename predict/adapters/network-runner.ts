import type {LayersModel} from '@tensorflow/tfjs';
import {invariant} from '../../domain/invariant.ts';
import type {Backend, Tf} from './backend.ts';
import type {Network} from './head.ts';
import {networkLayers} from './network-layers.ts';

/** Every pass of a network has exactly this many rows: a score must not depend on its neighbours. */
export const BATCH_ROWS = 128;

/** Runs networks on full batches. */
export interface NetworkRunner {
  readonly backend: string;
  /** @param rows BATCH_ROWS standardised input vectors, one after the other. Answers the logits of the hazards alike. */
  run(key: string, rows: Float32Array): Promise<Float32Array>;
  close(): Promise<void>;
}

/** Networks in this thread. */
export async function inThisThread(
  {tf, name}: Backend,
  networks: ReadonlyMap<string, Network>,
): Promise<NetworkRunner> {
  const loaded = new Map<string, LayersModel>();
  for (const [key, network] of networks) loaded.set(key, await toLayers(tf, network));
  return {
    backend: name,
    run: async (key, rows) => {
      const model = loaded.get(key);
      invariant(model !== undefined, 'a network is loaded before it runs');
      const logits = tf.tidy(() => {
        const input = tf.tensor2d(rows, [BATCH_ROWS, rows.length / BATCH_ROWS]);
        return (model.predictOnBatch(input) as ReturnType<Tf['tensor2d']>).dataSync<'float32'>();
      });
      return new Float32Array(logits); // the backend may reuse its memory
    },
    close: async () => {
      for (const model of loaded.values()) model.dispose();
      loaded.clear();
    },
  };
}

/** A trained network as TensorFlow.js layers, from memory. */
export async function toLayers(tf: Tf, network: Network): Promise<LayersModel> {
  networkLayers(tf);
  return tf.loadLayersModel(
    tf.io.fromMemory({
      modelTopology: network.modelTopology,
      weightSpecs: network.weightSpecs.map((spec) => ({...spec, shape: [...spec.shape]})),
      weightData: network.weights,
    }),
  );
}

/** The layers as plain data; the counterpart of toLayers. */
export async function fromLayers(tf: Tf, model: LayersModel): Promise<Network> {
  let network: Network | undefined;
  await model.save(
    tf.io.withSaveHandler(async (artifacts) => {
      network = {
        modelTopology: artifacts.modelTopology as Record<string, unknown>,
        weightSpecs: artifacts.weightSpecs!.map(({name, shape}) => ({name, shape, dtype: 'float32'})),
        weights: tf.io.CompositeArrayBuffer.join(artifacts.weightData),
      };
      return {modelArtifactsInfo: {dateSaved: new Date(0), modelTopologyType: 'JSON'}};
    }),
  );
  invariant(network !== undefined, 'TensorFlow.js calls its save handler');
  return network;
}
