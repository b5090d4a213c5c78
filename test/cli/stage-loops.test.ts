import {expect, it, vi} from 'vitest';
import {loopsOf} from '../../cli/stage-loops.ts';
import {silentLogger} from '../../platform/log.ts';
import {localWakeUps} from '../../platform/wake-ups.ts';
import type {Committed} from '../../platform/wake-ups.ts';
import type {PredictRun} from '../../predict/service.ts';

/** Predict's loop over runs that are given; whom it told, and how often it looked until it found nothing more to do. */
async function predictThrough(
  ...runs: readonly Partial<PredictRun>[]
): Promise<{told: Committed[]; looks: number}> {
  const told: Committed[] = [];
  const left = [...runs];
  let looks = 0;
  const service = {
    runOnce: () => {
      looks += 1;
      const run = {rows: 0, more: false, forecasts: 0, shadows: 0, signals: 0, ...left.shift()};
      return Promise.resolve(run);
    },
  };
  const wakeUps = {...localWakeUps(), tell: (what: Committed) => void told.push(what)};
  const chain = {predict: {service}} as unknown as Parameters<typeof loopsOf>[0];
  const loops = loopsOf(chain, {
    wakeUps,
    log: silentLogger(),
    clock: {mode: 'real' as const, keep: () => Promise.resolve()},
  });
  const loop = loops.find(({name}) => name === 'predict')!.start();
  await vi.waitFor(() => expect(left).toEqual([]), {timeout: 20_000, interval: 1});
  await loop.stop();
  return {told, looks};
}

it('predict wakes the decisions by a signal alone, and looks again where more may wait', async () => {
  expect(await predictThrough({rows: 5, forecasts: 2})).toEqual({told: [], looks: 1});
  expect(await predictThrough({rows: 5, forecasts: 2, signals: 1})).toEqual({told: ['signalled'], looks: 1});
  expect(await predictThrough({rows: 9, more: true}, {rows: 1})).toEqual({told: [], looks: 2});
});
