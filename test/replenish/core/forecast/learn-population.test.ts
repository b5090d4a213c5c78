import {describe, expect, it} from 'vitest';
import {seededGenerator} from '../../../../predict/training/seeded.ts';
import {demandQuantiles} from '../../../../replenish/core/forecast/forecast-demand.ts';
import {learnPopulation} from '../../../../replenish/core/forecast/learn-population.ts';
import {momentQuantiles} from '../../../../replenish/core/forecast/moment-forecast.ts';
import {pastForecasts} from '../../../../replenish/core/forecast/past-forecasts.ts';
import {pinballLoss} from '../../../../replenish/core/forecast/pinball.ts';

const HORIZONS = [1, 3, 6];
const PERIODS = 36;

/** Items asked for in `share(period)` of the periods, one to three pieces at a time. */
function items(count: number, periods: number, share: (period: number) => number): number[][] {
  const random = seededGenerator(20_260_108);
  return Array.from({length: count}, () =>
    Array.from({length: periods}, (_, period) =>
      random() < share(period) ? 1 + Math.floor(random() * 3) : 0,
    ),
  );
}

describe('past forecasts', () => {
  it('12 periods with horizons up to 6 have one origin, after 6 periods', () => {
    const [only, ...more] = pastForecasts([[1, 0, 0, 2, 0, 3, 1, 0, 1, 0, 0, 4]], HORIZONS, 100);
    expect(more).toEqual([]);
    expect(only).toMatchObject({history: [1, 0, 0, 2, 0, 3], totals: [1, 2, 6], mean: 1});
  });

  it('are thinned evenly over items and origins', () => {
    const cases = pastForecasts(
      items(100, 24, () => 0.5),
      HORIZONS,
      50,
    );
    expect(cases).toHaveLength(50);
    expect(new Set(cases.map(({history}) => history.length))).toEqual(new Set([12, 15, 18]));
  });

  it('refuse histories of different lengths', () => {
    expect(() => pastForecasts([[1, 2], [1]], HORIZONS, 10)).toThrow('equally long');
  });
});

describe('what a population learns', () => {
  it('C1 of parts that go out of use: the recent view, and far less loss than the moment fit at 0.95', () => {
    const histories = items(400, PERIODS, (period) => 0.7 * 0.9 ** period);
    const known = histories.map((history) => history.slice(0, PERIODS - 6));
    const population = learnPopulation(known, HORIZONS);
    expect(population.recentWeight).toBeGreaterThan(0);
    const loss = {ours: 0, moments: 0};
    histories.forEach((history, item) => {
      const total = history.slice(PERIODS - 6).reduce((sum, pieces) => sum + pieces, 0);
      const [, , ours] = demandQuantiles(known[item]!, HORIZONS, [0.95], population);
      loss.ours += pinballLoss(total, ours![0]!, 0.95);
      loss.moments += pinballLoss(total, momentQuantiles(known[item]!, 6, [0.95])[0]!, 0.95);
    });
    expect(loss.ours).toBeLessThan(0.6 * loss.moments);
  });

  it('calibrates nothing from a single origin, whose surprises all items share', () => {
    expect(
      learnPopulation(
        items(40, 12, () => 0.4),
        HORIZONS,
      ).calibration,
    ).toEqual([]);
  });

  it('lends an item never asked for what such items came to need', () => {
    const woken = items(200, PERIODS, (period) => (period < 24 ? 0 : 0.05));
    const {silent} = learnPopulation(woken, HORIZONS);
    expect(silent.mean).toBeGreaterThan(0.02);
    expect(silent.mean).toBeLessThan(0.2); // 0.05 of the periods × 2 pieces, before and after waking
  });

  it('tells its progress up to the end, and learns the same twice', () => {
    const histories = items(60, 24, () => 0.3);
    const told: number[] = [];
    const first = learnPopulation(histories, HORIZONS, (share) => told.push(share));
    expect(told).toEqual(told.toSorted((a, b) => a - b));
    expect(told.at(-1)).toBeGreaterThan(0.9);
    expect(learnPopulation(histories, HORIZONS)).toEqual(first);
  });
});
