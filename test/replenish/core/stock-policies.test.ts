import {describe, expect, it} from 'vitest';
import {
  compoundPmf,
  meanSize,
  SINGLE_PIECES,
  type OrderSizes,
} from '../../../replenish/core/probability/compound-poisson.ts';
import {cdf, mean, type DemandPmf} from '../../../replenish/core/probability/pmf.ts';
import {poissonPmf} from '../../../replenish/core/probability/poisson.ts';
import {fillRateAt, shortageCurve} from '../../../replenish/core/stock/fill-rate-level.ts';
import {minMaxPositions, optimalMinMax} from '../../../replenish/core/stock/min-max-policy.ts';
import {newsvendorCost} from '../../../replenish/core/stock/newsvendor.ts';
import {nextLook} from '../../../replenish/core/decision/next-look.ts';
import {normalNewsvendor} from '../../../replenish/core/stock/normal-newsvendor.ts';
import {betweenReviews, evaluatePeriodicReview} from '../../../replenish/core/stock/periodic-review.ts';
import {
  cheapestLevel,
  evenly,
  levelCosts,
  performanceOf,
} from '../../../replenish/core/stock/policy-performance.ts';
import {
  backorderBatchRq,
  economicBatchRq,
  expectedInventoryRq,
} from '../../../replenish/core/stock/rq-approximation.ts';
import {
  cheapestWindowOf,
  evaluateRq,
  optimalRq,
  permittedLot,
} from '../../../replenish/core/stock/rq-policy.ts';

/** Poisson many orders. */
const compoundPoisson = (mean: number, sizes: OrderSizes): DemandPmf =>
  compoundPmf({mean, variance: mean}, sizes);

const ONE_TWO_FOUR = [
  {pieces: 1, probability: 0.6},
  {pieces: 2, probability: 0.25},
  {pieces: 4, probability: 0.15},
];
/** Hadley & Whitin (1963): 45 a year, two months, 220 an order, 950 to hold, 8,550 to owe a piece for a year. */
const book = {
  demandRate: 45,
  leadTimeDemand: poissonPmf(7.5),
  fixedCost: 220,
  holdingCost: 950,
  backorderCost: 8550,
};
const bookCosts = {orderCost: 220, holdingCost: 950, backorderCost: 8550};

describe('a policy (r, Q)', () => {
  it('D1 of (9, 5) owes 0.1202 pieces and fills 0.8990 in the book’s case, and (8, 7) is the cheapest', () => {
    const {expectedBackorders, fillRate, readyRate, orderFillRate, cost} = evaluateRq(book, {r: 9, q: 5});
    expect(expectedBackorders).toBeCloseTo(0.1202, 4);
    expect(fillRate).toBeCloseTo(0.899, 4);
    expect([readyRate, orderFillRate].map((rate) => rate.toFixed(12))).toEqual(
      Array(2).fill(fillRate.toFixed(12)),
    );
    expect(cost).toBeCloseTo(7396.8, 1);
    expect(optimalRq(book)).toMatchObject({r: 8, q: 7, cost: expect.closeTo(7225.15, 2) as number});
  });

  it('D1 in lots that the source takes is the cheapest of those around the free one', () => {
    expect(permittedLot(7, {minimum: 5, multiple: 4})).toBe(8);
    expect(optimalRq(book, {minimum: 1, multiple: 5})).toMatchObject({r: 9, q: 5});
    for (const multiple of [2, 3, 4, 6, 9]) {
      const best = optimalRq(book, {minimum: 3, multiple});
      expect(best.q % multiple).toBe(0);
      for (let q = permittedLot(3, {minimum: 3, multiple}); q < 60; q += multiple)
        for (let r = -5; r < 25; r += 1)
          expect(evaluateRq(book, {r, q}).cost).toBeGreaterThanOrEqual(best.cost - 1e-9);
    }
    expect(cheapestWindowOf((y) => Math.abs(y - 5), 5, 4)).toEqual({r: 2, q: 4});
  });

  it('D1 of orders of several pieces has three different rates, and orders less often than pieces are asked for', () => {
    const several = {
      ...book,
      demandRate: 2.2 * meanSize(ONE_TWO_FOUR),
      sizes: ONE_TWO_FOUR,
      leadTimeDemand: compoundPoisson(2.2, ONE_TWO_FOUR),
    };
    const {readyRate, fillRate, orderFillRate, ordersPerTime, expectedOnHand, expectedBackorders} =
      evaluateRq(several, {r: 6, q: 3});
    expect([readyRate, fillRate, orderFillRate].map((rate) => Number(rate.toFixed(8)))).toEqual([
      0.88211904, 0.83650808, 0.83310204,
    ]);
    // An order of 1, 2 or 4 pieces takes a position uniform on 7..9 to 6 or below with 1/3, 2/3 and 1.
    expect(ordersPerTime).toBeCloseTo(2.2 * (0.6 / 3 + (0.25 * 2) / 3 + 0.15), 12);
    expect(expectedOnHand - expectedBackorders).toBeCloseTo(8 - mean(several.leadTimeDemand), 12);
  });

  it('D1 by three textbook rules is near the published ones, where one pays at all', () => {
    const normal = {holdingCost: 1.1, fixedCost: 40, demandMean: 520, demandSd: 95, leadTime: 0.05};
    const rounded = ({r, q}: {r: number; q: number}): string[] => [r.toFixed(2), q.toFixed(2)];
    expect(rounded(expectedInventoryRq({...normal, stockoutCost: 22})!)).toEqual(['69.87', '202.40']);
    expect(rounded(backorderBatchRq({...normal, stockoutCost: 22}))).toEqual(['24.04', '199.27']);
    expect(rounded(economicBatchRq({...normal, stockoutCost: 22}))).toEqual(['61.44', '194.47']);
    expect(expectedInventoryRq({...normal, stockoutCost: 0.1})).toBeNull();
  });
});

describe('a review every month', () => {
  const outstanding = betweenReviews((later) => poissonPmf(45 * (1 / 6 + later)), 1 / 12, 3.75);
  const review = {
    outstanding,
    reviewDemand: poissonPmf(3.75),
    sizes: SINGLE_PIECES,
    reviewInterval: 1 / 12,
    ...bookCosts,
  };

  it('D1 of the book owes 0.4233 pieces at 12, and is cheapest at 14; by the end of the interval alone it would be 16 and cost 10.8 % more', () => {
    const twelve = evaluatePeriodicReview(review, 12);
    expect(twelve.expectedBackorders).toBeCloseTo(0.4233, 4);
    expect(twelve.fillRate).toBeCloseTo(0.7549, 4);
    expect(twelve.cost).toBeCloseTo(9093.07, 1);
    const at = (demand: typeof outstanding): number =>
      cheapestLevel(levelCosts({...review, outstanding: demand}, review), 9);
    expect(at(outstanding)).toBe(14);
    expect(at(poissonPmf(45 / 4))).toBe(16);
    const more = evaluatePeriodicReview(review, 16).cost / evaluatePeriodicReview(review, 14).cost - 1;
    expect(more).toBeCloseTo(0.108, 3);
  });

  it('D1 averages the demand over the time between two arrivals as its closed form for Poisson has it', () => {
    for (const [lead, interval] of [
      [7.5, 3.75],
      [0.5, 4],
      [1, 160],
    ] as const) {
      const averaged = betweenReviews((later) => poissonPmf(lead + later), interval, interval);
      const [start, end] = [poissonPmf(lead), poissonPmf(lead + interval)];
      for (let k = 0; k < 40; k += 1)
        expect(averaged.p[k]).toBeCloseTo((cdf(start, k) - cdf(end, k)) / interval, 10);
    }
  });

  it('D1 fills as much as the backorders of a period say, also in lots of four and with orders of several pieces', () => {
    const demandOver = (later: number): DemandPmf => compoundPoisson(3 + 2 * later, ONE_TWO_FOUR);
    const several = {
      ...review,
      outstanding: betweenReviews(demandOver, 1, 3.4),
      reviewDemand: compoundPoisson(2, ONE_TWO_FOUR),
      sizes: ONE_TWO_FOUR,
      reviewInterval: 1,
    };
    const curve = shortageCurve({lot: 1, pmf: demandOver(0)}, {lot: 1, pmf: demandOver(1)});
    expect(evaluatePeriodicReview(several, 9).fillRate).toBeCloseTo(fillRateAt(curve, 9), 10);
    const inLots = [9, 10, 11, 12].reduce((sum, level) => sum + fillRateAt(curve, level) / 4, 0);
    expect(evaluatePeriodicReview(several, 9, 4).fillRate).toBeCloseTo(inLots, 10);
    expect(evaluatePeriodicReview(several, 9).ordersPerTime).toBeCloseTo(1 - Math.exp(-2), 12);
  });

  it('D1 with normal demand is the published newsvendor', () => {
    const {baseStock, cost} = normalNewsvendor({mean: 50, sd: 8}, {overage: 0.18, underage: 0.7});
    expect([baseStock.toFixed(2), cost.toFixed(4)]).toEqual(['56.60', '1.9976']);
  });
});

describe('a policy (s, S)', () => {
  // Zheng & Federgruen (1991), K 64, holding 1, backorder 9, no lead time.
  it.each([
    [10, 6, 40, 35.02],
    [15, 10, 49, 42.7],
    [20, 14, 62, 49.17],
  ])('D1 at %d pieces a period is (%d, %d) at %d', (rate, s, S, cost) => {
    const periodDemand = poissonPmf(rate);
    const costs = {orderCost: 64, holdingCost: 1, backorderCost: 9};
    const levelCost = levelCosts({outstanding: periodDemand, sizes: SINGLE_PIECES}, costs);
    const best = optimalMinMax({periodDemand, fixedCost: 64, levelCost});
    expect([best.s, best.S, best.cost.toFixed(2)]).toEqual([s, S, cost.toFixed(2)]);
    const {positions, ordersPerPeriod} = minMaxPositions(periodDemand, best);
    const same = performanceOf(
      {outstanding: periodDemand, sizes: SINGLE_PIECES},
      positions,
      ordersPerPeriod,
      costs,
    );
    expect(same.cost).toBeCloseTo(best.cost, 10);
  });

  it('D1 with one piece a period for sure stands at 1 and 2 in turn', () => {
    const {positions, ordersPerPeriod} = minMaxPositions({p: Float64Array.of(0, 1), tail: 0}, {s: 0, S: 2});
    expect(positions).toEqual({lowest: 1, shares: Float64Array.of(0.5, 0.5)});
    expect(ordersPerPeriod).toBe(0.5);
  });
});

describe('what a level costs', () => {
  it('D1 is the newsvendor’s for pieces owed, and for pieces missed is least where the next look orders', () => {
    const demand = {outstanding: poissonPmf(7.5), sizes: SINGLE_PIECES};
    const owed = levelCosts(demand, {orderCost: 0, holdingCost: 1, backorderCost: 9});
    expect(owed(11)).toBeCloseTo(newsvendorCost(demand.outstanding, 11, {overage: 1, underage: 9}), 12);
    expect(cheapestLevel(owed, 0)).toBe(11);

    // 12 failures a year, 30 days, 200 a year to hold, 2,000 a rescue (next-look.ts), looks an hour apart.
    const perDay = 12 / 365.25;
    const missed = levelCosts(
      {outstanding: poissonPmf(30 * perDay), sizes: SINGLE_PIECES},
      {orderCost: 0, holdingCost: 200 / 365.25, backorderCost: 0, missedCost: 2_000 * perDay},
    );
    const {level} = nextLook(
      {orderedNow: poissonPmf(30 * perDay), orderedNext: poissonPmf((30 + 1 / 24) * perDay)},
      {missed: 2_000, held: 200 / 365.25 / 24},
    );
    expect(cheapestLevel(missed, 1)).toBe(level);
    expect(cheapestLevel(missed, 40)).toBe(level);
  });

  it('D1 of one level is that of a window of one', () => {
    const demand = {outstanding: poissonPmf(2), sizes: ONE_TWO_FOUR};
    const costs = {orderCost: 5, holdingCost: 1, backorderCost: 2, missedCost: 3};
    expect(levelCosts(demand, costs)(4)).toBeCloseTo(performanceOf(demand, evenly(4, 1), 0, costs).cost, 12);
  });
});
