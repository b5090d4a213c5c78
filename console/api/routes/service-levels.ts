import {z} from 'zod';
import {PartyId} from '../../../domain/ids.ts';
import {ok, refused} from '../../../domain/result.ts';
import {DAY_MS, epochMs, toIso} from '../../../domain/time.ts';
import {SLA_METRICS, SLA_WINDOWS, settlementLines, slaStandings} from '../../../partners/api.ts';
import type {ClauseStanding, Verdict} from '../../../partners/api.ts';
import {route} from '../route.ts';
import type {Route} from '../route.ts';
import {Instant, pageLimit} from '../wire.ts';

/** The period of a settlement when the request names none. */
const PERIOD_DAYS = 31;
/** Three years: every window of every clause in it is worked out. */
const PERIOD_DAYS_MAX = 1100;

const filter = {
  contractId: z.string().min(1).optional().describe('Only this contract'),
  partyId: PartyId.optional().describe('Only contracts with this party'),
};

const aCase = {
  demandId: z.string(),
  equipmentId: z.string(),
  partId: z.string(),
  depotId: z.string(),
  startAt: Instant,
  dueAt: Instant.describe('When the allowed hours of the calendar are over'),
};

export const ClauseRow = z.object({
  contractId: z.string(),
  version: z.int(),
  termNo: z.int(),
  clauseRef: z.string(),
  metric: z.enum(SLA_METRICS),
  limitH: z
    .number()
    .describe('Hours that a case has, on the calendar of the clause; 0 where waiting is added up'),
  sharePct: z.number().describe('Percent of the cases that must keep them'),
  window: z.enum(SLA_WINDOWS),
  from: Instant.describe('The current window'),
  to: Instant,
  onTime: z.int(),
  late: z.int(),
  running: z.int().describe('Not late yet'),
  compliancePct: z
    .number()
    .nullable()
    .describe('On time among the decided ones; null before the first, and where waiting is added up'),
  target: z
    .number()
    .nullable()
    .describe('Of availability percent of hours up, of backorderDays days in a window; else null'),
  measured: z.number().nullable().describe('What stands against the target by now'),
  breached: z.boolean().describe('Whatever becomes of those that run'),
  breachProbability: z
    .number()
    .min(0)
    .max(1)
    .describe(
      'That the window ends breached, by the promises of the cases that run; cases yet to come are not in it',
    ),
  breaches: z.array(
    z.object({
      ...aCase,
      endAt: Instant.nullable(),
      lateH: z.number(),
      remedyBy: Instant.nullable().describe('null: no time was agreed'),
    }),
  ),
  atRisk: z.array(z.object({...aCase, promisedAt: Instant.nullable(), lateProbability: z.number()})),
  triggers: z.array(
    z.object({
      termNo: z.int(),
      clauseRef: z.string(),
      action: z.enum(['review', 'terminate']),
      breachedInARow: z.int(),
      consecutiveWindows: z.int(),
      cureDays: z.int(),
      reached: z.boolean(),
    }),
  ),
});

export const SettlementRow = z.object({
  contractId: z.string(),
  version: z.int(),
  termNo: z.int(),
  clauseRef: z.string(),
  kind: z.enum(['penalty', 'bonus']),
  dueAt: Instant.describe(
    'When the case ended; of a window’s waiting when the window had, of a bonus when its window and the last of its cases had',
  ),
  demandId: z.string().nullable(),
  equipmentId: z.string().nullable(),
  orderId: z.string().nullable().describe('The order of a supplier that came late'),
  lateH: z.number().nullable(),
  amountMinor: z.int(),
  currency: z.string(),
});

export const serviceLevelRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/api/v1/sla',
    tag: 'contracts',
    permission: 'contracts.read',
    summary:
      'How each service level stands in its current window: kept, late, at risk, and what that adds up to',
    query: z.object({...filter, limit: pageLimit}),
    reply: z.object({clauses: z.array(ClauseRow)}),
    async handle({query}, {db, clock}) {
      const standings = await slaStandings(db, query, clock.now());
      return ok({clauses: standings.map(clauseRow)});
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/settlement',
    tag: 'contracts',
    permission: 'contracts.read',
    summary:
      'Penalties of late cases that have ended and of late deliveries, and bonuses, by the contract’s formula',
    query: z.object({
      ...filter,
      from: z.iso.datetime().optional().describe(`Due from here on; default ${PERIOD_DAYS} days before "to"`),
      to: z.iso.datetime().optional().describe('Due before; default now'),
    }),
    reply: z.object({from: Instant, to: Instant, lines: z.array(SettlementRow)}),
    refusals: ['empty-period', 'period-too-long'],
    async handle({query: {from: asked, to: until, ...named}}, {db, clock}) {
      const now = clock.now();
      const to = until === undefined ? now : epochMs(Date.parse(until));
      const from = asked === undefined ? epochMs(to - PERIOD_DAYS * DAY_MS) : epochMs(Date.parse(asked));
      if (from >= to)
        return refused(
          'empty-period',
          `no time lies between ${toIso(from)} and ${toIso(to)}; put "from" before "to"`,
        );
      if (to - from > PERIOD_DAYS_MAX * DAY_MS)
        return refused(
          'period-too-long',
          `${toIso(from)} to ${toIso(to)} is more than ${PERIOD_DAYS_MAX} days; ask for a shorter period`,
        );
      const lines = await settlementLines(db, {...named, from, to}, now);
      return ok({from, to, lines});
    },
  }),
];

function clauseRow({clause, verdicts, window, remedyBy, ...standing}: ClauseStanding) {
  const {contractId, version, termNo, clauseRef, metric, limitH, sharePct, target} = clause;
  return {
    ...{contractId, version, termNo, clauseRef, metric, limitH, sharePct, target},
    ...standing,
    window: clause.window,
    from: window.from,
    to: window.to,
    breaches: verdicts
      .filter(({state}) => state === 'late')
      .map((verdict) => ({
        ...caseOf(verdict),
        endAt: verdict.endAt,
        lateH: verdict.lateH,
        remedyBy: remedyBy.get(verdict.case.demandId) ?? null,
      })),
    atRisk: verdicts
      .filter(({state}) => state === 'running')
      .map((verdict) => ({
        ...caseOf(verdict),
        promisedAt: verdict.case.promise?.at ?? null,
        lateProbability: verdict.lateProbability,
      })),
  };
}

function caseOf({case: {demandId, equipmentId, partId, depotId}, startAt, dueAt}: Verdict) {
  return {demandId, equipmentId, partId, depotId, startAt, dueAt};
}
