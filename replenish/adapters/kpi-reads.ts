import {KPIS, NIGHTLY_STALE_H, kpiValue} from '../../domain/kpi.ts';
import type {Kpi, KpiDimension, KpiId} from '../../domain/kpi.ts';
import {DAY_MS, HOUR_MS, plusMs} from '../../domain/time.ts';
import type {EpochMs} from '../../domain/time.ts';
import {inTransaction, timestamp} from '../../platform/pg.ts';
import type {Pool, Queryable} from '../../platform/pg.ts';
import {KPI_ROWS} from './kpi-rows.ts';
import {criticalityInForce} from './plan-criticality-rows.ts';

/** Which rows: those of a window, of one member of each dimension that is named. An empty region is that of sites that state none. */
export interface KpiScope {
  readonly from: EpochMs;
  readonly to: EpochMs;
  readonly now: EpochMs;
  readonly members: Readonly<Partial<Record<KpiDimension, string>>>;
}

export interface KpiFigure {
  /** The member of the dimension; null: rows that have none of it. */
  readonly key: string | null;
  /** Of a figure in money. */
  readonly currency: string | null;
  readonly rows: number;
  readonly numerator: number;
  readonly denominator: number | null;
  /** Null: there is nothing to measure. */
  readonly value: number | null;
}

export interface Freshness {
  /** Up to when the figure knows what happened; null: never worked out. */
  readonly asOf: EpochMs | null;
  /** Null: with the next request. */
  readonly nextAt: EpochMs | null;
  readonly stale: boolean;
}

export interface KpiReport {
  readonly definition: Kpi;
  readonly figures: readonly KpiFigure[];
  /** Figures of the members beyond the limit, added up by currency. */
  readonly rest: readonly KpiFigure[];
  /** Members of the dimension, those in the rest included. */
  readonly members: number;
  readonly freshness: Freshness;
}

const COLUMNS: Readonly<Record<KpiDimension, string>> = {
  part: 'part_id',
  depot: 'depot_id',
  region: 'region',
  partner: 'party_id',
  criticality: 'criticality',
};
const DIMENSIONS = Object.keys(COLUMNS) as KpiDimension[];

/** Not every figure names all three instants, and the server wants to know the type of each. */
const scoped = (kpiId: KpiId): string => `
  SELECT r.*, s.region, p.currency, ${criticalityInForce('p')} AS criticality
    FROM (${KPI_ROWS[kpiId]}) r LEFT JOIN network.part p USING (part_id) LEFT JOIN network.depot d USING (depot_id) LEFT JOIN network.site s USING (site_id)
   WHERE num_nulls($1::timestamptz, $2::timestamptz, $3::timestamptz) = 0 AND ($4::text IS NULL OR r.part_id = $4) AND ($5::text IS NULL OR r.depot_id = $5)
     AND ($6::text IS NULL OR s.region = $6) AND ($7::text IS NULL OR r.party_id = $7)
     AND ($8::text IS NULL OR ${criticalityInForce('p')} = $8)`;

function parametersOf({from, to, now, members}: KpiScope): (string | null)[] {
  return [
    timestamp(from),
    timestamp(to),
    timestamp(now),
    ...DIMENSIONS.map((dimension) => members[dimension] ?? null),
  ];
}

type Sums = Omit<KpiFigure, 'value'> & {
  readonly place: number;
  readonly isRest: boolean;
  readonly members: number;
};

/**
 * Figures of all key figures, or of one, in one view of the rows; taken apart by a dimension where they have it, the largest member first.
 * One that does not have it, or one that `members` names, is left out.
 */
export function readKpis(
  pool: Pool,
  scope: KpiScope,
  {
    kpiId,
    by,
    limit,
  }: {readonly kpiId?: KpiId | undefined; readonly by?: KpiDimension | undefined; readonly limit: number},
): Promise<readonly KpiReport[]> {
  const asked = Object.keys(scope.members) as KpiDimension[];
  const wanted = KPIS.filter(
    (definition: Kpi) =>
      (kpiId === undefined || definition.id === kpiId) &&
      (by === undefined ? asked : [...asked, by]).every((dimension) =>
        definition.dimensions.includes(dimension),
      ),
  );
  return inTransaction(
    pool,
    async (client) => {
      await client.query('SET TRANSACTION READ ONLY');
      const night = await lastNight(client, scope.to);
      const reports: KpiReport[] = [];
      for (const definition of wanted) {
        const sums = await sumsOf(client, scope, {definition, by, limit});
        reports.push({
          definition,
          figures: sums.filter(({isRest}) => !isRest).map(figureOf),
          rest: sums.filter(({isRest}) => isRest).map(figureOf),
          members: sums[0]?.members ?? 0,
          freshness: freshnessOf(definition, scope, night),
        });
      }
      return reports;
    },
    'repeatable read',
  );
}

async function sumsOf(
  db: Queryable,
  scope: KpiScope,
  {
    definition,
    by,
    limit,
  }: {
    readonly definition: Kpi;
    readonly by: KpiDimension | undefined;
    readonly limit: number;
  },
): Promise<readonly Sums[]> {
  const currency = definition.unit === 'minor units' ? 'currency' : 'NULL::text';
  const {rows} = await db.query<Sums>(
    `WITH f AS (${scoped(definition.id)}),
       g AS (SELECT ${by === undefined ? 'NULL::text' : COLUMNS[by]} AS key, ${currency} AS currency, count(*)::int AS rows,
                    sum(numerator) AS numerator, sum(denominator) AS denominator FROM f GROUP BY 1, 2),
       r AS (SELECT *, row_number() OVER (ORDER BY coalesce(denominator, numerator) DESC, key COLLATE "C", currency) AS place,
                    count(*) OVER () AS members FROM g)
     SELECT CASE WHEN place <= $9 THEN key END AS key, currency, sum(rows)::int AS rows, sum(numerator) AS numerator,
            sum(denominator) AS denominator, min(place)::int AS place, place > $9 AS "isRest", min(members)::int AS members
       FROM r GROUP BY CASE WHEN place <= $9 THEN place END, 1, 2, place > $9 ORDER BY min(place)`,
    [...parametersOf(scope), limit],
  );
  if (
    rows.length > 0 ||
    by !== undefined ||
    definition.denominator !== null ||
    definition.unit === 'minor units'
  )
    return rows;
  const none = {key: null, currency: null, rows: 0, numerator: 0, denominator: null};
  return [{...none, place: 1, isRest: false, members: 1}];
}

function figureOf({key, currency, rows, numerator, denominator}: Sums): KpiFigure {
  return {key, currency, rows, numerator, denominator, value: kpiValue(numerator, denominator)};
}

async function lastNight(db: Queryable, to: EpochMs): Promise<EpochMs | null> {
  const {rows} = await db.query<{night: EpochMs | null}>(
    'SELECT max(night) AS night FROM predict.model_watch WHERE night <= $1',
    [timestamp(to)],
  );
  return rows[0]!.night;
}

/** A live figure knows all that is booked; a nightly one what its last night found. A window of the past does not go stale. */
function freshnessOf({refresh}: Pick<Kpi, 'refresh'>, {to, now}: KpiScope, night: EpochMs | null): Freshness {
  if (refresh === 'live') return {asOf: now, nextAt: null, stale: false};
  if (night === null) return {asOf: null, nextAt: null, stale: true};
  return {asOf: night, nextAt: plusMs(night, DAY_MS), stale: to - night > NIGHTLY_STALE_H * HOUR_MS};
}

export interface KpiRow {
  readonly ref: string;
  readonly at: EpochMs;
  readonly partId: string | null;
  readonly depotId: string | null;
  readonly region: string | null;
  readonly partnerId: string | null;
  readonly criticality: string | null;
  readonly currency: string | null;
  readonly numerator: number;
  readonly denominator: number | null;
}

/** The rows that a figure is the sum of, the newest first. */
export async function readKpiRows(
  db: Queryable,
  scope: KpiScope,
  {
    kpiId,
    after,
    limit,
  }: {
    readonly kpiId: KpiId;
    readonly after?: {readonly at: EpochMs; readonly ref: string} | undefined;
    readonly limit: number;
  },
): Promise<readonly KpiRow[]> {
  const {rows} = await db.query<KpiRow>(
    `SELECT ref, at, part_id AS "partId", depot_id AS "depotId", region, party_id AS "partnerId", criticality, currency, numerator, denominator
       FROM (${scoped(kpiId)}) f
      WHERE $9::timestamptz IS NULL OR at < $9 OR (at = $9 AND ref COLLATE "C" > $10)
      ORDER BY at DESC, ref COLLATE "C" LIMIT $11`,
    [...parametersOf(scope), after === undefined ? null : timestamp(after.at), after?.ref ?? '', limit],
  );
  return rows;
}
