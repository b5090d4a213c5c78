-- Several allotments of one part may serve one line: what was given of it answers the oldest first, and together they are never more
-- than the line waits for.
CREATE OR REPLACE VIEW network.allotment AS
  WITH made AS (
    SELECT a.allocation_id, a.demand_id, a.part_id, a.supply_ref, a.decision_id, a.qty, a.covers_qty, a.made_at, l.qty - l.filled_qty AS open_qty,
           sum(a.covers_qty) OVER line - a.covers_qty AS covered_before, min(a.made_at) OVER (PARTITION BY a.demand_id, a.part_id) AS first_made_at
      FROM network.allocation a
      JOIN network.demand_line l ON l.demand_id = a.demand_id AND l.state = 'open'
     WHERE a.kind = 'hard'
       AND NOT EXISTS (SELECT FROM network.supply_order o WHERE o.decision_id = a.decision_id AND o.state IN ('cancelled', 'rejected'))
    WINDOW line AS (PARTITION BY a.demand_id, a.part_id ORDER BY a.made_at, a.allocation_id)),
  ungiven AS (
    SELECT m.*, least(m.covers_qty, greatest(0, m.covered_before + m.covers_qty - coalesce(given.qty, 0))) AS covers
      FROM made m
      LEFT JOIN LATERAL (SELECT sum(e.qty) AS qty FROM network.demand_event e
                          WHERE e.demand_id = m.demand_id AND e.type = 'filled' AND e.part_id = m.part_id AND e.world_at >= m.first_made_at) given ON true),
  standing AS (
    SELECT u.*, sum(u.covers) OVER (PARTITION BY u.demand_id, u.part_id ORDER BY u.made_at, u.allocation_id) - u.covers AS standing_before FROM ungiven u)
  SELECT allocation_id, demand_id, part_id, substr(supply_ref, 7) AS depot_id, decision_id, qty / covers_qty AS ratio,
         least(covers, open_qty - standing_before)::int AS covers_left
    FROM standing WHERE least(covers, open_qty - standing_before) > 0;
