import {
  fillRateLevels,
  sharedFillRateLevels,
  shortageCurve,
  type ShortageCurve,
} from '../../../replenish/core/stock/fill-rate-level.ts';
import type {DemandPopulation} from '../../../replenish/core/forecast/demand-population.ts';
import {demandMoments} from '../../../replenish/core/forecast/demand-moments.ts';
import {forecastDemand} from '../../../replenish/core/forecast/forecast-demand.ts';
import type {LevelPlan, World} from './policy-curve.ts';
import type {StockItem} from './stock-set.ts';
import {fittedSba, gammaShortage, studyLevel} from './study-rule.ts';

export interface OwnPlans {
  /** Each item fills the target for itself, as in the study. */
  readonly each: LevelPlan;
  /** The items together fill the target in the mean, at least cost. */
  readonly shared: LevelPlan;
}

/** Levels from the product's forecast, made again for each simulated period with all that was known then. */
export function ownPlans(
  items: readonly StockItem[],
  simulated: {readonly from: number; readonly to: number},
  targets: readonly number[],
  population: DemandPopulation,
  world: World,
): OwnPlans {
  const each: number[][][] = [];
  const shared: (readonly (readonly number[])[])[] = [];
  for (let period = simulated.from; period < simulated.to; period += 1) {
    const curves = items.map((item) => curveAt(item, period, population, world));
    const own = items.map((item, i) => fillRateLevels(curves[i]!, targets, world.minimumOf(item)));
    each.push(targets.map((_, t) => own.map((levels) => levels[t]!)));
    const sharing = items.map((item, i) => ({curve: curves[i]!, unitCost: world.holdingOf(item), weight: 1}));
    shared.push(sharedFillRateLevels(sharing, targets));
  }
  return {each, shared};
}

function curveAt(item: StockItem, period: number, population: DemandPopulation, world: World): ShortageCurve {
  const known = item.demand.slice(0, period);
  const lead = world.leadPeriodsOf(item);
  const start = lead === 0 ? null : forecastDemand(known, lead, population);
  return shortageCurve(start, forecastDemand(known, lead + 1, population));
}

/** Levels of the Syntetos-Boylan approximation by the rule of the published study, for its own world. */
export function studyPlan(
  items: readonly StockItem[],
  simulated: {readonly from: number; readonly to: number},
  targets: readonly number[],
): LevelPlan {
  const plan: number[][][] = [];
  for (let period = simulated.from; period < simulated.to; period += 1) {
    const levels = targets.map(() => items.map(() => 0));
    items.forEach(({demand}, i) => {
      const known = demand.slice(0, period);
      const mean = fittedSba(known);
      const {variance} = demandMoments(known, 1);
      const most = known.reduce((largest, pieces) => Math.max(largest, pieces), 0);
      const shortage = (level: number): number => gammaShortage(mean, variance, level);
      let level = 0;
      targets.forEach((target, t) => {
        level = studyLevel(shortage, (1 - target) * mean, most, level);
        levels[t]![i] = level;
      });
    });
    plan.push(levels);
  }
  return plan;
}
