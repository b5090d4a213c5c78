import {invariant} from '../../domain/invariant.ts';
import type {Probability} from '../../domain/quantity.ts';

/**
 * Keeps the distribution of the number of failures while single probabilities change: a binary tree whose nodes hold the
 * distribution of their machines, so a change redoes one path of convolutions, at most headLength² · log₂(machines) steps.
 *
 * Only the first `headLength` terms are kept, and those are exact: truncation never touches lower terms, and nothing is ever
 * divided out. It screens (group-screen.ts); decisions rebuild canonically, since the last bits here depend on how machines are paired.
 *
 * Source: a segment tree of convolutions. Example: 4 terms of (0.1, 0.2, 0.3) → (0.504, 0.398, 0.092, 0.006).
 */
export class FailureCountTree {
  readonly #headLength: number;
  /** levels[0] are machines, the last level is the root; node i of a level starts at i · stride. */
  #levels: Float64Array[] = [];
  #capacity = 0;

  /** @param headLength Terms kept: P(0)..P(headLength − 1). */
  constructor(headLength: number, capacity = 16) {
    invariant(Number.isInteger(headLength) && headLength >= 2, 'a tree keeps at least two terms');
    this.#headLength = headLength;
    this.#allocate(capacity);
  }

  /** Sets the failure probability of the machine in a slot (0, 1, 2, …); 0 removes it. Slots grow as needed. */
  set(slot: number, probability: Probability): void {
    invariant(Number.isInteger(slot) && slot >= 0, 'a slot is a whole number from 0');
    invariant(probability >= 0 && probability <= 1, 'a failure probability is within 0..1');
    if (slot >= this.#capacity) this.#grow(slot + 1);
    this.#writeLeaf(slot, probability);
    for (let level = 1, node = slot >> 1; level < this.#levels.length; level += 1, node >>= 1)
      this.#combine(level, node);
  }

  /** P(0 failures), P(1), … up to headLength − 1 terms; what they lack to 1 lies beyond. The view changes with the next set. */
  head(): Float64Array {
    return this.#levels.at(-1)!;
  }

  /** Terms that a node of this level holds: all of its machines' outcomes, or the head. */
  #stride(level: number): number {
    return Math.min(2 ** level + 1, this.#headLength);
  }

  #allocate(slots: number): void {
    const depth = Math.max(1, Math.ceil(Math.log2(slots)));
    this.#capacity = 2 ** depth;
    this.#levels = Array.from({length: depth + 1}, (_, level) => {
      const stride = this.#stride(level);
      const nodes = new Float64Array(2 ** (depth - level) * stride);
      for (let start = 0; start < nodes.length; start += stride) nodes[start] = 1; // certainly no failure
      return nodes;
    });
  }

  #grow(slots: number): void {
    const leaves = this.#levels[0]!;
    const count = this.#capacity;
    this.#allocate(Math.max(slots, 2 * count));
    for (let slot = 0; slot < count; slot += 1) this.#writeLeaf(slot, leaves[2 * slot + 1]!);
    for (let level = 1; level < this.#levels.length; level += 1) {
      for (let node = 0; node < this.#capacity >> level; node += 1) this.#combine(level, node);
    }
  }

  #writeLeaf(slot: number, probability: Probability): void {
    const leaves = this.#levels[0]!;
    leaves[2 * slot] = 1 - probability;
    leaves[2 * slot + 1] = probability;
  }

  /** Convolves the two children of a node into it, head only. */
  #combine(level: number, node: number): void {
    const stride = this.#stride(level);
    const childStride = this.#stride(level - 1);
    const parent = this.#levels[level]!;
    const child = this.#levels[level - 1]!;
    const out = node * stride;
    const left = 2 * node * childStride;
    const right = left + childStride;
    parent.fill(0, out, out + stride);
    for (let i = 0; i < childStride; i += 1) {
      const weight = child[left + i]!;
      if (weight === 0) continue;
      const terms = Math.min(childStride, stride - i);
      for (let j = 0; j < terms; j += 1) parent[out + i + j]! += weight * child[right + j]!;
    }
  }
}
