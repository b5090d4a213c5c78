import {describe, expect, it} from 'vitest';
import {simulateMany} from '../../simulation/many.ts';
import {simulate} from '../../simulation/simulate.ts';
import type {Outcome} from '../../simulation/simulate.ts';

/** As many as `npm run simulate` tells by default. */
const SEEDS = 500;

describe('the delivery chain in a simulated world', () => {
  it('A1 invariant I1: under crashes, resets and lost answers every message is stored once, or a letter, or reported missing', async () => {
    const outcomes = await simulateMany({from: 1, count: SEEDS});
    const sum = (of: (outcome: Outcome) => number): number =>
      outcomes.reduce((total, each) => total + of(each), 0);
    const broken = outcomes.filter((outcome) => outcome.broken !== undefined);
    expect(
      broken.map((each) => `${each.broken!}; replay: npm run simulate -- --seed ${each.seed} --trace`),
    ).toEqual([]);
    expect(outcomes).toHaveLength(SEEDS);
    expect(sum((each) => each.messages)).toBeGreaterThan(20 * SEEDS);
    expect(sum((each) => each.faults)).toBeGreaterThan(SEEDS);
  });

  it('the same seed tells the same story to the last line', async () => {
    const tell = async (): Promise<string[]> => {
      const lines: string[] = [];
      await simulate(7, (line) => lines.push(line));
      return lines;
    };
    const first = await tell();
    expect(first.length).toBeGreaterThan(100);
    expect(await tell()).toEqual(first);
  });
});
