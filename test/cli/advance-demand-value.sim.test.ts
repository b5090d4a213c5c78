import {describe, expect, it} from 'vitest';
import {valueOfAlarms} from '../../cli/evaluate/advance-demand-value.ts';
import {qualityOf, type AlarmSetting} from '../../cli/evaluate/alarm-setting.ts';
import {alarmSituations} from '../../cli/evaluate/alarm-situation.ts';
import {DecidedOrders, RuledOrders} from '../../cli/evaluate/core-orders.ts';
import {signalDays} from '../../cli/evaluate/signal-world.ts';
import {StockPoints} from '../../cli/evaluate/stock-point.ts';
import {alarmProbability} from '../../replenish/core/demand/advance-demand.ts';
import {riskOf} from '../../replenish/core/demand/depot-demand.ts';
import {Situation} from '../../replenish/core/decision/situation.ts';
import {streamOf} from '../../simulator/random.ts';

const EARLY = {fromDays: 30, toDays: 60};
const LATE = {fromDays: 10, toDays: 36};
const SETTING: AlarmSetting = {
  failuresPerYear: 12,
  recall: 0.9,
  precision: 0.8,
  window: EARLY,
  leadTimeDays: 30,
  holdingPerYear: 200,
  emergencyCost: 2000,
};

describe('the decision core at a stock point that hears alarms', () => {
  it.each([
    ['early and good alarms', {}],
    ['early and mostly false ones', {precision: 0.2}],
    ['late ones and dear emergencies', {window: LATE, emergencyCost: 20_000}],
  ])('B2 orders by the rule what decide orders, every day: %s', (_, more) => {
    const setting = {...SETTING, ...more};
    const decided = new DecidedOrders(setting);
    const ruled = new RuledOrders(setting);
    const point = new StockPoints(1, {leadTimeDays: 30, holdingPerDay: 0.5, emergencyCost: 2000});
    const world = signalDays(qualityOf(setting), setting.window, streamOf(7, 'both'));
    let orders = 0;
    for (let day = 0; day < 500; day += 1) {
      const {failures, ages} = world.next().value;
      point.serve(failures, true);
      const pieces = decided.order(ages, point.shelf(0));
      expect(ruled.order(ages, point.position(0)), `day ${day}`).toBe(pieces);
      point.order(0, pieces);
      orders += Number(pieces > 0);
    }
    expect(orders).toBeGreaterThan(10);
  });

  it('B1 is told situations as the service records them, and weighs the age of an alarm itself', () => {
    const ages = [0, 40];
    const heard = alarmSituations(SETTING)(ages, {onHand: 2, due: [1, 0, 3]});
    expect(Situation.parse(heard)).toEqual(heard);
    for (const [i, age] of ages.entries()) {
      const p = riskOf(heard.depots[0]!.components[i]!, heard.now).within(30 * 24);
      expect(p).toBeCloseTo(alarmProbability(0.8, EARLY, age, 30), 5);
    }
    expect(heard.depots[0]!.receipts.map(({quantity, meanH}) => [quantity, meanH])).toEqual([
      [1, 0.01],
      [3, 48],
    ]);
  });
});

describe('what alarms are worth', () => {
  const length = {days: 20_000, seeds: 2};

  it('D1 good and early alarms save a third of the cost and more, with nothing tuned', () => {
    const {ours, baseStock, baseCostPerDay, ordersChecked} = valueOfAlarms(SETTING, length, 0.999);
    expect(ours.saving).toBeGreaterThan(0.33);
    expect(ordersChecked).toBe(40);
    expect(baseStock).toBe(5);
    expect(baseCostPerDay).toBeGreaterThan(2.2);
    expect(baseCostPerDay).toBeLessThan(2.6);
  });

  it('D4 one order per alarm costs more than no alarm where most are false; probabilities save', () => {
    const {ours, onePerAlarm} = valueOfAlarms({...SETTING, precision: 0.2}, length, 0.998);
    expect(onePerAlarm.saving).toBeLessThan(-0.5);
    expect(ours.saving).toBeGreaterThan(0);
  });
});

describe('the world of alarms', () => {
  it('has the recall, the precision and the failures it was asked for', () => {
    const days = signalDays({failureRatePerDay: 0.1, recall: 0.5, precision: 0.25}, EARLY, streamOf(3, 'w'));
    let failures = 0;
    let born = 0;
    for (let day = 0; day < 50_000; day += 1) {
      const today = days.next().value;
      failures += today.failures;
      born += today.ages.filter((age) => age === 0).length;
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
    expect(point.shelf(0)).toEqual({onHand: 0, due: [3, 0]});
    point.day(1, [3], true); // 3 arrive, 1 used, 2 held; orders 1
    point.day(0, [3], true); // 2 held
    point.day(0, [3], true); // 3 held
    expect([...point.costs()]).toEqual([107]);
  });
});
