-- What a supplier's scorecard says beside its orders (H2), of the parts of the session's segments: their class in force, the pieces of needs that were
-- filled in a span from the shelves that it supplies, those of them that technicians reported as wrong or dead on arrival, and the days that needs
-- waited at a depot while an order of the part to it, late by the given span or more, was past its date. A piece is not traced to its delivery: where
-- two suppliers fill a shelf, both see its reports. Answered as the owner: needs and reports are those of others.
CREATE FUNCTION network.supplier_figures(p_from timestamptz, p_to timestamptz, p_late_by interval)
RETURNS TABLE (part_id text, segment text, handed_out int, faulty int, waited_days double precision)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  WITH own AS (
    SELECT p.part_id, replenish.criticality_in_force(p) AS segment FROM network.part p WHERE p.part_id IN (SELECT network.supplied_parts())
  ), handed AS (
    SELECT l.part_id, sum(l.filled_qty)::int AS pieces, sum(r.pieces)::int AS faulty
      FROM network.supplied_cells() c JOIN network.demand_line l USING (part_id, depot_id)
      LEFT JOIN LATERAL (
        -- Of what was handed out a report opens the need anew; of a line that still waits it is about pieces that never left the shelf.
        SELECT sum(r.pieces) AS pieces FROM network.part_report r
         WHERE r.demand_id = l.demand_id AND r.opened_demand_id IS NOT NULL AND r.problem IN ('wrong-part', 'dead-on-arrival') AND r.reported_at < p_to) r ON true
     WHERE l.filled_at >= p_from AND l.filled_at < p_to
       -- A substitute that was handed out may be another supplier's.
       AND NOT EXISTS (SELECT FROM network.demand_event e WHERE e.demand_id = l.demand_id AND e.type = 'filled' AND e.part_id <> l.part_id)
     GROUP BY l.part_id
  ), late AS (
    -- Spans that overlap count once.
    SELECT o.part_id, substr(o.to_loc, 7) AS depot_id, range_agg(tstzrange(d.due, d.until)) AS spans
      FROM network.supply_order o
      CROSS JOIN LATERAL (SELECT coalesce(o.first_promised_at, o.expected_at) AS due, least(o.received_at, p_to) AS until) d
     WHERE o.from_loc = 'supplier:' || network.session_party() AND o.state NOT IN ('proposed', 'cancelled', 'rejected')
       AND d.due + p_late_by <= d.until AND d.until > p_from
     GROUP BY o.part_id, o.to_loc
  ), waited AS (
    SELECT l.part_id, sum(extract(epoch FROM upper(s) - lower(s))) / 86400 AS days
      FROM late JOIN network.demand_line l USING (part_id, depot_id)
      CROSS JOIN LATERAL (SELECT greatest(l.needed_at, p_from) AS since, least(l.filled_at, l.cancelled_at, p_to) AS until) w
      CROSS JOIN LATERAL unnest(late.spans * tstzmultirange(tstzrange(w.since, w.until))) s
     -- A cancelled line without an instant was withdrawn: its need is another line's.
     WHERE w.since < w.until AND (l.state <> 'cancelled' OR l.cancelled_at IS NOT NULL)
     GROUP BY l.part_id
  )
  SELECT own.part_id, own.segment, coalesce(handed.pieces, 0), coalesce(handed.faulty, 0), coalesce(waited.days, 0)::double precision
    FROM own LEFT JOIN handed USING (part_id) LEFT JOIN waited USING (part_id)
$$;
REVOKE EXECUTE ON FUNCTION network.supplier_figures FROM PUBLIC;
GRANT EXECUTE ON FUNCTION network.supplier_figures TO forestock_party;
