import {setTimeout as pause} from 'node:timers/promises';
import {expect, it} from 'vitest';
import {inStep} from '../../cli/in-step.ts';

/** What was asked of the clock, in order. */
function watchedClock(): {readonly rates: number[]; readonly setRate: (rate: number) => Promise<void>} {
  const rates: number[] = [];
  return {
    rates,
    setRate: (rate) => {
      rates.push(rate);
      return Promise.resolve();
    },
  };
}

it('world time stands while a turn of the demo’s world takes too long, and goes on when it is done', async () => {
  const clock = watchedClock();
  await inStep(
    clock,
    900,
    async () => {
      while (clock.rates.length === 0) await pause(1);
      expect(clock.rates).toEqual([0]);
    },
    5,
  );
  expect(clock.rates).toEqual([0, 900]);
});

it('a turn that is done in time leaves the clock alone, also afterwards', async () => {
  const clock = watchedClock();
  await inStep(clock, 900, () => Promise.resolve(), 5);
  await pause(15);
  expect(clock.rates).toEqual([]);
});

it('time goes on when a turn fails, and the failure is told', async () => {
  const clock = watchedClock();
  const failing = inStep(
    clock,
    900,
    async () => {
      while (clock.rates.length === 0) await pause(1);
      throw new Error('no database');
    },
    5,
  );
  await expect(failing).rejects.toThrow('no database');
  expect(clock.rates).toEqual([0, 900]);
});
