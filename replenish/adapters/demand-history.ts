import type {EpochMs} from '../../domain/time.ts';
import {timestamp} from '../../platform/pg.ts';
import type {Queryable} from '../../platform/pg.ts';
import {servingDepot} from './component-rows.ts';
import type {
  AskedMonth,
  DemandBooks,
  InstalledPieces,
  PlannedPart,
  StockOut,
} from '../core/forecast/demand-books.ts';

/** The books of all planned parts from `from` until midnight `asOf`. Run it in one transaction: its queries must see one state. */
export async function loadDemandBooks(db: Queryable, from: EpochMs, asOf: EpochMs): Promise<DemandBooks> {
  const at = timestamp(asOf);
  const planned = await db.query<PlannedPart>(PLANNED, [at]);
  const {rows: asked} = await db.query<AskedMonth>(ASKED, [timestamp(from), at]);
  const handing = asked.filter(({handedOut}) => handedOut > 0);
  const stockOuts = await db.query<StockOut>(STOCK_OUTS, [
    handing.map(({partId}) => partId),
    handing.map(({depotId}) => depotId),
    timestamp(from),
    at,
  ]);
  const depots = await db.query<Since>(DEPOT_SINCE, [at]);
  const parts = await db.query<Since>(PART_SINCE, [at]);
  const relations = await db.query<DemandBooks['relations'][number]>(SUPERSESSIONS);
  const installed = await db.query<InstalledPieces>(INSTALLED, [at]);
  return {
    asOf,
    from,
    planned: planned.rows,
    asked,
    stockOuts: stockOuts.rows,
    depotSince: sinceOf(depots.rows),
    partSince: sinceOf(parts.rows),
    relations: relations.rows,
    installed: installed.rows,
  };
}

interface Since {
  readonly id: string;
  readonly at: EpochMs;
}

function sinceOf(rows: readonly Since[]): ReadonlyMap<string, EpochMs> {
  return new Map(rows.map(({id, at}) => [id, at]));
}

const PLANNED = `
  SELECT pd.part_id AS "partId", pd.depot_id AS "depotId", pd.party_id AS "partyId", p.group_id AS "groupId",
         pd.background_per_year AS "perYear", coalesce((
           SELECT s.lead_time_mean_d FROM network.sourcing s
            WHERE s.part_id = pd.part_id AND s.depot_id = pd.depot_id AND s.kind = 'normal' AND s.valid_from <= $1
            ORDER BY s.valid_from DESC LIMIT 1), 30) AS "leadTimeDays"
    FROM network.part_depot pd JOIN network.part p USING (part_id)
   ORDER BY pd.part_id COLLATE "C", pd.depot_id COLLATE "C"`;

/**
 * Whether the failures of a component `c`, installed as `i`, are forecast: they are, or will be as soon as predict has seen it. Asking
 * for the forecast alone would count a whole fleet's failures twice until the night after its import.
 */
const IS_FORECAST = `(EXISTS (SELECT FROM predict.forecast_current f WHERE f.component_id = i.component_id)
  OR EXISTS (SELECT FROM network.component_class k WHERE k.class_id = c.class_id
                AND (k.mtbf_h IS NOT NULL OR (k.weibull_shape IS NOT NULL AND k.weibull_scale_h IS NOT NULL))))`;

/**
 * Lines as they were asked: part, depot and day of the line itself, whatever part filled it and whenever. What was called off was
 * asked for; what was asked for twice (a withdrawn line, a duplicate) counts once.
 *
 * Left out is what a decision adds by itself: failures of positions whose failures are forecast, pieces that a prediction
 * asked for ahead of the failure, and what campaigns asked for.
 *
 * Who records a need whether or not it can be met: the machines, and every source that ever let a need wait at that depot.
 */
const ASKED = `
  WITH lines AS (
    SELECT l.part_id, l.depot_id, l.needed_at, l.source,
           CASE WHEN l.state = 'cancelled' AND (l.cancelled_at IS NULL OR EXISTS (
                  SELECT FROM network.demand_event v WHERE v.demand_id = l.demand_id AND v.type = 'cancelled' AND v.reason = 'duplicate'))
                THEN l.filled_qty ELSE l.qty END AS qty
      FROM network.demand_line l
      LEFT JOIN network.position_event x ON x.equipment_no = l.equipment_no AND x.event_key = l.source_key AND l.source = 'event'
     WHERE l.needed_at >= $1 AND l.needed_at < $2 AND NOT l.predicted
       AND NOT (l.cause = 'failure' AND EXISTS (
             SELECT FROM network.installation i JOIN network.component c USING (component_id)
              WHERE i.equipment_no = l.equipment_no AND (i.position_id = x.position_id OR (x.position_id IS NULL AND EXISTS (
                    SELECT FROM network.part fitted JOIN network.part asked ON asked.group_id = fitted.group_id
                     WHERE fitted.part_id = c.part_id AND asked.part_id = l.part_id)))
                AND ${IS_FORECAST}))
       AND NOT EXISTS (SELECT FROM replenish.campaign_line k WHERE k.demand_id = l.demand_id)),
  sources AS (
    SELECT depot_id, source, source = 'event' OR bool_or(state <> 'filled' OR filled_at > requested_at + interval '1 minute') AS waits
      FROM network.demand_line WHERE needed_at >= $1 AND needed_at < $2 GROUP BY depot_id, source)
  SELECT part_id AS "partId", depot_id AS "depotId", date_trunc('month', needed_at, 'UTC') AS month,
         coalesce(sum(qty) FILTER (WHERE waits), 0)::float8 AS recorded,
         coalesce(sum(qty) FILTER (WHERE NOT waits), 0)::float8 AS "handedOut"
    FROM lines JOIN sources USING (depot_id, source) WHERE qty > 0
   GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`;

const STOCK_OUTS = `
  WITH moves AS (
    SELECT p.part_id, p.depot_id, m.world_at, m.log_seq, CASE WHEN m.to_loc = 'depot:' || p.depot_id THEN m.qty ELSE -m.qty END AS qty
      FROM (SELECT DISTINCT part_id, depot_id FROM unnest($1::text[], $2::text[]) AS p(part_id, depot_id)) p
      JOIN network.stock_movement m ON m.part_id = p.part_id AND 'depot:' || p.depot_id IN (m.from_loc, m.to_loc)
     WHERE m.condition IN ('new', 'serviceable') AND m.world_at < $4),
  levels AS (
    SELECT part_id, depot_id, world_at AS from_at, sum(qty) OVER w AS level, lead(world_at, 1, $4::timestamptz) OVER w AS until_at
      FROM moves WINDOW w AS (PARTITION BY part_id, depot_id ORDER BY world_at, log_seq))
  SELECT part_id AS "partId", depot_id AS "depotId", from_at AS "from", until_at AS "until"
    FROM levels WHERE level <= 0 AND until_at > from_at AND until_at > $3 ORDER BY 1, 2, 3`;

const DEPOT_SINCE = `
  SELECT id, min(at) AS at FROM (
    SELECT depot_id AS id, needed_at AS at FROM network.demand_line
    UNION ALL SELECT substr(to_loc, 7), world_at FROM network.stock_movement WHERE to_loc LIKE 'depot:%') s
   WHERE at < $1 GROUP BY id`;

const PART_SINCE = `
  SELECT id, min(at) AS at FROM (
    SELECT part_id AS id, needed_at AS at FROM network.demand_line
    UNION ALL SELECT part_id, world_at FROM network.stock_movement
    UNION ALL SELECT c.part_id, i.installed_at FROM network.installation i JOIN network.component c USING (component_id)) s
   WHERE at < $1 GROUP BY id`;

const SUPERSESSIONS = `
  SELECT from_part AS "fromPart", to_part AS "toPart", kind, valid_from AS "validFrom", valid_to AS "validTo", ratio, direction, approval
    FROM network.part_relation WHERE kind = 'supersession'`;

/** By what the bill of materials asks for today; a component with a forecast is the forecast's. */
const INSTALLED = `
  SELECT b.part_id AS "partId", a.depot_id AS "depotId", b.class_id AS "classId", sum(b.qty)::int AS pieces
    FROM network.installation i JOIN network.component c USING (component_id)
    JOIN network.equipment e ON e.equipment_no = i.equipment_no AND e.state = 'active'
    JOIN LATERAL (SELECT b.part_id, b.class_id, b.qty FROM network.bom_position b
                   WHERE b.model_id = e.model_id AND b.position_id = i.position_id AND b.valid_from <= $1 AND b.valid_to > $1
                   ORDER BY b.valid_from DESC, b.part_id LIMIT 1) b ON true
    JOIN LATERAL (${servingDepot('e.equipment_no', 'b.part_id', '$1')}) a ON true
   WHERE i.removed_at IS NULL AND NOT ${IS_FORECAST}
   GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`;
