/*
 * Means and slopes of several signals, followed row by row. Each signal of a row brings its own weight; before the first weight
 * they are 0.
 */

/**
 * An exponentially weighted mean of what was heard, corrected for its start: the first value counts as itself.
 *
 * Example: span 3 (fading by 1/2), heard 2 then 5, equal weights → (½ · 2 + 5) / (½ + 1) = 4.
 */
export class FadingMean {
  readonly #sum: Float64Array;
  readonly #weight: Float64Array;
  readonly #keep: number;

  constructor(width: number, span: number) {
    this.#sum = new Float64Array(width);
    this.#weight = new Float64Array(width);
    this.#keep = 1 - 2 / (span + 1);
  }

  add(values: Float64Array, weights: ArrayLike<number>): void {
    values.forEach((value, j) => {
      this.#sum[j] = this.#sum[j]! * this.#keep + weights[j]! * value;
      this.#weight[j] = this.#weight[j]! * this.#keep + weights[j]!;
    });
  }

  get value(): Float64Array {
    return this.#sum.map((sum, j) => over(sum, this.#weight[j]!));
  }
}

/** The weighted mean of all that was heard. */
export class PlainMean extends FadingMean {
  constructor(width: number) {
    super(width, Infinity);
  }
}

/** Slopes count as if this sum of squares of flat rows had been heard too: 50 cycles of weight 1 (50³ / 12). */
const FLAT_SQUARES = 10_000;

/**
 * The slope a cycle of the straight line through all that was heard, by least squares, drawn to 0 while little was heard.
 *
 * Formula: Σ w (t − t̄) (x − x̄) / (Σ w (t − t̄)² + FLAT_SQUARES), as running sums.
 * Source: Welford (1962), Note on a method for calculating corrected sums of squares and products.
 * Example: 0, 1, … 49 heard in cycles 0 to 49 → 10,412.5 / (10,412.5 + 10,000) = 0.51.
 */
export class Slope {
  readonly #weight: Float64Array;
  readonly #time: Float64Array;
  readonly #mean: Float64Array;
  readonly #squares: Float64Array;
  readonly #products: Float64Array;

  constructor(width: number) {
    this.#weight = new Float64Array(width);
    this.#time = new Float64Array(width);
    this.#mean = new Float64Array(width);
    this.#squares = new Float64Array(width);
    this.#products = new Float64Array(width);
  }

  add(time: number, values: Float64Array, weights: ArrayLike<number>): void {
    values.forEach((value, j) => {
      const weight = weights[j]!;
      if (weight === 0) return;
      this.#weight[j]! += weight;
      const share = weight / this.#weight[j]!;
      const early = time - this.#time[j]!;
      this.#time[j]! += share * early;
      this.#mean[j]! += share * (value - this.#mean[j]!);
      this.#squares[j]! += weight * early * (time - this.#time[j]!);
      this.#products[j]! += weight * early * (value - this.#mean[j]!);
    });
  }

  get value(): Float64Array {
    return this.#products.map((product, j) => product / (this.#squares[j]! + FLAT_SQUARES));
  }
}

function over(sum: number, weight: number): number {
  return weight > 0 ? sum / weight : 0;
}
