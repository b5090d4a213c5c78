import {describe, expect, it} from 'vitest';
import {
  advanceDemand,
  alarmRatePerDay,
  falseAlarmRatePerDay,
  signalledDemand,
  unannouncedDemand,
} from '../../../replenish/core/demand/advance-demand.ts';
import {mean, NO_DEMAND, quantile} from '../../../replenish/core/probability/pmf.ts';
import {
  poissonBinomialMoments,
  poissonBinomialPmf,
} from '../../../replenish/core/probability/poisson-binomial.ts';
import {poissonPmf} from '../../../replenish/core/probability/poisson.ts';

/** P(k failures) by looking at every one of the 2^n outcomes. */
function enumerated(probabilities: readonly number[]): number[] {
  const p = new Array<number>(probabilities.length + 1).fill(0);
  for (let outcome = 0; outcome < 2 ** probabilities.length; outcome += 1) {
    let weight = 1;
    let failures = 0;
    probabilities.forEach((q, i) => {
      const fails = (outcome >> i) % 2 === 1;
      weight *= fails ? q : 1 - q;
      failures += fails ? 1 : 0;
    });
    p[failures]! += weight;
  }
  return p;
}

describe('failure probabilities of single machines', () => {
  it('B2 become the exact distribution of demand, equal to enumerating every outcome', () => {
    const machines = [0.489, 0.153, 0.329, 1, 0.512, 0, 0.259, 0.173, 0.999];
    const {p} = poissonBinomialPmf(machines);
    enumerated(machines).forEach((expected, k) => expect(p[k] ?? 0).toBeCloseTo(expected, 14));
  });

  it('B2 have the sum of the probabilities as mean demand', () => {
    const machines = [0.1, 0.2, 0.3];
    expect(Array.from(poissonBinomialPmf(machines).p, (x) => Number(x.toFixed(15)))).toEqual([
      0.504, 0.398, 0.092, 0.006,
    ]);
    expect(mean(poissonBinomialPmf(machines))).toBeCloseTo(0.6, 15);
    expect(poissonBinomialMoments(machines).mean).toBeCloseTo(0.6, 15);
    expect(poissonBinomialMoments(machines).variance).toBeCloseTo(0.46, 15);
  });

  it('B2 that are all 0 leave exactly the background, and no background leaves exactly the failures', () => {
    const background = poissonPmf(1.3);
    expect(advanceDemand([0, 0, 0], background).p).toEqual(background.p);
    expect(advanceDemand([0.4, 0.7], NO_DEMAND).p).toEqual(poissonBinomialPmf([0.4, 0.7]).p);
  });

  it('of 1 are demand that is certain', () => {
    expect(Array.from(poissonBinomialPmf([1, 1]).p)).toEqual([0, 0, 1]);
  });

  it('of a thousand healthy machines need few terms and lose nothing', () => {
    const demand = poissonBinomialPmf(new Float64Array(1000).fill(0.002));
    expect(demand.p.length).toBeLessThan(60);
    expect(demand.tail).toBeLessThan(1e-25);
    expect(mean(demand)).toBeCloseTo(2, 12);
  });

  it('outside 0..1 are refused', () => {
    expect(() => poissonBinomialPmf([0.2, 1.01])).toThrow('within 0..1');
    expect(() => poissonBinomialPmf([Number.NaN])).toThrow('within 0..1');
  });

  it('never order one piece per alarm: ten alarms of precision 0.2 need 4 pieces for 90 %, not 10', () => {
    expect(quantile(poissonBinomialPmf(new Float64Array(10).fill(0.2)), 0.9)).toBe(4);
  });
});

describe('alarms with a known recall and precision', () => {
  const quality = {failureRatePerDay: 8 / 365, recall: 0.6, precision: 0.6};

  it('leave only the failures they miss to the background', () => {
    expect(unannouncedDemand(quality, 45)).toBeCloseTo(0.39452054794520545, 15);
  });

  it('come as often as failures when precision equals recall, 4 in 10 of them false', () => {
    expect(alarmRatePerDay(quality)).toBeCloseTo(8 / 365, 15);
    expect(falseAlarmRatePerDay(quality)).toBeCloseTo((0.4 * 8) / 365, 15);
  });

  it('count each announced failure once', () => {
    expect(mean(signalledDemand(quality, 45, 2))).toBeCloseTo(2 * 0.6 + 0.39452054794520545, 12);
  });
});
