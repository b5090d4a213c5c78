import {describe, expect, it} from 'vitest';
import {compoundPmf} from '../../../replenish/core/probability/compound-poisson.ts';
import {evenly, serviceOf} from '../../../replenish/core/stock/policy-performance.ts';
import {negativeBinomialPmf} from '../../../replenish/core/probability/negative-binomial.ts';
import {mean, variance} from '../../../replenish/core/probability/pmf.ts';
import {poissonPmf} from '../../../replenish/core/probability/poisson.ts';
import {unitFillRate} from '../../../replenish/core/stock/service-measures.ts';
import {convexified, stockSplits} from '../../../replenish/core/plan/stock-split.ts';
import {
  backorderPmf,
  centreState,
  exactTwoEchelon,
  metric,
  thinned,
  totalBackorders,
  variMetric,
} from '../../../replenish/core/plan/two-echelon.ts';

/** The utility of Rossetti's inventory book, ch. 9: four depots that repair 30 % of their failures themselves; years. */
const base = {demandRate: 45, localRepairShare: 0.3, localRepairTime: 30 / 365, shipTime: 10 / 365, stock: 4};
const utility = {centreResupplyTime: 60 / 365, centreStock: 24, bases: [base, base, base, base]};

describe('a centre and its depots', () => {
  it('D2 have 0.1095 backorders a depot by VARI-METRIC at stocks 24 and 4', () => {
    expect(variMetric(utility)[0]!.expectedBackorders).toBeCloseTo(0.1095, 4);
    expect(totalBackorders(exactTwoEchelon(utility))).toBeCloseTo(0.44222524, 8);
  });

  it('D2 owe more than METRIC says, and VARI-METRIC comes nearer to the exact figure', () => {
    const exact = totalBackorders(exactTwoEchelon(utility));
    const first = totalBackorders(metric(utility));
    const second = totalBackorders(variMetric(utility));
    expect(first).toBeLessThan(exact);
    expect(Math.abs(second - exact)).toBeLessThan(Math.abs(first - exact));
  });

  it('D2 have exact pipelines with the very mean and variance that VARI-METRIC fits', () => {
    const [exact] = exactTwoEchelon(utility);
    expect(mean(exact!.pipeline)).toBeCloseTo(exact!.pipelineMean, 10);
    expect(variance(exact!.pipeline)).toBeCloseTo(exact!.pipelineVariance, 9);
  });

  it('D2 owe more where demand comes in lumps, by the negative binomial at a centre alone', () => {
    const lumpy = {...base, demandRate: 0.1, localRepairShare: 0, shipTime: 0, vmr: 2, stock: 0};
    const alone = {centreResupplyTime: 30, centreStock: 3, bases: [lumpy]};
    // SciPy's nbinom(3, ½): 0.9375; a Poisson of 3 would owe 0.6721. Its logser(½) fills 0.41545 of the pieces.
    expect(centreState(alone).expectedBackorders).toBeCloseTo(0.9375, 12);
    expect(totalBackorders(variMetric(alone))).toBeCloseTo(0.9375, 12);
    expect(unitFillRate(centreState(alone).pipeline, 3, 2)).toBeCloseTo(0.41545048177494875, 12);
    expect(() => exactTwoEchelon(alone)).toThrow('the exact split is for Poisson demand and single pieces');
  });

  it('D2 fill by the piece what Panjer’s orders of logarithmic sizes fill', () => {
    const [vmr, orders] = [3, 1.5];
    const q = 1 - 1 / vmr;
    const sizes = Array.from({length: 120}, (_, i) => ({
      pieces: i + 1,
      probability: -(q ** (i + 1)) / (i + 1) / Math.log(1 - q),
    }));
    const demand = compoundPmf({mean: orders, variance: orders}, sizes);
    for (const s of [1, 2, 5, 9])
      expect(unitFillRate(negativeBinomialPmf(mean(demand), vmr * mean(demand)), s, vmr)).toBeCloseTo(
        serviceOf(demand, sizes, evenly(s, 1)).fillRate,
        10,
      );
  });

  it('without stock at the centre are single depots with the whole delay, exactly Poisson', () => {
    const bare = {...utility, centreStock: 0};
    expect(totalBackorders(exactTwoEchelon(bare))).toBeCloseTo(totalBackorders(metric(bare)), 10);
  });

  it('share out what the centre owes: half of two units is none, one or two with ¼, ½, ¼', () => {
    expect(Array.from(thinned({p: Float64Array.of(0, 0, 1), tail: 0}, 0.5).p)).toEqual([0.25, 0.5, 0.25]);
    expect(mean(thinned(backorderPmf(poissonPmf(5), 3), 0.25))).toBeCloseTo(
      mean(backorderPmf(poissonPmf(5), 3)) / 4,
      13,
    );
  });
});

describe('units split between centre and depots', () => {
  const splits = stockSplits(utility, 30, 26);

  it('D2 leave the fewest backorders at the splits of the book', () => {
    expect(splits[12]!.expectedBackorders).toBeCloseTo(16.6303, 3);
    expect([11, 12, 13, 19, 20].map((total) => splits[total]!.centreStock)).toEqual([11, 12, 9, 15, 12]);
  });

  it('D2 do not fall evenly, so totals in a dent are left out before parts compete', () => {
    const kept = new Set(convexified(splits).map(({total}) => total));
    expect([11, 12, 13, 14, 15, 16, 17, 18, 19, 20].filter((total) => !kept.has(total))).toEqual([12, 20]);
  });
});
