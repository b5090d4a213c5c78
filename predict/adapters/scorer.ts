import {availableParallelism} from 'node:os';
import {OperationalFault} from '../../domain/fault.ts';
import {invariant} from '../../domain/invariant.ts';
import {calibratedHazards} from '../core/calibration.ts';
import {occlude, occlusionsOf, topSignals} from '../core/explain.ts';
import {completenessPct, componentFeatures, equipmentFeatures, standardise} from '../core/features.ts';
import type {FeatureWindow} from '../core/feature-window.ts';
import type {Explaining, Score, Scorer, ScoreRequest} from '../core/score.ts';
import {cumulateHazards, monotonePpm} from '../core/survival-curve.ts';
import {DEFAULT_TUNING} from '../core/tuning.ts';
import {openBackend, type Backend, type BackendOptions} from './backend.ts';
import type {StoredModel} from './model-store.ts';
import {BATCH_ROWS, inThisThread, type NetworkRunner} from './network-runner.ts';
import {openWasmPool} from './wasm-pool.ts';

export interface ScorerOptions extends BackendOptions {
  readonly models: readonly StoredModel[];
  /** wasm only: how many worker threads. Default: one per core, at most two; each holds its own copy of the networks. */
  readonly threads?: number;
}

export interface OpenScorer extends Scorer {
  /** What was tried before the active backend and why it did not load. */
  readonly passedOver: Backend['passedOver'];
}

/** Loads the backend and the models' networks; close it to end its threads. */
export async function openScorer({
  models,
  choice,
  strict = false,
  threads,
}: ScorerOptions): Promise<OpenScorer> {
  const backend = await openBackend({choice, strict});
  const networks = new Map(models.map(({modelVersionId, network}) => [modelVersionId as string, network]));
  const runner =
    backend.name === 'wasm'
      ? await openWasmPool(networks, threads ?? Math.min(2, availableParallelism()))
      : await inThisThread(backend, networks);
  const batcher = createBatcher(runner);
  const byId = new Map(models.map((model) => [model.modelVersionId, model]));
  return {
    backend: runner.backend,
    passedOver: backend.passedOver,
    models: models.map(({modelVersionId, features}) => ({modelVersionId, spec: features.spec})),
    score: async (modelVersionId, requests, explaining = DEFAULT_TUNING) => {
      const model = byId.get(modelVersionId);
      if (!model) {
        throw new OperationalFault(
          'model-not-loaded',
          `model ${modelVersionId} is not among the loaded ones (${[...byId.keys()].join(', ') || 'none'}); ` +
            'put its folder into the models folder and restart',
          {retryable: false},
        );
      }
      return scoreAll(model, requests, batcher, explaining);
    },
    close: async () => runner.close(),
  };
}

async function scoreAll(
  model: StoredModel,
  requests: readonly ScoreRequest[],
  ask: Batcher,
  explaining: Explaining,
): Promise<Score[]> {
  const {spec, scaling} = model.features;
  const shared = new Map<FeatureWindow, {readonly features: number[]; readonly completenessPct: number}>();
  const inputs = requests.map(({window, component}) => {
    let known = shared.get(window);
    if (!known) {
      known = {features: equipmentFeatures(window, spec), completenessPct: completenessPct(window, spec)};
      shared.set(window, known);
    }
    return standardise(componentFeatures(window, component, spec, known.features), scaling);
  });
  const curves = (await ask(model.modelVersionId, inputs)).map((logits) => curveOf(model, logits));
  const explained = await explain(model, requests, inputs, curves, ask, explaining);
  return requests.map(({window}, i) => ({
    cumulativePpm: monotonePpm(curves[i]!),
    completenessPct: shared.get(window)!.completenessPct,
    topSignals: explained.get(i) ?? [],
  }));
}

/** Top signals of the notable scores: one extra row per group of inputs, all of them in one go. */
async function explain(
  model: StoredModel,
  requests: readonly ScoreRequest[],
  inputs: readonly Float32Array[],
  curves: readonly number[][],
  ask: Batcher,
  {explainFromPpm}: Explaining,
): Promise<Map<number, Score['topSignals']>> {
  const {spec} = model.features;
  const occlusions = occlusionsOf(spec);
  const notable = [...curves.keys()].filter((i) => last(curves[i]!) * 1e6 >= explainFromPpm);
  const hidden = notable.flatMap((i) => occlusions.map((occlusion) => occlude(inputs[i]!, occlusion)));
  const answers = await ask(model.modelVersionId, hidden);
  return new Map(
    notable.map((i, nth) => {
      const shifts = occlusions.map(({group}, g) => {
        const without = last(curveOf(model, answers[nth * occlusions.length + g]!));
        return {group, shift: logit(last(curves[i]!)) - logit(without)};
      });
      return [i, topSignals(shifts, requests[i]!.window, requests[i]!.component, spec)];
    }),
  );
}

function curveOf(model: StoredModel, logits: Float32Array): number[] {
  return cumulateHazards(calibratedHazards(logits, model.calibration.hazards));
}

/** Answers one row of logits per input, in order. */
type Batcher = (key: string, inputs: readonly Float32Array[]) => Promise<Float32Array[]>;

/** Cuts inputs into full passes, the last padded with average rows; padding is computed and thrown away. */
function createBatcher(runner: NetworkRunner): Batcher {
  return async (key, inputs) => {
    const batches: Promise<Float32Array[]>[] = [];
    for (let from = 0; from < inputs.length; from += BATCH_ROWS) {
      const part = inputs.slice(from, from + BATCH_ROWS);
      const width = part[0]!.length;
      const rows = new Float32Array(BATCH_ROWS * width);
      part.forEach((input, i) => rows.set(input, i * width));
      batches.push(runner.run(key, rows).then((logits) => split(logits, part.length)));
    }
    return (await Promise.all(batches)).flat();
  };
}

function split(logits: Float32Array, count: number): Float32Array[] {
  invariant(logits.length % BATCH_ROWS === 0, 'a network answers each row of its batch');
  const width = logits.length / BATCH_ROWS;
  return Array.from({length: count}, (_, i) => logits.subarray(i * width, (i + 1) * width));
}

function logit(probability: number): number {
  const p = Math.min(1 - 1e-6, Math.max(1e-6, probability));
  return Math.log(p / (1 - p));
}

function last(values: readonly number[]): number {
  return values[values.length - 1]!;
}
