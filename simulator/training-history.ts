import {DAY_MS, HOUR_MS, MINUTE_MS, epochMs, type EpochMs} from '../domain/time.ts';
import type {HistoryEvent, HourlySignal, MachineHistory, TrainingHistoryOptions} from './history.ts';
import {machineSpecs} from './machine-spec.ts';
import {Machine} from './machine.ts';
import {referenceNetwork} from './network.ts';
import type {MachineSpec} from './timeline.ts';

/** Ten minutes: six samples make an hour's mean, spread and extremes. */
export const SAMPLE_INTERVAL_MS = 10 * MINUTE_MS;
const DEFAULT_END = epochMs(Date.UTC(2026, 0, 1));

/**
 * The past of a reference fleet, machine by machine, for training and evaluation.
 *
 * A fleet of another seed has other machines: train on one seed, judge on another.
 */
export function* trainingHistory(options: TrainingHistoryOptions): Generator<MachineHistory> {
  const {seed, machines, days, endAt = DEFAULT_END} = options;
  const network = referenceNetwork({seed, startAt: endAt, machines});
  for (const spec of machineSpecs(network))
    yield machineHistory(seed, spec, epochMs(endAt - days * DAY_MS), endAt);
}

/**
 * What one machine sent in (from, to], by the hour, with the lives behind it.
 * A machine commissioned within the span begins there.
 */
export function machineHistory(
  seed: number,
  spec: MachineSpec,
  from: EpochMs,
  to: EpochMs,
  intervalMs = SAMPLE_INTERVAL_MS,
): MachineHistory {
  const machine = new Machine({seed, spec, sampledFrom: from, intervalMs, run: 'history'});
  machine.skipTo(from);
  const firstHour = Math.floor(Math.max(from, spec.commissionedAt) / HOUR_MS);
  const length = Math.max(0, Math.floor(to / HOUR_MS) - firstHour);
  const {names} = machine.signals;
  const hourly = names.map(() => new HourlyBuilder(length));
  const events: HistoryEvent[] = [];
  for (const observation of machine.observe(to)) {
    if (observation.kind === 'event') {
      events.push(observation.event);
      continue;
    }
    // An hour holds what was observed after its start and up to its end.
    const index = Math.ceil(observation.at / HOUR_MS) - firstHour - 1;
    for (let i = 0; i < names.length; i += 1) hourly[i]!.add(index, observation.values[i]!);
  }
  return {
    equipmentId: spec.equipmentId,
    classId: spec.classId,
    modelId: spec.modelId,
    attributes: spec.attributes,
    hours: Float64Array.from({length}, (_, i) => (firstHour + i + 1) * HOUR_MS),
    signals: Object.fromEntries(names.map((name, i) => [name, hourly[i]!.finish()])),
    events,
    lives: machine.timeline.livesAt(to).filter((life) => life.endedAt === null || life.endedAt > from),
  };
}

/** Means and spreads of one signal by the hour, in one pass. */
class HourlyBuilder implements HourlySignal {
  readonly mean: Float32Array;
  readonly sd: Float32Array;
  readonly min: Float32Array;
  readonly max: Float32Array;
  readonly n: Float32Array;
  #index = -1;
  #count = 0;
  #first = 0;
  #sum = 0;
  #squares = 0;
  #low = 0;
  #high = 0;

  constructor(length: number) {
    this.mean = new Float32Array(length).fill(NaN);
    this.sd = new Float32Array(length).fill(NaN);
    this.min = new Float32Array(length).fill(NaN);
    this.max = new Float32Array(length).fill(NaN);
    this.n = new Float32Array(length);
  }

  /** Indexes must not go back; NaN is a sample that was not sent. */
  add(index: number, value: number): void {
    if (Number.isNaN(value)) return;
    if (index !== this.#index) {
      this.finish();
      this.#index = index;
      this.#count = 0;
      this.#first = value;
      this.#sum = 0;
      this.#squares = 0;
      this.#low = value;
      this.#high = value;
    }
    // Deviations from the hour's first value: their squares lose no digits to a large mean.
    const deviation = value - this.#first;
    this.#count += 1;
    this.#sum += deviation;
    this.#squares += deviation * deviation;
    if (value < this.#low) this.#low = value;
    if (value > this.#high) this.#high = value;
  }

  finish(): HourlySignal {
    const index = this.#index;
    // Samples after the last whole hour have no bucket yet.
    if (index >= 0 && index < this.n.length) {
      const mean = this.#sum / this.#count;
      this.n[index] = this.#count;
      this.mean[index] = this.#first + mean;
      this.sd[index] = Math.sqrt(Math.max(0, this.#squares / this.#count - mean * mean));
      this.min[index] = this.#low;
      this.max[index] = this.#high;
    }
    return this;
  }
}
