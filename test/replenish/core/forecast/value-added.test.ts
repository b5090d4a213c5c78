import {describe, expect, it} from 'vitest';
import {DAY_MS, epochMs} from '../../../../domain/time.ts';
import {forecastValueAdded, simpleForecasts} from '../../../../replenish/core/forecast/value-added.ts';
import {streamOf} from '../../../../simulator/random.ts';

const months = (pieces: readonly number[], visible: readonly number[] = []) =>
  pieces.map((count, i) => ({
    month: epochMs(Date.UTC(2025, i, 1)),
    pieces: count,
    onRecord: 1,
    visible: visible[i] ?? 1,
    whole: true,
  }));

describe('forecast value added', () => {
  it('C6 the simple methods are asked with what was known before the month: 0, 3, 0, 0, 2, then half a month', () => {
    const found = simpleForecasts(months([0, 3, 0, 0, 2, 99], [1, 1, 1, 1, 1, 0.5]))!;
    // SBA (3 → 2.9) / (2 → 2.1) · 0.95 = 1.312 and TSB 2.9 · 0.1729 = 0.501, half a month of each.
    expect(found.naive).toBeCloseTo(1, 12);
    expect(found.sba).toBeCloseTo(1.312 / 2, 3);
    expect(found.tsb).toBeCloseTo(0.501 / 2, 3);
  });

  it('C6 a stock-out is no quiet month for them, a month that was hardly seen is none at all, and without a month before there is nothing', () => {
    expect(simpleForecasts(months([2, 1, 0], [1, 0.5, 1]))!.naive).toBe(2);
    expect(simpleForecasts(months([2, 0, 0], [1, 0.1, 1]))!.naive).toBe(2);
    expect(simpleForecasts(months([4]))).toBeNull();
    expect(simpleForecasts([])).toBeNull();
    const [first, second] = months([5, 1]);
    expect(
      simpleForecasts([{...first!, whole: false, month: epochMs(first!.month + DAY_MS)}, second!]),
    ).toBeNull();
  });

  it('C6 2 forecast, 1 and 3 came, naive said 4 and 1 → 75 points of WAPE and 61 % of the squared error’s root added', () => {
    const simple = (naive: number) => ({naive, sba: 9, tsb: 9});
    const found = forecastValueAdded([
      {expected: 2, actual: 1, simple: simple(4)},
      {expected: 2, actual: 3, simple: simple(1)},
      {expected: 50, actual: 0, simple: null},
    ]);
    expect(found).toMatchObject({months: 2, forecast: {wape: 0.5, rmse: 1}, naive: {wape: 1.25}});
    expect(found.naive.rmse).toBeCloseTo(Math.sqrt(6.5), 12);
    expect(found.againstNaive).toBeCloseTo(0.75, 12);
    expect(found.againstBest).toBeCloseTo(1 - 1 / Math.sqrt(6.5), 12);
  });

  it('C6 says that a forecast costs more than it adds, and nothing where nothing can be compared', () => {
    const found = forecastValueAdded([{expected: 8, actual: 2, simple: {naive: 3, sba: 2.5, tsb: 4}}]);
    expect(found.againstNaive).toBe((1 - 6) / 2);
    expect(found.againstBest).toBe(1 - 6 / 0.5);
    expect(forecastValueAdded([])).toMatchObject({months: 0, againstNaive: null, againstBest: null});
  });

  it('C6 the true mean of a steady demand beats every simple method, as it must', () => {
    const random = streamOf(11, 'value-added');
    const history = months(Array.from({length: 200}, () => random.poisson(0.7)));
    const outcomes = history.slice(24).map((month, i) => ({
      expected: 0.7,
      actual: month.pieces,
      simple: simpleForecasts(history.slice(0, 25 + i)),
    }));
    const found = forecastValueAdded(outcomes);
    expect(found.months).toBe(176);
    expect(found.againstBest).toBeGreaterThan(0);
    expect(found.naive.rmse).toBeGreaterThan(found.sba.rmse);
  });
});
