import {z} from 'zod';
import {
  newsvendorCost,
  newsvendorLevel,
  orderQuantity,
  type UnitCosts,
} from '../../replenish/core/stock/newsvendor.ts';
import {
  cdf,
  expectedBackorders,
  mean,
  quantile,
  variance,
  type DemandPmf,
} from '../../replenish/core/probability/pmf.ts';

/** The base stocks and levels that a case wants figures for are the keys of its expected tables. */
export const AskedTotals = z.object({
  S_for_csl: z.record(z.string(), z.number()).default({}),
  ebo: z.record(z.string(), z.number()).default({}),
  cdf: z.record(z.string(), z.number()).default({}),
});

/** What a case may say about ordering; `h` and `b` cost one piece over and one short. */
export const Ordering = {
  h: z.number().optional(),
  b: z.number().optional(),
  ip: z.number().default(0),
  moq: z.number().default(1),
  mult: z.number().default(1),
};

/** The figures that planners read off one demand distribution. */
export function totals(demand: DemandPmf, asked: z.infer<typeof AskedTotals>): object {
  const table = (keys: object, of: (key: number) => number): object =>
    Object.fromEntries(Object.keys(keys).map((key) => [key, of(Number(key))]));
  return {
    mean: mean(demand),
    variance: variance(demand),
    P_zero: demand.p[0]!,
    S_for_csl: table(asked.S_for_csl, (level) => quantile(demand, level)),
    ebo: table(asked.ebo, (s) => expectedBackorders(demand, s)),
    cdf: table(asked.cdf, (s) => cdf(demand, s)),
  };
}

/** Order-up-to level, its cost and what to order now. */
export function ordering(
  demand: DemandPmf,
  costs: UnitCosts,
  order: {readonly ip: number; readonly moq: number; readonly mult: number},
): object {
  const level = newsvendorLevel(demand, costs);
  return {
    newsvendor_S: level,
    newsvendor_cost: newsvendorCost(demand, level, costs),
    order_qty: orderQuantity(order.ip, level, order.moq, order.mult),
  };
}

/** Lengthens a distribution with zeros to the number of terms asked for; shortens a longer one. */
export function terms(p: Float64Array, count: number): number[] {
  return Array.from({length: count}, (_, i) => p[i] ?? 0);
}
