import {beforeAll, describe, expect, it} from 'vitest';
import {simulateMany} from '../../simulation/many.ts';
import {simulate} from '../../simulation/simulate.ts';
import type {Outcome} from '../../simulation/simulate.ts';

/** As many as `npm run simulate` tells by default. */
const SEEDS = 500;

describe('the product in a simulated world', () => {
  let outcomes: readonly Outcome[];
  beforeAll(async () => {
    outcomes = await simulateMany({from: 1, count: SEEDS});
  }, 300_000);
  const sum = (of: (outcome: Outcome) => number): number =>
    outcomes.reduce((total, each) => total + of(each), 0);
  /** What went wrong where this was at stake, and how to see it again. */
  const broken = (about: 'messages' | 'effects'): readonly string[] =>
    outcomes.flatMap((each) =>
      each.broken !== undefined && (each.scene === 'effects') === (about === 'effects')
        ? [`${each.broken}; replay: npm run simulate -- --seed ${each.seed} --trace`]
        : [],
    );

  it('A1 invariant I1: under crashes, resets and lost answers every message is stored once, or a letter, or reported missing', () => {
    expect(broken('messages')).toEqual([]);
    expect(outcomes).toHaveLength(SEEDS);
    expect(sum((each) => each.messages)).toBeGreaterThan(10 * SEEDS);
    expect(sum((each) => each.faults)).toBeGreaterThan(SEEDS);
  });

  it('invariants I4 and I7: under crashes, time-outs and an ERP that is away for days, whatever is decided is done once and in time', () => {
    expect(broken('effects')).toEqual([]);
    expect(sum((each) => each.effects)).toBeGreaterThan(SEEDS);
  });

  it.each([7, 13])('the same seed tells the same story to the last line: %i', async (seed) => {
    const tell = async (): Promise<string[]> => {
      const lines: string[] = [];
      await simulate(seed, (line) => lines.push(line));
      return lines;
    };
    const first = await tell();
    expect(first.length).toBeGreaterThan(50);
    expect(await tell()).toEqual(first);
  });
});
