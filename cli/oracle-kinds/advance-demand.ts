import {z} from 'zod';
import {
  advanceDemand,
  alarmRatePerDay,
  falseAlarmRatePerDay,
  signalledDemand,
  unannouncedDemand,
} from '../../replenish/core/demand/advance-demand.ts';
import {convertHorizon} from '../../replenish/core/probability/hazard.ts';
import {negativeBinomialPmf} from '../../replenish/core/probability/negative-binomial.ts';
import {FailureCountTree} from '../../predict/core/failure-count-tree.ts';
import {
  poissonBinomialMoments,
  poissonBinomialPmf,
} from '../../replenish/core/probability/poisson-binomial.ts';
import {poissonPmf} from '../../replenish/core/probability/poisson.ts';
import {AskedTotals, ordering, Ordering, terms, totals} from './demand-totals.ts';
import {anything, kind, type OracleKind} from './oracle.ts';

const Background = z.object({
  kind: z.enum(['poisson', 'nb']),
  mean: z.number(),
  variance_to_mean: z.number().default(1),
});

/** `signals_to_lead_time_demand` cases leave out the unit costs that their order-up-to levels were made with. */
const SIGNAL_COSTS = {overage: 1, underage: 49};

const Machines = z.union([
  z.array(z.number()).transform((list) => new Map(list.map((p, machine) => [machine, p]))),
  z
    .record(z.string(), z.number())
    .transform((table) => new Map(Object.entries(table).map(([id, p]) => [Number(id), p]))),
]);

const Step = z.object({
  op: z.string(),
  machine: z.number(),
  p: z.number().nullable(),
  pmf: z.array(z.number()),
});

export const advanceDemandKinds: Readonly<Record<string, OracleKind>> = {
  poisson_binomial_plus_background: kind({
    input: z.object({p: z.array(z.number()), background: Background, ...Ordering}),
    asks: z.object({pb_pmf_head: z.array(z.number()).default([]), total: AskedTotals}),
    toleranceOf: {
      pb_pmf_head: 'pmf',
      P_zero: 'pmf',
      cdf: 'pmf',
      pb_mean: 'moments',
      pb_variance: 'moments',
      mean: 'moments',
      variance: 'moments',
      newsvendor_cost: 'ebo',
      newsvendor_S: 'levels',
      order_qty: 'levels',
      S_for_csl: 'levels',
    },
    answer: ({p, background, h, b, ...order}, asked) => {
      const moments = poissonBinomialMoments(p);
      const demand = advanceDemand(
        p,
        background.kind === 'nb'
          ? negativeBinomialPmf(background.mean, background.mean * background.variance_to_mean)
          : poissonPmf(background.mean),
      );
      return {
        pb_pmf_head: terms(poissonBinomialPmf(p).p, asked.pb_pmf_head.length),
        pb_mean: moments.mean,
        pb_variance: moments.variance,
        total: {
          ...totals(demand, asked.total),
          ...(h === undefined || b === undefined ? {} : ordering(demand, {overage: h, underage: b}, order)),
        },
      };
    },
  }),

  horizon_conversion_constant_hazard: kind({
    input: z.object({model_horizon_days: z.number(), lead_time_days: z.number(), p: z.array(z.number())}),
    asks: anything,
    answer: ({p, model_horizon_days, lead_time_days}) => ({
      p_lead_time: p.map((one) => convertHorizon(one, model_horizon_days, lead_time_days)),
    }),
  }),

  signals_to_lead_time_demand: kind({
    input: z.object({
      failure_rate_per_day: z.number(),
      lead_time_days: z.number(),
      recall: z.number(),
      precision: z.number(),
      active_signals: z.number(),
      ...Ordering,
    }),
    asks: z.object({total: AskedTotals}),
    answer: (
      {failure_rate_per_day, recall, precision, lead_time_days, active_signals, h, b, ...order},
      asked,
    ) => {
      const quality = {failureRatePerDay: failure_rate_per_day, recall, precision};
      const demand = signalledDemand(quality, lead_time_days, active_signals);
      const costs = {overage: h ?? SIGNAL_COSTS.overage, underage: b ?? SIGNAL_COSTS.underage};
      return {
        background_mean: unannouncedDemand(quality, lead_time_days),
        false_alarm_rate_per_day: falseAlarmRatePerDay(quality),
        alarm_rate_per_day: alarmRatePerDay(quality),
        total: {...totals(demand, asked.total), ...ordering(demand, costs, order)},
      };
    },
  }),

  poisson_binomial_incremental: kind({
    input: z.object({initial: Machines}),
    asks: z.object({steps: z.array(Step)}),
    answer: ({initial}, {steps}) => {
      const machines = Math.max(...initial.keys(), ...steps.map(({machine}) => machine)) + 1;
      const tree = treeOf(initial, machines);
      return {
        steps: steps.map((step) => {
          tree.set(step.machine, step.op === 'remove' ? 0 : (step.p ?? 0));
          return {...step, pmf: terms(tree.head(), step.pmf.length)};
        }),
      };
    },
  }),

  poisson_binomial_incremental_stress: kind({
    input: z.object({initial: Machines, updates: z.array(z.tuple([z.number(), z.number().nullable()]))}),
    asks: z.object({pmf: z.array(z.number())}),
    answer: ({initial, updates}, {pmf}) => {
      const machines = Math.max(...initial.keys(), ...updates.map(([machine]) => machine)) + 1;
      const tree = treeOf(initial, machines);
      for (const [machine, p] of updates) tree.set(machine, p ?? 0);
      return {pmf: terms(tree.head(), pmf.length)};
    },
  }),
};

/** The incremental structure with room for every outcome of that many machines. */
function treeOf(initial: ReadonlyMap<number, number>, machines: number): FailureCountTree {
  const tree = new FailureCountTree(machines + 1, machines);
  for (const [machine, p] of initial) tree.set(machine, p);
  return tree;
}
