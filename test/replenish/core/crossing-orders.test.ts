import {describe, expect, it} from 'vitest';
import {decide} from '../../../replenish/core/decision/decide.ts';
import {DEFAULT_POLICY} from '../../../replenish/core/decision/policy.ts';
import type {Source} from '../../../replenish/core/decision/situation.ts';
import {
  demandOverLeadTime,
  demandOverOwnLeadTimes,
  riskOf,
} from '../../../replenish/core/demand/depot-demand.ts';
import {cdf, mean, quantile, variance} from '../../../replenish/core/probability/pmf.ts';
import {streamOf} from '../../../simulator/random.ts';
import {NOW, component, depot, situation, source} from './situations.ts';

/** A piece a day, 30 ± 10 days. */
const DAILY = {risks: [], backgroundPerYear: 365.25, backgroundVmr: 1};
const MONTH = {meanH: 720, sdH: 240};

describe('orders that may cross', () => {
  it('D1 Poisson demand stays Poisson, whatever the lead time’s law', () => {
    const own = demandOverOwnLeadTimes(DAILY, MONTH, 0);
    expect([mean(own), variance(own)].map((one) => Number(one.toFixed(9)))).toEqual([30, 30]);
    expect(quantile(own, 0.99)).toBe(43);
    const shared = demandOverLeadTime(DAILY, MONTH, 0);
    expect([mean(shared), variance(shared)].map((one) => Number(one.toFixed(9)))).toEqual([30, 130]);
    expect(quantile(shared, 0.99)).toBe(64);
  });

  it('D1 a stock point that orders each piece by itself is short as often as that says', () => {
    const random = streamOf(7, 'crossing-orders');
    const DAYS = 40_000;
    let underWay: number[] = [];
    let short = 0;
    let asked = 0;
    for (let at = random.exponential(1); at < DAYS; at += random.exponential(1)) {
      underWay = underWay.filter((here) => here > at);
      if (at > 100) {
        asked += 1;
        if (underWay.length > 40) short += 1;
      }
      underWay.push(at + random.gamma(9, 30 / 9));
    }
    const expected = 1 - cdf(demandOverOwnLeadTimes(DAILY, MONTH, 0), 40);
    expect(short / asked).toBeGreaterThan(0.7 * expected); // 3.2 %; mixed over one lead time 14 %
    expect(short / asked).toBeLessThan(1.3 * expected);
  });

  it('D1 machines that are watched are each mixed over the lead time of their own piece', () => {
    const risks = ['A', 'B'].map((id) =>
      riskOf(component(id, 500_000, {horizonsH: [1000], tailHazardPpbPerH: 0}), NOW),
    );
    const within = (hours: number): number => 1 - 0.5 ** Math.min(1, hours / 1000);
    const own = demandOverOwnLeadTimes({...DAILY, backgroundPerYear: 0, risks}, MONTH, 0);
    const expected = demandOverLeadTime({...DAILY, backgroundPerYear: 0, risks: [risks[0]!]}, MONTH, 0).p[1]!;
    expect(own.p[2]).toBeCloseTo(expected ** 2, 12);
    expect(Math.abs(expected - within(720))).toBeLessThan(0.03);
  });

  const target = (more: Partial<Source>, policy = DEFAULT_POLICY): number => {
    const supplier = source('supplier', 'SUP', {...MONTH, orderCostMinor: 0, ...more});
    const place = depot('D', {backgroundPerYear: 365.25, sources: [supplier]});
    const [reason] = decide(situation([place], [], {policy})).reasons;
    return (reason as {target: number}).target;
  };

  it('D1 less is held for pieces that travel one by one than for a source that keeps their order, or for lots', () => {
    const alone = target({});
    expect(target({sequential: true})).toBeGreaterThan(alone + 10);
    expect(target({orderCostMinor: 10_000})).toBeGreaterThan(alone + 10);
    expect(target({minimum: 10})).toBeGreaterThan(alone + 10);
  });
});
