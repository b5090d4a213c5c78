/**
 * Seeded chance for the simulator: xoshiro128** (Blackman & Vigna 2018, "Scrambled linear pseudorandom number
 * generators"), its state filled by splitmix32 from a hash of the seed and a path of names.
 *
 * A path names a stream: `streamOf(7, 'CH-0001', 'noise')`. Streams with different paths are independent of each
 * other, so a machine, a site or a component can be added without shifting anybody else's luck.
 */
export class Random {
  // Signed words: 32-bit integers all the way are twice as fast in V8 as unsigned ones, which become doubles.
  readonly #state: Int32Array;

  constructor(hash: number) {
    this.#state = Int32Array.from({length: 4}, (_, i) => splitmix32(hash + i * 0x9e3779b9));
    if (this.#state.every((word) => word === 0)) this.#state[0] = 1; // the one state that never moves
  }

  /** 32 random bits as a signed whole number. */
  bits(): number {
    const s = this.#state;
    const s1 = s[1]!;
    const s2 = s[2]! ^ s[0]!;
    const s3 = s[3]! ^ s1;
    s[1] = s1 ^ s2;
    s[0] = s[0]! ^ s3;
    s[2] = s2 ^ (s1 << 9);
    s[3] = rotateLeft(s3, 11);
    return Math.imul(rotateLeft(Math.imul(s1, 5), 7), 9);
  }

  /** Uniform on the open interval (0, 1): never 0 or 1, so a logarithm of it is finite. */
  uniform(): number {
    return ((this.bits() >>> 0) + 0.5) / 0x1_0000_0000;
  }

  between(low: number, high: number): number {
    return low + (high - low) * this.uniform();
  }

  /** A whole number from low to high, both included. */
  integer(low: number, high: number): number {
    return low + Math.floor(this.uniform() * (high - low + 1));
  }

  chance(probability: number): boolean {
    return this.uniform() < probability;
  }

  pick<T>(items: readonly T[]): T {
    const item = items[this.integer(0, items.length - 1)];
    if (item === undefined) throw new RangeError('pick needs at least one item');
    return item;
  }

  /** Standard normal by inverse transform on 16 bits: 65,536 equally likely quantiles, |z| at most 4.33. */
  normal(): number {
    return NORMAL_QUANTILES[this.bits() >>> 16]!;
  }

  exponential(mean: number): number {
    return -mean * Math.log(this.uniform());
  }

  /** exp(N(ln median, sigma²)). */
  lognormal(median: number, sigma: number): number {
    return median * Math.exp(sigma * this.normal());
  }

  /** Life with shape k and characteristic life `scale`: scale · (−ln U)^(1/k). Same unit as scale. */
  weibull(shape: number, scale: number): number {
    return scale * (-Math.log(this.uniform())) ** (1 / shape);
  }

  /** Mean shape · scale. Source: Marsaglia & Tsang (2000), "A simple method for generating gamma variables". */
  gamma(shape: number, scale: number): number {
    if (shape < 1) return this.gamma(shape + 1, scale) * this.uniform() ** (1 / shape);
    const d = shape - 1 / 3;
    const c = 1 / Math.sqrt(9 * d);
    for (;;) {
      const x = this.normal();
      const v = (1 + c * x) ** 3;
      if (v > 0 && Math.log(this.uniform()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v * scale;
    }
  }

  /** Counts of a Poisson process; multiplies uniforms (Knuth), in portions so that e^−mean cannot underflow. */
  poisson(mean: number): number {
    let count = 0;
    for (let left = mean; left > 0; left -= 100) {
      const limit = Math.exp(-Math.min(left, 100));
      for (let product = this.uniform(); product > limit; product *= this.uniform()) count += 1;
    }
    return count;
  }
}

/** The stream named by a seed and a path. Example: streamOf(1, 'CH-0001', 'noise') is not streamOf(1, 'CH-0002', 'noise'). */
export function streamOf(seed: number, ...path: readonly (string | number)[]): Random {
  let hash = splitmix32(seed | 0);
  for (const name of path) {
    // FNV-1a over the name, then mixed, so that ('a', 'bc') and ('ab', 'c') part ways.
    for (const character of String(name)) hash = Math.imul(hash ^ character.codePointAt(0)!, 0x01000193);
    hash = splitmix32(hash);
  }
  return new Random(hash);
}

/** Mean of a Weibull life: scale · Γ(1 + 1/shape). Example: shape 1, scale 100 h → 100 h; shape 2 → 88.62 h. */
export function weibullMean(shape: number, scale: number): number {
  return scale * Math.exp(logGamma(1 + 1 / shape));
}

/** ln Γ(x) for x ≥ 1: Stirling's series after shifting x above 10; error below 1e-12. */
function logGamma(x: number): number {
  let shift = 0;
  let y = x;
  for (; y < 10; y += 1) shift -= Math.log(y);
  const series = 1 / (12 * y) - 1 / (360 * y ** 3) + 1 / (1260 * y ** 5) - 1 / (1680 * y ** 7);
  return shift + (y - 0.5) * Math.log(y) - y + 0.5 * Math.log(2 * Math.PI) + series;
}

function splitmix32(input: number): number {
  let z = (input + 0x9e3779b9) | 0;
  z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
  z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
  return (z ^ (z >>> 15)) >>> 0;
}

function rotateLeft(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}

/** Φ⁻¹(p) by Acklam's rational approximation, relative error below 1.15e-9. Example: p = 0.975 → 1.959964. */
export function normalQuantile(p: number): number {
  if (p > 0.5) return -normalQuantile(1 - p);
  if (p < 0.02425) {
    const q = Math.sqrt(-2 * Math.log(p));
    const top = polynomial(q, -7.784894002430293e-3, -0.3223964580411365, -2.400758277161838, -2.549732539343734, 4.374664141464968, 2.938163982698783); // prettier-ignore
    return (
      top / polynomial(q, 7.784695709041462e-3, 0.3224671290700398, 2.445134137142996, 3.754408661907416, 1)
    );
  }
  const q = p - 0.5;
  const r = q * q;
  const top = polynomial(r, -39.69683028665376, 220.9460984245205, -275.9285104469687, 138.357751867269, -30.66479806614716, 2.506628277459239); // prettier-ignore
  return (q * top) / polynomial(r, -54.47609879822406, 161.5858368580409, -155.6989798598866, 66.80131188771972, -13.28068155288572, 1); // prettier-ignore
}

function polynomial(x: number, ...coefficients: readonly number[]): number {
  return coefficients.reduce((sum, coefficient) => sum * x + coefficient, 0);
}

const NORMAL_QUANTILES = Float64Array.from({length: 65_536}, (_, i) => normalQuantile((i + 0.5) / 65_536));
