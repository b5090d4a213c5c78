import {z} from 'zod';
import {newsvendorCost, newsvendorLevel} from '../../replenish/core/stock/newsvendor.ts';
import {normalNewsvendor} from '../../replenish/core/stock/normal-newsvendor.ts';
import {optimalMinMax} from '../../replenish/core/stock/min-max-policy.ts';
import {levelCosts} from '../../replenish/core/stock/policy-performance.ts';
import {betweenReviews, evaluatePeriodicReview} from '../../replenish/core/stock/periodic-review.ts';
import {SINGLE_PIECES} from '../../replenish/core/probability/compound-poisson.ts';
import {poissonPmf} from '../../replenish/core/probability/poisson.ts';
import {
  backorderBatchRq,
  economicBatchRq,
  expectedInventoryRq,
} from '../../replenish/core/stock/rq-approximation.ts';
import {evaluateRq, optimalRq} from '../../replenish/core/stock/rq-policy.ts';
import {anything, kind, type OracleKind} from './oracle.ts';

const NewsvendorCosts = {holding_cost: z.number(), stockout_cost: z.number()};

export const policyKinds: Readonly<Record<string, OracleKind>> = {
  newsvendor_normal: kind({
    input: z.object({
      ...NewsvendorCosts,
      demand_mean: z.number(),
      demand_sd: z.number(),
      lead_time_periods: z.number(),
      review_period: z.number(),
    }),
    asks: anything,
    answer: (input) => {
      const periods = input.lead_time_periods + input.review_period;
      const {baseStock, cost} = normalNewsvendor(
        {mean: input.demand_mean * periods, sd: input.demand_sd * Math.sqrt(periods)},
        {overage: input.holding_cost, underage: input.stockout_cost},
      );
      return {base_stock: baseStock, cost};
    },
  }),

  newsvendor_poisson: kind({
    input: z.object({...NewsvendorCosts, demand_mean: z.number()}),
    asks: anything,
    answer: ({holding_cost, stockout_cost, demand_mean}) => {
      const costs = {overage: holding_cost, underage: stockout_cost};
      const demand = poissonPmf(demand_mean);
      const level = newsvendorLevel(demand, costs);
      return {base_stock: level, cost: newsvendorCost(demand, level, costs)};
    },
  }),

  base_stock_cost_poisson: kind({
    input: z.object({
      lead_time_demand_mean: z.number(),
      holding_cost: z.number(),
      backorder_cost: z.number(),
      S: z.number(),
    }),
    asks: anything,
    answer: ({lead_time_demand_mean, holding_cost, backorder_cost, S}) => {
      const costs = {overage: holding_cost, underage: backorder_cost};
      const demand = poissonPmf(lead_time_demand_mean);
      return {cost: newsvendorCost(demand, S, costs), optimal_S: newsvendorLevel(demand, costs)};
    },
  }),

  rq_poisson_exact: kind({
    input: z.object({
      holding_cost: z.number(),
      stockout_cost_per_unit_time: z.number(),
      fixed_cost: z.number(),
      demand_rate: z.number(),
      lead_time: z.number(),
    }),
    asks: z.object({evaluations: z.array(z.object({r: z.number(), Q: z.number()})).default([])}),
    toleranceOf: {r: 'policy', Q: 'policy'},
    answer: (input, {evaluations}) => {
      const situation = {
        demandRate: input.demand_rate,
        leadTimeDemand: poissonPmf(input.demand_rate * input.lead_time),
        fixedCost: input.fixed_cost,
        holdingCost: input.holding_cost,
        backorderCost: input.stockout_cost_per_unit_time,
      };
      const best = optimalRq(situation);
      return {
        r: best.r,
        Q: best.q,
        cost: best.cost,
        evaluations: evaluations.map(({r, Q}) => ({r, Q, cost: evaluateRq(situation, {r, q: Q}).cost})),
      };
    },
  }),

  rq_poisson_evaluate: kind({
    input: z.object({
      demand_rate: z.number(),
      lead_time: z.number(),
      order_cost: z.number(),
      holding_cost: z.number(),
      backorder_cost: z.number(),
      r: z.number(),
      Q: z.number(),
    }),
    asks: anything,
    toleranceOf: {total_cost: 'cost'},
    answer: (input) => {
      const situation = {
        demandRate: input.demand_rate,
        leadTimeDemand: poissonPmf(input.demand_rate * input.lead_time),
        fixedCost: input.order_cost,
        holdingCost: input.holding_cost,
        backorderCost: input.backorder_cost,
      };
      const performance = evaluateRq(situation, {r: input.r, q: input.Q});
      return {
        expected_backorders: performance.expectedBackorders,
        fill_rate: performance.fillRate,
        expected_on_hand: performance.expectedOnHand,
        total_cost: performance.cost,
      };
    },
  }),

  rq_normal_heuristics: kind({
    input: z.object({
      ...NewsvendorCosts,
      fixed_cost: z.number(),
      demand_mean: z.number(),
      demand_sd: z.number(),
      lead_time: z.number(),
    }),
    asks: anything,
    answer: (input) => {
      const situation = {
        holdingCost: input.holding_cost,
        stockoutCost: input.stockout_cost,
        fixedCost: input.fixed_cost,
        demandMean: input.demand_mean,
        demandSd: input.demand_sd,
        leadTime: input.lead_time,
      };
      const named = ({r, q, ...more}: {readonly r: number; readonly q: number}): object => ({
        r,
        Q: q,
        ...more,
      });
      return {
        eil: named(expectedInventoryRq(situation)!),
        eoqb: named(backorderBatchRq(situation)),
        eoqss: named(economicBatchRq(situation)),
      };
    },
  }),

  sS_poisson_periodic_exact: kind({
    input: z.object({
      ...NewsvendorCosts,
      fixed_cost: z.number(),
      demand_mean_per_period: z.number(),
      lead_time: z.number(),
    }),
    asks: anything,
    answer: (input) =>
      optimalMinMax({
        periodDemand: poissonPmf(input.demand_mean_per_period),
        fixedCost: input.fixed_cost,
        levelCost: levelCosts(
          {
            outstanding: poissonPmf(input.demand_mean_per_period * (input.lead_time + 1)),
            sizes: SINGLE_PIECES,
          },
          {
            orderCost: input.fixed_cost,
            holdingCost: input.holding_cost,
            backorderCost: input.stockout_cost,
          },
        ),
      }),
  }),

  periodic_RS_poisson: kind({
    input: z.object({
      demand_rate: z.number(),
      lead_time: z.number(),
      review_interval: z.number(),
      order_cost: z.number(),
      holding_cost: z.number(),
      backorder_cost: z.number(),
      S: z.number(),
    }),
    asks: anything,
    toleranceOf: {total_cost: 'cost'},
    answer: (input) => {
      const performance = evaluatePeriodicReview(
        {
          outstanding: betweenReviews(
            (later) => poissonPmf(input.demand_rate * (input.lead_time + later)),
            input.review_interval,
            input.demand_rate * input.review_interval,
          ),
          reviewDemand: poissonPmf(input.demand_rate * input.review_interval),
          sizes: SINGLE_PIECES,
          reviewInterval: input.review_interval,
          orderCost: input.order_cost,
          holdingCost: input.holding_cost,
          backorderCost: input.backorder_cost,
        },
        input.S,
      );
      return {
        expected_backorders: performance.expectedBackorders,
        expected_on_hand: performance.expectedOnHand,
        fill_rate: performance.fillRate,
        total_cost: performance.cost,
      };
    },
  }),
};
