import {describe, expect, it} from 'vitest';
import {simulate} from '../../simulation/simulate.ts';

/** As many as take half a minute; `npm run simulate` tells more. */
const SEEDS = 200;

describe('the delivery chain in a simulated world', () => {
  it('A1 invariant I1: under crashes, resets and lost answers every message is stored once, or a letter, or reported missing', async () => {
    const broken: string[] = [];
    let messages = 0;
    let faults = 0;
    for (let seed = 1; seed <= SEEDS; seed += 1) {
      const outcome = await simulate(seed);
      messages += outcome.messages;
      faults += outcome.faults;
      if (outcome.broken !== undefined)
        broken.push(`${outcome.broken}; replay: npm run simulate -- --seed ${seed} --trace`);
    }
    expect(broken).toEqual([]);
    expect(messages).toBeGreaterThan(20 * SEEDS);
    expect(faults).toBeGreaterThan(SEEDS);
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
