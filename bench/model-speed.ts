import {createRequire} from 'node:module';
import path from 'node:path';
import {openBackend} from '../predict/adapters/backend.ts';
import type {Network} from '../predict/adapters/head.ts';
import {loadModels} from '../predict/adapters/model-store.ts';
import {BATCH_ROWS, fromLayers, type NetworkRunner} from '../predict/adapters/network-runner.ts';
import {openWasmPool} from '../predict/adapters/wasm-pool.ts';
import {sigmoid} from '../predict/core/calibration.ts';
import {sequenceNetwork, type SequenceSettings} from '../predict/training/networks/sequence-network.ts';
import {noisePool, seededGenerator} from '../predict/training/seeded.ts';
import {repositoryRoot} from '../platform/migrate.ts';
import {repeat, type Effort, type Figure} from './measure.ts';
import {convolutionOnnx, denseOnnx} from './onnx-networks.ts';

const THREADS = 2;
/** Batches on their way to each thread, so that none waits for its next one. */
const IN_FLIGHT = 2 * THREADS;
/** A week in steps of 3 h of five signals, as a class of the reference fleet sends them. */
const SEQUENCES: SequenceSettings = {
  seed: 1,
  shape: {steps: 56, channels: 5, rest: Array.from({length: 40}, (_, i) => i)},
  reader: {
    kind: 'convolution',
    layers: [
      {filters: 16, kernel: 5, stride: 2},
      {filters: 32, kernel: 5, stride: 2},
    ],
  },
  units: 32,
  intervals: 5,
};

interface Subject {
  readonly name: 'dense' | 'convolution';
  readonly network: Network;
  readonly width: number;
  readonly onnx: Uint8Array;
  readonly goal: number;
}

/** Windows a second through the networks alone: two wasm threads, beside onnxruntime-node on the same weights. */
export async function modelSpeed({runs, seconds}: Effort): Promise<Figure[]> {
  const subjects = [await denseSubject(), await convolutionSubject()];
  const pool = await openWasmPool(new Map(subjects.map(({name, network}) => [name, network])), THREADS);
  const peer = peerRuntime();
  if (peer === undefined)
    process.stderr.write(
      'onnxruntime-node is not installed: the peer is left out (ONNXRUNTIME_NODE_INSTALL=skip npm install --no-save onnxruntime-node)\n',
    );
  try {
    const figures: Figure[] = [];
    for (const subject of subjects) {
      const session = await peer?.InferenceSession.create(subject.onnx, {
        intraOpNumThreads: THREADS,
        interOpNumThreads: 1,
      });
      figures.push(
        ...(await repeat(
          `${subject.name} network, ${subject.width} inputs`,
          runs,
          () => measure(subject, pool, peer, session, seconds),
          {
            'windows/s': {unit: `two wasm threads, batches of ${BATCH_ROWS}`, goal: {atLeast: subject.goal}},
            ...(session === undefined
              ? {}
              : {
                  'windows/s, onnxruntime-node': {unit: `two threads, batches of ${BATCH_ROWS}`},
                  'largest difference': {unit: 'of a hazard, between the two', goal: {below: 1e-5}},
                }),
          },
        )),
      );
    }
    return figures;
  } finally {
    await pool.close();
  }
}

async function measure(
  {name, width}: Subject,
  pool: NetworkRunner,
  peer: Peer | undefined,
  session: PeerSession | undefined,
  seconds: number,
): Promise<Record<string, number>> {
  const rows = noisePool(seededGenerator(7))(BATCH_ROWS * width).slice();
  const ours = await windowsPerSecond(() => pool.run(name, rows), IN_FLIGHT, seconds);
  if (peer === undefined || session === undefined) return {'windows/s': ours};
  const ask = async (): Promise<Float32Array> => {
    const answers = await session.run({inputs: new peer.Tensor('float32', rows, [BATCH_ROWS, width])});
    return answers['logits']!.data;
  };
  const theirs = await windowsPerSecond(ask, 1, seconds);
  const [a, b] = [await pool.run(name, rows), await ask()];
  const apart = a.map((logit, i) => Math.abs(sigmoid(logit) - sigmoid(b[i]!)));
  return {
    'windows/s': ours,
    'windows/s, onnxruntime-node': theirs,
    'largest difference': Number(Math.max(...apart).toPrecision(2)),
  };
}

async function windowsPerSecond(
  ask: () => Promise<unknown>,
  inFlight: number,
  seconds: number,
): Promise<number> {
  for (let i = 0; i < 50; i += 1) await ask(); // compiled and warm
  const startedAt = performance.now();
  const endsAt = startedAt + 1000 * seconds;
  let batches = 0;
  await Promise.all(
    Array.from({length: inFlight}, async () => {
      while (performance.now() < endsAt) {
        await ask();
        batches += 1;
      }
    }),
  );
  return Math.round((1000 * batches * BATCH_ROWS) / (performance.now() - startedAt));
}

/** The widest of the shipped models. */
async function denseSubject(): Promise<Subject> {
  const models = await loadModels(path.join(repositoryRoot(), 'models'));
  const [widest] = models
    .flatMap(({heads: {hazards}}) =>
      hazards.members.flatMap((member) =>
        member.family === 'network' ? [{network: member.network, width: hazards.inputs.length}] : [],
      ),
    )
    .sort((a, b) => b.width - a.width);
  if (widest === undefined) throw new Error('the models folder holds no network to measure');
  return {name: 'dense', ...widest, onnx: denseOnnx(widest.network, BATCH_ROWS), goal: 500_000};
}

async function convolutionSubject(): Promise<Subject> {
  const {tf} = await openBackend({choice: 'wasm', strict: true});
  const network = await fromLayers(tf, untaught(tf));
  const {steps, channels, rest} = SEQUENCES.shape;
  return {
    name: 'convolution',
    network,
    width: steps * channels + rest.length,
    onnx: convolutionOnnx(network, SEQUENCES, BATCH_ROWS),
    goal: 80_000,
  };
}

/** As taught, with weights in every layer: speed does not depend on their values. */
function untaught(tf: Awaited<ReturnType<typeof openBackend>>['tf']): ReturnType<typeof sequenceNetwork> {
  const model = sequenceNetwork(tf, SEQUENCES);
  const draw = noisePool(seededGenerator(3));
  tf.tidy(() =>
    model.setWeights(
      model.getWeights().map((weight) => tf.tensor(draw(weight.size).slice(), weight.shape).mul(0.1)),
    ),
  );
  return model;
}

interface PeerSession {
  run(feeds: Record<string, object>): Promise<Record<string, {readonly data: Float32Array}>>;
}
interface Peer {
  readonly InferenceSession: {
    create(
      model: Uint8Array,
      options: {intraOpNumThreads: number; interOpNumThreads: number},
    ): Promise<PeerSession>;
  };
  readonly Tensor: new (type: 'float32', data: Float32Array, dims: readonly number[]) => object;
}

/** A yardstick, no dependency. */
function peerRuntime(): Peer | undefined {
  try {
    return createRequire(import.meta.url)('onnxruntime-node') as Peer;
  } catch {
    return undefined;
  }
}
