import {AT_ONCE_H, ON_TIME_D} from '../../domain/kpi.ts';
import type {KpiId} from '../../domain/kpi.ts';

/**
 * The rows behind each key figure (domain/kpi.ts), in the window from $1 until $2: what it is (`ref`, unique), when, of which part, depot
 * and partner, and its numerator and denominator. They are numeric, so that sums are exact in whatever order they are taken.
 */
const HOURS = (from: string, until: string): string =>
  `round(extract(epoch FROM ${until} - ${from}) / 3600, 6)`;
const INFINITY = `'infinity'::timestamptz`;

/**
 * Pieces of each line that was past its date within the window, and until when they were missing. A withdrawn line (cancelled, and nobody
 * cancelled it) was never a need of its own, nor was a duplicate. A line from an import has no steps: it ended when it was filled.
 */
const WAITS = `
  line AS (
    SELECT l.*, coalesce(x.qty, 0) AS told FROM network.demand_line l
      LEFT JOIN LATERAL (SELECT sum(e.qty) AS qty FROM network.demand_event e WHERE e.demand_id = l.demand_id AND e.type IN ('filled', 'cancelled')) x ON true
     WHERE l.needed_at < $2 AND NOT (l.state = 'cancelled' AND l.cancelled_at IS NULL)
       AND coalesce(greatest(l.filled_at, l.cancelled_at), ${INFINITY}) > $1),
  wait AS (
    SELECT l.demand_id, e.qty, e.world_at AS until FROM line l JOIN network.demand_event e USING (demand_id)
     WHERE e.type = 'filled' OR (e.type = 'cancelled' AND e.reason <> 'duplicate')
    UNION ALL
    SELECT demand_id, CASE state WHEN 'open' THEN qty - filled_qty ELSE qty - told END,
           CASE state WHEN 'open' THEN ${INFINITY} ELSE coalesce(filled_at, cancelled_at) END
      FROM line),
  waiting AS (
    SELECT l.demand_id::text AS ref, l.needed_at AS at, l.part_id, l.depot_id, l.customer_party_id AS party_id,
           greatest(l.needed_at, $1) AS from_at, least(w.until, $2) AS until_at, w.until, w.qty
      FROM line l JOIN wait w USING (demand_id) WHERE w.qty > 0 AND w.until > greatest(l.needed_at, $1))`;

/** Lines that still wait at the end of the window. */
const openAtEnd = (numerator: string): string => `
  WITH ${WAITS}
  SELECT ref, at, w.part_id, depot_id, party_id, ${numerator} AS numerator, NULL::numeric AS denominator
    FROM waiting w JOIN network.part p USING (part_id) WHERE until > $2 GROUP BY 1, 2, 3, 4, 5, p.unit_cost_minor`;

const USABLE = `('new', 'serviceable')`;

const WATCH = `
  night AS (SELECT max(night) AS night FROM predict.model_watch WHERE night <= $2),
  slice AS (SELECT w.night, w.said, w.equipment_class_id, w.depot_id, w.figures->'alarms' AS a FROM predict.model_watch w JOIN night USING (night))`;

export const KPI_ROWS: Readonly<Record<KpiId, string>> = {
  'fill-rate': `
    SELECT l.demand_id::text AS ref, l.needed_at AS at, l.part_id, l.depot_id, l.customer_party_id AS party_id,
           least(a.asked, g.at_once)::numeric AS numerator, a.asked::numeric AS denominator
      FROM network.demand_line l
      CROSS JOIN LATERAL (
        SELECT CASE WHEN l.state = 'cancelled' AND (l.cancelled_at IS NULL OR EXISTS (
                      SELECT FROM network.demand_event v WHERE v.demand_id = l.demand_id AND v.type = 'cancelled' AND v.reason = 'duplicate'))
                    THEN l.filled_qty ELSE l.qty END AS asked,
               greatest(l.needed_at, l.requested_at) + interval '${AT_ONCE_H} h' AS deadline) a
      CROSS JOIN LATERAL (
        SELECT coalesce(sum(e.qty) FILTER (WHERE e.world_at <= a.deadline),
                        CASE WHEN count(e.demand_id) = 0 AND l.filled_at <= a.deadline THEN l.filled_qty END, 0) AS at_once
          FROM network.demand_event e WHERE e.demand_id = l.demand_id AND e.type = 'filled') g
     WHERE l.needed_at >= $1 AND l.needed_at < $2 AND a.asked > 0`,

  // Backwards from the balance of now: only what has moved since the window began is read.
  'stock-out-hours': `
    WITH shelf AS (
      SELECT pd.part_id, pd.depot_id, sum(b.qty) AS qty
        FROM network.part_depot pd JOIN network.stock_balance b ON b.loc = 'depot:' || pd.depot_id AND b.part_id = pd.part_id
       WHERE pd.may_stock AND b.condition IN ${USABLE} GROUP BY 1, 2),
    moves AS (
      SELECT m.part_id, substr(x.loc, 7) AS depot_id, m.world_at, m.log_seq, x.sign * m.qty AS qty
        FROM network.stock_movement m CROSS JOIN LATERAL (VALUES (m.from_loc, -1), (m.to_loc, 1)) x(loc, sign)
       WHERE m.world_at >= $1 AND m.condition IN ${USABLE} AND x.loc LIKE 'depot:%'),
    since AS (SELECT part_id, depot_id, sum(qty) AS qty, min(world_at) AS first_at FROM moves GROUP BY 1, 2),
    opening AS (
      SELECT s.part_id, s.depot_id, s.qty - coalesce(m.qty, 0) AS qty, m.first_at FROM shelf s LEFT JOIN since m USING (part_id, depot_id)),
    steps AS (
      SELECT part_id, depot_id, CASE WHEN held.yes THEN $1::timestamptz ELSE first_at END AS at, -1::bigint AS seq, qty
        FROM opening o CROSS JOIN LATERAL (
          SELECT o.qty > 0 OR EXISTS (SELECT FROM network.stock_movement m WHERE m.part_id = o.part_id AND m.to_loc = 'depot:' || o.depot_id
                                         AND m.condition IN ${USABLE} AND m.world_at < $1) AS yes) held
       WHERE held.yes OR first_at < $2
      UNION ALL
      SELECT m.part_id, m.depot_id, m.world_at, m.log_seq, m.qty FROM moves m JOIN shelf USING (part_id, depot_id) WHERE m.world_at < $2),
    levels AS (
      SELECT part_id, depot_id, at, seq, sum(qty) OVER w AS level, lead(at, 1, $2::timestamptz) OVER w AS until
        FROM steps WINDOW w AS (PARTITION BY part_id, depot_id ORDER BY at, seq))
    SELECT part_id || '@' || depot_id || '@' || seq AS ref, at, part_id, depot_id, NULL::text AS party_id,
           ${HOURS('at', 'until')} AS numerator, NULL::numeric AS denominator
      FROM levels WHERE level <= 0 AND until > at`,

  'on-time-delivery': `
    SELECT o.order_id::text AS ref, o.due AS at, o.part_id, substr(o.to_loc, 7) AS depot_id, o.supplier_party_id AS party_id,
           (o.received < o.late)::int::numeric AS numerator, 1::numeric AS denominator
      FROM (SELECT *, coalesce(first_promised_at, expected_at) AS due, coalesce(first_promised_at, expected_at) + interval '${ON_TIME_D} d' AS late,
                   CASE WHEN state = 'received' THEN coalesce(received_at, ${INFINITY}) ELSE ${INFINITY} END AS received
              FROM network.supply_order
             WHERE coalesce(first_promised_at, expected_at) >= $1 AND coalesce(first_promised_at, expected_at) < $2
               AND to_loc LIKE 'depot:%' AND state NOT IN ('proposed', 'cancelled', 'rejected')) o
     WHERE o.received <= $3 OR o.late <= $3`,

  'backorder-lines': openAtEnd('1::numeric'),
  'backorder-pieces': openAtEnd('sum(w.qty)::numeric'),
  'backorder-value': openAtEnd('(sum(w.qty) * p.unit_cost_minor)::numeric'),

  'customer-impact-hours': `
    WITH ${WAITS}
    SELECT ref, at, part_id, depot_id, party_id, ${HOURS('min(from_at)', 'max(until_at)')} AS numerator, NULL::numeric AS denominator
      FROM waiting GROUP BY 1, 2, 3, 4, 5`,

  'backorder-days-per-part-year': `
    WITH ${WAITS}
    SELECT ref, at, part_id, depot_id, NULL::text AS party_id,
           sum(qty * round(extract(epoch FROM until_at - from_at) / 86400, 6)) AS numerator, 0::numeric AS denominator
      FROM waiting GROUP BY 1, 2, 3, 4
    UNION ALL
    SELECT part_id || '@' || depot_id, $1::timestamptz, part_id, depot_id, NULL, 0,
           round(extract(epoch FROM $2::timestamptz - $1::timestamptz) / 86400 / 365.25, 9)
      FROM network.part_depot`,

  'proposals-unchanged': `
    SELECT decision_id::text AS ref, decided_at AS at, part_id, depot_id, NULL::text AS party_id,
           (state = 'approved')::int::numeric AS numerator, 1::numeric AS denominator
      FROM replenish.decision
     WHERE state NOT IN ('recorded', 'executed') AND state IN ('approved', 'changed', 'rejected') AND decided_at >= $1 AND decided_at < $2`,

  // Of machines that no depot serves there is no row by depot: what is left of the whole is theirs.
  'alarm-precision': `
    WITH ${WATCH},
    counted AS (
      SELECT night, said, equipment_class_id, depot_id, (a->>'trueAlarms')::numeric AS numerator,
             (a->>'trueAlarms')::numeric + (a->>'falseAlarms')::numeric AS denominator FROM slice),
    rest AS (
      SELECT w.night, w.said, w.equipment_class_id, '' AS depot_id, w.numerator - coalesce(sum(d.numerator), 0) AS numerator,
             w.denominator - coalesce(sum(d.denominator), 0) AS denominator
        FROM counted w LEFT JOIN counted d ON d.said = w.said AND d.equipment_class_id = w.equipment_class_id AND d.depot_id <> ''
       WHERE w.depot_id = '' GROUP BY w.night, w.said, w.equipment_class_id, w.numerator, w.denominator)
    SELECT said || ' ' || equipment_class_id || ' ' || depot_id AS ref, night AS at, NULL::text AS part_id, nullif(depot_id, '') AS depot_id,
           NULL::text AS party_id, numerator, denominator
      FROM (SELECT * FROM counted WHERE depot_id <> '' UNION ALL SELECT * FROM rest) s WHERE denominator <> 0 OR numerator <> 0`,

  'alarm-lead-hours': `
    WITH ${WATCH}
    SELECT said || ' ' || equipment_class_id AS ref, night AS at, NULL::text AS part_id, NULL::text AS depot_id, NULL::text AS party_id,
           (a->>'leadHours')::numeric * (a->>'foreseen')::numeric AS numerator, (a->>'foreseen')::numeric AS denominator
      FROM slice WHERE depot_id = '' AND a->>'leadHours' IS NOT NULL AND (a->>'foreseen')::numeric > 0`,
};
