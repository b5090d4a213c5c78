import {describe, expect, it} from 'vitest';
import {InvariantBroken} from '../../../domain/invariant.ts';
import {compoundPmf, type OrderSizes} from '../../../replenish/core/probability/compound-poisson.ts';
import {
  parallelLeadTimeDemand,
  sequentialLeadTimeDemand,
} from '../../../replenish/core/lead-time/lead-time-demand.ts';
import {negativeBinomialPmf} from '../../../replenish/core/probability/negative-binomial.ts';
import {
  backorderCurve,
  cdf,
  convolve,
  expectedBackorders,
  expectedOnHand,
  mean,
  mixture,
  NO_DEMAND,
  quantile,
  shift,
  variance,
  varianceOfBackorders,
  type DemandPmf,
} from '../../../replenish/core/probability/pmf.ts';
import {poissonPmf} from '../../../replenish/core/probability/poisson.ts';
import {evenly, serviceOf} from '../../../replenish/core/stock/policy-performance.ts';
import {cycleServiceLevel, fillRate, readyRate} from '../../../replenish/core/stock/service-measures.ts';

/** Poisson many orders. */
const compoundPoisson = (mean: number, sizes: OrderSizes): DemandPmf =>
  compoundPmf({mean, variance: mean}, sizes);

describe('Poisson demand', () => {
  it('at mean 1 leaves e⁻¹ backorders behind one piece of stock (Sherbrooke 2004, ch. 2)', () => {
    expect(expectedBackorders(poissonPmf(1), 1)).toBeCloseTo(Math.exp(-1), 14);
  });

  it('D1 needs a base stock of 3 for 95 % at mean 1, since two pieces reach 91.97 %', () => {
    const demand = poissonPmf(1);
    expect(quantile(demand, 0.95)).toBe(3);
    expect(cdf(demand, 2)).toBeCloseTo(0.9196986, 7);
  });

  it('keeps its mean, variance and balance at a mean of 5000, where e^−5000 is no number any more', () => {
    const demand = poissonPmf(5000);
    expect(Math.abs(mean(demand) - 5000)).toBeLessThan(1e-10);
    expect(Math.abs(variance(demand) - 5000)).toBeLessThan(1e-9);
    expect(expectedOnHand(demand, 5100) - expectedBackorders(demand, 5100)).toBeCloseTo(100, 9);
    expect(demand.tail).toBeLessThan(1e-13);
  });

  it('of mean 0 is no demand at all', () => {
    expect(poissonPmf(0)).toEqual(NO_DEMAND);
    expect(expectedBackorders(poissonPmf(0), 0)).toBe(0);
  });

  it('refuses a mean that is negative or not a number', () => {
    expect(() => poissonPmf(-1)).toThrow(InvariantBroken);
    expect(() => poissonPmf(Number.NaN)).toThrow(InvariantBroken);
  });
});

describe('negative binomial demand', () => {
  it('of mean 0.6 and variance 1.5 is zero with 0.4^0.4', () => {
    expect(negativeBinomialPmf(0.6, 1.5).p[0]).toBeCloseTo(0.4 ** 0.4, 14);
  });

  it('becomes Poisson as its variance falls to its mean', () => {
    expect(negativeBinomialPmf(3, 3).p).toEqual(poissonPmf(3).p);
    expect(negativeBinomialPmf(3, 3 * (1 + 1e-12)).p[2]).toBeCloseTo(poissonPmf(3).p[2]!, 11);
  });

  it('refuses a variance below its mean', () => {
    expect(() => negativeBinomialPmf(3, 2.9)).toThrow('at least as much as its mean');
  });
});

describe('orders of several pieces', () => {
  const sizes = [
    {pieces: 1, probability: 0.6},
    {pieces: 2, probability: 0.25},
    {pieces: 4, probability: 0.15},
  ];

  it('give ready rate, unit fill and order fill three different values', () => {
    const service = serviceOf(compoundPoisson(2.2, sizes), sizes, evenly(7, 3));
    expect(service.readyRate).toBeCloseTo(0.88211904, 8);
    expect(service.fillRate).toBeCloseTo(0.83650808, 8);
    expect(service.orderFillRate).toBeCloseTo(0.83310204, 8);
    expect(service.expectedBackorders).toBeCloseTo(0.20643957, 8);
  });

  it('that come in clusters leave P(0..2) = 0.25, 0.125 and 0.171875, with the variance of both', () => {
    const oneOrTwo = [
      {pieces: 1, probability: 0.5},
      {pieces: 2, probability: 0.5},
    ];
    const demand = compoundPmf({mean: 2, variance: 4}, oneOrTwo);
    [0.25, 0.125, 0.171875].forEach((p, n) => expect(demand.p[n]).toBeCloseTo(p, 14));
    expect(mean(demand)).toBeCloseTo(2 * 1.5, 12);
    expect(variance(demand)).toBeCloseTo(2 * 0.25 + 4 * 1.5 ** 2, 10); // E[N] Var[J] + Var[N] E[J]²
  });

  it('of one piece each are plain Poisson demand, also at a mean of 5000', () => {
    const single = [{pieces: 1, probability: 1}];
    expect(compoundPoisson(3, single).p[4]).toBeCloseTo(poissonPmf(3).p[4]!, 15);
    expect(compoundPoisson(5000, single).p[5000]).toBeCloseTo(poissonPmf(5000).p[5000]!, 14);
  });

  it('keep rare large orders that lie far beyond the bulk', () => {
    const demand = compoundPoisson(1.5, [
      {pieces: 1, probability: 0.99},
      {pieces: 200, probability: 0.01},
    ]);
    expect(mean(demand)).toBeCloseTo(1.5 * (0.99 + 2), 10);
  });

  it('refuse sizes whose probabilities do not sum to 1', () => {
    expect(() => compoundPoisson(1, [{pieces: 1, probability: 0.9}])).toThrow('sum to 1');
  });
});

describe('an uncertain lead time', () => {
  const leadTime = {demandRate: 1, leadTimeMean: 5, leadTimeSd: 2.5};

  it('spreads demand if orders queue in one pipe, and does not if each travels on its own', () => {
    const sequential = sequentialLeadTimeDemand(leadTime);
    const parallel = parallelLeadTimeDemand(leadTime);
    expect([mean(sequential), variance(sequential)].map((x) => Number(x.toFixed(10)))).toEqual([5, 11.25]);
    expect(variance(parallel)).toBeCloseTo(5, 12);
    expect(quantile(sequential, 0.95)).toBeGreaterThan(quantile(parallel, 0.95));
  });

  it('spreads orders of several pieces as much as their number does', () => {
    const sizes = [
      {pieces: 1, probability: 0.5},
      {pieces: 3, probability: 0.5},
    ];
    const demand = sequentialLeadTimeDemand({...leadTime, vmr: 1.4, sizes});
    expect(mean(demand)).toBeCloseTo(10, 11);
    expect(variance(demand)).toBeCloseTo(5 * 1 + (1.4 * 5 + 6.25) * 2 ** 2, 9);
    expect(variance(parallelLeadTimeDemand({...leadTime, vmr: 1.4, sizes}))).toBeCloseTo(5 + 7 * 4, 9);
  });

  it('as two possible durations is the mixture of their demands', () => {
    const demand = mixture([
      {weight: 0.25, demand: poissonPmf(1)},
      {weight: 0.75, demand: poissonPmf(3)},
    ]);
    expect(mean(demand)).toBeCloseTo(2.5, 13);
    expect(variance(demand)).toBeCloseTo(2.5 + 0.25 * 0.75 * 4, 12); // E[Var] + Var[E]
  });
});

describe('one base stock', () => {
  const demand = poissonPmf(0.8);

  it('has a ready rate below the chance that nobody waits', () => {
    expect(readyRate(demand, 2)).toBeCloseTo(0.8087921354, 10);
    expect(fillRate(demand, 2)).toBe(readyRate(demand, 2));
    expect(cycleServiceLevel(demand, 2)).toBeCloseTo(0.9525774039, 10);
    expect(varianceOfBackorders(demand, 2)).toBeCloseTo(0.079842910027, 10);
  });

  it('of none fills nothing, and units already owed add to the backorders', () => {
    expect(fillRate(demand, 0)).toBe(0);
    expect(expectedBackorders(demand, -2)).toBeCloseTo(2.8, 14);
  });

  it('is read off the whole curve as well as alone', () => {
    const curve = backorderCurve(demand, 40);
    for (const s of [0, 1, 2, 5, 12, 40]) expect(curve[s]).toBeCloseTo(expectedBackorders(demand, s), 15);
  });
});

describe('sums of demands', () => {
  it('of two Poisson streams are Poisson with the summed mean', () => {
    const sum = convolve(poissonPmf(1.1), poissonPmf(2.3));
    for (let k = 0; k < 12; k += 1) expect(sum.p[k]).toBeCloseTo(poissonPmf(3.4).p[k]!, 14);
  });

  it('with pieces that are certain move up by as many', () => {
    const planned = shift(poissonPmf(0.5), 3);
    expect(mean(planned)).toBeCloseTo(3.5, 14);
    expect(cdf(planned, 2)).toBe(0);
  });

  it('never let a service level of 1 pass, which no stock can promise', () => {
    expect(() => quantile(poissonPmf(1), 1)).toThrow('1 excluded');
  });
});
