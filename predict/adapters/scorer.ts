import {availableParallelism} from 'node:os';
import {OperationalFault} from '../../domain/fault.ts';
import {invariant} from '../../domain/invariant.ts';
import type {Probability} from '../../domain/quantity.ts';
import {occlude, occlusionsOf, topSignals} from '../core/explain.ts';
import {completenessPct, equipmentFeatures} from '../core/features.ts';
import type {FeatureWindow} from '../core/feature-window.ts';
import {forecastRange} from '../core/forecast-range.ts';
import {HEADS, planForecast, type ForecastPlan, type HeadName} from '../core/forecast-plan.ts';
import type {Explaining, Score, Scorer, ScoreRequest} from '../core/score.ts';
import {monotonePpm} from '../core/survival-curve.ts';
import {DEFAULT_TUNING} from '../core/tuning.ts';
import {openBackend, type Backend, type BackendOptions} from './backend.ts';
import {askHead, type Head, type HeadAnswer, type Network} from './head.ts';
import type {StoredModel} from './model-store.ts';
import {BATCH_ROWS, inThisThread, type NetworkRunner} from './network-runner.ts';
import {openWasmPool} from './wasm-pool.ts';

export interface ScorerOptions extends BackendOptions {
  readonly models: readonly StoredModel[];
  /** wasm only: how many worker threads. Default: one per core, at most two; each holds its own copy of the networks. */
  readonly threads?: number;
  /** Whether notable scores come with their top signals, which costs a dozen more passes. Default true. */
  readonly explained?: boolean;
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
  explained = true,
}: ScorerOptions): Promise<OpenScorer> {
  const backend = await openBackend({choice, strict});
  const networks = new Map(models.flatMap(networksOf));
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
      return scoreAll(model, requests, batcher, explained ? explaining : null);
    },
    close: async () => runner.close(),
  };
}

async function scoreAll(
  model: StoredModel,
  requests: readonly ScoreRequest[],
  ask: Batcher,
  explaining: Explaining | null,
): Promise<Score[]> {
  const {spec} = model.features;
  const shared = new Map<FeatureWindow, {readonly features: number[]; readonly completenessPct: number}>();
  const plans = requests.map(({window, component}) => {
    let known = shared.get(window);
    if (!known) {
      known = {features: equipmentFeatures(window, spec), completenessPct: completenessPct(window, spec)};
      shared.set(window, known);
    }
    return planForecast(window, component, spec, known.features);
  });
  const answers = await answersOf(model, plans, ask);
  const curves = answers.map(curveOf);
  const reasons = explaining && (await explain(model, requests, plans, curves, ask, explaining));
  return requests.map(({window}, i) => ({
    cumulativePpm: monotonePpm(curves[i]!),
    range: forecastRange(curves[i]!, partsOf(answers[i]!)),
    completenessPct: shared.get(window)!.completenessPct,
    topSignals: reasons?.get(i) ?? [],
  }));
}

/** A plan and what its heads answer, question by question. */
interface Answered {
  readonly plan: ForecastPlan;
  readonly answers: readonly HeadAnswer[];
}

function curveOf({plan, answers}: Answered): Probability[] {
  return plan.curveOf(answers.map(({hazards}) => hazards));
}

/** The curve of each part of the ensemble: a part of one head goes with that part of the others, which the same machines taught. */
function partsOf({plan, answers}: Answered): Probability[][] {
  const parts = answers.reduce((least, answer) => Math.min(least, answer.parts.length), Infinity);
  return Array.from({length: parts}, (_, part) => plan.curveOf(answers.map((answer) => answer.parts[part]!)));
}

/** Asks each head all its questions at once. */
async function answersOf(
  model: StoredModel,
  plans: readonly ForecastPlan[],
  ask: Batcher,
): Promise<Answered[]> {
  const questions = plans.flatMap((plan) => plan.questions);
  const answers = new Array<HeadAnswer>(questions.length);
  for (const name of HEADS) {
    const mine = [...questions.keys()].filter((i) => questions[i]!.head === name);
    if (mine.length === 0) continue;
    const head = model.heads[name];
    invariant(head !== undefined, 'a model has the heads that its spec asks for');
    const answered = await askHead(
      head,
      mine.map((i) => questions[i]!),
      async (member, inputs) => ask(networkKey(model.modelVersionId, name, member), inputs),
    );
    mine.forEach((i, nth) => (answers[i] = answered[nth]!));
  }
  let from = 0;
  return plans.map((plan) => {
    from += plan.questions.length;
    return {plan, answers: answers.slice(from - plan.questions.length, from)};
  });
}

/** Top signals of the notable scores: one extra question per group of inputs, all of them in one go. */
async function explain(
  model: StoredModel,
  requests: readonly ScoreRequest[],
  plans: readonly ForecastPlan[],
  curves: readonly number[][],
  ask: Batcher,
  {explainFromPpm}: Explaining,
): Promise<Map<number, Score['topSignals']>> {
  const {spec} = model.features;
  const occlusions = occlusionsOf(spec);
  const notable = [...curves.keys()].filter((i) => last(curves[i]!) * 1e6 >= explainFromPpm);
  const hidden = notable.flatMap((i) =>
    occlusions.map(({indexes}): ForecastPlan => ({
      ...plans[i]!,
      questions: plans[i]!.questions.map((question) => {
        const head = model.heads[question.head]!;
        return {...question, raw: occlude(question.raw, indexes, averageOf(head))};
      }),
    })),
  );
  const without = (await answersOf(model, hidden, ask)).map(curveOf);
  return new Map(
    notable.map((i, nth) => {
      const shifts = occlusions.map(({group}, g) => ({
        group,
        shift: logit(last(curves[i]!)) - logit(last(without[nth * occlusions.length + g]!)),
      }));
      return [i, topSignals(shifts, requests[i]!.window, requests[i]!.component, spec)];
    }),
  );
}

/** Where training's average of a raw input lies, for those that a head reads. */
function averageOf({inputs, scaling}: Head): (input: number) => number {
  const place = new Map(inputs.map((input, i) => [input, i]));
  return (input) => scaling.mean[place.get(input) ?? -1] ?? NaN;
}

/** Which network of the pool a head's member is. */
function networkKey(modelVersionId: string, head: HeadName, member: number): string {
  return `${modelVersionId}/${head}/${member}`;
}

function networksOf({modelVersionId, heads}: StoredModel): [string, Network][] {
  return HEADS.flatMap((name) =>
    (heads[name]?.members ?? []).flatMap((member, nth): [string, Network][] =>
      member.family === 'network' ? [[networkKey(modelVersionId, name, nth), member.network]] : [],
    ),
  );
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
