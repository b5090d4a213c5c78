import {z} from 'zod';
import {
  centreState,
  exactTwoEchelon,
  metric,
  totalBackorders,
  variMetric,
  type TwoEchelonSystem,
} from '../../replenish/core/plan/two-echelon.ts';
import {convexified, stockSplits} from '../../replenish/core/plan/stock-split.ts';
import {anything, kind, type OracleKind} from './oracle.ts';

const Utility = z
  .object({
    depot_repair_time_years: z.number(),
    depot_stock: z.number(),
    bases: z.array(
      z.object({
        demand_rate: z.number(),
        local_repair_time: z.number(),
        local_repair_prob: z.number(),
        ship_time: z.number(),
        stock: z.number(),
      }),
    ),
  })
  .transform(({depot_repair_time_years, depot_stock, bases}): TwoEchelonSystem => ({
    centreResupplyTime: depot_repair_time_years,
    centreStock: depot_stock,
    bases: bases.map((base) => ({
      demandRate: base.demand_rate,
      localRepairShare: base.local_repair_prob,
      localRepairTime: base.local_repair_time,
      shipTime: base.ship_time,
      stock: base.stock,
    })),
  }));

/** Written 'from..to'. */
const Range = z
  .string()
  .regex(/^\d+\.\.\d+$/)
  .transform((text) => {
    const [from, to] = text.split('..').map(Number);
    return {from: from!, to: to!};
  });

const BEYOND = 10;

export const twoEchelonKinds: Readonly<Record<string, OracleKind>> = {
  vari_metric: kind({
    input: Utility,
    asks: anything,
    answer: (system) => ({
      base_ebo: variMetric(system)[0]!.expectedBackorders,
      exact_total_base_ebo: totalBackorders(exactTwoEchelon(system)),
    }),
  }),

  vari_metric_vs_exact: kind({
    input: Utility,
    asks: anything,
    answer: (system) => {
      const centre = centreState(system);
      const approximate = variMetric(system);
      const exact = exactTwoEchelon(system);
      return {
        vari_metric: {
          depot_rate: centre.rate,
          depot_pipeline_mean: centre.rate * system.centreResupplyTime,
          depot_ebo: centre.expectedBackorders,
          depot_var_backorders: centre.varianceOfBackorders,
          depot_delay: centre.delay,
          bases: approximate.map((base) => ({
            pipeline_mean: base.pipelineMean,
            pipeline_variance: base.pipelineVariance,
            ebo: base.expectedBackorders,
            on_hand: base.expectedOnHand,
          })),
          total_base_ebo: totalBackorders(approximate),
        },
        metric_total_base_ebo: totalBackorders(metric(system)),
        exact: {
          depot_ebo: centre.expectedBackorders,
          depot_on_hand: centre.expectedOnHand,
          bases: exact.map((base) => ({
            ebo: base.expectedBackorders,
            fill_rate: base.fillRate,
            on_hand: base.expectedOnHand,
          })),
          total_base_ebo: totalBackorders(exact),
        },
      };
    },
  }),

  metric: kind({
    input: z.object({
      depot_resupply_time: z.number(),
      depot_stock: z.number(),
      outlets: z.array(z.object({demand_rate: z.number(), resupply_time: z.number(), stock: z.number()})),
    }),
    asks: anything,
    answer: ({depot_resupply_time, depot_stock, outlets}) => {
      const system: TwoEchelonSystem = {
        centreResupplyTime: depot_resupply_time,
        centreStock: depot_stock,
        bases: outlets.map(({demand_rate, resupply_time, stock}) =>
          supplied(demand_rate, resupply_time, stock),
        ),
      };
      const states = metric(system);
      const {delay} = centreState(system);
      return {
        depot_wait: delay,
        effective_resupply_time: system.bases[0]!.shipTime + delay,
        outlet_backlog: states.map((state) => state.expectedBackorders),
        total_backlog: totalBackorders(states),
      };
    },
  }),

  exact_two_echelon_cost: kind({
    input: z.object({
      store_rate: z.number(),
      stores: z.number(),
      hub_lead_time: z.number(),
      transport_time: z.number(),
      holding_cost_hub: z.number(),
      holding_cost_store: z.number(),
      backorder_cost: z.number(),
      S_hub: z.number(),
      S_store: z.number(),
    }),
    asks: anything,
    toleranceOf: {total_cost: 'published', total_cost_precise: 'precise', total_store_ebo: 'precise'},
    answer: (input) => {
      const store = supplied(input.store_rate, input.transport_time, input.S_store);
      const system = {
        centreResupplyTime: input.hub_lead_time,
        centreStock: input.S_hub,
        bases: Array.from({length: input.stores}, () => store),
      };
      const states = exactTwoEchelon(system);
      const cost = states.reduce(
        (sum, state) =>
          sum +
          input.holding_cost_store * state.expectedOnHand +
          input.backorder_cost * state.expectedBackorders,
        input.holding_cost_hub * centreState(system).expectedOnHand,
      );
      return {total_cost: cost, total_cost_precise: cost, total_store_ebo: totalBackorders(states)};
    },
  }),

  allocation_curve_nonconvex: kind({
    input: z.object({item: Utility, depot_levels: Range, total_units: Range}),
    asks: z.object({
      ebo_at_total: z.record(z.string(), z.number()).default({}),
      best_depot_level: z.record(z.string(), z.number()).default({}),
    }),
    answer: ({item, depot_levels, total_units}, asked) => {
      // A dent at the last total only shows against the totals beyond it.
      const splits = stockSplits(item, total_units.to + BEYOND, depot_levels.to);
      const kept = new Set(convexified(splits).map(({total}) => total));
      const inRange = splits.filter(({total}) => total >= total_units.from && total <= total_units.to);
      const table = (totals: object, of: 'expectedBackorders' | 'centreStock'): object =>
        Object.fromEntries(Object.keys(totals).map((total) => [total, splits[Number(total)]?.[of]]));
      return {
        ebo_at_total: table(asked.ebo_at_total, 'expectedBackorders'),
        best_depot_level: table(asked.best_depot_level, 'centreStock'),
        non_convex_totals_dropped: inRange.map(({total}) => total).filter((total) => !kept.has(total)),
      };
    },
  }),
};

/** A depot without a shop of its own. */
function supplied(demandRate: number, shipTime: number, stock: number): TwoEchelonSystem['bases'][number] {
  return {demandRate, localRepairShare: 0, localRepairTime: 0, shipTime, stock};
}
