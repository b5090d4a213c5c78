-- What freight, duty and handling cost on a way, and what may not travel or lie there.
ALTER TABLE network.part ADD COLUMN weight_g int NOT NULL DEFAULT 0 CHECK (weight_g >= 0);
ALTER TABLE network.depot ADD COLUMN forbidden_flags text[] NOT NULL DEFAULT '{}';
ALTER TABLE network.lane
  ADD COLUMN cost_per_kg_minor bigint NOT NULL DEFAULT 0 CHECK (cost_per_kg_minor >= 0),
  ADD COLUMN duty_rate double precision NOT NULL DEFAULT 0 CHECK (duty_rate >= 0),
  ADD COLUMN handling_minor bigint NOT NULL DEFAULT 0 CHECK (handling_minor >= 0);
-- A workshop is a source of kind 'repair': its price is that of repairing a piece.
ALTER TABLE network.sourcing
  DROP CONSTRAINT sourcing_kind_check,
  ADD CONSTRAINT sourcing_kind_check CHECK (kind IN ('normal', 'emergency', 'repair')),
  ADD COLUMN freight_minor bigint NOT NULL DEFAULT 0 CHECK (freight_minor >= 0),
  ADD COLUMN freight_per_kg_minor bigint NOT NULL DEFAULT 0 CHECK (freight_per_kg_minor >= 0),
  ADD COLUMN duty_rate double precision NOT NULL DEFAULT 0 CHECK (duty_rate >= 0),
  ADD COLUMN handling_minor bigint NOT NULL DEFAULT 0 CHECK (handling_minor >= 0),
  ADD COLUMN exclusivity_waived boolean NOT NULL DEFAULT false;

-- Until when pieces of a lot may be used; a lot without a row lasts.
CREATE TABLE network.lot (
  part_id text NOT NULL REFERENCES network.part,
  lot text NOT NULL,
  usable_until timestamptz NOT NULL,
  PRIMARY KEY (part_id, lot)
);
GRANT INSERT, UPDATE ON network.lot TO forestock_network;

ALTER TABLE replenish.decision
  DROP CONSTRAINT decision_action_check,
  ADD CONSTRAINT decision_action_check CHECK (action IN ('order', 'transfer', 'expedite', 'emergency', 'substitute', 'repair', 'nothing'));

-- A substitute is allotted to the line that it serves: `qty` pieces of it do the work of `covers_qty` of the line's part.
ALTER TABLE network.allocation
  ADD COLUMN covers_qty int CHECK (covers_qty > 0),
  ADD CONSTRAINT allocation_allotment_whole CHECK (kind <> 'hard' OR num_nonnulls(demand_id, decision_id, made_at, covers_qty) = 4);
CREATE INDEX allocation_demand ON network.allocation (demand_id) WHERE kind = 'hard';
CREATE INDEX allocation_allotted ON network.allocation (part_id) WHERE kind = 'hard';

-- What allotments still stand for: not what was given of them, nor of a line that is closed, nor pieces whose order was called off.
CREATE VIEW network.allotment AS
  SELECT a.allocation_id, a.demand_id, a.part_id, substr(a.supply_ref, 7) AS depot_id, a.decision_id, a.qty / a.covers_qty AS ratio,
         least(a.covers_qty - coalesce(given.qty, 0), l.qty - l.filled_qty) AS covers_left
    FROM network.allocation a
    JOIN network.demand_line l ON l.demand_id = a.demand_id AND l.state = 'open'
    LEFT JOIN LATERAL (SELECT sum(e.qty)::int AS qty FROM network.demand_event e
                        WHERE e.demand_id = a.demand_id AND e.type = 'filled' AND e.part_id = a.part_id AND e.world_at >= a.made_at) given ON true
   WHERE a.kind = 'hard' AND a.covers_qty > coalesce(given.qty, 0)
     AND NOT EXISTS (SELECT FROM network.supply_order o WHERE o.decision_id = a.decision_id AND o.state IN ('cancelled', 'rejected'));

CREATE FUNCTION network.allot_substitute(
  p_allocation_id uuid, p_decision_id uuid, p_demand_id uuid, p_part_id text, p_depot_id text, p_qty int, p_covers_qty int, p_made_at timestamptz)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO network.allocation (allocation_id, decision_id, demand_id, part_id, supply_ref, qty, covers_qty, kind, made_at)
  VALUES (p_allocation_id, p_decision_id, p_demand_id, p_part_id, 'depot:' || p_depot_id, p_qty, p_covers_qty, 'hard', p_made_at)
  ON CONFLICT DO NOTHING;
  RETURN FOUND;
END $$;
REVOKE EXECUTE ON FUNCTION network.allot_substitute FROM PUBLIC;
GRANT EXECUTE ON FUNCTION network.allot_substitute TO forestock_replenish;
