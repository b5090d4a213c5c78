import type {ComponentId, EquipmentId} from '../../domain/ids.ts';
import {HOUR_MS, epochMs, type EpochMs} from '../../domain/time.ts';
import {invariant} from '../../domain/invariant.ts';
import {componentIndex, eventMemoryH, numericAttributes, type ClassSpec} from '../core/class-spec.ts';
import type {FeatureWindow, InstalledComponent, SignalBucket} from '../core/feature-window.ts';
import type {Outcome} from '../core/hazard-labels.ts';

/** One machine's past with the truth about its components; simulator/history.ts produces it. */
export interface TrainingMachine {
  readonly equipmentId: string;
  readonly classId: string;
  readonly modelId: string;
  readonly attributes: Readonly<Record<string, string | number>>;
  /** Ends of the intervals of the class's grid (`gridH` apart), epoch ms. */
  readonly hours: Float64Array;
  readonly signals: Readonly<
    Record<string, Readonly<Record<'mean' | 'sd' | 'min' | 'max' | 'n', Float32Array>>>
  >;
  readonly events: readonly {
    readonly type: string;
    readonly code?: string;
    readonly positionId?: string;
    readonly at: EpochMs;
  }[];
  readonly lives: readonly TrainingLife[];
  /** Hours after an interval's end until what is said of it was known: data that were averaged over later hours. Default 0. */
  readonly knownAfterH?: number;
}

export interface TrainingLife {
  readonly positionId: string;
  readonly componentClassId: string;
  readonly componentId: string;
  readonly installedAt: EpochMs;
  readonly endedAt: EpochMs | null;
  readonly end: 'failure' | 'planned' | 'running';
  /** When it failed before and ran on, as old as it was: repaired where it is, or its replacement was not recorded. Rising. */
  readonly failedAt?: readonly EpochMs[];
}

/** All failures of one life, rising. */
export function failuresOf({failedAt = [], end, endedAt}: TrainingLife): readonly EpochMs[] {
  return end === 'failure' ? [...failedAt, endedAt!] : failedAt;
}

/** One component at one instant, as a forecast is judged by. */
export interface JudgedRow {
  /** Index among the spec's components. */
  readonly place: number;
  readonly ageH: number;
  readonly outcome: Outcome;
  /** How many hours of the fleet's time this row stands for; makes uneven sampling even again. */
  readonly weight: number;
}

export interface Sampling {
  /** Rows lie in (from, to]; nothing after `knownUntil` is used, for labels either. */
  readonly from: EpochMs;
  readonly to: EpochMs;
  readonly knownUntil: EpochMs;
  readonly strideH: number;
  /** A denser stride before failures; the weights undo it. */
  readonly nearFailure?: {readonly withinH: number; readonly strideH: number};
  /** Shifts the grid, so that machines are not all seen at the same hour of day. */
  readonly offsetH: number;
  /**
   * Some moments are seen as if part of the window had not come through. Outages in the record are so few that a network took
   * one silent hour for a sign of health and halved the risk; these have nothing to do with failures, and it learns that.
   */
  readonly withOutages?: boolean;
  /** Hours from an interval's end to the forecast made with it; at least what the machine's readings take. Default 0. */
  readonly issuedAfterH?: number;
  /** Hours of telemetry before the first forecast. Default: the whole window; 0: machines that have just joined, too. */
  readonly heardForH?: number;
}

/** Every third moment has lost something; the lengths take turns, and after each round of them the kind … */
const OUTAGES_H = [1, 3, 6, 12, 24, 48] as const;
/** … so that the line is down still, is back since a few hours, or was first heard so many hours ago. */
const KINDS_OF_OUTAGE = ['down', 'back', 'new'] as const;
const BACK_SINCE_H = 5;

/** One machine at one instant: the window that a live service would have had, and what came of each component. */
export interface Moment {
  readonly window: FeatureWindow;
  readonly components: readonly {readonly component: InstalledComponent; readonly outcome: Outcome}[];
  readonly strideH: number;
}

/** The instants of one machine at which it is looked at, oldest first. */
export function* momentsOf(machine: TrainingMachine, spec: ClassSpec, sampling: Sampling): Generator<Moment> {
  const buckets = bucketsOf(machine, spec);
  const attributes = numericAttributes(machine.attributes, machine.modelId);
  const {issuedAfterH = 0, heardForH = spec.windowH} = sampling;
  invariant(
    issuedAfterH >= (machine.knownAfterH ?? 0),
    'no forecast is made before what it reads was known (refuseLeaks)',
  );
  let nth = 0;
  for (let interval = Math.ceil(heardForH / spec.gridH); interval < machine.hours.length; interval += 1) {
    const asOf = epochMs(machine.hours[interval]! + issuedAfterH * HOUR_MS);
    if (asOf <= sampling.from || asOf > sampling.to) continue;
    const strideH = Math.max(spec.gridH, strideAt(machine, asOf, sampling));
    if (!beginsStride(interval, spec.gridH, sampling.offsetH, strideH)) continue;
    const window = windowAt(machine, spec, buckets, attributes, interval, asOf);
    nth += 1;
    yield {
      window: sampling.withOutages === true && nth % 3 === 0 ? withOutage(window, nth / 3) : window,
      components: machine.lives
        .filter((life) => life.installedAt <= asOf && (life.endedAt === null || life.endedAt > asOf))
        .map((life) => ({
          component: installed(life, asOf),
          outcome: outcomeOf(life, asOf, sampling.knownUntil),
        }))
        .filter(({component}) => componentIndex(spec, component) >= 0),
      strideH,
    };
  }
}

/** Whether an interval is the first of its stride: on the hourly grid each whole multiple, on any other the first that has come to it. */
function beginsStride(interval: number, gridH: number, offsetH: number, strideH: number): boolean {
  const strideOf = (nth: number): number => Math.floor((nth * gridH + offsetH) / strideH);
  return strideOf(interval) !== strideOf(interval - 1);
}

/** The window as it would be had nothing come through for some hours; `nth` takes the kinds of outage in turn. */
function withOutage(window: FeatureWindow, nth: number): FeatureWindow {
  const lengthH = OUTAGES_H[nth % OUTAGES_H.length]!;
  const kind = KINDS_OF_OUTAGE[Math.floor(nth / OUTAGES_H.length) % KINDS_OF_OUTAGE.length]!;
  const silent = (hoursAgo: number): boolean => {
    if (kind === 'new') return hoursAgo >= lengthH;
    const untilH = kind === 'back' ? BACK_SINCE_H : 0;
    return hoursAgo >= untilH && hoursAgo < untilH + lengthH;
  };
  const gridH = window.gridMs / HOUR_MS;
  const cut = (series: readonly (SignalBucket | null)[]): (SignalBucket | null)[] =>
    series.map((bucket, i) => (silent((series.length - 1 - i) * gridH) ? null : bucket));
  return {...window, buckets: new Map([...window.buckets].map(([name, series]) => [name, cut(series)]))};
}

/**
 * What came of a life after an instant, as far as it was known at `knownUntil`: its next failure, or how long it ran without.
 *
 * Example: failed at 30 h and ran on, replaced by plan at 90 h → {watchedH 10, failed} as of 20 h, {watchedH 50, not failed} as of 40 h.
 */
export function outcomeOf(life: TrainingLife, asOf: EpochMs, knownUntil: EpochMs): Outcome {
  const failedAt = failuresOf(life).find((at) => at > asOf) ?? Infinity;
  const end = Math.min(failedAt, life.endedAt ?? Infinity, knownUntil);
  return {watchedH: (end - asOf) / HOUR_MS, failed: failedAt <= end};
}

function installed(life: TrainingLife, asOf: EpochMs): InstalledComponent {
  return {
    componentId: life.componentId as ComponentId,
    classId: life.componentClassId,
    positionId: life.positionId,
    ageH: (asOf - life.installedAt) / HOUR_MS,
  };
}

function strideAt(
  machine: TrainingMachine,
  asOf: EpochMs,
  {strideH, nearFailure, knownUntil}: Sampling,
): number {
  if (!nearFailure) return strideH;
  const until = Math.min(knownUntil, asOf + nearFailure.withinH * HOUR_MS);
  const near = machine.lives.some((life) => failuresOf(life).some((at) => at > asOf && at <= until));
  return near ? nearFailure.strideH : strideH;
}

type Buckets = ReadonlyMap<string, readonly (SignalBucket | null)[]>;

function bucketsOf(machine: TrainingMachine, spec: ClassSpec): Buckets {
  return new Map(
    spec.signals.map(({name}) => {
      const signal = machine.signals[name];
      const series = Array.from(machine.hours, (_, i): SignalBucket | null => {
        const n = signal?.n[i] ?? 0;
        if (signal === undefined || n === 0) return null;
        const mean = signal.mean[i]!;
        return {n, mean, m2: signal.sd[i]! ** 2 * n, min: signal.min[i]!, max: signal.max[i]!, last: mean};
      });
      return [name, series];
    }),
  );
}

function windowAt(
  machine: TrainingMachine,
  spec: ClassSpec,
  buckets: Buckets,
  attributes: FeatureWindow['attributes'],
  interval: number,
  asOf: EpochMs,
): FeatureWindow {
  const intervals = Math.round(spec.windowH / spec.gridH);
  const from = asOf - eventMemoryH(spec) * HOUR_MS;
  const before = Math.max(0, intervals - 1 - interval);
  return {
    equipmentId: machine.equipmentId as EquipmentId,
    asOf,
    gridMs: spec.gridH * HOUR_MS,
    buckets: new Map(
      [...buckets].map(([name, series]) => {
        const heard = series.slice(Math.max(0, interval + 1 - intervals), interval + 1);
        return [name, before === 0 ? heard : [...new Array<null>(before).fill(null), ...heard]];
      }),
    ),
    events: machine.events
      .filter(({at}) => at > from && at <= asOf)
      .map(({type, code, positionId, at}) => ({type, code, positionId, at})),
    attributes,
  };
}
