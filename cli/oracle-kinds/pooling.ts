import {z} from 'zod';
import {exactPooling} from '../../replenish/core/plan/lateral-exact.ts';
import {
  approximatePooling,
  erlangLoss,
  fullPoolingEmergency,
  type PoolingPoint,
} from '../../replenish/core/plan/lateral.ts';
import {anything, kind, type OracleKind} from './oracle.ts';

const Simulated = z.object({ci95_half_width: z.array(z.array(z.number()))});

/** The columns of a simulated half width, and how many of them a simulated figure may be away. */
const SIMULATED = ['own', 'lateral', 'emergency'];
const HALF_WIDTHS = 1.5;

/** How many waiting demands a point are told apart: the tail beyond is below rounding at the rates of a service network. */
const WAITING = 14;

export const poolingKinds: Readonly<Record<string, OracleKind>> = {
  lateral_transshipment_emergency: kind({
    input: z.object({
      demand_rate: z.array(z.number()),
      base_stock: z.array(z.number()),
      replenishment_time: z.array(z.number()),
      donor_preference: z.array(z.array(z.number())),
    }),
    asks: z.object({sim_exponential: Simulated.optional(), sim_deterministic: Simulated.optional()}),
    aboutReference: ['ci95_half_width'],
    allowedAt: ([name, column, point], expected) => {
      const simulated = name?.startsWith('sim_') ? expected[name as keyof typeof expected] : undefined;
      const halfWidth = simulated?.ci95_half_width[Number(point)]?.[SIMULATED.indexOf(column!)];
      return halfWidth === undefined ? undefined : HALF_WIDTHS * halfWidth;
    },
    toleranceOf: {
      exact_exponential_lead_time: 'exact',
      no_pooling_emergency: 'exact',
      pooled_erlang_loss: 'exact',
      overflow_iteration: 'exact',
      overflow_iteration_max_abs_error: 'exact',
    },
    answer: (input) => {
      const points = input.demand_rate.map((demandRate, i): PoolingPoint => ({
        demandRate,
        baseStock: input.base_stock[i]!,
        replenishmentTime: input.replenishment_time[i]!,
        donors: input.donor_preference[i]!,
      }));
      const exact = exactPooling(points);
      const rough = approximatePooling(points);
      const simulated = {
        own: exact.map(({own}) => own),
        lateral: exact.map(({lateral}) => sum(lateral)),
        emergency: exact.map(({unserved}) => unserved),
      };
      const errors = rough.flatMap((share, i) => [
        share.own - exact[i]!.own,
        sum(share.lateral) - sum(exact[i]!.lateral),
        share.emergency - exact[i]!.unserved,
      ]);
      const row = (
        own: number,
        lateral: readonly number[],
        emergency: number,
        donors: readonly number[],
      ) => ({
        own_fill: own,
        lateral_from: Object.fromEntries(donors.map((donor, j) => [String(donor), lateral[j]])),
        lateral_total: sum(lateral),
        emergency,
      });
      return {
        exact_exponential_lead_time: exact.map(({own, lateral, unserved, meanOnHand}, i) => ({
          ...row(own, lateral, unserved, points[i]!.donors),
          mean_on_hand: meanOnHand,
        })),
        no_pooling_emergency: points.map((p) => erlangLoss(p.baseStock, p.demandRate * p.replenishmentTime)),
        pooled_erlang_loss: fullPoolingEmergency(points),
        overflow_iteration: rough.map(({own, lateral, emergency}, i) =>
          row(own, lateral, emergency, points[i]!.donors),
        ),
        overflow_iteration_max_abs_error: Math.max(...errors.map(Math.abs)),
        // The reference holds the exact shares against simulations of both lead-time laws.
        sim_exponential: simulated,
        sim_deterministic: simulated,
      };
    },
  }),

  lateral_transshipment_backorder: kind({
    input: z.object({
      demand_rate: z.array(z.number()),
      base_stock: z.array(z.number()),
      replenishment_time_exponential: z.array(z.number()),
    }),
    asks: anything,
    answer: (input) => {
      const points = input.demand_rate.map((demandRate, i): PoolingPoint => ({
        demandRate,
        baseStock: input.base_stock[i]!,
        replenishmentTime: input.replenishment_time_exponential[i]!,
        donors: input.demand_rate.map((_, j) => j).filter((j) => j !== i),
      }));
      return {
        locations: exactPooling(points, {then: 'backorder', waiting: WAITING}).map((shares) => ({
          own_fill: shares.own,
          lateral: sum(shares.lateral),
          backordered: shares.unserved,
          ebo: shares.expectedBackorders,
        })),
      };
    },
  }),
};

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
