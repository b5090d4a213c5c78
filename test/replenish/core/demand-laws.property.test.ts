import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {advanceDemand} from '../../../replenish/core/demand/advance-demand.ts';
import {compoundPmf} from '../../../replenish/core/probability/compound-poisson.ts';
import {failureAhead} from '../../../replenish/core/probability/hazard.ts';
import {negativeBinomialPmf} from '../../../replenish/core/probability/negative-binomial.ts';
import {orderQuantity} from '../../../replenish/core/stock/newsvendor.ts';
import {
  cdf,
  expectedBackorders,
  expectedOnHand,
  mean,
  quantile,
  variance,
  type DemandPmf,
} from '../../../replenish/core/probability/pmf.ts';
import {
  poissonBinomialMoments,
  poissonBinomialPmf,
} from '../../../replenish/core/probability/poisson-binomial.ts';
import {poissonPmf} from '../../../replenish/core/probability/poisson.ts';
import {fillRate} from '../../../replenish/core/stock/service-measures.ts';

const SEED = {seed: 20_260_105, numRuns: 200};

const probability = fc.oneof(fc.constantFrom(0, 1), fc.double({min: 0, max: 1, noNaN: true}));
const machines = fc.array(probability, {maxLength: 60});
const smallMean = fc.double({min: 0, max: 80, noNaN: true});
const background = fc.oneof(
  smallMean.map(poissonPmf),
  fc
    .tuple(smallMean, fc.double({min: 1, max: 20, noNaN: true}))
    .map(([m, ratio]) => negativeBinomialPmf(m, m * ratio)),
  fc
    .tuple(fc.double({min: 0, max: 20, noNaN: true}), fc.double({min: 0, max: 1, noNaN: true}))
    .map(([orders, single]) =>
      compoundPmf({mean: orders, variance: orders}, [
        {pieces: 1, probability: single},
        {pieces: 7, probability: 1 - single},
      ]),
    ),
);
const demand: fc.Arbitrary<DemandPmf> = fc.tuple(machines, background).map(([p, b]) => advanceDemand(p, b));
const stock = fc.integer({min: 0, max: 250});

describe('laws of every demand distribution', () => {
  it('its probabilities are at least 0 and sum to 1', () => {
    fc.assert(
      fc.property(demand, ({p, tail}) => {
        expect(p.every((x) => x >= 0)).toBe(true);
        expect(p.reduce((sum, x) => sum + x, tail)).toBeCloseTo(1, 12);
        expect(tail).toBeLessThan(1e-13);
      }),
      SEED,
    );
  });

  it('one more piece saves as many backorders as the chance to run out: EBO(S) − EBO(S + 1) = P(D > S)', () => {
    fc.assert(
      fc.property(demand, stock, (d, s) => {
        expect(expectedBackorders(d, s) - expectedBackorders(d, s + 1)).toBeCloseTo(1 - cdf(d, s), 10);
      }),
      SEED,
    );
  });

  it('stock is conserved: on hand − backorders = S − mean', () => {
    fc.assert(
      fc.property(demand, stock, (d, s) => {
        expect(expectedOnHand(d, s) - expectedBackorders(d, s)).toBeCloseTo(s - mean(d), 9);
      }),
      SEED,
    );
  });

  it('more stock never fills less', () => {
    fc.assert(
      fc.property(demand, stock, (d, s) => {
        expect(fillRate(d, s + 1)).toBeGreaterThanOrEqual(fillRate(d, s));
      }),
      SEED,
    );
  });

  it('its level is the smallest that suffices', () => {
    fc.assert(
      fc.property(demand, fc.double({min: 0.01, max: 0.9999, noNaN: true}), (d, level) => {
        const s = quantile(d, level);
        expect(cdf(d, s)).toBeGreaterThanOrEqual(level - 1e-12);
        if (s > 0) expect(cdf(d, s - 1)).toBeLessThan(level);
      }),
      SEED,
    );
  });
});

describe('laws of machines that fail independently', () => {
  it('mean and variance add up', () => {
    fc.assert(
      fc.property(machines, (p) => {
        const moments = poissonBinomialMoments(p);
        expect(mean(poissonBinomialPmf(p))).toBeCloseTo(moments.mean, 11);
        expect(variance(poissonBinomialPmf(p))).toBeCloseTo(moments.variance, 11);
      }),
      SEED,
    );
  });

  it('their order changes no probability by more than 1e-12', () => {
    fc.assert(
      fc.property(machines, (p) => {
        const forwards = poissonBinomialPmf(p).p;
        const backwards = poissonBinomialPmf([...p].reverse()).p;
        for (let k = 0; k <= p.length; k += 1) {
          expect(Math.abs((forwards[k] ?? 0) - (backwards[k] ?? 0))).toBeLessThan(1e-12);
        }
      }),
      SEED,
    );
  });

  it('a higher probability never lowers the level', () => {
    fc.assert(
      fc.property(fc.array(probability, {minLength: 1, maxLength: 30}), probability, (p, other) => {
        const raised = [Math.max(p[0]!, other), ...p.slice(1)];
        expect(quantile(poissonBinomialPmf(raised), 0.95)).toBeGreaterThanOrEqual(
          quantile(poissonBinomialPmf(p), 0.95),
        );
      }),
      SEED,
    );
  });

  it('with all probabilities 0 the demand is the background, bit for bit', () => {
    fc.assert(
      fc.property(fc.nat(50), background, (count, b) => {
        expect(advanceDemand(new Float64Array(count), b).p).toEqual(b.p);
      }),
      SEED,
    );
  });
});

describe('laws of time and quantity', () => {
  const curve = fc.array(fc.integer({min: 0, max: 1_000_000}), {minLength: 5, maxLength: 5}).map((ppm) => ({
    horizonsH: [24, 72, 168, 336, 672],
    cumulativePpm: ppm.sort((a, b) => a - b),
    tailHazardPpbPerH: 50_000,
  }));
  const hours = fc.double({min: 0, max: 2000, noNaN: true});

  it('waiting longer never lowers the chance of failure, and survival multiplies over time', () => {
    fc.assert(
      fc.property(curve, hours, hours, (c, first, second) => {
        const early = failureAhead(c)(first);
        const both = failureAhead(c)(first + second);
        expect(both).toBeGreaterThanOrEqual(early - 1e-15);
        expect((1 - early) * (1 - failureAhead(c, first)(second))).toBeCloseTo(1 - both, 12);
      }),
      SEED,
    );
  });

  it('an order reaches the level, in whole multiples, at least the minimum, and only when needed', () => {
    const whole = fc.integer({min: -50, max: 100});
    const positive = fc.integer({min: 1, max: 40});
    fc.assert(
      fc.property(whole, whole, positive, positive, (position, level, minimum, multiple) => {
        const pieces = orderQuantity(position, level, minimum, multiple);
        if (position >= level) expect(pieces).toBe(0);
        else {
          expect(position + pieces).toBeGreaterThanOrEqual(level);
          expect(pieces).toBeGreaterThanOrEqual(minimum);
          expect(pieces % multiple).toBe(0);
          expect(pieces - multiple).toBeLessThan(Math.max(level - position, minimum));
        }
      }),
      SEED,
    );
  });
});
