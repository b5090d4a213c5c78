import {ON_TIME_D} from '../../domain/kpi.ts';
import {inPartySession} from '../../platform/party-session.ts';
import {timestamp} from '../../platform/pg.ts';
import type {Pool, Queryable} from '../../platform/pg.ts';
import type {ScoredOrder, SuppliedPart} from '../core/supplier-scorecard.ts';
import type {OwnNeed, OwnOrder, PartReportRow, PartyReads} from '../read-ports.ts';

/** What parties read of themselves. No query names the party: the database shows the rows of the session's own (migration 37). */
export function partyReads(pool: Pool): PartyReads {
  return {
    ownOrders: ({asParty, after, limit}) =>
      inPartySession(pool, asParty, async (db) => {
        const {rows} = await db.query<OwnOrder>(
          `SELECT o.order_id AS "orderId", o.kind, o.part_id AS "partId", p.name AS "partName", substr(o.to_loc, 7) AS "depotId", o.qty,
                  o.shipped_qty AS "shippedQty", o.received_qty AS "receivedQty", o.state, o.ordered_at AS "orderedAt",
                  o.requested_at AS "requestedAt", o.promised_at AS "promisedAt", d.due AS "dueAt", o.slips, o.mode
             FROM network.supply_order o JOIN network.part p USING (part_id)
             CROSS JOIN LATERAL (SELECT coalesce(o.promised_at, o.expected_at) AS due) d
            WHERE o.state IN ('released', 'confirmed', 'shipped') AND ($1::timestamptz IS NULL OR (d.due, o.order_id) > ($1, $2::uuid))
            ORDER BY d.due, o.order_id LIMIT $3`,
          [after === undefined ? null : timestamp(after.at), after?.id ?? null, limit],
        );
        return rows;
      }),
    isOwnOrder: (asParty, orderId) =>
      inPartySession(pool, asParty, async (db) => {
        const {rowCount} = await db.query('SELECT FROM network.supply_order WHERE order_id = $1', [orderId]);
        return rowCount === 1;
      }),
    scoredOrders: (asParty, since) =>
      inPartySession(pool, asParty, async (db) => {
        const {rows} = await db.query<ScoredOrder>(
          `SELECT o.part_id AS "partId", o.qty, o.received_qty AS "receivedQty", o.ordered_at AS "orderedAt", d.due AS "dueAt",
                  o.received_at AS "receivedAt", o.slips,
                  (SELECT min(e.world_at) FROM network.supply_order_event e WHERE e.order_id = o.order_id AND e.type = 'confirm') AS "confirmedAt",
                  (SELECT s.lead_time_mean_d FROM network.sourcing s
                    WHERE s.part_id = o.part_id AND o.to_loc = 'depot:' || s.depot_id AND s.kind = 'normal' AND s.valid_from <= o.ordered_at
                    ORDER BY s.valid_from DESC LIMIT 1) AS "agreedDays"
             FROM network.supply_order o
             CROSS JOIN LATERAL (SELECT coalesce(o.first_promised_at, o.expected_at) AS due) d
            WHERE o.state NOT IN ('cancelled', 'rejected') AND d.due >= $1 AND d.due < $2
            ORDER BY d.due DESC, o.order_id LIMIT ${SCORED_MAX}`,
          [timestamp(since), timestamp(asParty.at)],
        );
        return rows;
      }),
    suppliedParts: (asParty, since) =>
      inPartySession(pool, asParty, async (db) => {
        const {rows} = await db.query<SuppliedPart>(
          `SELECT part_id AS "partId", segment, handed_out AS "handedOut", faulty, waited_days AS "waitedDays"
             FROM network.supplier_figures($1, $2, make_interval(days => $3))`,
          [timestamp(since), timestamp(asParty.at), ON_TIME_D],
        );
        return rows;
      }),
    ownNeeds: ({asParty, ofMachines, filledSince, after, limit}) =>
      inPartySession(pool, asParty, async (db) => {
        const {rows} = await db.query<OwnNeed>(
          `SELECT l.demand_id AS "demandId", e.equipment_id AS "equipmentId", s.name AS "siteName", l.part_id AS "partId", p.name AS "partName",
                  l.depot_id AS "depotId", l.qty, l.filled_qty AS "filledQty", l.state,
                  l.needed_at AS "neededAt", l.promised_at AS "promisedAt", l.promise_ppm AS "promisePpm", l.filled_at AS "filledAt"
             FROM network.demand_line l JOIN network.part p USING (part_id) LEFT JOIN network.equipment e USING (equipment_no)
             LEFT JOIN network.site s USING (site_id)
             CROSS JOIN LATERAL (SELECT CASE WHEN l.state = 'open' THEN extract(epoch FROM l.needed_at) ELSE -extract(epoch FROM l.filled_at) END * 1000
                                     AS place) k
            WHERE (l.state = 'open' OR (l.state = 'filled' AND l.filled_at >= $1)) AND (NOT $2 OR e.equipment_id IS NOT NULL)
              AND ($4::boolean IS NULL OR (l.state = 'filled', k.place, l.demand_id) > ($4, $5::numeric, $6::uuid))
            ORDER BY l.state = 'filled', k.place, l.demand_id LIMIT $3`,
          [
            filledSince === null ? null : timestamp(filledSince),
            ofMachines,
            limit,
            after?.isFilled ?? null,
            after === undefined ? null : (after.isFilled ? -1 : 1) * Number(after.at),
            after?.id ?? null,
          ],
        );
        return rows;
      }),
    isOwnNeed: (asParty, demandId) =>
      inPartySession(pool, asParty, async (db) => {
        const {rowCount} = await db.query('SELECT FROM network.demand_line WHERE demand_id = $1', [demandId]);
        return rowCount === 1;
      }),
    async partReports({asParty, isAnswered, after, limit}) {
      const read = async (db: Queryable): Promise<PartReportRow[]> => {
        const {rows} = await db.query<PartReportRow>(
          `SELECT r.report_id AS "reportId", r.party_id AS "partyId", r.demand_id AS "demandId", r.problem, r.pieces, r.note, r.reported_at AS "reportedAt",
                  r.opened_demand_id AS "openedDemandId", r.answer, r.answered_at AS "answeredAt",
                  CASE WHEN l.demand_id IS NOT NULL THEN
                    jsonb_build_object('demandId', l.demand_id, 'partId', l.part_id, 'depotId', l.depot_id, 'equipmentId', e.equipment_id, 'state', l.state,
                                       'promisedAt', round(extract(epoch FROM l.promised_at) * 1000)::bigint) END AS need
             FROM network.part_report r LEFT JOIN network.demand_line l ON l.demand_id = coalesce(r.opened_demand_id, r.demand_id)
             LEFT JOIN network.equipment e USING (equipment_no)
            WHERE ($2::timestamptz IS NULL OR r.reported_at < $2 OR (r.reported_at = $2 AND r.report_id > $3::uuid))
              AND ($4::boolean IS NULL OR (r.answered_at IS NOT NULL) = $4)
            ORDER BY r.reported_at DESC, r.report_id LIMIT $1`,
          [limit, after === undefined ? null : timestamp(after.at), after?.id ?? null, isAnswered],
        );
        return rows;
      };
      return asParty === null ? read(pool) : inPartySession(pool, asParty, read);
    },
  };
}

/** Orders that a scorecard looks at: years of one supplier. */
const SCORED_MAX = 10_000;
