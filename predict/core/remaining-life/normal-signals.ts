import {invariant} from '../../../domain/invariant.ts';
import {conditionOf, findConditions, type OperatingConditions} from './operating-conditions.ts';
import type {RunHistory} from './run-history.ts';

/** What signals usually say in each operating condition, and which of them tell of wear. */
export interface NormalSignals {
  readonly conditions: OperatingConditions;
  /** Columns of the signals that change along a life. */
  readonly informative: readonly number[];
  /** Per condition, for each informative signal. */
  readonly mean: readonly (readonly number[])[];
  readonly sd: readonly (readonly number[])[];
}

/** A deviation beyond this is a fault of the sensor rather than of the unit. */
const DEVIATION_MAX = 6;
/** Rows at either end of a life that are compared. */
const END_ROWS = 20;
/** How many times what noise alone would give a signal must change along a life. */
const CHANGE_MIN = 3;

/** Learns conditions, normal values and informative signals from whole lives. */
export function learnNormal(histories: readonly RunHistory[], conditionCount?: number): NormalSignals {
  const conditions = findConditions(
    histories.flatMap(({settings}) => settings),
    conditionCount,
  );
  const width = histories[0]!.signals[0]!.length;
  const sums = conditions.centres.map(() => ({rows: 0, sum: new Float64Array(width), squares: new Float64Array(width)})); // prettier-ignore
  const first = histories[0]!.signals[0]!; // sums of differences keep their digits
  for (const {settings, signals} of histories) {
    signals.forEach((row, i) => {
      const of = sums[conditionOf(conditions, settings[i]!)]!;
      of.rows += 1;
      for (let j = 0; j < width; j += 1) {
        const value = row[j]! - first[j]!;
        of.sum[j]! += value;
        of.squares[j]! += value * value;
      }
    });
  }
  const mean = sums.map(({rows, sum}) => Array.from(sum, (s, j) => first[j]! + s / rows));
  const sd = sums.map(({rows, sum, squares}) =>
    Array.from(sum, (s, j) => Math.sqrt(Math.max(0, squares[j]! / rows - (s / rows) ** 2))),
  );
  const all: NormalSignals = {conditions, informative: Array.from(first.keys()), mean, sd};
  const changes = changeAlongLives(histories, all);
  const informative = all.informative.filter((j) => changes[j]! >= CHANGE_MIN);
  invariant(informative.length > 0, 'a signal changes along the lives');
  const only = (values: readonly (readonly number[])[]): number[][] =>
    values.map((row) => informative.map((j) => row[j]!));
  return {conditions, informative, mean: only(mean), sd: only(sd)};
}

/**
 * A row's informative signals in deviations from what is normal in its condition, within ±DEVIATION_MAX.
 *
 * Example: mean 640, deviation 0.5 there, 641 heard → 2; 0 of a signal that never moves there.
 */
export function deviations(
  {conditions, informative, mean, sd}: NormalSignals,
  settings: ArrayLike<number>,
  signals: ArrayLike<number>,
): Float64Array {
  const condition = conditionOf(conditions, settings);
  return Float64Array.from(informative, (column, j) => {
    const spread = sd[condition]![j]!;
    if (!(spread > 1e-9 * Math.max(1, Math.abs(mean[condition]![j]!)))) return 0;
    const value = (signals[column]! - mean[condition]![j]!) / spread;
    return Math.max(-DEVIATION_MAX, Math.min(DEVIATION_MAX, value));
  });
}

/**
 * How much each signal moves between the first and the last END_ROWS cycles of a life, squared, over what its noise alone would give:
 *   Σ (late mean − early mean)² / Σ 2 σ² / END_ROWS,   σ² from differences of neighbouring cycles.
 * It asks for change in either direction, for two kinds of wear may move a signal opposite ways. Noise gives about 1.
 */
function changeAlongLives(histories: readonly RunHistory[], normal: NormalSignals): Float64Array {
  const width = normal.informative.length;
  const change = new Float64Array(width);
  const noise = new Float64Array(width);
  for (const {settings, signals} of histories) {
    const rows = signals.map((row, i) => deviations(normal, settings[i]!, row));
    const ends = Math.min(END_ROWS, Math.floor(rows.length / 2));
    for (let j = 0; j < width; j += 1) {
      let difference = 0;
      for (let i = 0; i < ends; i += 1) difference += (rows.at(-1 - i)![j]! - rows[i]![j]!) / ends;
      let steps = 0;
      for (let i = 1; i < rows.length; i += 1) steps += (rows[i]![j]! - rows[i - 1]![j]!) ** 2;
      change[j]! += difference ** 2;
      noise[j]! += steps / (rows.length - 1) / ends; // a step has twice the noise's variance, and so has the difference of means
    }
  }
  return change.map((value, j) => (noise[j]! > 0 ? value / noise[j]! : 0));
}
