import {INT4_MAX} from '../../domain/quantity.ts';
import {toIso} from '../../domain/time.ts';
import type {EpochMs} from '../../domain/time.ts';
import {timestamp} from '../../platform/pg.ts';
import type {Client, Queryable} from '../../platform/pg.ts';
import type {Settled} from '../ports.ts';

/** Keeps how every shelf of the family stands, as the look that has just ended saw it. */
export async function recordStandings(
  client: Client,
  {settled, now}: {readonly settled: Settled; readonly now: EpochMs},
): Promise<void> {
  const shelves = [settled, ...settled.others].flatMap(({situation, decision}) =>
    decision.impacts.map(({depotId, partyId, moneyMinor, currency, horizonH, emptyAt, shelf}) => ({
      ...{part_id: situation.part.partId, depot_id: depotId, party_id: partyId, as_of: toIso(now)},
      ...{on_hand: counted(shelf.onHand), on_order: counted(shelf.onOrder), owed: counted(shelf.owed)},
      ...{position: counted(shelf.position), target: counted(shelf.target)},
      ...{risk_minor: moneyMinor, currency, horizon_h: horizonH},
      empty_at: emptyAt === null ? null : toIso(emptyAt as EpochMs),
    })),
  );
  await client.query(RECORD, [JSON.stringify(shelves)]);
}

/** A shelf that was told of more pieces than the table can count has as many as it can. */
function counted(pieces: number): number {
  return Math.max(-INT4_MAX, Math.min(INT4_MAX, pieces));
}

const RECORD = `
  INSERT INTO replenish.shelf_standing SELECT * FROM jsonb_populate_recordset(NULL::replenish.shelf_standing, $1::jsonb)
  ON CONFLICT (part_id, depot_id) DO UPDATE SET party_id = excluded.party_id, as_of = excluded.as_of, on_hand = excluded.on_hand,
    on_order = excluded.on_order, owed = excluded.owed, position = excluded.position, target = excluded.target,
    risk_minor = excluded.risk_minor, currency = excluded.currency, horizon_h = excluded.horizon_h, empty_at = excluded.empty_at`;

export const STANDING_SORTS = ['risk', 'empty', 'part'] as const;
export type StandingSort = (typeof STANDING_SORTS)[number];

export interface ShelfStanding {
  readonly partId: string;
  readonly partName: string;
  readonly depotId: string;
  readonly region: string;
  readonly asOf: EpochMs;
  readonly onHand: number;
  readonly onOrder: number;
  readonly owed: number;
  readonly position: number;
  readonly target: number;
  readonly riskMinor: number;
  readonly currency: string;
  readonly horizonH: number;
  readonly emptyAt: EpochMs | null;
}

/** Where a page ended: risk, or epoch milliseconds (null: never empty), then part and depot. */
export type StandingPlace = readonly [key: number | null, partId: string, depotId: string];

export interface StandingFilter {
  readonly partId?: string | undefined;
  readonly depotId?: string | undefined;
  readonly region?: string | undefined;
  readonly sort: StandingSort;
  readonly after?: StandingPlace | undefined;
  readonly limit: number;
}

const EMPTY_AT = `coalesce(t.empty_at, 'infinity'::timestamptz)`;
/** What a sort goes by, and what lies after a place; each has an index of this very order. */
const SORTS: Readonly<Record<StandingSort, {readonly order: string; readonly after: string}>> = {
  risk: {
    order: 't.risk_minor DESC, t.part_id, t.depot_id',
    after: 't.risk_minor <= $4::bigint AND (t.risk_minor < $4::bigint OR (t.part_id, t.depot_id) > ($5, $6))',
  },
  empty: {
    order: `${EMPTY_AT}, t.part_id, t.depot_id`,
    after: `(${EMPTY_AT}, t.part_id, t.depot_id) > ($4::timestamptz, $5, $6)`,
  },
  part: {
    order: 't.part_id, t.depot_id',
    after: `$4::text IS NOT NULL AND (t.part_id, t.depot_id) > ($5, $6)`,
  },
};

/** Shelves as they stood at their last look, a page at a time. Without a part, depot or region that is named: all. */
export async function listStandings(
  db: Queryable,
  filter: StandingFilter,
): Promise<readonly ShelfStanding[]> {
  const {partId, depotId, region, sort, after, limit} = filter;
  const {order, after: beyond} = SORTS[sort];
  const where = [
    'num_nulls($1::text, $2::text, $3::text) >= 0',
    ...(partId === undefined ? [] : ['t.part_id = $1']),
    ...(depotId === undefined ? [] : ['t.depot_id = $2']),
    ...(region === undefined ? [] : ['s.region = $3']),
    ...(after === undefined ? ['num_nulls($4::text, $5::text, $6::text) >= 0'] : [beyond]),
  ];
  const {rows} = await db.query<ShelfStanding>(
    `SELECT t.part_id AS "partId", p.name AS "partName", t.depot_id AS "depotId", s.region, t.as_of AS "asOf", t.on_hand AS "onHand",
            t.on_order AS "onOrder", t.owed, t.position, t.target, t.risk_minor AS "riskMinor", t.currency, t.horizon_h AS "horizonH",
            t.empty_at AS "emptyAt"
       FROM replenish.shelf_standing t JOIN network.part p USING (part_id) JOIN network.depot d USING (depot_id) JOIN network.site s USING (site_id)
      WHERE ${where.join(' AND ')} ORDER BY ${order} LIMIT $7`,
    [partId ?? null, depotId ?? null, region ?? null, ...placeOf(sort, after), limit],
  );
  return rows;
}

function placeOf(sort: StandingSort, after: StandingPlace | undefined): (string | null)[] {
  if (after === undefined) return [null, null, null];
  const [key, partId, depotId] = after;
  if (sort === 'empty') return [timestamp(key ?? Infinity), partId, depotId];
  return [String(key ?? 0), partId, depotId];
}

/** Amounts of one currency, in minor units. */
export interface DepotMoney {
  readonly currency: string;
  /** At unit cost: usable pieces on the shelf, and pieces on order. */
  readonly stockMinor: number;
  readonly pipelineMinor: number;
  readonly riskMinor: number;
}

export interface DepotStanding {
  readonly depotId: string;
  readonly name: string;
  readonly region: string;
  readonly echelon: string;
  readonly parentDepotId: string | null;
  readonly lat: number;
  readonly lon: number;
  readonly tz: string;
  readonly money: readonly DepotMoney[];
  readonly shelves: number;
  /** More likely empty than not within the horizon. */
  readonly shelvesAtRisk: number;
  readonly backorderLines: number;
  readonly backorderPieces: number;
  readonly alerts: number;
  /** The oldest look at one of its shelves; null: none yet. */
  readonly asOf: EpochMs | null;
}

/** Every depot with what lies there, comes there, is owed and at risk there: one query. */
export async function listDepotStandings(
  db: Queryable,
  {now, region, limit}: {readonly now: EpochMs; readonly region?: string | undefined; readonly limit: number},
): Promise<readonly DepotStanding[]> {
  const {rows} = await db.query<DepotStanding>(DEPOTS, [timestamp(now), region ?? null, limit]);
  return rows;
}

const DEPOTS = `
  WITH amount AS (
    SELECT substr(b.loc, 7) AS depot_id, p.currency, sum(b.qty * p.unit_cost_minor) AS stock, 0 AS pipeline, 0 AS risk
      FROM network.stock_balance b JOIN network.part p USING (part_id)
     WHERE b.loc LIKE 'depot:%' AND b.condition IN ('new', 'serviceable') AND b.qty > 0 GROUP BY 1, 2
    UNION ALL
    SELECT substr(o.to_loc, 7), p.currency, 0, sum((o.qty - o.received_qty) * p.unit_cost_minor), 0
      FROM network.supply_order o JOIN network.part p USING (part_id)
     WHERE o.to_loc LIKE 'depot:%' AND o.state NOT IN ('proposed', 'received', 'cancelled', 'rejected') GROUP BY 1, 2
    UNION ALL
    SELECT depot_id, currency, 0, 0, sum(risk_minor) FROM replenish.shelf_standing GROUP BY 1, 2),
  money AS (
    SELECT depot_id, jsonb_agg(jsonb_build_object('currency', currency, 'stockMinor', stock, 'pipelineMinor', pipeline, 'riskMinor', risk) ORDER BY currency) AS list
      FROM (SELECT depot_id, currency, sum(stock) AS stock, sum(pipeline) AS pipeline, sum(risk) AS risk FROM amount GROUP BY 1, 2) m GROUP BY 1),
  shelf AS (
    SELECT depot_id, count(*)::int AS shelves, count(empty_at)::int AS at_risk, min(as_of) AS as_of FROM replenish.shelf_standing GROUP BY 1),
  owed AS (
    SELECT depot_id, count(*)::int AS lines, sum(qty - filled_qty)::int AS pieces FROM network.demand_line
     WHERE state = 'open' AND needed_at < $1 GROUP BY 1),
  told AS (
    SELECT body->>'depotId' AS depot_id, count(*)::int AS alerts FROM replenish.alert WHERE state <> 'cleared' AND body ? 'depotId' GROUP BY 1)
  SELECT d.depot_id AS "depotId", s.name, s.region, d.echelon, d.parent_depot_id AS "parentDepotId", s.lat, s.lon, s.tz,
         coalesce(money.list, '[]') AS money, coalesce(shelf.shelves, 0) AS shelves, coalesce(shelf.at_risk, 0) AS "shelvesAtRisk",
         coalesce(owed.lines, 0) AS "backorderLines", coalesce(owed.pieces, 0) AS "backorderPieces", coalesce(told.alerts, 0) AS alerts,
         shelf.as_of AS "asOf"
    FROM network.depot d JOIN network.site s USING (site_id)
    LEFT JOIN money USING (depot_id) LEFT JOIN shelf USING (depot_id) LEFT JOIN owed USING (depot_id) LEFT JOIN told USING (depot_id)
   WHERE $2::text IS NULL OR s.region = $2 ORDER BY d.echelon, d.depot_id LIMIT $3`;
