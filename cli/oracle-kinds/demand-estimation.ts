import {z} from 'zod';
import {cappedSalesRate, exposureRate} from '../../replenish/core/demand/censored-demand.ts';
import {newsvendorCost, newsvendorLevel} from '../../replenish/core/stock/newsvendor.ts';
import {poissonPmf} from '../../replenish/core/probability/poisson.ts';
import {anything, kind, type OracleKind} from './oracle.ts';

export const demandEstimationKinds: Readonly<Record<string, OracleKind>> = {
  censored_poisson_rate_exposure: kind({
    input: z.object({observed_demand: z.array(z.number()), in_stock_fraction: z.array(z.number())}),
    asks: anything,
    answer: ({observed_demand, in_stock_fraction}) => ({
      rate: exposureRate(observed_demand.map((pieces, i) => ({pieces, inStockShare: in_stock_fraction[i]!}))),
      naive_rate: average(observed_demand),
    }),
  }),

  censored_poisson_tobit: kind({
    input: z.object({sales: z.array(z.number()), stock_available: z.array(z.number())}),
    asks: anything,
    answer: ({sales, stock_available}) => {
      const found = cappedSalesRate(sales.map((sold, i) => ({sold, stock: stock_available[i]!})));
      return {rate: found?.rate ?? null, loglik: found?.logLikelihood ?? null, naive_rate: average(sales)};
    },
  }),

  last_time_buy_newsvendor: kind({
    input: z.object({remaining_demand_poisson_mean: z.number(), underage: z.number(), overage: z.number()}),
    asks: anything,
    answer: ({remaining_demand_poisson_mean, ...costs}) => {
      const demand = poissonPmf(remaining_demand_poisson_mean);
      const quantity = newsvendorLevel(demand, costs);
      return {quantity, cost: newsvendorCost(demand, quantity, costs)};
    },
  }),
};

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
