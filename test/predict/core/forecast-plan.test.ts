import {describe, expect, it} from 'vitest';
import {HORIZONS_H} from '../../../domain/forecast.ts';
import {HOUR_MS, epochMs} from '../../../domain/time.ts';
import type {ClassSpec} from '../../../predict/core/class-spec.ts';
import {equipmentFeatures, featuresOf} from '../../../predict/core/features.ts';
import {planForecast} from '../../../predict/core/forecast-plan.ts';
import {windowAt} from '../../../predict/window.ts';
import {momentsOf, type TrainingMachine} from '../../../predict/training/dataset.ts';
import type {EquipmentId} from '../../../domain/ids.ts';

const spec: ClassSpec = {
  equipmentClassId: 'pump',
  components: [{positionId: 'seal', classId: 'seal', life: {shape: 2, scaleH: 2000}}],
  signals: [{name: 'pressure', label: 'pressure', unit: 'bar', normalLow: 4, normalHigh: 6}],
  eventCodes: ['E1'],
  attributes: ['rated_kw', 'model=P'],
  windowH: 24,
  gridH: 3,
  horizonsH: [...HORIZONS_H],
  visits: {everyH: 360, deviationsH: [0], signsH: 48, offCalendarPerH: [1e-6]},
};

/** Stamped every 3 h with data up to 1 h later; visited at 240 h and 600 h, where its seal was found failed. */
function machine(changedFromH = Infinity): TrainingMachine {
  const hours = Float64Array.from({length: 300}, (_, i) => (i + 1) * 3 * HOUR_MS);
  const mean = Float32Array.from(hours, (at, i) => (at > changedFromH * HOUR_MS ? 99 : 5 + Math.sin(i)));
  const flat = new Float32Array(300);
  const life = {positionId: 'seal', componentClassId: 'seal'};
  const visits = [240, 600].filter((at) => at <= changedFromH);
  const starts = [0, ...visits];
  return {
    equipmentId: 'P-1',
    classId: 'pump',
    modelId: 'P',
    attributes: {rated_kw: 75},
    hours,
    signals: {pressure: {mean, sd: flat, min: mean, max: mean, n: flat.map(() => 1)}},
    events: [
      ...[100, 576, 590].map((at) => ({
        type: 'error',
        code: at > changedFromH ? 'E9' : 'E1',
        at: epochMs(at * HOUR_MS),
      })),
      ...visits.map((at) => ({type: 'part-replaced', positionId: 'seal', at: epochMs(at * HOUR_MS)})),
    ].sort((a, b) => a.at - b.at),
    lives: starts.map((at, nth) => ({
      ...life,
      componentId: `seal-${nth}`,
      installedAt: epochMs(at * HOUR_MS),
      endedAt: starts[nth + 1] === undefined ? null : epochMs(starts[nth + 1]! * HOUR_MS),
      end: starts[nth + 1] === 600 ? 'failure' : starts[nth + 1] === undefined ? 'running' : 'planned',
    })),
    knownAfterH: 1,
  };
}

const momentAt = (of: TrainingMachine, hour: number) =>
  [
    ...momentsOf(of, spec, {
      from: epochMs((hour - 1) * HOUR_MS),
      to: epochMs(hour * HOUR_MS),
      knownUntil: epochMs(900 * HOUR_MS),
      strideH: 3,
      offsetH: 0,
      issuedAfterH: 2,
      heardForH: 0,
    }),
  ][0]!;
const planAt = (of: TrainingMachine, hour: number) => {
  const {window, components} = momentAt(of, hour);
  return planForecast(window, components[0]!.component, spec, equipmentFeatures(window, spec));
};

describe('what a model is asked', () => {
  it('hazards while the phase is unknown, far from a visit only what stays until it, near it everything', () => {
    const asked = (hour: number): string[] => planAt(machine(), hour).questions.map(({head}) => head);
    expect(asked(230)).toEqual(['hazards']); // before the first visit
    expect(asked(245)).toEqual(['far']); // next in 355 h, the one after in 715 h
    expect(asked(299)).toEqual(['far', 'far']); // in 301 h and in 661 h
    expect(asked(599)).toEqual(['near', 'far']);
  });

  it('knows the age at the visit: a seal of 245 h is 360 h old at the next one, 720 h at the one after', () => {
    const names = featuresOf(spec).map(({name}) => name);
    const ages = planAt(machine(), 485).questions.map(({raw}) => raw[names.indexOf('age_at_visit.periods')]);
    expect(ages).toEqual([1, 2]);
    const [first] = planAt(machine(), 590).questions;
    expect(first!.raw[names.indexOf('visit.hours')]).toBe(10);
    expect(first!.raw[names.indexOf('error.E1.since_signs')]).toBe(2);
    expect(first!.raw[names.indexOf('error.E1.count_24h')]).toBe(2);
  });

  it('B1 nothing that was known later moves it: telemetry, errors, replacements and failures after its instant', () => {
    for (const hour of [599, 578, 482, 239]) {
      const truth = planAt(machine(), hour).questions;
      expect(planAt(machine(hour), hour).questions, `at ${hour} h`).toEqual(truth);
    }
    // A replacement at the visit's own hour enters after it.
    expect(planAt(machine(), 602).questions[0]!.head).toBe('far');
  });

  it('B1 the service builds the same window and inputs from the same readings', () => {
    const history = machine();
    for (const hour of [11, 245, 590]) {
      const {window, components} = momentAt(history, hour);
      const buckets = new Map(
        [...history.hours].map((at, i) => {
          const mean = history.signals['pressure']!.mean[i]!;
          return [
            at,
            new Map([['pressure', {n: 1, mean, m2: 0, min: mean, max: mean, last: mean}]]),
          ] as const;
        }),
      );
      const live = windowAt(
        {
          master: {
            equipmentNo: 1,
            partitionNo: 0,
            equipmentId: 'P-1' as EquipmentId,
            equipmentClassId: 'pump',
            modelId: 'P',
            gridMs: 3 * HOUR_MS,
            attributes: {rated_kw: 75},
          },
          buckets,
        },
        window.asOf,
        24 * HOUR_MS,
        history.events.map((event) => ({code: undefined, positionId: undefined, ...event})),
        4 * 360 * HOUR_MS,
      );
      const {component} = components[0]!;
      const inSteps: ClassSpec = {...spec, sequenceStepH: 6};
      for (const read of [spec, inSteps]) {
        const ask = (of: typeof window) =>
          planForecast(of, component, read, equipmentFeatures(of, read)).questions;
        expect(ask(live), `at ${hour} h`).toEqual(ask(window));
        expect(ask(live)[0]!.raw).toHaveLength(featuresOf(read).length);
      }
    }
  });
});
