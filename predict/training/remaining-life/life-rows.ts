import {lifeFeatures} from '../../core/remaining-life/life-features.ts';
import type {NormalSignals} from '../../core/remaining-life/normal-signals.ts';
import {cutHistory, cyclesLeft, type RunHistory} from '../../core/remaining-life/run-history.ts';
import {seededGenerator} from '../seeded.ts';

/** A moment of a life that has ended. */
export interface LifeRow {
  /** Index of the unit among those that were given. */
  readonly unit: number;
  readonly input: Float32Array;
  /** Cycles, not capped. */
  readonly left: number;
  readonly sinceNew: boolean;
  /** One of the moments at which a forecast may be asked for, drawn at random: what stops and calibrates. The others teach only. */
  readonly drawn: boolean;
}

/** Cycles before the first row: a unit that has just been switched on has no levels. */
export const HEARD_MIN = 10;
/** Moments drawn in each history. */
const DRAWN = 10;
/** A unit is asked about at this many cycles before its end at most, so that long lives are not judged by their easy beginning. */
const LEFT_MAX = 150;
/** Cycles between rows that teach, within LEFT_MAX and before: neighbours repeat each other, and what is far from the end is all alike. */
const STRIDE = {near: 5, far: 15};

/**
 * Rows of whole lives, and of a copy of each that begins at a random cycle. A life counts with its last LEFT_MAX cycles and few of
 * those before, so that long lives do not outvote short ones.
 */
export function lifeRows(histories: readonly RunHistory[], normal: NormalSignals, seed: number): LifeRow[] {
  return histories.flatMap((history, unit) => {
    const random = seededGenerator(seed * 100_003 + unit);
    return [history, joined(history, random)].flatMap((each) => rowsOf(each, unit, normal, random));
  });
}

/** A unit that joined mid-life: the history from a random cycle on, at least its last 2 · HEARD_MIN, or the last of fewer. */
export function joined(history: RunHistory, random: () => number): RunHistory {
  const {length} = history.signals;
  const last = Math.max(1, length - 2 * HEARD_MIN);
  return cutHistory(history, length, Math.min(length - 1, 1 + Math.floor(random() * last)));
}

/** How many cycles of a life are known at a moment drawn at random: some LEFT_MAX before its end or later. */
function drawCut(history: RunHistory, random: () => number): number {
  const length = history.signals.length;
  const latest = Math.min(LEFT_MAX, length - 2 * HEARD_MIN);
  return length - Math.max(1, 1 + Math.floor(random() * latest));
}

function rowsOf(history: RunHistory, unit: number, normal: NormalSignals, random: () => number): LifeRow[] {
  const drawn = new Set(Array.from({length: DRAWN}, () => drawCut(history, random) - 1));
  const rows: number[] = [];
  const inputs = lifeFeatures(normal, history, (row) => {
    const left = cyclesLeft(history, row);
    const stride = left < LEFT_MAX ? STRIDE.near : STRIDE.far;
    const wanted = row + 1 >= HEARD_MIN && (drawn.has(row) || left % stride === 0);
    if (wanted) rows.push(row);
    return wanted;
  });
  return rows.map((row, i) => ({
    unit,
    input: inputs[i]!,
    left: cyclesLeft(history, row),
    sinceNew: history.sinceNew,
    drawn: drawn.has(row),
  }));
}
