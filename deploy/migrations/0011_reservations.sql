-- A piece that was moved for a predicted failure is reserved for that machine: softly, and until it expires (F4). A row stands as long as
-- the reservation does; how it ended is in the audit trail. `supply_ref` is the depot where the piece lies or arrives.
ALTER TABLE network.allocation
  ADD COLUMN decision_id uuid,
  ADD COLUMN made_at timestamptz,
  ADD COLUMN within_h int CHECK (within_h > 0),
  ADD COLUMN keep_ppm int CHECK (keep_ppm BETWEEN 0 AND 1000000),
  ADD CONSTRAINT allocation_reservation_whole
    CHECK (kind <> 'soft' OR num_nonnulls(component_id, decision_id, made_at, expires_at, within_h, keep_ppm) = 6);
CREATE INDEX allocation_part ON network.allocation (part_id) WHERE kind = 'soft';
CREATE INDEX allocation_expiry ON network.allocation (expires_at);
CREATE UNIQUE INDEX allocation_component_supply ON network.allocation (component_id, supply_ref) WHERE component_id IS NOT NULL;

-- One reservation a component and depot: a second one is answered with false.
CREATE FUNCTION network.reserve_pieces(
  p_allocation_id uuid, p_decision_id uuid, p_component_id text, p_part_id text, p_depot_id text, p_qty int, p_made_at timestamptz,
  p_expires_at timestamptz, p_within_h int, p_keep_ppm int)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO network.allocation (allocation_id, component_id, part_id, supply_ref, qty, kind, decision_id, made_at, expires_at, within_h, keep_ppm)
  VALUES (p_allocation_id, p_component_id, p_part_id, 'depot:' || p_depot_id, p_qty, 'soft', p_decision_id, p_made_at, p_expires_at, p_within_h, p_keep_ppm)
  ON CONFLICT DO NOTHING;
  RETURN FOUND;
END $$;
CREATE FUNCTION network.release_pieces(p_allocation_id uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  DELETE FROM network.allocation WHERE allocation_id = p_allocation_id AND kind = 'soft';
  RETURN FOUND;
END $$;
REVOKE EXECUTE ON FUNCTION network.reserve_pieces, network.release_pieces FROM PUBLIC;
GRANT EXECUTE ON FUNCTION network.reserve_pieces, network.release_pieces TO forestock_replenish;
