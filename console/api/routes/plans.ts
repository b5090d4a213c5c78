import {z} from 'zod';
import {DepotId, PartId} from '../../../domain/ids.ts';
import {ok, refused} from '../../../domain/result.ts';
import {CRITICALITIES, EXCESS_PROPOSALS, listTargets} from '../../../replenish/api.ts';
import {route} from '../route.ts';
import type {Route} from '../route.ts';
import {Instant, pageLimit} from '../wire.ts';

const request = {
  currency: z
    .string()
    .length(3)
    .optional()
    .describe('Plans the parts priced in it; needed where there are several'),
  apply: z.boolean().default(false).describe('Keep the run; without it nothing is written'),
  actor: z.string().min(1).max(64).default('planner').describe('Who plans; goes into the audit trail'),
  limit: z.int().min(1).max(10_000).default(200).describe('Rows at most of each list in the answer'),
};
const runId = z.string().nullable().describe('Null when nothing was kept');
const partDepot = {partId: z.string(), depotId: z.string()};

export const TargetRun = z.object({
  runId,
  currency: z.string(),
  spendMinor: z.int().describe('Value of all targets together'),
  lotStockMinor: z
    .int()
    .describe('Value of what lies or comes beyond the targets on average, because sources have least orders'),
  expectedBackorders: z.number().describe('Pieces short on average, over all parts and depots'),
  downtimeMinorPerH: z.int().describe('What they cost an hour'),
  machines: z.int().describe('Active ones'),
  machinesTold: z.int().describe('Those of models that carry a planned part'),
  availability: z
    .number()
    .nullable()
    .describe(
      'Share of machinesTold that wait for no part: Π (1 − backorders / pieces in the fleet) over the pieces of a machine; null: no planned part is on record in any',
    ),
  fleets: z
    .array(
      z.object({
        modelId: z.string(),
        machines: z.int(),
        availability: z.number().nullable().describe('Null: no planned part is on record in it'),
      }),
    )
    .describe('By equipment model, the least available first'),
  fillRate: z.number().describe('Share of all pieces asked for that the targets fill at once'),
  gap: z
    .number()
    .describe(
      'Share by which a better plan could beat this one at most (Lagrangian bound): downtime, or spend',
    ),
  systems: z.int().describe('Parts at one centre and the depots it fills'),
  exactSystems: z.int().describe('Those of them whose figures come from the exact two-echelon split'),
  approximationOff: z
    .number()
    .nullable()
    .describe(
      'Pieces short by which VARI-METRIC, which chose the stock, is off at one depot of these at most; null: none is exact',
    ),
  targets: z
    .array(
      z.object({
        ...partDepot,
        baseStock: z.int(),
        before: z.int().nullable().describe('By the last run that was kept'),
        position: z.int().describe('On hand + on order − owed'),
        expectedBackorders: z.number(),
        fillRate: z.number().describe('Share of the pieces asked for here that the shelf fills at once'),
        fillRateHelped: z
          .number()
          .nullable()
          .describe('The same with what neighbours can send; null where no lane leads from one'),
        fillRatePooled: z
          .number()
          .nullable()
          .describe(
            'What all depots that lanes join would fill together as one stock: the most that helping can reach; null where none is joined',
          ),
        ratePerDay: z.number().describe('Pieces asked for here'),
        valueMinor: z.int().describe('Of the change, at the part’s unit cost'),
      }),
    )
    .describe('The largest change in money first'),
  excess: z
    .array(
      z.object({
        ...partDepot,
        quantity: z.int(),
        proposal: z.enum(EXCESS_PROPOSALS),
        toDepotId: z.string().nullable(),
        valueMinor: z.int(),
      }),
    )
    .describe('Beyond target and use within the horizon, the most valuable first'),
  repairs: z
    .array(
      z.object({
        ...partDepot,
        repairedShare: z.number().describe('Of the pieces used, those that come back and can be repaired'),
        turnaroundDays: z.number(),
        inRepair: z.number().describe('Pieces in the workshop or on the way to it, on average'),
        repairedPerYear: z.number(),
        boughtPerYear: z.number().describe('Condemned or never returned, so to be bought'),
      }),
    )
    .describe('Loops of the parts that a workshop repairs'),
  unplanned: z.array(
    z.object({...partDepot, reason: z.enum(['no-source', 'third-echelon', 'moves-too-fast'])}),
  ),
});

export const RebalanceRun = z.object({
  runId,
  currency: z.string(),
  gainMinor: z.int().describe('Expected saving of all moves, freight paid'),
  moves: z
    .array(
      z.object({
        partId: z.string(),
        fromDepotId: z.string(),
        toDepotId: z.string(),
        mode: z.string(),
        quantity: z.int(),
        freightMinor: z.int(),
        gainMinor: z.int().describe('What is lost when this one is left out'),
      }),
    )
    .describe('The most gainful first'),
});

export const CriticalityRun = z.object({
  runId,
  currency: z.string(),
  parts: z
    .array(
      z.object({
        partId: z.string(),
        derived: z.enum(CRITICALITIES).describe('What the failures of the part say'),
        stated: z.enum(CRITICALITIES).nullable().describe('In part.csv; it wins. Null: left out there'),
        inForce: z.enum(CRITICALITIES).describe('After this run, if it is kept'),
        before: z.enum(CRITICALITIES),
        reason: z.object({
          perYear: z.number().describe('Pieces asked for'),
          shortageMinorPerH: z.int().describe('What an hour without a piece costs'),
          machines: z.int().describe('Monitored machines with a position that asks for it'),
          exposureMinor: z.int().describe('perYear × shortageMinorPerH'),
          aheadShare: z
            .number()
            .describe('Of all exposure, what parts with more of it have: A to 0.8, B to 0.95'),
          hasSubstitute: z.boolean().describe('An approved substitute does its work: one class lower'),
        }),
      }),
    )
    .describe('The most exposed first'),
});

export const PlanTarget = z.object({
  ...partDepot,
  baseStock: z.int(),
  expectedBackorders: z.number().nullable(),
  validFrom: Instant,
  runId: z.string(),
});

export const planRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/api/v1/plans/targets',
    tag: 'plans',
    permission: 'plans.read',
    summary: 'Targets as the newest kept runs set them: floors of the decisions',
    query: z.object({
      partId: PartId.optional().describe('Only this part'),
      depotId: DepotId.optional().describe('Only this depot'),
      limit: pageLimit,
    }),
    reply: z.object({targets: z.array(PlanTarget)}),
    handle: async ({query}, {db, clock}) => ok({targets: await listTargets(db, query, clock.now())}),
  }),
  route({
    method: 'POST',
    path: '/api/v1/plans/targets',
    tag: 'plans',
    permission: 'plans.run',
    summary: 'Plans the stock of every part and depot together, for a budget or an availability',
    body: z.object({
      budgetMinor: z.int().min(0).optional().describe('Value of the stock at most'),
      availability: z
        .number()
        .min(0)
        .max(1)
        .optional()
        .describe('Share of the machines that carry a planned part which wait for none'),
      horizonDays: z.int().min(1).max(3650).default(365).describe('Stock that lasts longer is excess'),
      ...request,
    }),
    reply: TargetRun,
    refusals: ['one-goal', 'goal-out-of-reach', 'mixed-currencies', 'nothing-to-plan'],
    async handle({body: {budgetMinor, availability, limit, ...rest}}, {planning}) {
      if ((budgetMinor === undefined) === (availability === undefined))
        return refused('one-goal', 'a plan has one goal; name budgetMinor or availability');
      const goal =
        budgetMinor === undefined
          ? ({kind: 'availability', availability: availability!} as const)
          : ({kind: 'budget', budgetMinor} as const);
      const run = await planning.targets(goal, rest);
      if (!run.ok) return run;
      const {targets, excess, repairs, unplanned, fleets, ...outcome} = run.value;
      const first = <T>(rows: readonly T[]): readonly T[] => rows.slice(0, limit);
      return ok({
        ...outcome,
        targets: first(targets),
        excess: first(excess),
        repairs: first(repairs),
        unplanned: first(unplanned),
        fleets: first(fleets),
      });
    },
  }),
  route({
    method: 'POST',
    path: '/api/v1/plans/rebalance',
    tag: 'plans',
    permission: 'plans.run',
    summary: 'Transfers between depots that save more than they cost, over all parts',
    body: z.object({
      marginMinor: z.int().min(0).default(5_000).describe('A move saves at least this much'),
      ...request,
    }),
    reply: RebalanceRun,
    refusals: ['mixed-currencies', 'nothing-to-plan'],
    async handle({body: {limit, ...rest}}, {planning}) {
      const run = await planning.rebalance(rest);
      return run.ok ? ok({...run.value, moves: run.value.moves.slice(0, limit)}) : run;
    },
  }),
  route({
    method: 'POST',
    path: '/api/v1/plans/criticality',
    tag: 'plans',
    permission: 'plans.run',
    summary:
      'Derives the class of each part from what its failures cost; kept, it holds where part.csv states none',
    body: z.object(request),
    reply: CriticalityRun,
    refusals: ['mixed-currencies', 'nothing-to-plan'],
    async handle({body: {limit, ...rest}}, {planning}) {
      const run = await planning.criticality(rest);
      return run.ok ? ok({...run.value, parts: run.value.parts.slice(0, limit)}) : run;
    },
  }),
];
