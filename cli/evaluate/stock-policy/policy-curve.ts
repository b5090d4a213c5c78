import {orderQuantity} from '../../../replenish/core/stock/newsvendor.ts';
import type {CurvePoint} from './published-curves.ts';
import type {StockItem} from './stock-set.ts';
import {simulateStock, type StockRunOutcome} from './simulate-stock.ts';

/** Order-up-to levels in pieces, by simulated period, target and item. */
export type LevelPlan = readonly (readonly (readonly number[])[])[];

export interface PolicyPoint extends CurvePoint {
  /** Orders an item, over all simulated periods. */
  readonly orders: number;
}

/** What a part is simulated under: the study's world, or that of the set. */
export interface World {
  readonly leadPeriodsOf: (item: StockItem) => number;
  readonly minimumOf: (item: StockItem) => number;
  /** What holding a piece for a year costs. */
  readonly holdingOf: (item: StockItem) => number;
}

/** The study's own rate: a quarter of the price a year. */
const STUDY_HOLDING_RATE = 0.25;

/** Every order arrives before the demand of its period, and has no least quantity. */
export const STUDY_WORLD: World = {
  leadPeriodsOf: () => 0,
  minimumOf: () => 0,
  holdingOf: ({price}) => STUDY_HOLDING_RATE * price,
};

/** The lead times and least order quantities of the set. Where it has no holding cost of its own, the study's rate. */
export const SET_WORLD: World = {
  leadPeriodsOf: ({leadPeriods}) => leadPeriods ?? 0,
  minimumOf: ({minimum}) => minimum,
  holdingOf: ({price, holdingPerYear}) => holdingPerYear ?? STUDY_HOLDING_RATE * price,
};

/** A thousandth of a piece: quantities may be weights, and are not rounded up to whole pieces. */
const ORDER_STEP = 0.001;

/** The curve of order-up-to levels that change with each forecast. */
export function curveOfLevels(
  items: readonly StockItem[],
  from: number,
  targets: readonly number[],
  plan: LevelPlan,
  world: World,
): readonly PolicyPoint[] {
  return targets.map((target, t) =>
    pointOf(target, items, world, (item, i) => {
      const order = (position: number, period: number): number =>
        orderQuantity(position, plan[period]![t]![i]!, world.minimumOf(item), ORDER_STEP);
      return run(item, from, world, plan[0]![t]![i]!, order);
    }),
  );
}

/** What the books of the owner say: at or below the minimum, up to the maximum. */
export function pointOfIncumbent(items: readonly StockItem[], from: number, world: World): PolicyPoint {
  return pointOf(null, items, world, (item) => {
    const {min, max} = item.incumbent!;
    return run(item, from, world, max, (position) => (position <= min ? Math.max(0, max - position) : 0));
  });
}

function run(
  item: StockItem,
  from: number,
  world: World,
  startPosition: number,
  order: (position: number, period: number) => number,
): StockRunOutcome {
  const leadPeriods = world.leadPeriodsOf(item);
  const onOrder = item.demand.slice(from - leadPeriods, from);
  return simulateStock({demand: item.demand.slice(from), leadPeriods, startPosition, onOrder, order});
}

function pointOf(
  target: number | null,
  items: readonly StockItem[],
  world: World,
  simulate: (item: StockItem, i: number) => StockRunOutcome,
): PolicyPoint {
  let fills = 0;
  let asked = 0;
  const sum = {supplied: 0, demanded: 0, cost: 0, orders: 0};
  items.forEach((item, i) => {
    const outcome = simulate(item, i);
    if (outcome.demanded > 0) {
      fills += outcome.supplied / outcome.demanded;
      asked += 1;
    }
    sum.supplied += outcome.supplied;
    sum.demanded += outcome.demanded;
    sum.cost += world.holdingOf(item) * outcome.meanOnHand;
    sum.orders += outcome.orders;
  });
  return {
    target,
    meanFill: fills / asked,
    totalFill: sum.supplied / sum.demanded,
    holdingCost: sum.cost,
    orders: sum.orders / items.length,
  };
}
