import {invariant} from '../../domain/invariant.ts';

/**
 * Uniform numbers in [0, 1) from a whole-number seed. Good enough to shuffle rows and to blur inputs.
 *
 * Source: mulberry32 by T. Ettinger (public domain).
 */
export function seededGenerator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Fisher–Yates, in place. */
export function shuffle(values: Uint32Array, random: () => number): void {
  for (let i = values.length - 1; i > 0; i -= 1) {
    const j = Math.floor(random() * (i + 1));
    [values[i], values[j]] = [values[j]!, values[i]!];
  }
}

/** Enough that a pass over the rows meets the same stretch with the same row hardly ever; 4 MB. */
const POOL = 1 << 20;

/**
 * Standard normal numbers, cut at random places out of a pool drawn once: a draw for each input of each row of each
 * epoch would take longer than the training itself.
 *
 * Source: Box & Muller (1958).
 */
export function noisePool(random: () => number): (count: number) => Float32Array {
  const pool = new Float32Array(POOL);
  for (let i = 0; i < POOL; i += 2) {
    const radius = Math.sqrt(-2 * Math.log(1 - random()));
    const angle = 2 * Math.PI * random();
    pool[i] = radius * Math.cos(angle);
    pool[i + 1] = radius * Math.sin(angle);
  }
  return (count) => {
    invariant(count <= POOL, 'a batch of inputs fits the pool');
    const from = Math.floor(random() * (POOL - count));
    return pool.subarray(from, from + count);
  };
}
