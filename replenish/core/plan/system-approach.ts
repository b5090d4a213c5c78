import type {StockSplit} from './stock-split.ts';

/** One part of a system: the splits of its stock, convexified by their penalty, the least it may have first, and what a unit and backorders weigh. */
export interface SystemItem {
  readonly splits: readonly StockSplit[];
  readonly unitCost: number;
  /** Of so many expected backorders: themselves, what they cost an hour, or what they take from the availability; rising. */
  readonly penaltyOf: (expectedBackorders: number) => number;
}

/** A choice for every part together, and how far from the best it can be. */
export interface SystemPlan {
  /** Of each item, in their order. */
  readonly chosen: readonly StockSplit[];
  readonly spend: number;
  /** Of all parts together. */
  readonly penalty: number;
  /** Nothing within the goal does better than this (Lagrangian bound): on the penalty under a budget, on the spend for a penalty. */
  readonly bound: number;
  /** What is left to gain at most, as a share of the bound: 0 at the break points of the marginal analysis. */
  readonly gap: number;
}

interface Step {
  readonly item: number;
  readonly to: number;
  readonly cost: number;
  readonly saved: number;
}

/**
 * The stock of least penalty within a budget, by marginal analysis over the parts: always the step that saves most for its money.
 * Steps lead from one corner of a part's convex curve to the next, so a part's own steps come in order. One that no longer fits
 * closes its part; cheaper parts go on.
 *
 *   bound = penalty before the first step that did not fit − its saving per money · money left then
 *
 * Source: Sherbrooke (2004), Optimal Inventory Modeling of Systems, ch. 2 and 3; Everett (1963), Generalized Lagrange multiplier
 * method, Operations Research 11(3). Example: Poisson 0.8 at 20 and 1.6 at 15: budget 85 → (2, 3), 0.1683 short, gap 0; 80 → (1, 4), 0.2807,
 * bound 0.2161.
 * @returns null when what must be held costs more than the budget.
 */
export function leastPenaltyWithin(items: readonly SystemItem[], budget: number): SystemPlan | null {
  const plan = start(items);
  if (plan.spend > budget + SLACK) return null;
  const closed = new Set<number>();
  let bound: number | null = null;
  for (const step of stepsOf(items)) {
    if (closed.has(step.item)) continue;
    if (plan.spend + step.cost > budget + SLACK) {
      bound ??= plan.penalty - (step.saved / step.cost) * (budget - plan.spend);
      closed.add(step.item);
    } else take(plan, step);
  }
  return finished(items, plan, Math.max(0, bound ?? plan.penalty), plan.penalty);
}

/**
 * The cheapest stock whose penalty is at most `penaltyMax`, by the same steps, the last of them the cheapest that suffices.
 *
 *   bound = spend before the last step + (penalty then − penaltyMax) / its saving per money
 *
 * Source: as `leastPenaltyWithin`. Example: the same parts, 0.2 short at most → (2, 3) for 85, bound 81.68.
 * @returns null when no stock of these items reaches it.
 */
export function cheapestWithin(items: readonly SystemItem[], penaltyMax: number): SystemPlan | null {
  const plan = start(items);
  let bound = plan.spend;
  const steps = stepsOf(items);
  for (const step of steps) {
    const wanted = plan.penalty - penaltyMax;
    if (wanted <= SLACK) break;
    bound = plan.spend + (wanted * step.cost) / step.saved;
    if (step.saved < wanted - SLACK) {
      take(plan, step);
      continue;
    }
    // The last one: what saves most for its money may be far more than is wanted.
    const enough = steps.filter(({item, to, saved}) => to === plan.at[item]! + 1 && saved >= wanted - SLACK);
    take(
      plan,
      enough.reduce((cheapest, other) => (other.cost < cheapest.cost ? other : cheapest), step),
    );
  }
  if (plan.penalty > penaltyMax + SLACK) return null;
  return finished(items, plan, Math.min(bound, plan.spend), plan.spend);
}

/** Money and backorders closer than this are equal. */
const SLACK = 1e-9;
/** A step that saves less is rounding. */
const SAVED_MIN = 1e-12;

interface OpenPlan {
  readonly at: number[];
  spend: number;
  penalty: number;
}

function start(items: readonly SystemItem[]): OpenPlan {
  return {
    at: items.map(() => 0),
    spend: items.reduce((sum, {splits, unitCost}) => sum + unitCost * splits[0]!.total, 0),
    penalty: items.reduce((sum, {splits, penaltyOf}) => sum + penaltyOf(splits[0]!.expectedBackorders), 0),
  };
}

/** Every step of every part, the one that saves most for its money first. */
function stepsOf(items: readonly SystemItem[]): readonly Step[] {
  const steps: Step[] = [];
  items.forEach(({splits, unitCost, penaltyOf}, item) => {
    for (let to = 1; to < splits.length; to += 1) {
      const [from, next] = [splits[to - 1]!, splits[to]!];
      const saved = penaltyOf(from.expectedBackorders) - penaltyOf(next.expectedBackorders);
      if (saved <= SAVED_MIN) break;
      steps.push({item, to, cost: Math.max(SLACK, unitCost * (next.total - from.total)), saved});
    }
  });
  return steps.sort((a, b) => b.saved / b.cost - a.saved / a.cost || a.item - b.item || a.to - b.to);
}

function take(plan: OpenPlan, {item, to, cost, saved}: Step): void {
  plan.at[item] = to;
  plan.spend += cost;
  plan.penalty -= saved;
}

function finished(items: readonly SystemItem[], plan: OpenPlan, bound: number, reached: number): SystemPlan {
  const chosen = items.map(({splits}, i) => splits[plan.at[i]!]!);
  const gap = bound > 0 ? Math.max(0, (reached - bound) / bound) : reached > SLACK ? Infinity : 0;
  return {chosen, spend: plan.spend, penalty: plan.penalty, bound, gap};
}
