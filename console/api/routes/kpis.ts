import {z} from 'zod';
import {DepotId, PartId, PartyId} from '../../../domain/ids.ts';
import {KPIS, KPI_DIMENSIONS, KPI_IDS} from '../../../domain/kpi.ts';
import type {Kpi, KpiDimension} from '../../../domain/kpi.ts';
import {ok, refused} from '../../../domain/result.ts';
import type {Result} from '../../../domain/result.ts';
import {DAY_MS, epochMs, toIso} from '../../../domain/time.ts';
import type {EpochMs} from '../../../domain/time.ts';
import {CRITICALITIES, readKpiRows, readKpis} from '../../../replenish/api.ts';
import type {KpiScope} from '../../../replenish/api.ts';
import {keyCursor} from '../key-cursor.ts';
import {route} from '../route.ts';
import type {Route} from '../route.ts';
import {Instant, pageLimit} from '../wire.ts';

/** The window when the request names none. */
const WINDOW_DAYS = 28;
/** Two years and a day: a year and the one that it is compared with. */
const WINDOW_DAYS_MAX = 731;

const Definition = z.object({
  id: z.enum(KPI_IDS),
  version: z.int().describe('Raised with each change of the formula'),
  name: z.string(),
  unit: z.string(),
  formula: z.string(),
  row: z.string().describe('What one row behind the figure is'),
  numerator: z.string(),
  denominator: z.string().nullable().describe('null: the figure is a sum'),
  better: z.enum(['more', 'less']),
  dimensions: z.array(z.enum(KPI_DIMENSIONS)),
  partner: z.enum(['customer', 'supplier']).nullable().describe('What a partner is here'),
  refresh: z.enum(['live', 'nightly']),
  source: z.string(),
  owner: z.enum(['planning', 'supply', 'models']),
});

const Figure = z.object({
  key: z.string().nullable().describe('Member of the dimension; null: rows that have none'),
  currency: z.string().nullable(),
  rows: z.int(),
  numerator: z.number(),
  denominator: z.number().nullable(),
  value: z.number().nullable().describe('null: there is nothing to measure'),
});

const Report = z.object({
  definition: Definition,
  figures: z.array(Figure).describe('The largest member first'),
  rest: z.array(Figure).describe('All members beyond the limit together'),
  members: z.int(),
  freshness: z.object({
    asOf: Instant.nullable(),
    nextAt: Instant.nullable().describe('null: with the next request'),
    stale: z.boolean().describe('Its refresh is overdue'),
  }),
});

const window = {
  from: z.iso.datetime().optional().describe(`From this instant; default ${WINDOW_DAYS} days before "to"`),
  to: z.iso.datetime().optional().describe('Before this instant; default, and at most, now'),
};
const members = {
  partId: PartId.optional(),
  depotId: DepotId.optional(),
  region: z.string().max(100).optional().describe('Of the depot’s site; empty: sites that state none'),
  partnerId: PartyId.optional().describe('Customer or supplier, as the figure has it'),
  criticality: z.enum(CRITICALITIES).optional(),
};
const RowCursor = keyCursor(z.tuple([z.int(), z.string()]));
type Asked = z.output<z.ZodObject<typeof window & typeof members>>;

function scopeOf(asked: Asked, now: EpochMs): Result<KpiScope, 'empty-period' | 'period-too-long'> {
  const to = epochMs(asked.to === undefined ? now : Math.min(now, Date.parse(asked.to)));
  const from =
    asked.from === undefined ? epochMs(to - WINDOW_DAYS * DAY_MS) : epochMs(Date.parse(asked.from));
  if (from >= to)
    return refused(
      'empty-period',
      `no time lies between ${toIso(from)} and ${toIso(to)}; put "from" before "to"`,
    );
  if (to - from > WINDOW_DAYS_MAX * DAY_MS)
    return refused(
      'period-too-long',
      `${toIso(from)} to ${toIso(to)} is more than ${WINDOW_DAYS_MAX} days; ask for a shorter one`,
    );
  const {partId: part, depotId: depot, region, partnerId: partner, criticality} = asked;
  const named = Object.entries({part, depot, region, partner, criticality}).filter(
    ([, one]) => one !== undefined,
  );
  return ok({from, to, now, members: Object.fromEntries(named)});
}

function definitionOf(kpiId: string): Result<Kpi, 'unknown-kpi'> {
  const found = KPIS.find(({id}) => id === kpiId);
  return found === undefined
    ? refused('unknown-kpi', `${kpiId} is no key figure; there are ${KPI_IDS.join(', ')}`)
    : ok(found);
}

function lacking(definition: Kpi, asked: readonly KpiDimension[]): Result<null, 'dimension-not-kept'> {
  const foreign = asked.filter((dimension) => !definition.dimensions.includes(dimension));
  if (foreign.length === 0) return ok(null);
  return refused(
    'dimension-not-kept',
    `the rows of ${definition.id} have no ${foreign.join(', ')}; ask by ${definition.dimensions.join(', ') || 'nothing'}`,
  );
}

export const kpiRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/api/v1/kpis',
    tag: 'kpis',
    permission: 'kpis.read',
    summary:
      'Key figures of a window, each with its definition, its age and, by a dimension, its parts, which add up to it',
    query: z.object({
      ...window,
      ...members,
      by: z.enum(KPI_DIMENSIONS).optional().describe('Figures without it are left out'),
      kpiId: z.enum(KPI_IDS).optional(),
      limit: pageLimit.describe('Members at most; the others are added up in "rest"'),
    }),
    reply: z.object({from: Instant, to: Instant, kpis: z.array(Report)}),
    refusals: ['empty-period', 'period-too-long', 'dimension-not-kept'],
    async handle({query: {by, kpiId, limit, ...asked}}, {db, clock}) {
      const scope = scopeOf(asked, clock.now());
      if (!scope.ok) return scope;
      const {from, to, members: named} = scope.value;
      if (kpiId !== undefined) {
        const dimensions = [...(Object.keys(named) as KpiDimension[]), ...(by === undefined ? [] : [by])];
        const kept = lacking(
          KPIS.find(({id}) => id === kpiId)!,
          dimensions,
        );
        if (!kept.ok) return kept;
      }
      return ok({from, to, kpis: await readKpis(db, scope.value, {kpiId, by, limit})});
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/kpis/{kpiId}/rows',
    tag: 'kpis',
    permission: 'kpis.read',
    summary: 'The very rows that a key figure is the sum of, the newest first',
    params: z.object({kpiId: z.string().max(64)}),
    query: z.object({...window, ...members, cursor: RowCursor.optional(), limit: pageLimit}),
    reply: z.object({
      from: Instant,
      to: Instant,
      definition: Definition,
      rows: z.array(
        z.object({
          ref: z.string(),
          at: Instant,
          partId: z.string().nullable(),
          depotId: z.string().nullable(),
          region: z.string().nullable(),
          partnerId: z.string().nullable(),
          criticality: z.string().nullable(),
          currency: z.string().nullable(),
          numerator: z.number(),
          denominator: z.number().nullable(),
        }),
      ),
      nextCursor: RowCursor.nullable(),
    }),
    refusals: ['unknown-kpi', 'empty-period', 'period-too-long', 'dimension-not-kept'],
    async handle({params: {kpiId}, query: {cursor, limit, ...asked}}, {db, clock}) {
      const definition = definitionOf(kpiId);
      if (!definition.ok) return definition;
      const scope = scopeOf(asked, clock.now());
      if (!scope.ok) return scope;
      const {from, to, members: named} = scope.value;
      const kept = lacking(definition.value, Object.keys(named) as KpiDimension[]);
      if (!kept.ok) return kept;
      const after = cursor && {at: epochMs(cursor[0]), ref: cursor[1]};
      const rows = await readKpiRows(db, scope.value, {kpiId: definition.value.id, after, limit});
      const last = rows.length < limit ? undefined : rows.at(-1);
      const nextCursor: z.output<typeof RowCursor> | null = last === undefined ? null : [last.at, last.ref];
      return ok({from, to, definition: definition.value, rows, nextCursor});
    },
  }),
];
