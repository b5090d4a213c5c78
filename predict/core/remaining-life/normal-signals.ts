import {invariant} from '../../../domain/invariant.ts';
import {conditionOf, findConditions, type OperatingConditions} from './operating-conditions.ts';
import type {RunHistory} from './run-history.ts';

/**
 * What signals usually say in each operating condition, and how they tell of wear there. The same wear moves a signal far in
 * one condition and hardly in another: deviations are in what wear moves, so that they can be averaged over conditions, and each counts
 * with what it tells.
 */
export interface NormalSignals {
  readonly conditions: OperatingConditions;
  /** Columns of the signals that change along a life. */
  readonly informative: readonly number[];
  /** Per condition, for each informative signal. */
  readonly mean: readonly (readonly number[])[];
  /** How far a life moves it from its beginning to its end, in the signal's unit; 0 where it stands still. */
  readonly move: readonly (readonly number[])[];
  /** What a row heard in the condition tells of wear: (move / noise)², 1 in the mean over rows. */
  readonly weight: readonly (readonly number[])[];
}

export interface Deviations {
  readonly value: Float64Array;
  readonly weight: readonly number[];
}

/** A deviation beyond this many moves is a fault of the sensor rather than of the unit. */
const DEVIATION_MAX = 6;
/** Rows of a life that are its end; its beginning is the first third. */
const END_ROWS = 30;
const BEGINNING_SHARE = 1 / 3;
/** What a signal must move, squared, over the variance of its noise. Those of the four sets of engines have 1.7 and more, or 0.2 at most. */
const MOVE_MIN = 0.5;
/** Where it moves less than this many deviations of its noise, squared, it is scaled as if it moved so much: noise must not look like wear. */
const MOVE_FLOOR = 0.04;

/** Learns conditions, normal values, moves and informative signals from whole lives. */
export function learnNormal(histories: readonly RunHistory[], conditionCount?: number): NormalSignals {
  const conditions = findConditions(
    histories.flatMap(({settings}) => settings),
    conditionCount,
  );
  const first = histories[0]!.signals[0]!;
  const signals = Array.from(first, (origin, column) => {
    const tallies = conditions.centres.map(() => new SignalTally(origin));
    return {column, tallies};
  });
  for (const history of histories) {
    const rows = rowsByCondition(conditions, history);
    for (const {column, tallies} of signals) {
      const values = history.signals.map((row) => row[column]!);
      rows.forEach((of, condition) => {
        tallies[condition]!.add(of, values);
      });
    }
  }
  const informative = signals.filter(({tallies}) => meanInformation(tallies) >= MOVE_MIN);
  invariant(informative.length > 0, 'a signal changes along the lives');
  const each = (of: (tally: SignalTally, mean: number) => number): number[][] =>
    conditions.centres.map((_, condition) =>
      informative.map(({tallies}) => of(tallies[condition]!, meanInformation(tallies))),
    );
  return {
    conditions,
    informative: informative.map(({column}) => column),
    mean: each((tally) => tally.mean),
    move: each((tally) => Math.sqrt(tally.scale)),
    weight: each((tally, mean) => tally.information / mean),
  };
}

/**
 * A row's informative signals in deviations from what is normal in its condition, within ±DEVIATION_MAX, and what each tells.
 *
 * Example: mean 640, wear moves it by 0.5 there, 641 heard → 2; 0 of a signal that never moves there.
 */
export function deviations(
  {conditions, informative, mean, move, weight}: NormalSignals,
  settings: ArrayLike<number>,
  signals: ArrayLike<number>,
): Deviations {
  const condition = conditionOf(conditions, settings);
  const value = Float64Array.from(informative, (column, j) => {
    const moves = move[condition]![j]!;
    if (moves === 0) return 0;
    const deviation = (signals[column]! - mean[condition]![j]!) / moves;
    return Math.max(-DEVIATION_MAX, Math.min(DEVIATION_MAX, deviation));
  });
  return {value, weight: weight[condition]!};
}

/**
 * One signal in one condition, over all lives:
 *   noise = Σ (step between neighbouring rows of the condition)² / 2 / steps
 *   move² = Σ b · ((late mean − early mean)² − noise · (1/a + 1/b)) / Σ b,   a rows at the beginning of a life, b at its end.
 * It asks for change in either direction, for two kinds of wear may move a signal opposite ways. Noise alone gives about 0.
 */
class SignalTally {
  readonly #origin: number; // sums of differences keep their digits
  rows = 0;
  #sum = 0;
  #steps = 0;
  #squaredSteps = 0;
  #late = 0;
  #squaredMoves = 0;
  #noisePart = 0;

  constructor(origin: number) {
    this.#origin = origin;
  }

  add({all, early, late}: ConditionRows, values: readonly number[]): void {
    const sumOf = (rows: readonly number[]): number =>
      rows.reduce((sum, row) => sum + values[row]! - this.#origin, 0);
    this.rows += all.length;
    this.#sum += sumOf(all);
    for (let i = 1; i < all.length; i += 1) {
      this.#steps += 1;
      this.#squaredSteps += (values[all[i]!]! - values[all[i - 1]!]!) ** 2;
    }
    const [a, b] = [early.length, late.length];
    if (a === 0 || b === 0) return;
    this.#late += b;
    this.#squaredMoves += b * (sumOf(late) / b - sumOf(early) / a) ** 2;
    this.#noisePart += b * (1 / a + 1 / b);
  }

  get mean(): number {
    return this.#origin + (this.rows === 0 ? 0 : this.#sum / this.rows);
  }

  /** Of a signal that stands still, rounding leaves no more than this. */
  get #nothing(): number {
    return (1e-9 * Math.max(1, Math.abs(this.mean))) ** 2;
  }

  get #noise(): number {
    return this.#steps === 0 ? 0 : this.#squaredSteps / 2 / this.#steps;
  }

  get #move(): number {
    if (this.#late === 0) return 0;
    return Math.max(0, (this.#squaredMoves - this.#noise * this.#noisePart) / this.#late);
  }

  /** The square of what a deviation is divided by. */
  get scale(): number {
    const scale = Math.max(this.#move, MOVE_FLOOR * this.#noise);
    return scale > this.#nothing ? scale : 0;
  }

  /** move² over noise. */
  get information(): number {
    return this.scale === 0 ? 0 : this.#move / Math.max(this.#noise, this.#nothing);
  }
}

function meanInformation(tallies: readonly SignalTally[]): number {
  const rows = tallies.reduce((sum, tally) => sum + tally.rows, 0);
  return tallies.reduce((sum, tally) => sum + tally.rows * tally.information, 0) / rows;
}

interface ConditionRows {
  readonly all: readonly number[];
  readonly early: readonly number[];
  readonly late: readonly number[];
}

/** Numbers of the rows of a life that were heard in each condition. */
function rowsByCondition(conditions: OperatingConditions, {settings}: RunHistory): ConditionRows[] {
  const rows = conditions.centres.map(() => ({all: [] as number[], early: [] as number[], late: [] as number[]})); // prettier-ignore
  settings.forEach((row, i) => {
    const of = rows[conditionOf(conditions, row)]!;
    of.all.push(i);
    if (i < BEGINNING_SHARE * settings.length) of.early.push(i);
    else if (i >= settings.length - END_ROWS) of.late.push(i);
  });
  return rows;
}
