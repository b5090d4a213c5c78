import {backorderCurve, type DemandPmf} from '../probability/pmf.ts';

/** A part that shares a budget, or a system's availability, with others. */
export interface BudgetItem {
  /** In the pipeline (resupply or repair). */
  readonly pipeline: DemandPmf;
  readonly unitCost: number;
}

/** Stock of every item, what it costs and what it leaves undone: `penalty` is total EBO, or −ln availability. */
export interface StockPlan {
  readonly stock: readonly number[];
  readonly spend: number;
  readonly penalty: number;
}

/** Stock whose last piece saves less than this is never bought. */
const SAVING_MIN = 1e-12;

/** Every stock plan that no other beats in both spend and penalty, cheapest first: exact, by merging item after item. */
function efficientPlans(
  items: readonly BudgetItem[],
  spendMax: number,
  penaltyOf: (backorders: number) => number,
): readonly StockPlan[] {
  let plans: readonly StockPlan[] = [{stock: [], spend: 0, penalty: 0}];
  for (const {pipeline, unitCost} of items) {
    const levels = usefulLevels(pipeline).map(penaltyOf);
    const merged = plans.flatMap(({stock, spend, penalty}) =>
      levels
        .map((added, level) => ({
          stock: [...stock, level],
          spend: spend + level * unitCost,
          penalty: penalty + added,
        }))
        .filter((plan) => plan.spend <= spendMax + 1e-9),
    );
    merged.sort((a, b) => a.spend - b.spend || a.penalty - b.penalty);
    let lowest = Infinity;
    plans = merged.filter(({penalty}) => {
      const better = penalty < lowest;
      if (better) lowest = penalty;
      return better;
    });
  }
  return plans;
}

/** EBO at stock 0, 1, … until one more piece saves nothing. */
function usefulLevels(pipeline: DemandPmf): number[] {
  const curve = Array.from(backorderCurve(pipeline, pipeline.p.length));
  const end = curve.findIndex((backorders, s) => backorders - (curve[s + 1] ?? backorders) < SAVING_MIN);
  return curve.slice(0, end + 1);
}

/**
 * Reference function: a plan takes `leastPenaltyWithin` (system-approach.ts), which must never beat this.
 *
 * The stock of least total expected backorders within a budget.
 *
 * Source: Sherbrooke (2004), Optimal Inventory Modeling of Systems, ch. 2; all efficient plans by dynamic programming.
 * Example: Poisson 0.8 at 20 and 1.6 at 15, budget 90 → (2, 3) for 85, total EBO 0.1683.
 */
export function leastBackorders(items: readonly BudgetItem[], budget: number): StockPlan {
  return efficientPlans(items, budget, (backorders) => backorders).at(-1)!;
}

/**
 * The same by marginal analysis: always the piece that saves most backorders per money, leaving out what no longer fits. Fast,
 * and optimal at the budgets it would stop at by itself; at others it may leave some to gain. A reference function, too.
 *
 * Source: Sherbrooke (2004), ch. 2. Example: the same parts, budget 60 → (1, 2) for 50, 0.5762 short.
 */
export function greedyBackorders(items: readonly BudgetItem[], budget: number): StockPlan {
  const curves = items.map(({pipeline}) => usefulLevels(pipeline));
  const stock = items.map(() => 0);
  let spend = 0;
  for (;;) {
    let chosen = -1;
    let most = 0;
    items.forEach(({unitCost}, i) => {
      const next = curves[i]![stock[i]! + 1];
      if (next === undefined || spend + unitCost > budget + 1e-9) return;
      const saving = (curves[i]![stock[i]!]! - next) / unitCost;
      if (saving > most) {
        most = saving;
        chosen = i;
      }
    });
    if (chosen < 0) break;
    stock[chosen]! += 1;
    spend += items[chosen]!.unitCost;
  }
  return {stock, spend, penalty: stock.reduce((sum, level, i) => sum + curves[i]![level]!, 0)};
}

/**
 * Reference function: a plan takes `cheapestWithin` (system-approach.ts) over the same logarithms, which must never be cheaper.
 *
 * The cheapest stock that reaches an availability of the fleet:
 *
 *   A = Π (1 − EBO / machines), one unit of each item per machine
 *
 * Source: Sherbrooke (2004), Optimal Inventory Modeling of Systems, ch. 2.
 * Example: 10 machines, Poisson 0.7 at 30 and 0.2 at 80, target 0.98 → (2, 1) for 140, availability 0.9941.
 *
 * @returns null when no stock reaches it.
 */
export function cheapestForAvailability(
  items: readonly BudgetItem[],
  machines: number,
  target: number,
): (StockPlan & {readonly availability: number}) | null {
  const loss = (backorders: number): number => -Math.log(Math.max(0, 1 - backorders / machines));
  const plan = efficientPlans(items, Infinity, loss).find(
    ({penalty}) => Math.exp(-penalty) >= target - 1e-12,
  );
  return plan ? {...plan, availability: Math.exp(-plan.penalty)} : null;
}
