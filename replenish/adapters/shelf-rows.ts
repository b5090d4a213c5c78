import {groupBy} from '../../domain/group-by.ts';
import {INT4_MAX} from '../../domain/quantity.ts';
import {HOUR_MS} from '../../domain/time.ts';
import type {EpochMs} from '../../domain/time.ts';
import {timestamp, together} from '../../platform/pg.ts';
import type {Queryable} from '../../platform/pg.ts';
import type {DepotSituation, PlannedMove, Receipt} from '../core/decision/situation.ts';
import {loadBackgrounds} from './background-rows.ts';
import {loadComponents, shortageMinorPerH} from './component-rows.ts';
import type {ReservationsAt} from './reservation-rows.ts';
import type {Rules} from './rule-rows.ts';
import type {Express} from '../core/supply/express.ts';
import {expressOf} from './way-rows.ts';

/** An order that is overdue has at least this much longer to come, and half its usual spread. */
const OVERDUE_MIN_H = 6;

/** A part's shelves as rules and reservations leave them, without the ways to refill them. */
export type ShelvesUnder = (rules: Rules, reservations: ReservationsAt) => DepotSituation[];

export async function loadShelves(db: Queryable, partId: string, now: EpochMs): Promise<ShelvesUnder> {
  const at = timestamp(now);
  const [shelves, incoming, waiting, components, backgrounds] = await together([
    db.query<ShelfRow>(SHELVES, [partId, at]),
    db.query<ReceiptRow>(RECEIPTS, [partId, at]),
    db.query<NeedRow>(NEEDS, [partId, at]),
    loadComponents(db, partId, now),
    loadBackgrounds(db, partId, now),
  ]);
  const receipts = groupBy(incoming.rows, (row) => row.depot_id);
  const needs = groupBy(waiting.rows, (row) => row.depot_id);
  return (rules, reservations) =>
    shelves.rows.map((shelf) => {
      const {expired, ...lasting} = rules.shelf(partId, shelf.depot_id, shelf.party_id);
      return {
        depotId: shelf.depot_id,
        partyId: shelf.party_id,
        parentDepotId: shelf.parent_depot_id,
        onHand: Math.max(0, shelf.on_hand - expired - shelf.promised_away - shelf.held_back),
        ...lasting,
        receipts: (receipts.get(shelf.depot_id) ?? []).map((row) => toReceipt(row, now)),
        ...needsBy(needs.get(shelf.depot_id) ?? [], partId, now),
        reservations: reservations(partId, shelf.depot_id),
        components: components.get(shelf.depot_id) ?? [],
        backgroundPerYear: shelf.background_per_year,
        backgroundVmr: shelf.background_vmr,
        ...backgrounds(shelf.depot_id),
        holdingRatePerYear: shelf.holding_rate_per_year,
        mayStock: shelf.may_stock,
        mustStock: shelf.must_stock,
        maxStock: shelf.max_stock,
        ...(shelf.stock_floor === null ? {} : {stockFloor: shelf.stock_floor}),
        ...(shelf.planned_moves === null ? {} : {plannedMoves: shelf.planned_moves}),
        sources: [],
      };
    });
}

interface ShelfRow {
  readonly depot_id: string;
  readonly party_id: string;
  readonly parent_depot_id: string | null;
  readonly on_hand: number;
  readonly promised_away: number;
  readonly held_back: number;
  readonly background_per_year: number;
  readonly background_vmr: number;
  readonly holding_rate_per_year: number;
  readonly may_stock: boolean;
  readonly must_stock: boolean;
  readonly max_stock: number | null;
  readonly stock_floor: number | null;
  readonly planned_moves: PlannedMove[] | null;
}
/** Pieces that an order takes away but that have not left yet are no longer on hand for anybody else; what is in dispute is held back (A6). */
const SHELVES = `
  SELECT pd.depot_id, pd.party_id, d.parent_depot_id, pd.background_per_year, pd.background_vmr, pd.holding_rate_per_year, pd.may_stock,
         pd.must_stock, pd.max_stock,
         least((SELECT coalesce(sum(b.qty), 0) FROM network.stock_balance b WHERE b.loc = 'depot:' || pd.depot_id AND b.part_id = pd.part_id
                     AND b.condition IN ('new', 'serviceable')), ${INT4_MAX})::int AS on_hand,
         least((SELECT coalesce(sum(o.qty - o.shipped_qty), 0) FROM network.supply_order o WHERE o.part_id = pd.part_id AND o.from_loc = 'depot:' || pd.depot_id
                     AND o.state IN ('released', 'confirmed', 'shipped')), ${INT4_MAX})::int AS promised_away,
         coalesce((SELECT h.pieces FROM network.held_back(pd.part_id, pd.depot_id, $2) h), 0) AS held_back,
         (SELECT t.base_stock FROM replenish.stock_target t WHERE t.part_id = pd.part_id AND t.depot_id = pd.depot_id
           ORDER BY t.valid_from DESC LIMIT 1) AS stock_floor,
         (SELECT jsonb_agg(jsonb_build_object('runId', m.run_id, 'fromDepotId', m.from_depot_id, 'mode', m.mode, 'quantity', m.qty,
                             'plannedAt', round(extract(epoch FROM r.world_at) * 1000)::bigint) ORDER BY m.from_depot_id, m.mode)
            FROM (SELECT run_id, world_at FROM replenish.plan_run WHERE kind = 'rebalance' AND outcome->>'currency' = p.currency
                   ORDER BY world_at DESC LIMIT 1) r
            CROSS JOIN LATERAL (
              SELECT m.run_id, m.from_depot_id, m.mode, m.qty - coalesce((SELECT sum(o.qty) FROM network.supply_order o
                       WHERE o.part_id = m.part_id AND o.from_loc = 'depot:' || m.from_depot_id AND o.to_loc = 'depot:' || m.to_depot_id
                         AND o.mode = m.mode AND o.ordered_at >= r.world_at AND o.state NOT IN ('cancelled', 'rejected')), 0)::int AS qty
                FROM replenish.rebalance_move m WHERE m.run_id = r.run_id AND m.part_id = pd.part_id AND m.to_depot_id = pd.depot_id) m
           WHERE m.qty > 0) AS planned_moves
    FROM network.part_depot pd JOIN network.depot d USING (depot_id) JOIN network.part p USING (part_id) WHERE pd.part_id = $1 ORDER BY pd.depot_id`;

interface ReceiptRow {
  readonly depot_id: string;
  readonly order_id: string;
  readonly kind: Receipt['kind'];
  readonly quantity: number;
  readonly expected_at: number;
  readonly sd_h: number;
  readonly expedite_mean_d: number | null;
  readonly expedite_fee_minor: number | null;
  readonly express: Express[] | null;
}
const RECEIPTS = `
  SELECT substr(o.to_loc, 7) AS depot_id, o.order_id, o.qty - o.received_qty AS quantity, coalesce(o.promised_at, o.expected_at) AS expected_at,
         o.lead_time_sd_h AS sd_h,
         CASE WHEN o.kind = 'emergency' THEN 'emergency' WHEN o.mode = 'express' OR o.kind = 'expedite' THEN 'express'
              WHEN o.kind = 'transfer' AND o.mode IS NOT NULL THEN 'transfer' ELSE 'normal' END AS kind, s.expedite_mean_d, s.expedite_fee_minor, s.express
    FROM network.supply_order o
    LEFT JOIN LATERAL (
      SELECT s.expedite_mean_d, s.expedite_fee_minor, ${expressOf('s')} AS express FROM network.sourcing s
       WHERE s.part_id = o.part_id AND s.depot_id = substr(o.to_loc, 7) AND s.kind = 'normal' AND s.valid_from <= $2
         AND s.source_id = coalesce(o.supplier_party_id, substr(o.from_loc, 7)) AND o.mode IS DISTINCT FROM 'express'
       ORDER BY s.valid_from DESC LIMIT 1) s ON true
   WHERE o.part_id = $1 AND o.to_loc LIKE 'depot:%' AND o.state IN ('released', 'confirmed', 'shipped') AND o.qty > o.received_qty
   ORDER BY o.order_id`;

function toReceipt(row: ReceiptRow, now: EpochMs): Receipt {
  const left = (row.expected_at - now) / HOUR_MS;
  return {
    orderId: row.order_id,
    kind: row.kind,
    quantity: row.quantity,
    meanH: Math.max(left, OVERDUE_MIN_H, row.sd_h / 2),
    sdH: row.sd_h,
    expediteMeanH: row.expedite_mean_d === null ? null : row.expedite_mean_d * 24,
    expediteFeeMinor: row.expedite_fee_minor,
    ...(row.express === null ? {} : {express: row.express}),
  };
}

interface NeedRow {
  readonly depot_id: string;
  readonly demand_id: string;
  readonly quantity: number;
  readonly needed_at: number;
  readonly equipment_id: string | null;
  readonly model_id: string | null;
  readonly part_id: string;
  readonly shortage: number;
  readonly contract_id: string | null;
}
/**
 * Lines of the part and of those it supersedes, each once: what is bought today fills them; a superseded part is asked for no more.
 * What a substitute was allotted to a line is the need of that part, and no longer of the line's own.
 */
const NEEDS = `
  WITH RECURSIVE served(part_id, ratio) AS (
    SELECT $1::text, 1 UNION
    SELECT r.from_part, s.ratio * r.ratio FROM served s JOIN network.part_relation r ON r.to_part = s.part_id
     WHERE r.kind = 'supersession' AND r.approval = 'approved' AND r.valid_from <= $2 AND r.valid_to > $2),
  line AS (
    SELECT l.demand_id, l.depot_id, l.part_id, l.equipment_no, l.needed_at,
           (l.qty - l.filled_qty - coalesce((SELECT sum(v.covers_left) FROM network.allotment v WHERE v.demand_id = l.demand_id), 0))::bigint * s.ratio AS pieces
      FROM network.demand_line l JOIN (SELECT part_id, min(ratio) AS ratio FROM served GROUP BY part_id) s USING (part_id)
     WHERE l.state = 'open' AND l.qty > l.filled_qty
       AND NOT EXISTS (SELECT 1 FROM network.part_relation r WHERE r.from_part = $1 AND r.kind = 'supersession' AND r.approval = 'approved'
                          AND r.valid_from <= $2 AND r.valid_to > $2)
    UNION ALL
    SELECT l.demand_id, v.depot_id, l.part_id, l.equipment_no, l.needed_at, sum(v.covers_left * v.ratio)
      FROM network.allotment v JOIN network.demand_line l USING (demand_id) WHERE v.part_id = $1 GROUP BY l.demand_id, v.depot_id)
  SELECT l.depot_id, l.demand_id, least(l.pieces, ${INT4_MAX})::int AS quantity, l.needed_at, e.equipment_id, e.model_id, l.part_id,
         (${shortageMinorPerH('$2')})::bigint AS shortage, e.contract_id
    FROM line l LEFT JOIN network.equipment e USING (equipment_no) WHERE l.pieces > 0 ORDER BY l.demand_id`;

/** What is needed by a date to come is planned; how near that is, the whole situation says (planned-need.ts). */
function needsBy(
  rows: readonly NeedRow[],
  partId: string,
  now: EpochMs,
): Pick<DepotSituation, 'needs' | 'planned'> {
  const isAhead = (row: NeedRow): boolean => row.needed_at > now;
  const needs = rows.filter((row) => !isAhead(row)).map((row) => toNeed(row, partId));
  const planned = rows
    .filter(isAhead)
    .map((row) => ({...toNeed(row, partId), inH: (row.needed_at - now) / HOUR_MS}));
  return planned.length === 0 ? {needs} : {needs, planned};
}

function toNeed(row: NeedRow, partId: string): DepotSituation['needs'][number] {
  return {
    demandId: row.demand_id,
    quantity: row.quantity,
    neededAt: row.needed_at,
    equipmentId: row.equipment_id,
    ...(row.model_id === null ? {} : {modelId: row.model_id}),
    ...(row.part_id === partId ? {} : {askedPartId: row.part_id}),
    shortageMinorPerH: row.shortage,
    ...(row.contract_id === null ? {} : {contractId: row.contract_id}),
  };
}
