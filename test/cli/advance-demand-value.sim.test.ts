import {describe, expect, it} from 'vitest';
import {valueOfAlarms, type AlarmSetting} from '../../cli/evaluate/advance-demand-value.ts';
import {signalDays} from '../../cli/evaluate/signal-world.ts';
import {StockPoints} from '../../cli/evaluate/stock-point.ts';
import {streamOf} from '../../simulator/random.ts';

const SETTING: AlarmSetting = {
  failuresPerYear: 12,
  recall: 0.9,
  precision: 0.8,
  window: {fromDays: 30, toDays: 60},
  leadTimeDays: 30,
  holdingPerYear: 200,
  emergencyCost: 2000,
};

describe('what alarms are worth', () => {
  it('D1 good and early alarms save a third of the cost and more', () => {
    const {ours, baseStock, baseCostPerDay} = valueOfAlarms(SETTING, {days: 8000, seeds: 2});
    expect(ours.saving).toBeGreaterThan(0.33);
    expect(baseStock).toBe(4); // over so few days; 5 over many
    expect(baseCostPerDay).toBeGreaterThan(2);
    expect(baseCostPerDay).toBeLessThan(2.7);
  });

  it('D4 one order per alarm costs more than no alarm where most are false; probabilities do not', () => {
    const {ours, onePerAlarm} = valueOfAlarms({...SETTING, precision: 0.2}, {days: 8000, seeds: 2});
    expect(onePerAlarm.saving).toBeLessThan(-0.5);
    expect(ours.saving + ours.ci95).toBeGreaterThan(0);
  });
});

describe('the world of alarms', () => {
  it('has the recall, the precision and the failures it was asked for', () => {
    const days = signalDays(
      {failureRatePerDay: 0.1, recall: 0.5, precision: 0.25},
      SETTING.window,
      streamOf(3, 'w'),
    );
    let failures = 0;
    let born = 0;
    for (let day = 0; day < 50_000; day += 1) {
      const today = days.next().value;
      failures += today.failures;
      born += today.openByAge[0]!;
    }
    expect(failures / 50_000).toBeCloseTo(0.1, 2);
    expect(born / 50_000).toBeCloseTo(0.2, 2); // 0.1 · 0.5 / 0.25
  });
});

describe('a stock point', () => {
  it('receives after the lead time, serves from stock, buys the rest at once', () => {
    const point = new StockPoints(1, {leadTimeDays: 2, holdingPerDay: 1, emergencyCost: 100});
    point.day(0, [3], true); // orders 3
    point.day(1, [3], true); // nothing here: an emergency, 100
    point.day(1, [3], true); // 3 arrive, 1 used, 2 held; orders 1
    point.day(0, [3], true); // 2 held
    point.day(0, [3], true); // 3 held
    expect([...point.costs()]).toEqual([107]);
  });
});
