import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {runBenchmark} from '../../cli/evaluate/closed-loop/benchmark.ts';
import {loadModels} from '../../predict/adapters/model-store.ts';
import {openScorer} from '../../predict/adapters/scorer.ts';

describe('the closed loop, small', () => {
  it('D1 every policy meets the same demands, and the gate sends a useless and an overconfident model back to age', async () => {
    const models = await loadModels(join(import.meta.dirname, '../../models'));
    const scorer = await openScorer({models, choice: 'wasm', strict: true, threads: 1});
    try {
      const {seeds, passed} = await runBenchmark({
        machines: 30,
        parts: ['VAC-30'],
        warmUpDays: 30,
        days: 90,
        seeds: 2,
        tuningSeeds: 4,
        scoredTuningSeeds: 1,
        gridHours: 24,
        ungated: false,
        scorer,
        onProgress: () => undefined,
      });

      expect(passed.shuffled).toEqual([]);
      expect(passed.doubled).toEqual([]);
      for (const seed of seeds) {
        // The same demands for every policy; behind the gate a bad model is age alone.
        expect(new Set(Object.values(seed).map(({asked}) => asked)).size).toBe(1);
        expect(seed['ours-shuffled']).toEqual(seed['ours-by-age']);
        expect(seed['ours-doubled']).toEqual(seed['ours-by-age']);
      }
    } finally {
      await scorer.close();
    }
  });
});
