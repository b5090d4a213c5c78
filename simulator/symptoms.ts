import {DAY_MS, HOUR_MS, YEAR_DAYS, epochMs, type EpochMs} from '../domain/time.ts';
import type {Random} from './random.ts';

/** A symptom without a failure behind it: it looks like wear of one component for a while and vanishes. */
export interface FalseWarning {
  readonly positionId: string;
  readonly from: EpochMs;
  readonly to: EpochMs;
  /** Damage it resembles at its height, 0 to 1. */
  readonly peak: number;
}

/** A sensor that lies: `stuck` repeats its value, `spike` leaves the physical range once, `dropout` sends nothing. */
export interface SensorFault {
  readonly signal: string;
  readonly kind: 'stuck' | 'spike' | 'dropout';
  readonly from: EpochMs;
  readonly to: EpochMs;
}

/** Per machine and year. Against about two gradual failures a year, one false warning keeps precision imperfect. */
const FALSE_WARNINGS_PER_YEAR = 0.9;
const SENSOR_FAULTS_PER_YEAR = 1.2;

/** Episodes of one kind in the order of their start, drawn as time goes on: a Poisson process from `since`. */
export class Episodes<T extends {readonly from: EpochMs; readonly to: EpochMs}> {
  /** All that started so far: the truth. */
  readonly started: T[] = [];
  #active: T[] = [];
  #nextAt: number;
  readonly #random: Random;
  readonly #meanGapMs: number;
  readonly #draw: (from: EpochMs, random: Random) => T;

  constructor(random: Random, perYear: number, since: EpochMs, draw: (from: EpochMs, random: Random) => T) {
    this.#random = random;
    this.#meanGapMs = (YEAR_DAYS * DAY_MS) / perYear;
    this.#draw = draw;
    this.#nextAt = since + random.exponential(this.#meanGapMs);
  }

  /** Episodes that cover `at`; instants must not go back. */
  at(at: EpochMs): readonly T[] {
    while (this.#nextAt <= at) {
      const episode = this.#draw(epochMs(this.#nextAt), this.#random);
      this.started.push(episode);
      this.#active.push(episode);
      this.#nextAt += this.#random.exponential(this.#meanGapMs);
    }
    if (this.#active.some((episode) => episode.to <= at))
      this.#active = this.#active.filter((episode) => episode.to > at);
    return this.#active;
  }
}

/** One to five days, resembling a third to nearly all of a failing component's damage. */
export function falseWarnings(
  random: Random,
  since: EpochMs,
  positionIds: readonly string[],
): Episodes<FalseWarning> {
  return new Episodes(random, FALSE_WARNINGS_PER_YEAR, since, (from, draws) => ({
    positionId: draws.pick(positionIds),
    from,
    to: epochMs(from + draws.between(1, 5) * DAY_MS),
    peak: draws.between(0.3, 0.9),
  }));
}

/** Damage that a false warning resembles at `at`: it swells and fades as sin². */
export function apparentDamage(warning: FalseWarning, at: EpochMs): number {
  return warning.peak * Math.sin((Math.PI * (at - warning.from)) / (warning.to - warning.from)) ** 2;
}

export function sensorFaults(
  random: Random,
  since: EpochMs,
  signals: readonly string[],
): Episodes<SensorFault> {
  return new Episodes(random, SENSOR_FAULTS_PER_YEAR, since, (from, draws) => {
    const kind = draws.pick(['stuck', 'spike', 'dropout'] as const);
    const hours = kind === 'stuck' ? draws.between(4, 48) : draws.between(2, 36);
    // A spike lasts until the next sample; whoever samples clips it to one.
    return {signal: draws.pick(signals), kind, from, to: epochMs(from + hours * HOUR_MS)};
  });
}
