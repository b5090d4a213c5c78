import {advanceDemand} from '../replenish/core/demand/advance-demand.ts';
import {newsvendorLevel} from '../replenish/core/stock/newsvendor.ts';
import {expectedBackorders, type DemandPmf} from '../replenish/core/probability/pmf.ts';
import {poissonPmf} from '../replenish/core/probability/poisson.ts';
import {convexified, stockSplits} from '../replenish/core/plan/stock-split.ts';
import {streamOf} from '../simulator/random.ts';
import {decisionTimes, groupSituations} from './decision-group.ts';
import type {Effort, Figure} from './measure.ts';
import {repeat} from './measure.ts';
import {quantile} from './quantiles.ts';
import {numpyTargets} from './two-echelon-numpy.ts';

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
const TARGETS = [PARTS, DEPOTS, PIECES_MAX, CENTRE_MAX] as const;
const NUMPY = 'the same targets in numpy, all parts at once';
/** Parts whose targets are compared. */
const CHECKED = 100;
/** Whole decisions of a group; the first ones compile. */
const GROUPS = 400;
const GROUPS_FIRST = 100;

/** The mathematics of decisions alone, one thread: no rows are read and none written. */
export function decisionMaths({runs}: Effort): Promise<Figure[]> {
  const random = streamOf(1, 'decision-maths');
  const many = Float64Array.from({length: MACHINES}, () => 0.05 * random.uniform());
  const few = Array.from({length: 997}, () =>
    Float64Array.from({length: MACHINES_EACH}, () => 0.1 * random.uniform()),
  );
  const background = poissonPmf(0.7);
  levels(many, background, 5000); // compiled before it is timed
  const groups = groupSituations(GROUPS);
  decisionTimes(groups.slice(0, GROUPS_FIRST));
  const peer = numpyTargets([1, ...TARGETS.slice(1)]);
  if (peer === null)
    process.stderr.write('python3-numpy is not installed: its two-echelon targets are left out\n');
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
      const decided = decisionTimes(groups);
      return Promise.resolve({
        'p50 of a whole decision, 5 depots, 200 machines': Number(quantile(decided, 0.5).toPrecision(3)),
        'p99 of a whole decision, 5 depots, 200 machines': Number(quantile(decided, 0.99).toPrecision(3)),
        'p99 of a level and its backorders, 200 machines': Number(quantile(each, 0.99).toPrecision(3)),
        'rebuild of 100,000 part-depots of 10 machines': Number(rebuild.toPrecision(3)),
        'two-echelon targets, 5,000 parts x 20 depots': Number(targets.toPrecision(3)),
        ...(peer === null ? {} : {[NUMPY]: Number(sameTargets().toPrecision(3))}),
      });
    },
    {
      'p99 of a level and its backorders, 200 machines': {unit: 'µs', goal: {below: 100}},
      'rebuild of 100,000 part-depots of 10 machines': {unit: 's', goal: {below: 1}},
      'two-echelon targets, 5,000 parts x 20 depots': {unit: 's', goal: {below: 60}},
      ...(peer === null ? {} : {[NUMPY]: {unit: 's'}}),
      'p50 of a whole decision, 5 depots, 200 machines': {unit: 'µs'},
      'p99 of a whole decision, 5 depots, 200 machines': {unit: 'µs'},
    },
  );
}

/** Seconds of numpy for the same targets: all parts at once, in arrays. */
function sameTargets(): number {
  const {seconds: spent} = numpyTargets(TARGETS)!;
  const few = Array.from({length: CHECKED}, (_, part) => targetsOf(part));
  const ours = few.flat().reduce((sum, {expectedBackorders: short}) => sum + short, 0);
  const theirs = numpyTargets([CHECKED, ...TARGETS.slice(1)])!.backorders;
  if (!(Math.abs(ours - theirs) < 1e-6 * ours))
    throw new Error(`numpy came to ${theirs} pieces short, we to ${ours}`);
  return spent;
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
