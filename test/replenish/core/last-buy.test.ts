import {describe, expect, it} from 'vitest';
import {lastBuyInput, type LastBuyTerms} from '../../../replenish/core/plan/last-buy-input.ts';
import {lastBuy, needSummary, type LastBuyCosts} from '../../../replenish/core/plan/last-buy.ts';
import {newsvendorCost, newsvendorLevel} from '../../../replenish/core/stock/newsvendor.ts';
import {cdf, mean, variance} from '../../../replenish/core/probability/pmf.ts';
import {poissonPmf} from '../../../replenish/core/probability/poisson.ts';
import {
  meanAskedFor,
  remainingNeed,
  type RemainingLife,
} from '../../../replenish/core/demand/remaining-need.ts';
import {component, depot, NOW, situation, source} from './situations.ts';

const life: RemainingLife = {
  ratePerDay: 0.1,
  vmr: 1,
  rateCv2: 0,
  fleet: [{share: 1, untilDay: 200}],
  declinePerDay: 0,
  repairedShare: 0,
  turnaroundDays: 0,
};
const costs: LastBuyCosts = {price: 100, holdingPerDay: 0, salvage: 0, shortage: 2_000};
const single = {minimum: 1, multiple: 1};

describe('the need that remains', () => {
  it('G4 falls as contracts end and machines are given up', () => {
    const halves = [
      {share: 0.5, untilDay: 100},
      {share: 0.5, untilDay: 300},
    ];
    expect(meanAskedFor({...life, fleet: halves}, Infinity)).toBeCloseTo(20, 12);
    expect(meanAskedFor({...life, fleet: halves}, 150)).toBeCloseTo(12.5, 12);
    const declining = {...life, declinePerDay: Math.LN2 / 100, fleet: [{share: 1, untilDay: 1e6}]};
    expect(meanAskedFor(declining, 100)).toBeCloseTo((0.1 * 0.5 * 100) / Math.LN2, 9);
  });

  it('G4 what is repaired is not used up, what is unsure spreads, and the workshop holds its share', () => {
    expect(mean(remainingNeed(life, 200))).toBeCloseTo(20, 9);
    expect(variance(remainingNeed(life, 200))).toBeCloseTo(20, 6);
    const unsure = remainingNeed({...life, rateCv2: 0.04}, 200);
    expect(variance(unsure)).toBeCloseTo(20 + 0.04 * 400, 6);
    const repaired = remainingNeed({...life, repairedShare: 0.6, turnaroundDays: 10}, 200);
    expect(mean(repaired)).toBeCloseTo(8 + 0.6, 9);
    expect(variance(repaired)).toBeCloseTo(8.6, 6);
    const both = remainingNeed({...life, rateCv2: 0.04, repairedShare: 0.6}, 200);
    expect(variance(both)).toBeCloseTo(8 + 0.16 * 0.04 * 400, 6);
  });
});

describe('a last-time buy', () => {
  it('G4 without holding cost is the newsvendor’s on the demand of the remaining life', () => {
    const {best, need} = lastBuy(life, 0, costs, single);
    expect(best.buy).toBe(28);
    expect(best.buy).toBe(newsvendorLevel(poissonPmf(20), {underage: 1_900, overage: 100}));
    const asNewsvendor = newsvendorCost(poissonPmf(20), 28, {underage: 1_900, overage: 100});
    expect(best.total).toBeCloseTo(asNewsvendor + 100 * 20, 6);
    expect(needSummary(life, need).quantiles).toContainEqual({level: 0.95, pieces: 28});
  });

  it('G4 what is here, coming or owed counts, and what comes back from the workshop is not bought', () => {
    expect(lastBuy(life, 10, costs, single).best.buy).toBe(18);
    expect(lastBuy(life, -2, costs, single).best.buy).toBe(30);
    expect(lastBuy(life, 40, costs, single).best).toMatchObject({buy: 0, price: 0});
    const repaired = {...life, repairedShare: 0.6, turnaroundDays: 10};
    expect(lastBuy(repaired, 0, costs, single).best.buy).toBeLessThan(15);
  });

  it('G4 holding for years and being left cost, so less is bought; missing a piece costs, so more is', () => {
    const buy = (change: Partial<LastBuyCosts>): number =>
      lastBuy(life, 0, {...costs, ...change}, single).best.buy;
    expect(buy({holdingPerDay: 1})).toBeLessThan(28);
    expect(buy({salvage: -100})).toBeLessThan(28);
    expect(buy({salvage: 60})).toBeGreaterThan(28);
    expect(buy({shortage: 20_000})).toBeGreaterThan(28);
    expect(buy({shortage: 90})).toBe(0);
  });

  it('G4 holding is that of each piece until its use, as the exact sum over pieces has it', () => {
    const {best} = lastBuy(life, 0, {...costs, holdingPerDay: 1}, single);
    // E[min(T_k, end)] = Σ P(N > j) / λ over j < k: the k-th piece lies until the k-th demand.
    let held = 0;
    for (let k = 1; k <= best.buy; k += 1)
      for (let j = 0; j < k; j += 1) held += (1 - cdf(poissonPmf(20), j)) / life.ratePerDay;
    expect(Math.abs(best.holding / held - 1)).toBeLessThan(1e-3);
  });

  it('G4 minimum and multiple of the supplier hold, and no quantity of the curve is cheaper', () => {
    const {best, curve} = lastBuy(life, 3, {...costs, holdingPerDay: 0.2}, {minimum: 12, multiple: 5});
    expect(best.buy % 5).toBe(0);
    expect(best.buy).toBeGreaterThanOrEqual(15);
    expect(curve.map(({buy}) => buy)).toContain(0);
    for (const {total} of curve) expect(total).toBeGreaterThanOrEqual(best.total - 1e-9);
  });
});

describe('what a situation says of the last order', () => {
  const DAY = 86_400_000;
  const terms: LastBuyTerms = {until: NOW + 1_000 * DAY, waitDays: 30, salvageShare: 0, yearlyDecline: 0};
  const shelf = depot('C', {
    onHand: 3,
    backgroundPerYear: 12,
    background: {asOf: NOW, priorKind: 'master-data', priorPerYear: 10, credibility: 0.8, historyMonths: 24},
    sources: [source('supplier', 'SUP', {priceMinor: 90_000, minimum: 5, multiple: 5})],
  });
  const read = (change: Partial<LastBuyTerms> = {}, fleet: Parameters<typeof lastBuyInput>[2] = []) =>
    lastBuyInput(situation([shelf]), new Set(['C']), fleet, {...terms, ...change}, () => undefined);

  it('G4 rate, evidence, price, lot, position and costs come from it', () => {
    const {life: said, position, costs: priced, lot, sourceId} = read();
    expect(said.ratePerDay).toBeCloseTo(12 / 365.25, 12);
    expect(said.rateCv2).toBeCloseTo(1 / 30, 12);
    expect(said.fleet).toEqual([{share: 1, untilDay: 1_000}]);
    expect(position).toBe(3);
    expect(priced).toMatchObject({price: 90_000, salvage: 0, shortage: 500 * 24 * 30});
    expect(priced.holdingPerDay).toBeCloseTo((100_000 * 0.2) / 365.25, 9);
    expect(lot).toMatchObject({minimum: 5, multiple: 5});
    expect(sourceId).toBe('SUP');
  });

  it('G4 a rate that the master data states is worth a year of its pieces, a slow one a single piece', () => {
    const stated = (backgroundPerYear: number): number => {
      const world = situation([depot('C', {backgroundPerYear})]);
      return lastBuyInput(world, new Set(['C']), [], terms, () => undefined).life.rateCv2;
    };
    expect(stated(60)).toBeCloseTo(1 / 60, 12);
    expect(stated(0.2)).toBe(1);
    expect(stated(0)).toBe(0);
  });

  it('G4 each machine counts until its contract ends, and not beyond the day named', () => {
    const fleet = [
      {positions: 1, endsAt: NOW + 100 * DAY},
      {positions: 2, endsAt: NOW + 5_000 * DAY},
      {positions: 1, endsAt: null},
    ];
    expect(read({}, fleet).life.fleet).toEqual([
      {share: 0.25, untilDay: 100},
      {share: 0.5, untilDay: 1_000},
      {share: 0.25, untilDay: 1_000},
    ]);
    expect(read({yearlyDecline: 0.5}).life.declinePerDay).toBeCloseTo(Math.LN2 / 365.25, 12);
  });

  it('G4 an alarm of today is no failure of every year', () => {
    const alarmed = {...shelf, backgroundPerYear: 0, components: [component('a', 900_000)]};
    const calm = lastBuyInput(situation([alarmed]), new Set(['C']), [], terms, () => undefined);
    expect(calm.life.ratePerDay).toBe(0);
    const worn = {...alarmed, components: [component('a', 900_000, {tailHazardPpbPerH: 20_000})]};
    const ageing = lastBuyInput(situation([worn]), new Set(['C']), [], terms, () => undefined);
    expect(ageing.life.ratePerDay * 365.25).toBeCloseTo(20_000e-9 * 8_766, 9);
  });
});
