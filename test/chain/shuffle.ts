/** Chance for tests: the same seed, the same order. Mulberry32. */
export function createRandom(seed: number): {
  next(): number;
  shuffle<T>(items: readonly T[]): T[];
  some<T>(items: readonly T[], share: number): T[];
  cut<T>(items: readonly T[], parts: number): T[][];
} {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    next,
    shuffle(items) {
      const all = [...items];
      for (let i = all.length - 1; i > 0; i -= 1) {
        const j = Math.floor(next() * (i + 1));
        [all[i], all[j]] = [all[j]!, all[i]!];
      }
      return all;
    },
    some: (items, share) => items.filter(() => next() < share),
    cut(items, parts) {
      const size = Math.ceil(items.length / parts);
      return Array.from({length: parts}, (_, part) => items.slice(part * size, (part + 1) * size));
    },
  };
}
