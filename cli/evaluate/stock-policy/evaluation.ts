import {learnPopulation} from '../../../replenish/core/forecast/learn-population.ts';
import {HORIZONS} from '../demand-score.ts';
import {ownPlans, studyPlan} from './level-plans.ts';
import {curveOfLevels, pointOfIncumbent, SET_WORLD, STUDY_WORLD, type PolicyPoint} from './policy-curve.ts';
import {costAtFill, readPublishedCurves, type CurvePoint, type FillMeasure} from './published-curves.ts';
import {readStockSet, type STOCK_SETS, type StockItem} from './stock-set.ts';

export interface NamedCurve<P extends CurvePoint = CurvePoint> {
  readonly name: string;
  readonly points: readonly P[];
}

export interface StockPolicyResult {
  readonly set: string;
  readonly items: number;
  /** Of the published study; its costs are scaled by the share of its items that are here. */
  readonly studyItems: number;
  readonly trainingPeriods: number;
  readonly simulatedPeriods: number;
  /** Ours and the reproduced methods in the world of the study. */
  readonly study: readonly NamedCurve<PolicyPoint>[];
  readonly published: readonly NamedCurve[];
  /** At target 0.95, beside what others need to fill as much. */
  readonly atTarget: readonly AtTarget[];
  /** With the set's lead times and least order quantities; null where it gives none. */
  readonly own: {readonly items: number; readonly curves: readonly NamedCurve<PolicyPoint>[]} | null;
}

/** What others need to fill as much as a curve does at the target; null where they never fill as much. */
interface AtTarget {
  readonly curve: string;
  readonly point: PolicyPoint;
  /** SBA by the rule of the study on the same items and periods, at the same mean fill rate of the items. */
  readonly sbaAtMeanFill: number | null;
  /** The same at the same share of all pieces. */
  readonly sbaAtTotalFill: number | null;
  /** The cheapest published method at the same mean fill rate, its cost scaled to the items that are here. */
  readonly publishedAtMeanFill: Rival | null;
  readonly publishedAtTotalFill: Rival | null;
}

interface Rival {
  readonly method: string;
  readonly holdingCost: number;
}

/** Those of the published study: 0.75, 0.76 … 0.99. */
const TARGETS = Array.from({length: 25}, (_, i) => (75 + i) / 100);
const TARGET = 0.95;

/** @throws OperationalFault 'file-unreadable' for a file that cannot be read */
export function evaluateStockPolicy(
  folder: string,
  set: keyof typeof STOCK_SETS,
  tell: (what: string) => void,
): StockPolicyResult {
  const {items, study, trainingPeriods, periods} = readStockSet(folder, set);
  const scale = items.length / study.items;
  const published = [...readPublishedCurves(folder, study.name)].map(([name, points]) => ({
    name,
    points: points.map((point) => ({...point, holdingCost: point.holdingCost * scale})),
  }));
  const simulated = {from: trainingPeriods, to: periods};
  tell('learning the population from the training part');
  const population = learnPopulation(
    items.map(({demand}) => demand.slice(0, trainingPeriods)),
    HORIZONS,
  );

  tell("choosing levels in the study's world");
  const ours = ownPlans(items, simulated, TARGETS, population, STUDY_WORLD);
  const plans = [
    {name: 'forestock, each item to the target', plan: ours.each},
    {name: 'forestock, items share the target', plan: ours.shared},
    {name: 'SBA by the rule of the study', plan: studyPlan(items, simulated, TARGETS)},
  ];
  const curves = plans.map(({name, plan}) => ({
    name,
    points: curveOfLevels(items, trainingPeriods, TARGETS, plan, STUDY_WORLD),
  }));

  const led = items.filter(({leadPeriods}) => leadPeriods !== undefined && leadPeriods < trainingPeriods);
  return {
    set,
    items: items.length,
    studyItems: study.items,
    trainingPeriods,
    simulatedPeriods: periods - trainingPeriods,
    study: curves,
    published,
    atTarget: curves.map((curve) => atTarget(curve, curves[2]!, published)),
    own: led.length === 0 ? null : {items: led.length, curves: inSetWorld(led)},
  };

  function inSetWorld(stocked: readonly StockItem[]): NamedCurve<PolicyPoint>[] {
    tell("choosing levels with the set's lead times");
    const {each, shared} = ownPlans(stocked, simulated, TARGETS, population, SET_WORLD);
    const curve = (name: string, plan: typeof each): NamedCurve<PolicyPoint> => ({
      name,
      points: curveOfLevels(stocked, trainingPeriods, TARGETS, plan, SET_WORLD),
    });
    const incumbents = stocked.every(({incumbent}) => incumbent !== undefined)
      ? [{name: "the owner's min and max", points: [pointOfIncumbent(stocked, trainingPeriods, SET_WORLD)]}]
      : [];
    return [
      curve('forestock, each item to the target', each),
      curve('forestock, items share the target', shared),
      ...incumbents,
    ];
  }
}

function atTarget(
  {name, points}: NamedCurve<PolicyPoint>,
  sba: NamedCurve,
  published: readonly NamedCurve[],
): AtTarget {
  const point = points.find(({target}) => target === TARGET)!;
  return {
    curve: name,
    point,
    sbaAtMeanFill: costAtFill(sba.points, 'meanFill', point.meanFill) ?? null,
    sbaAtTotalFill: costAtFill(sba.points, 'totalFill', point.totalFill) ?? null,
    publishedAtMeanFill: cheapest(published, 'meanFill', point.meanFill),
    publishedAtTotalFill: cheapest(published, 'totalFill', point.totalFill),
  };
}

function cheapest(curves: readonly NamedCurve[], measure: FillMeasure, fill: number): Rival | null {
  const rivals = curves.flatMap(({name, points}): Rival[] => {
    const holdingCost = costAtFill(points, measure, fill);
    return holdingCost === undefined ? [] : [{method: name, holdingCost}];
  });
  return rivals.sort((a, b) => a.holdingCost - b.holdingCost)[0] ?? null;
}
