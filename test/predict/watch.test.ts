import {describe, expect, it} from 'vitest';
import {DAY_MS, HOUR_MS, epochMs} from '../../domain/time.ts';
import type {WatchRow, WatchStore} from '../../predict/watch-ports.ts';
import {watchModels} from '../../predict/watch.ts';

/** A midnight on which windows of every length begin. */
const MIDNIGHT = epochMs(84 * 250 * DAY_MS);
const HORIZONS_H = [24, 72, 168, 336, 672];
const HAZARD_PER_H = -Math.log(0.9) / 672;

/** A component that was forecast at each midnight for a year, as the store tells it of the nights that it is asked for. */
function storeOf(rules: Readonly<Record<string, unknown>>): {
  readonly store: WatchStore;
  readonly saved: WatchRow[];
} {
  const saved: WatchRow[] = [];
  const curve = {
    horizonsH: HORIZONS_H,
    cumulativePpm: HORIZONS_H.map((h) => Math.round(1e6 * (1 - Math.exp(-HAZARD_PER_H * h)))),
    tailHazardPpbPerH: Math.round(HAZARD_PER_H * 1e9),
  };
  const store: WatchStore = {
    rules: async () => Promise.resolve(rules),
    machines: async (_, {from, to}) => {
      const nights = Array.from({length: (to - from) / DAY_MS + 1}, (__, n) => epochMs(from + n * DAY_MS));
      const samples = nights.map((at) => ({at, asOf: at, said: 'm-1', curve}));
      const life = {componentId: 'C', installedAt: epochMs(0), endedAt: null, failed: false, samples};
      const machine = {equipmentNo: 1, equipmentClassId: 'chiller', depotId: null, lives: [life]};
      return Promise.resolve({machines: [machine], last: null});
    },
    champions: async () => Promise.resolve([]),
    references: async () => Promise.resolve([]),
    inputs: async () => Promise.resolve([]),
    save: async (_, rows) => {
      saved.push(...rows);
      return Promise.resolve();
    },
    fallBack: async () => Promise.resolve(false),
  };
  return {store, saved};
}

describe('the nightly look', () => {
  it('B4 B5 windowDays: looks so many days back, and holds as many windows against what came', async () => {
    const forecasts = async (rules: Readonly<Record<string, unknown>>): Promise<number[]> => {
      const {store, saved} = storeOf(rules);
      const report = (problem: string): never => expect.unreachable(problem);
      await watchModels({store, report}, epochMs(MIDNIGHT + 3 * HOUR_MS));
      return saved[0]!.figures.calibration.map((one) => one.forecasts);
    };
    expect(await forecasts({})).toEqual([84, 28, 12, 6, 3]);
    expect(await forecasts({windowDays: 168})).toEqual([168, 56, 24, 12, 6]);
    expect(await forecasts({windowDays: 28})).toEqual([28, 9, 4, 2, 1]);
  });
});
