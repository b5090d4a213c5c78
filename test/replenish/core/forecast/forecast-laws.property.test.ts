import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import type {DemandPopulation} from '../../../../replenish/core/forecast/demand-population.ts';
import {demandQuantiles, forecastDemand} from '../../../../replenish/core/forecast/forecast-demand.ts';
import {viewsPmf, viewsQuantiles} from '../../../../replenish/core/forecast/quick-quantiles.ts';
import {quantile} from '../../../../replenish/core/probability/pmf.ts';

const SEED = {seed: 20_260_106, numRuns: 200};
const LEVELS = [0.1, 0.5, 0.9, 0.95, 0.99];

const view = fc.record({
  mean: fc.oneof(fc.constant(0), fc.double({min: 1e-6, max: 2_000, noNaN: true})),
  ratio: fc.double({min: 0.5, max: 60, noNaN: true}),
});
const views = fc.tuple(view, view, fc.double({min: 0, max: 1, noNaN: true})).map(([a, b, weight]) => [
  {weight, mean: a.mean, variance: a.mean * a.ratio},
  {weight: 1 - weight, mean: b.mean, variance: b.mean * b.ratio},
]);
const history = fc.array(fc.oneof(fc.constant(0), fc.constant(0), fc.nat(40)), {minLength: 3, maxLength: 40});
const population: fc.Arbitrary<DemandPopulation> = fc.record({
  recentDiscount: fc.double({min: 0.5, max: 1, noNaN: true}),
  recentWeight: fc.constantFrom(0, 0.25, 1),
  usualSpread: fc.constant({intercept: 1, slope: 0.3}),
  spreadDemands: fc.constantFrom(0.25, 4),
  levelDrift: fc.constantFrom(0, 0.2),
  silent: fc.constant({mean: 0.05, variance: 0.2}),
  calibration: fc.constantFrom(
    [],
    [
      {
        periods: 3,
        demandsMax: 4,
        knots: [
          {raw: 0.4, level: 0.5},
          {raw: 0.97, level: 0.95},
        ],
      },
      {periods: 3, demandsMax: Infinity, knots: [{raw: 0.93, level: 0.95}]},
    ],
  ),
});

describe('the laws of a demand forecast', () => {
  it('quantiles without the distribution are those of the distribution', () => {
    fc.assert(
      fc.property(views, (each) => {
        const pmf = viewsPmf(each);
        expect(viewsQuantiles(each, LEVELS)).toEqual(LEVELS.map((level) => quantile(pmf, level)));
      }),
      SEED,
    );
  });

  it('C1 the forecast is a distribution, and its quantiles are the stated ones', () => {
    fc.assert(
      fc.property(history, fc.integer({min: 1, max: 12}), population, (demand, periods, shared) => {
        const {lot, pmf} = forecastDemand(demand, periods, shared);
        expect(pmf.p.every((each) => each >= 0)).toBe(true);
        expect(pmf.p.reduce((sum, each) => sum + each, 0)).toBeCloseTo(1, 9);
        expect(demandQuantiles(demand, [periods], LEVELS, shared)[0]).toEqual(
          LEVELS.map((level) => lot * quantile(pmf, level)),
        );
      }),
      SEED,
    );
  });

  it('a longer horizon and a higher level never ask for less', () => {
    fc.assert(
      fc.property(history, population, (demand, shared) => {
        const rows = demandQuantiles(demand, [1, 3, 6], LEVELS, shared);
        rows.forEach((row, horizon) =>
          row.forEach((pieces, level) => {
            expect(pieces).toBeGreaterThanOrEqual(rows[horizon - 1]?.[level] ?? 0);
            expect(pieces).toBeGreaterThanOrEqual(row[level - 1] ?? 0);
          }),
        );
      }),
      SEED,
    );
  });

  it('demand in twice the pieces asks for twice the quantile, where nothing is lent by size', () => {
    fc.assert(
      fc.property(history, (demand) => {
        const shared: DemandPopulation = {
          recentDiscount: 0.9,
          recentWeight: 0.5,
          usualSpread: {intercept: 0, slope: 0},
          spreadDemands: 0,
          levelDrift: 0.1,
          silent: {mean: 0, variance: 0},
          calibration: [],
        };
        // Both counted in lots: only then does a Poisson-like part stay equally spread.
        const inPairs = demand.map((pieces) => pieces * 2);
        const spreads = demand.some((pieces) => pieces > 0) && forecastDemand(demand, 1, shared).lot > 1;
        fc.pre(spreads);
        const one = demandQuantiles(demand, [3], LEVELS, shared)[0]!;
        const two = demandQuantiles(inPairs, [3], LEVELS, shared)[0]!;
        two.forEach((pieces, i) => expect(pieces / 2).toBeCloseTo(one[i]!, 6));
      }),
      {...SEED, numRuns: 50},
    );
  });
});
