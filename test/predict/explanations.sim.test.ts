import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {HOUR_MS, epochMs} from '../../domain/time.ts';
import {loadModels} from '../../predict/adapters/model-store.ts';
import type {StoredModel} from '../../predict/adapters/model-store.ts';
import {openScorer} from '../../predict/adapters/scorer.ts';
import type {OpenScorer} from '../../predict/adapters/scorer.ts';
import {occlusionsOf} from '../../predict/core/explain.ts';
import {featuresOf} from '../../predict/core/features.ts';
import type {FeatureGroup} from '../../predict/core/features.ts';
import type {ScoreRequest} from '../../predict/core/score.ts';
import {momentsOf} from '../../predict/training/dataset.ts';
import {trainingHistory} from '../../simulator/training-history.ts';

/** Machines that no model has seen. */
const FLEET = {seed: 4_711, machines: 24, days: 240};
/** Every fifth moment, 30 hours apart, is looked at. */
const EVERY = 5;
/** Explained forecasts a machine and a class at most. */
const MACHINE_MAX = 25;
const CASES_MAX = 150;

/** What is known without a group: its signal never heard, no error, of middling age, or nothing told of the machine. */
function without(request: ScoreRequest, group: FeatureGroup, model: StoredModel): ScoreRequest {
  const {window, component} = request;
  if (group === 'errors')
    return {component, window: {...window, events: window.events.filter(({type}) => type !== 'error')}};
  if (group === 'equipment') return {component, window: {...window, attributes: {}}};
  if (group === 'age') {
    const {
      features: {spec},
      heads,
    } = model;
    const logDays = heads.hazards.scaling.mean[featuresOf(spec).findIndex(({name}) => name === 'age.log')]!;
    return {window, component: {...component, ageH: Math.expm1(logDays) * 24}};
  }
  const name = group.replace(/^signal:/, '');
  const silent = window.buckets.get(name)!.map(() => null);
  return {component, window: {...window, buckets: new Map([...window.buckets, [name, silent]])}};
}

const logit = (ppm: number): number => Math.log((ppm + 1) / (1_000_001 - ppm));

interface Measured {
  cases: number;
  topMovesMost: number;
  topAmongTwo: number;
  again: number;
  same: number;
  /** By signal of the class, what was said of it. */
  texts: {signal: string; text: string}[];
}

describe('explanations of the shipped models', () => {
  let scorer: OpenScorer;
  let models: readonly StoredModel[];
  const measured = new Map<string, Measured>();
  beforeAll(async () => {
    models = await loadModels(join(import.meta.dirname, '../../models'));
    scorer = await openScorer({models, choice: 'wasm', strict: true});
    const histories = [...trainingHistory(FLEET)];
    for (const model of models) {
      const {spec} = model.features;
      const risk = async (requests: readonly ScoreRequest[]) =>
        (await scorer.score(model.modelVersionId, requests)).map((score) => ({
          logit: logit(score.cumulativePpm.at(-1)!),
          top: score.topSignals,
        }));
      const of: Measured = {cases: 0, topMovesMost: 0, topAmongTwo: 0, again: 0, same: 0, texts: []};
      for (const [nth, machine] of histories.entries()) {
        if (machine.classId !== spec.equipmentClassId || of.cases >= CASES_MAX) continue;
        const end = machine.hours.at(-1)!;
        const sampling = {
          from: epochMs(0),
          to: epochMs(end),
          knownUntil: epochMs(end),
          strideH: 6,
          offsetH: nth,
        };
        const requests = [...momentsOf(machine, spec, sampling)].flatMap(({window, components}, moment) =>
          components.map(({component}) => ({window, component, moment})),
        );
        const until = Math.min(CASES_MAX, of.cases + MACHINE_MAX);
        const scores = await risk(requests);
        for (const [i, request] of requests.entries()) {
          const [first, second] = scores[i]!.top;
          if (first === undefined || request.moment % EVERY !== 0) continue;
          if (of.cases >= until) break;
          const groups = occlusionsOf(spec).map(({group}) => group);
          const effects = (await risk(groups.map((group) => without(request, group, model)))).map(
            (after, g) => ({
              signal: groups[g]!.replace(/^signal:/, ''),
              effect: Math.abs(scores[i]!.logit - after.logit),
            }),
          );
          const most = effects.reduce((a, b) => (b.effect > a.effect ? b : a)).signal;
          of.cases += 1;
          of.topMovesMost += Number(most === first.signal);
          of.topAmongTwo += Number(most === first.signal || most === second?.signal);
          of.texts.push(...scores[i]!.top);
          const later = requests.findIndex(
            ({window, component}, k) =>
              k > i &&
              component.componentId === request.component.componentId &&
              window.asOf === request.window.asOf + 6 * HOUR_MS,
          );
          const next = later < 0 ? undefined : scores[later]!.top[0];
          if (next === undefined) continue;
          of.again += 1;
          of.same += Number(next.signal === first.signal);
        }
      }
      measured.set(spec.equipmentClassId, of);
    }
  }, 300_000);
  afterAll(() => scorer.close());

  it.each(['chiller', 'compressor', 'packaging-robot'])(
    'B1 of %s name the group whose loss moves the forecast most in two cases of three, and among their first two in four of five',
    (equipmentClassId) => {
      const {cases, topMovesMost, topAmongTwo} = measured.get(equipmentClassId)!;
      expect(cases).toBe(CASES_MAX);
      expect(topMovesMost / cases).toBeGreaterThanOrEqual(2 / 3);
      expect(topAmongTwo / cases).toBeGreaterThanOrEqual(0.8);
    },
  );

  it('B1 over all classes they do so in four cases of five', () => {
    const all = [...measured.values()];
    const cases = all.reduce((sum, one) => sum + one.cases, 0);
    expect(all.reduce((sum, one) => sum + one.topMovesMost, 0) / cases).toBeGreaterThanOrEqual(0.8);
  });

  it('B1 name the same group six hours later in four cases of five', () => {
    for (const {again, same} of measured.values()) {
      expect(again).toBeGreaterThan(50);
      expect(same / again).toBeGreaterThanOrEqual(0.8);
    }
  });

  it('B1 say what a signal is with its unit and normal range', () => {
    for (const {equipmentClassId, features} of models) {
      const {texts} = measured.get(equipmentClassId)!;
      const told = features.spec.signals.flatMap((signal) =>
        texts.filter((one) => one.signal === signal.name).map(({text}) => ({signal, text})),
      );
      expect(told.length).toBeGreaterThan(20);
      for (const {signal, text} of told) {
        expect(text.startsWith(`${signal.label} `)).toBe(true);
        expect(text).toContain(
          ` ${signal.unit} over the last 24 h (normal ${signal.normalLow}–${signal.normalHigh})`,
        );
      }
    }
  });
});
