import {FadingMean, PlainMean, Slope} from './running-means.ts';
import {deviations, type NormalSignals} from './normal-signals.ts';
import type {RunHistory} from './run-history.ts';

/** Which pasts of a signal the inputs look at, in cycles; the span n of an exponentially weighted mean has weight 2 / (n + 1). */
export interface LifeWindows {
  readonly levels: readonly number[];
  /** Short mean minus long mean: which way it goes. */
  readonly trend: readonly [short: number, long: number];
  readonly spread: number;
  /** The mean over this many first cycles is what the unit was like at the start. */
  readonly start: number;
}

export const LIFE_WINDOWS: LifeWindows = {levels: [4, 12, 40], trend: [10, 30], spread: 20, start: 20};

/**
 * The inputs of one unit, followed cycle by cycle in constant time and memory: a unit seen live gets the same numbers as
 * its history in one go, for both come from here.
 */
export class LifeFollower {
  readonly #normal: NormalSignals;
  readonly #windows: LifeWindows;
  readonly #sinceNew: boolean;
  readonly #means: ReadonlyMap<number, FadingMean>;
  readonly #squares: FadingMean;
  readonly #start: PlainMean;
  readonly #slope: Slope;
  #cycles = 0;

  constructor(normal: NormalSignals, sinceNew: boolean, windows: LifeWindows = LIFE_WINDOWS) {
    const width = normal.informative.length;
    this.#normal = normal;
    this.#windows = windows;
    this.#sinceNew = sinceNew;
    const spans = new Set([...windows.levels, ...windows.trend, windows.spread]);
    this.#means = new Map([...spans].map((span) => [span, new FadingMean(width, span)]));
    this.#squares = new FadingMean(width, windows.spread);
    this.#start = new PlainMean(width);
    this.#slope = new Slope(width);
  }

  /** Takes the next cycle. */
  hear(settings: ArrayLike<number>, signals: ArrayLike<number>): void {
    const {value, weight} = deviations(this.#normal, settings, signals);
    for (const mean of this.#means.values()) mean.add(value, weight);
    this.#squares.add(value.map((each) => each * each), weight); // prettier-ignore
    if (this.#cycles < this.#windows.start) this.#start.add(value, weight);
    this.#slope.add(this.#cycles, value, weight);
    this.#cycles += 1;
  }

  /** The inputs after the cycles heard so far, as `lifeFeatureNames` has them. */
  features(): Float32Array {
    const {levels, trend, spread} = this.#windows;
    const at = (span: number): Float64Array => this.#means.get(span)!.value;
    const middle = at(levels[Math.floor(levels.length / 2)]!);
    const [short, long, mean] = [at(trend[0]), at(trend[1]), at(spread)];
    const columns = [
      ...levels.map(at),
      middle.map((value, j) => value - this.#start.value[j]!),
      short.map((value, j) => value - long[j]!),
      this.#slope.value,
      this.#squares.value.map((square, j) => Math.sqrt(Math.max(0, square - mean[j]! ** 2))),
    ];
    return Float32Array.from([
      ...columns.flatMap((column) => [...column]),
      this.#cycles,
      Math.log(this.#cycles),
      Number(this.#sinceNew),
      Number(this.#sinceNew) * this.#cycles,
    ]);
  }
}

/** The inputs after each row of a history for which `wanted` holds. */
export function lifeFeatures(
  normal: NormalSignals,
  {sinceNew, settings, signals}: RunHistory,
  wanted: (row: number) => boolean,
  windows: LifeWindows = LIFE_WINDOWS,
): Float32Array[] {
  const follower = new LifeFollower(normal, sinceNew, windows);
  const inputs: Float32Array[] = [];
  signals.forEach((row, i) => {
    follower.hear(settings[i]!, row);
    if (wanted(i)) inputs.push(follower.features());
  });
  return inputs;
}
