import {z} from 'zod';
import {compoundPmf} from '../../replenish/core/probability/compound-poisson.ts';
import {
  parallelLeadTimeDemand,
  sequentialLeadTimeDemand,
} from '../../replenish/core/lead-time/lead-time-demand.ts';
import {negativeBinomialPmf} from '../../replenish/core/probability/negative-binomial.ts';
import {
  expectedBackorders,
  expectedOnHand,
  mean,
  variance,
  varianceOfBackorders,
} from '../../replenish/core/probability/pmf.ts';
import {poissonPmf} from '../../replenish/core/probability/poisson.ts';
import {evenly, serviceOf} from '../../replenish/core/stock/policy-performance.ts';
import {cycleServiceLevel, fillRate, readyRate} from '../../replenish/core/stock/service-measures.ts';
import {terms} from './demand-totals.ts';
import {anything, kind, type OracleKind} from './oracle.ts';

export const pipelineKinds: Readonly<Record<string, OracleKind>> = {
  poisson: kind({
    input: z.object({pipeline_mean: z.number(), S: z.number()}),
    asks: anything,
    answer: ({pipeline_mean, S}) => {
      const pipeline = poissonPmf(pipeline_mean);
      return {
        ebo: expectedBackorders(pipeline, S),
        var_backorders: varianceOfBackorders(pipeline, S),
        fill_rate: fillRate(pipeline, S),
        stockout_free_prob: cycleServiceLevel(pipeline, S),
        expected_on_hand: expectedOnHand(pipeline, S),
      };
    },
  }),

  negative_binomial: kind({
    input: z.object({mean: z.number(), variance: z.number(), S: z.number()}),
    asks: anything,
    answer: ({S, ...moments}) => {
      const pipeline = negativeBinomialPmf(moments.mean, moments.variance);
      return {
        ebo: expectedBackorders(pipeline, S),
        var_backorders: varianceOfBackorders(pipeline, S),
        ready_rate_P_X_lt_S: readyRate(pipeline, S),
        cdf_S: cycleServiceLevel(pipeline, S),
        expected_on_hand: expectedOnHand(pipeline, S),
      };
    },
  }),

  compound_poisson_rq: kind({
    input: z.object({
      order_rate_per_lead_time: z.number(),
      order_sizes: z.record(z.string(), z.number()),
      r: z.number(),
      Q: z.number(),
    }),
    asks: z.object({pmf_0_to_5: z.array(z.number()).default([])}),
    answer: ({order_rate_per_lead_time, order_sizes, r, Q}, {pmf_0_to_5}) => {
      const sizes = Object.entries(order_sizes).map(([pieces, probability]) => ({
        pieces: Number(pieces),
        probability,
      }));
      const demand = compoundPmf({mean: order_rate_per_lead_time, variance: order_rate_per_lead_time}, sizes);
      const service = serviceOf(demand, sizes, evenly(r + 1, Q));
      return {
        ready_rate: service.readyRate,
        unit_fill_rate: service.fillRate,
        lot_fill_rate: service.orderFillRate,
        expected_backorders: service.expectedBackorders,
        pmf_0_to_5: terms(demand.p, pmf_0_to_5.length),
      };
    },
  }),

  random_lead_time: kind({
    input: z.object({
      poisson_rate: z.number(),
      lead_time_mean: z.number(),
      lead_time_sd: z.number(),
      lead_time_distribution: z.literal('gamma'),
      S: z.number(),
    }),
    asks: anything,
    answer: ({poisson_rate, lead_time_mean, lead_time_sd, S}) => {
      const leadTime = {demandRate: poisson_rate, leadTimeMean: lead_time_mean, leadTimeSd: lead_time_sd};
      const sequential = sequentialLeadTimeDemand(leadTime);
      const parallel = parallelLeadTimeDemand(leadTime);
      return {
        if_orders_do_not_cross_nb: {
          ltd_mean: mean(sequential),
          ltd_variance: variance(sequential),
          ebo: expectedBackorders(sequential, S),
          P_X_lt_S: readyRate(sequential, S),
        },
        if_independent_parallel_palm_poisson: {
          mean: mean(parallel),
          ebo: expectedBackorders(parallel, S),
          P_X_lt_S: readyRate(parallel, S),
        },
      };
    },
  }),
};
