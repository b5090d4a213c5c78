import {z} from 'zod';
import {criticalLevels} from '../../replenish/core/stock/critical-level.ts';
import {landedCosts, type Donor, type SourceOption} from '../../replenish/core/decision/landed-cost.ts';
import {poissonPmf} from '../../replenish/core/probability/poisson.ts';
import {prepositionOrWait} from '../../replenish/core/decision/preposition.ts';
import {
  allocationCost,
  marginalAllocation,
  optimalAllocations,
} from '../../replenish/core/plan/scarce-supply.ts';
import {optimalAssignments} from '../../replenish/core/decision/source-assignment.ts';
import {
  cheapestForAvailability,
  greedyBackorders,
  leastBackorders,
} from '../../replenish/core/plan/stock-budget.ts';
import {greedyAssignment} from './greedy-assignment.ts';
import {anything, kind, type OracleKind} from './oracle.ts';

const Arrival = z
  .array(z.tuple([z.number(), z.number()]))
  .transform((rows) => rows.map(([hours, probability]) => ({hours, probability})));

const Option = z.object({
  id: z.string(),
  unit_premium: z.number().default(0),
  freight: z.number().default(0),
  duty_rate: z.number().default(0),
  handling: z.number().default(0),
  arrival: Arrival,
  compliant: z.boolean().default(true),
  donor_on_hand: z.number().optional(),
  donor_reserve: z.number().default(0),
  donor_mu: z.number().default(0),
  donor_shortage_cost: z.number().default(0),
});

const Items = z
  .array(z.object({mu: z.number(), cost: z.number()}))
  .transform((items) => items.map(({mu, cost}) => ({pipeline: poissonPmf(mu), unitCost: cost})));

export const supplyChoiceKinds: Readonly<Record<string, OracleKind>> = {
  single_need_landed_cost: kind({
    input: z.object({
      need_by_hours: z.number(),
      downtime_cost_per_hour: z.number(),
      unit_cost: z.number().default(0),
      options: z.array(Option),
    }),
    asks: anything,
    answer: (input) => {
      const need = {
        needByHours: input.need_by_hours,
        downtimeCostPerHour: input.downtime_cost_per_hour,
        unitCost: input.unit_cost,
      };
      const {options, best} = landedCosts(need, input.options.map(sourceOption));
      return {
        options: options.map(({expectedArrivalHours, ...option}) => ({
          ...option,
          expected_arrival: expectedArrivalHours,
        })),
        best: best?.id ?? null,
        best_cost: best?.cost ?? null,
      };
    },
  }),

  act_on_prediction_vs_wait: kind({
    input: z.object({
      failure_prob: z.number(),
      failure_time_hours: Arrival,
      downtime_cost_per_hour: z.number(),
      preposition: z.object({freight: z.number(), arrival: Arrival}),
      reactive: z.object({freight: z.number(), arrival: Arrival}),
      holding_cost: z.number(),
      return_cost: z.number(),
    }),
    asks: anything,
    answer: (input) => {
      const choice = prepositionOrWait({
        failureProbability: input.failure_prob,
        failureTime: input.failure_time_hours,
        downtimeCostPerHour: input.downtime_cost_per_hour,
        preposition: input.preposition,
        reactive: input.reactive,
        holdingCost: input.holding_cost,
        returnCost: input.return_cost,
      });
      return {
        cost_now: choice.costNow,
        cost_wait: choice.costWait,
        decision: choice.decision,
        break_even_probability: choice.breakEvenProbability,
      };
    },
  }),

  joint_source_assignment: kind({
    input: z.object({
      needs: z.array(z.object({unmet_cost: z.number()})),
      sources: z.record(z.string(), z.object({units: z.number(), cost: z.array(z.number())})),
    }),
    asks: z.object({optimal_assignments: z.array(z.unknown()).default([])}),
    answer: ({needs, sources}, {optimal_assignments}) => {
      const unmet = needs.map(({unmet_cost}) => unmet_cost);
      const list = Object.entries(sources).map(([id, {units, cost}]) => ({id, units, costByNeed: cost}));
      const optimal = optimalAssignments(unmet, list);
      const greedy = greedyAssignment(unmet, list);
      return {
        optimal_cost: optimal.cost,
        optimal_assignments: inOrderOf(optimal_assignments, optimal.assignments),
        sequential_greedy_cost: greedy.cost,
        sequential_greedy: greedy.assignment,
      };
    },
  }),

  scarce_supply_allocation: kind({
    input: z.object({
      available: z.number(),
      lot_multiple: z.number().default(1),
      depots: z.array(z.object({net: z.number(), mu: z.number(), w: z.number()})),
    }),
    asks: z.object({optimal_allocations: z.array(z.unknown()).default([])}),
    toleranceOf: {greedy_cost: 'cost', zero_allocation_cost: 'cost'},
    answer: ({available, lot_multiple, depots}, {optimal_allocations}) => {
      const claimants = depots.map(({net, mu, w}) => ({net, demand: poissonPmf(mu), shortageCost: w}));
      const optimal = optimalAllocations(claimants, available, lot_multiple);
      const greedy = marginalAllocation(claimants, available, lot_multiple);
      return {
        cost: optimal.cost,
        optimal_allocations: inOrderOf(optimal_allocations, optimal.allocations),
        zero_allocation_cost: allocationCost(
          claimants,
          claimants.map(() => 0),
        ),
        greedy_marginal_allocation: greedy,
        greedy_cost: allocationCost(claimants, greedy),
      };
    },
  }),

  critical_level_two_class_lost_sales: kind({
    input: z.object({
      S: z.number(),
      rate_class1: z.number(),
      rate_class2: z.number(),
      lead_time_mean: z.number(),
      holding: z.number(),
      emergency_cost_class1: z.number(),
      emergency_cost_class2: z.number(),
    }),
    asks: anything,
    answer: (input) => {
      const {table, best} = criticalLevels({
        baseStock: input.S,
        premiumRate: input.rate_class1,
        standardRate: input.rate_class2,
        leadTime: input.lead_time_mean,
        holdingCost: input.holding,
        premiumEmergencyCost: input.emergency_cost_class1,
        standardEmergencyCost: input.emergency_cost_class2,
      });
      return {
        table: table.map((row) => ({
          c: row.level,
          fill1: row.premiumFill,
          fill2: row.standardFill,
          mean_on_hand: row.meanOnHand,
          cost: row.cost,
        })),
        optimal_c: best.level,
        optimal_cost: best.cost,
      };
    },
  }),

  multi_item_budget_min_ebo: kind({
    input: z.object({items: Items, budget: z.number()}),
    asks: anything,
    answer: ({items, budget}) => {
      const optimal = leastBackorders(items, budget);
      const greedy = greedyBackorders(items, budget);
      return {
        min_total_ebo: optimal.penalty,
        optimal_stock: [optimal.stock],
        optimal_spend: [optimal.spend],
        greedy_stock: greedy.stock,
        greedy_total_ebo: greedy.penalty,
        greedy_spend: greedy.spend,
      };
    },
  }),

  min_cost_for_availability: kind({
    input: z.object({items: Items, machines: z.number(), target: z.number()}),
    asks: anything,
    answer: ({items, machines, target}) => {
      const plan = cheapestForAvailability(items, machines, target);
      return {
        min_cost: plan?.spend ?? null,
        availability: plan?.availability ?? null,
        stock: plan?.stock ?? null,
      };
    },
  }),
};

function sourceOption(option: z.infer<typeof Option>): SourceOption {
  const donor: Donor | undefined =
    option.donor_on_hand === undefined
      ? undefined
      : {
          onHand: option.donor_on_hand,
          reserve: option.donor_reserve,
          demandMean: option.donor_mu,
          shortageCost: option.donor_shortage_cost,
        };
  return {
    id: option.id,
    unitPremium: option.unit_premium,
    freight: option.freight,
    dutyRate: option.duty_rate,
    handling: option.handling,
    arrival: option.arrival,
    compliant: option.compliant,
    ...(donor ? {donor} : {}),
  };
}

/** Equally good answers have no order of their own: those that the case lists come in the case's order, others last. */
function inOrderOf<T>(listed: readonly unknown[], found: readonly T[]): readonly T[] {
  const order = listed.map((item) => JSON.stringify(item));
  const rank = (item: T): number => {
    const index = order.indexOf(JSON.stringify(item));
    return index < 0 ? order.length : index;
  };
  return [...found].sort((a, b) => rank(a) - rank(b));
}
