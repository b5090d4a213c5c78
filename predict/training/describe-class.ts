import {HORIZONS_H} from '../../domain/forecast.ts';
import {HOUR_MS} from '../../domain/time.ts';
import {numericAttributes, type ClassSpec} from '../core/class-spec.ts';
import {constantRate, fitWeibull, type Life, type Weibull} from '../core/weibull.ts';
import {failuresOf, type TrainingLife, type TrainingMachine} from './dataset.ts';
import type {TrainingTarget} from './training-target.ts';

/** A week shows a drift of days against its own past, and its weekends. */
const WINDOW_H = 168;

/** Builds the spec of a class or pool from its master data and from what the training machines really send, up to `knownUntil`. */
export function describeClass(
  {equipmentClassId, pools, signals, windowH = WINDOW_H, gridH = 1, sequenceStepH}: TrainingTarget,
  machines: readonly TrainingMachine[],
  knownUntil: number,
): ClassSpec {
  const places = new Map<string, {positionId: string; classId: string}>();
  const eventCodes = new Set<string>();
  const attributes = new Set<string>();
  for (const machine of machines) {
    for (const {positionId, componentClassId} of machine.lives) {
      places.set(`${positionId} ${componentClassId}`, {positionId, classId: componentClassId});
    }
    for (const {type, code, at} of machine.events) {
      if (type === 'error' && code !== undefined && at <= knownUntil) eventCodes.add(code);
    }
    for (const name of Object.keys(numericAttributes(machine.attributes, machine.modelId)))
      attributes.add(name);
  }
  return {
    equipmentClassId,
    components: [...places.keys()].sort().map((key) => {
      const place = places.get(key)!;
      return {...place, life: lifeOf(livesOf(machines, {...place, gridH}, knownUntil))};
    }),
    signals: [...signals],
    eventCodes: [...eventCodes].sort(),
    attributes: [...attributes].sort(),
    windowH,
    gridH,
    horizonsH: [...HORIZONS_H],
    ...(pools === undefined ? {} : {pools: [...pools]}),
    ...(sequenceStepH === undefined ? {} : {sequenceStepH}),
  };
}

/** The lives in one place, cut at `knownUntil`, watched since the record began. */
function livesOf(
  machines: readonly TrainingMachine[],
  {
    positionId,
    classId,
    gridH,
  }: {readonly positionId: string; readonly classId: string; readonly gridH: number},
  knownUntil: number,
): Life[] {
  return machines.flatMap((machine) => {
    const beganAt = machine.hours[0]! - gridH * HOUR_MS;
    return machine.lives
      .filter((life) => life.positionId === positionId && life.componentClassId === classId)
      .filter((life) => life.installedAt < knownUntil && (life.endedAt ?? Infinity) > beganAt)
      .flatMap((life) => stretchesOf(life, beganAt, knownUntil));
  });
}

/** A life from failure to failure: what runs on after one enters at the age it has. */
function stretchesOf(life: TrainingLife, beganAt: number, knownUntil: number): Life[] {
  const ageH = (at: number): number => (at - life.installedAt) / HOUR_MS;
  const failures = failuresOf(life).filter((at) => at > beganAt && at <= knownUntil);
  const end = Math.min(life.endedAt ?? Infinity, knownUntil);
  const ends = failures.at(-1) === end ? failures : [...failures, end];
  return ends.map((at, nth) => ({
    entryAgeH: Math.max(0, ageH(failures[nth - 1] ?? beganAt)),
    endAgeH: ageH(at),
    failed: nth < failures.length,
  }));
}

/** Weibull from ten failures on; below, a constant rate of (failures + ½) per hour watched (Jeffreys' prior). */
function lifeOf(lives: readonly Life[]): Weibull {
  const fitted = fitWeibull(lives);
  if (fitted) return fitted;
  const watchedH = lives.reduce((sum, life) => sum + life.endAgeH - (life.entryAgeH ?? 0), 0);
  return constantRate(watchedH / (lives.filter(({failed}) => failed).length + 0.5));
}
