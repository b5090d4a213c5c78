import {DAY_MS, HOUR_MS, plusMs} from '../../domain/time.ts';
import type {EpochMs} from '../../domain/time.ts';
import {timestamp, together} from '../../platform/pg.ts';
import type {Queryable} from '../../platform/pg.ts';
import {normalSource} from '../core/decision/refill.ts';
import {knownAt, plannedWindow} from '../core/backorder/shortage-evidence.ts';
import type {DemandFacts, Known, OrderFact, ShortageFacts} from '../core/backorder/shortage-evidence.ts';
import {readSituation} from './situation-input.ts';

/** Orders, counts and proposals that are older have nothing to do with the shelf of today. */
const LOOK_BACK_MS = 90 * DAY_MS;
/** What came before the planned window tells whether the forecast had been right. */
const PAST_MS = 365 * DAY_MS;

interface LineRow {
  readonly part_id: string;
  readonly depot_id: string;
  readonly group_id: string;
  readonly needed_at: EpochMs;
  readonly missing: number;
  readonly equipment_id: string | null;
  readonly position_id: string | null;
  readonly discontinued_by: string | null;
}
/** A part is discontinued by its flag, or by a successor where nobody sells it any more. */
const LINE = `
  SELECT l.part_id, l.depot_id, p.group_id, l.needed_at, e.equipment_id, v.position_id,
         greatest(0, l.qty - (SELECT coalesce(sum(d.qty), 0) FROM network.demand_event d
                    WHERE d.demand_id = l.demand_id AND d.type = 'filled' AND d.world_at <= l.needed_at))::int AS missing,
         CASE WHEN 'end-of-life' = ANY(p.flags) THEN 'end-of-life'
              WHEN NOT EXISTS (SELECT FROM network.sourcing s WHERE s.part_id = l.part_id AND s.source_kind = 'supplier' AND s.valid_from <= l.needed_at)
              THEN (SELECT r.to_part FROM network.part_relation r WHERE r.from_part = l.part_id AND r.kind = 'supersession' AND r.approval = 'approved'
                       AND r.valid_from <= l.needed_at AND r.valid_to > l.needed_at ORDER BY r.to_part LIMIT 1) END AS discontinued_by
    FROM network.demand_line l JOIN network.part p USING (part_id) LEFT JOIN network.equipment e USING (equipment_no)
    LEFT JOIN network.position_event v ON v.equipment_no = l.equipment_no AND v.event_key = l.source_key AND l.source = 'event'
   WHERE l.demand_id = $1 LIMIT 1`;

/** Orders to the depot that had not all arrived when the need came; those called off before it are transfers that were stopped. */
const ORDERS = `
  WITH told AS (
    SELECT o.order_id, sum(v.qty) FILTER (WHERE v.type = 'receive' AND v.world_at <= $3) AS received,
           min(v.world_at) FILTER (WHERE v.type IN ('cancel', 'reject')) AS called_off_at
      FROM network.supply_order o JOIN network.supply_order_event v USING (order_id)
     WHERE o.part_id = $1 AND o.to_loc = 'depot:' || $2 AND o.ordered_at < $3 AND (o.state <> 'received' OR v.world_at > $4)
     GROUP BY 1)
  SELECT o.order_id AS "orderId", o.from_loc LIKE 'supplier:%' AS "fromSupplier", (o.qty - coalesce(t.received, 0))::int AS missing,
         o.ordered_at AS "orderedAt", coalesce(o.first_promised_at, o.promised_at, o.expected_at) AS "dueAt", o.slips,
         coalesce(t.called_off_at <= $3, false) AS "calledOff"
    FROM told t JOIN network.supply_order o USING (order_id)
   WHERE o.qty > coalesce(t.received, 0) AND (t.called_off_at IS NULL OR t.called_off_at > $4) ORDER BY o.ordered_at, o.order_id`;

const SHRINKAGE = `
  SELECT movement_id AS "movementId", qty AS pieces FROM network.stock_movement
   WHERE part_id = $1 AND from_loc = 'depot:' || $2 AND to_loc LIKE 'adjustment:%' AND world_at <= $3 AND world_at > $4
   ORDER BY log_seq`;

/** Transfers that would have been here in time, had somebody said yes. */
const UNANSWERED = `
  SELECT decision_id AS "decisionId", qty AS pieces, state FROM replenish.decision
   WHERE group_id = $5 AND part_id = $1 AND depot_id = $2 AND action = 'transfer' AND state IN ('proposed', 'rejected', 'expired')
     AND decided_at > $4 AND decided_at + make_interval(secs => (option->'arrival'->>'meanH')::float8 * 3600) <= $3
   ORDER BY group_version`;

/** What is on record about one backorder: read once it is watched, and again at each threshold. */
export async function loadShortageFacts(db: Queryable, demandId: string): Promise<ShortageFacts> {
  const line = (await db.query<LineRow>(LINE, [demandId])).rows[0]!;
  const {part_id: partId, depot_id: depotId, group_id: groupId, needed_at: neededAt} = line;
  const place = [partId, depotId, timestamp(neededAt), timestamp(plusMs(neededAt, -LOOK_BACK_MS))];
  const [orders, shrinkage, unanswered, known] = await together([
    db.query<OrderFact>(ORDERS, place),
    db.query<ShortageFacts['shrinkage'][number]>(SHRINKAGE, place),
    db.query<ShortageFacts['unanswered'][number]>(UNANSWERED, [...place, groupId]),
    knownBefore(db, {groupId, partId, depotId, neededAt}),
  ]);
  return {
    partId,
    depotId,
    neededAt,
    missing: line.missing,
    orders: orders.rows,
    shrinkage: shrinkage.rows,
    unanswered: unanswered.rows,
    discontinuedBy: line.discontinued_by,
    known,
    failed:
      line.equipment_id === null ? null : {equipmentId: line.equipment_id, positionId: line.position_id},
    demand: known === null ? null : await loadDemand(db, known, {partId, depotId, neededAt}),
  };
}

interface Place {
  readonly groupId: string;
  readonly partId: string;
  readonly depotId: string;
  readonly neededAt: EpochMs;
}

const DECISIONS = `
  SELECT (SELECT decision_id FROM replenish.decision WHERE group_id = $1 AND part_id = $2 AND decided_at < $3 ORDER BY group_version DESC LIMIT 1) AS latest,
         (SELECT decision_id FROM replenish.decision WHERE group_id = $1 AND part_id = $2 AND decided_at < $3 ORDER BY group_version LIMIT 1) AS first`;

/** The last decision at which an order would still have come in time; the first one, where all of them came too late. */
async function knownBefore(db: Queryable, place: Place): Promise<Known | null> {
  const {latest, first} = await decisionsBefore(db, place, place.neededAt);
  if (latest === null || first === null) return null;
  const newest = (await readSituation(db, latest))!; // the decision row references it
  const depot = newest.depots.find(({depotId}) => depotId === place.depotId);
  if (depot === undefined) return null;
  const leadTimeMs = (normalSource(depot)?.meanH ?? 0) * HOUR_MS;
  const inTime = await decisionsBefore(db, place, plusMs(place.neededAt, -leadTimeMs));
  const decisionId = inTime.latest ?? first;
  const situation = decisionId === latest ? newest : (await readSituation(db, decisionId))!;
  return knownAt(decisionId, situation, place.depotId);
}

async function decisionsBefore(
  db: Queryable,
  {groupId, partId}: Place,
  before: EpochMs,
): Promise<{readonly latest: string | null; readonly first: string | null}> {
  const asked = [groupId, partId, timestamp(before)];
  return (await db.query<{latest: string | null; first: string | null}>(DECISIONS, asked)).rows[0]!;
}

/** What was asked for, as it was asked; a need that turned out to be another line's is none. */
const DEMAND = `
  WITH line AS (
    SELECT requested_at, qty FROM network.demand_line
     WHERE part_id = $1 AND depot_id = ANY($2::text[]) AND requested_at <= $3 AND requested_at > $5 AND (state <> 'cancelled' OR cancelled_at IS NOT NULL)),
  first AS (SELECT min(requested_at) AS at FROM line WHERE requested_at <= $4)
  SELECT coalesce(sum(qty) FILTER (WHERE requested_at > $4), 0)::int AS pieces,
         coalesce(sum(qty) FILTER (WHERE requested_at <= $4 AND requested_at > first.at), 0)::int AS "pastPieces",
         coalesce(extract(epoch FROM $4::timestamptz - min(first.at)) / 3600, 0)::float8 AS "pastH"
    FROM line, first`;

async function loadDemand(
  db: Queryable,
  known: Known,
  {partId, depotId, neededAt}: Omit<Place, 'groupId'>,
): Promise<DemandFacts | null> {
  const window = plannedWindow(known, depotId);
  if (window === null) return null;
  const from = plusMs(neededAt, -window.hours * HOUR_MS);
  const found = await db.query<DemandFacts>(DEMAND, [
    partId,
    window.depotIds,
    timestamp(neededAt),
    timestamp(from),
    timestamp(plusMs(from, -PAST_MS)),
  ]);
  return found.rows[0]!;
}
