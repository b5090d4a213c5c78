import {DAY_MS, epochMs, type EpochMs} from '../domain/time.ts';
import {equipmentClassOf} from './equipment-classes.ts';
import type {HistoryEvent} from './history.ts';
import {streamOf, type Random} from './random.ts';
import {Signals} from './signals.ts';
import {
  apparentDamage,
  falseWarnings,
  sensorFaults,
  type Episodes,
  type FalseWarning,
  type SensorFault,
} from './symptoms.ts';
import {Timeline, type MachineSpec} from './timeline.ts';

/** What a machine does at one instant: it sends a sample of its signals, or an event. */
export type Observation =
  | {readonly kind: 'sample'; readonly at: EpochMs; readonly values: Float64Array}
  | {readonly kind: 'event'; readonly at: EpochMs; readonly event: HistoryEvent};

export interface MachineOptions {
  readonly seed: number;
  readonly spec: MachineSpec;
  /** Symptoms and samples begin here; lives began when the machine was commissioned. */
  readonly sampledFrom: EpochMs;
  readonly intervalMs: number;
  /** Names the streams of noise and errors, so that a live run does not depend on whether its past was read. */
  readonly run: 'history' | 'live';
}

/** Errors of a healthy component, and those that full damage adds: rates per day. */
const BACKGROUND_ERRORS_PER_DAY = 1 / 120;
const DAMAGE_ERRORS_PER_DAY = 1.6;

/** One machine: lives (Timeline), what they and false warnings show (Signals, error events), and lying sensors. */
export class Machine {
  readonly spec: MachineSpec;
  readonly timeline: Timeline;
  readonly signals: Signals;
  readonly falseWarnings: Episodes<FalseWarning>;
  readonly sensorFaults: Episodes<SensorFault>;
  readonly #errors: Random;
  readonly #errorCodes: readonly (readonly string[])[];
  readonly #intervalMs: number;
  readonly #damage: Float64Array;
  readonly #values: Float64Array;
  /** Values that stuck sensors hold, and spikes already shown. */
  readonly #held = new Map<SensorFault, number>();
  #nextSampleAt: EpochMs;

  constructor({seed, spec, sampledFrom, intervalMs, run}: MachineOptions) {
    const positionIds = spec.positions.map(({positionId}) => positionId);
    const stream = (name: string): Random => streamOf(seed, name, spec.equipmentId);
    const from = epochMs(Math.max(sampledFrom, spec.commissionedAt));
    this.spec = spec;
    this.timeline = new Timeline(seed, spec);
    this.signals = new Signals(spec, stream('character'), stream(`noise-${run}`));
    this.falseWarnings = falseWarnings(stream('false-warnings'), from, positionIds);
    this.sensorFaults = sensorFaults(stream('sensor-faults'), from, this.signals.names);
    this.#errors = stream(`errors-${run}`);
    this.#errorCodes = Object.values(equipmentClassOf(spec.classId).positions).map(
      ({errorCodes}) => errorCodes,
    );
    this.#intervalMs = intervalMs;
    this.#damage = new Float64Array(spec.positions.length);
    this.#values = new Float64Array(this.signals.names.length);
    // Machines do not all sample on the stroke: each has its own phase within the interval.
    const phase = Math.floor(stream('phase').uniform() * intervalMs);
    this.#nextSampleAt = epochMs(Math.ceil((from - phase) / intervalMs) * intervalMs + phase);
  }

  /** Moves to `to` without a word: what lies before it was said by another run. */
  skipTo(to: EpochMs): void {
    this.timeline.advance(to);
    this.falseWarnings.at(to);
    this.sensorFaults.at(to);
    const behind = Math.floor((to - this.#nextSampleAt) / this.#intervalMs) + 1;
    if (behind > 0) this.#nextSampleAt = epochMs(this.#nextSampleAt + behind * this.#intervalMs);
  }

  /**
   * Everything observed after the last call up to and including `to`, oldest first. The values array of a sample is
   * reused by the next one, NaN where a sensor dropped out: read it before going on.
   */
  *observe(to: EpochMs): Generator<Observation> {
    while (this.#nextSampleAt <= to) {
      const at = this.#nextSampleAt;
      this.#nextSampleAt = epochMs(at + this.#intervalMs);
      if (this.timeline.nextAt <= at) {
        for (const event of this.timeline.advance(at)) yield {kind: 'event', at: event.at, event};
      }
      if (this.timeline.isDown) continue; // the controller is off: no telemetry from a stopped machine
      this.#readDamage(at);
      this.signals.sample(at, this.#damage, this.#values);
      this.#falsify(at);
      yield {kind: 'sample', at, values: this.#values};
      const error = this.#errorAt(at);
      if (error) yield {kind: 'event', at, event: error};
    }
    for (const event of this.timeline.advance(to)) yield {kind: 'event', at: event.at, event};
  }

  #readDamage(at: EpochMs): void {
    this.timeline.damageInto(this.#damage, at);
    for (const warning of this.falseWarnings.at(at)) {
      const index = this.spec.positions.findIndex(({positionId}) => positionId === warning.positionId);
      this.#damage[index]! += apparentDamage(warning, at);
    }
  }

  /** Error events come at random, at a rate that rises with the square of damage; at most one a sample. */
  #errorAt(at: EpochMs): HistoryEvent | null {
    const days = this.#intervalMs / DAY_MS;
    const damage = this.#damage;
    let draw = this.#errors.uniform();
    for (let i = 0; i < damage.length; i += 1) {
      draw -=
        (BACKGROUND_ERRORS_PER_DAY + DAMAGE_ERRORS_PER_DAY * Math.min(1, damage[i]! * damage[i]!)) * days;
      if (draw < 0) {
        return {
          type: 'error',
          code: this.#errors.pick(this.#errorCodes[i]!),
          positionId: this.spec.positions[i]!.positionId,
          at,
        };
      }
    }
    return null;
  }

  #falsify(at: EpochMs): void {
    for (const fault of this.sensorFaults.at(at)) {
      const index = this.signals.names.indexOf(fault.signal);
      const held = this.#held.get(fault);
      if (held === undefined) this.#held.set(fault, this.#values[index]!);
      if (fault.kind === 'dropout') this.#values[index] = NaN;
      if (fault.kind === 'stuck' && held !== undefined) this.#values[index] = held;
      if (fault.kind === 'spike' && held === undefined) {
        const {max} = equipmentClassOf(this.spec.classId).signals[fault.signal]!;
        this.#values[index] = 1.5 * max;
      }
    }
  }
}
