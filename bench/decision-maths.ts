import {advanceDemand} from '../replenish/core/advance-demand.ts';
import {newsvendorLevel} from '../replenish/core/newsvendor.ts';
import {expectedBackorders, type DemandPmf} from '../replenish/core/pmf.ts';
import {poissonPmf} from '../replenish/core/poisson.ts';
import {convexified, stockSplits} from '../replenish/core/stock-split.ts';
import {streamOf} from '../simulator/random.ts';
import type {Effort, Figure} from './measure.ts';
import {repeat} from './measure.ts';
import {quantile} from './quantiles.ts';

const COSTS = {underage: 2000, overage: 10};
const MACHINES = 200;
const DECISIONS = 20_000;
const PART_DEPOTS = 100_000;
const MACHINES_EACH = 10;
const PARTS = 5000;
const DEPOTS = 20;
/** Pieces of a part that the network may hold, and its centre. */
const PIECES_MAX = 40;
const CENTRE_MAX = 10;

/** The mathematics of decisions alone, one thread: no rows are read and none written. */
export function decisionMaths({runs}: Effort): Promise<Figure[]> {
  const random = streamOf(1, 'decision-maths');
  const many = Float64Array.from({length: MACHINES}, () => 0.05 * random.uniform());
  const few = Array.from({length: 997}, () =>
    Float64Array.from({length: MACHINES_EACH}, () => 0.1 * random.uniform()),
  );
  const background = poissonPmf(0.7);
  levels(many, background, 5000); // compiled before it is timed
  return repeat(
    'decision mathematics',
    runs,
    () => {
      const each = levels(many, background, DECISIONS);
      const rebuild = seconds(() => {
        for (let i = 0; i < PART_DEPOTS; i += 1) level(few[i % few.length]!, background);
      });
      const targets = seconds(() => {
        for (let part = 0; part < PARTS; part += 1) convexified(targetsOf(part));
      });
      return Promise.resolve({
        'p99 of a level and its backorders, 200 machines': Number(quantile(each, 0.99).toPrecision(3)),
        'rebuild of 100,000 part-depots of 10 machines': Number(rebuild.toPrecision(3)),
        'two-echelon targets, 5,000 parts x 20 depots': Number(targets.toPrecision(3)),
      });
    },
    {
      'p99 of a level and its backorders, 200 machines': {unit: 'µs', goal: {below: 100}},
      'rebuild of 100,000 part-depots of 10 machines': {unit: 's', goal: {below: 1}},
      'two-echelon targets, 5,000 parts x 20 depots': {unit: 's', goal: {below: 60}},
    },
  );
}

function level(probabilities: Float64Array, background: DemandPmf): number {
  const demand = advanceDemand(probabilities, background);
  return expectedBackorders(demand, newsvendorLevel(demand, COSTS));
}

/** Microseconds of each of so many. */
function levels(probabilities: Float64Array, background: DemandPmf, times: number): number[] {
  return Array.from({length: times}, () => 1e6 * seconds(() => level(probabilities, background)));
}

/** Best splits of a part's pieces for every total, from rates that differ by part and depot. */
function targetsOf(part: number): ReturnType<typeof stockSplits> {
  const bases = Array.from({length: DEPOTS}, (_, depot) => ({
    demandRate: 0.0005 * (1 + ((part * 7 + depot * 13) % 10)),
    localRepairShare: 0,
    localRepairTime: 0,
    shipTime: 3,
    stock: 0,
  }));
  return stockSplits({centreResupplyTime: 30, centreStock: 0, bases}, PIECES_MAX, CENTRE_MAX);
}

function seconds(work: () => void): number {
  const startedAt = performance.now();
  work();
  return (performance.now() - startedAt) / 1000;
}
