-- A supplier that has agreed to confirm orders is given so long for each: until then the order's timer runs.
CREATE OR REPLACE FUNCTION network.place_supply_order(
  p_order_id uuid, p_decision_id uuid, p_kind text, p_part_id text, p_from text, p_to text, p_supplier text, p_owner text,
  p_qty int, p_state text, p_ordered_at timestamptz, p_expected_at timestamptz, p_lead_time_sd_h double precision,
  p_cost_minor bigint, p_currency text, p_mode text)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO network.supply_order (order_id, decision_id, kind, part_id, from_loc, to_loc, supplier_party_id, owner_party_id, qty, state, ordered_at, expected_at, lead_time_sd_h, cost_minor, currency, mode)
  VALUES (p_order_id, p_decision_id, p_kind, p_part_id, p_from, p_to, p_supplier, p_owner, p_qty, p_state, p_ordered_at, p_expected_at, p_lead_time_sd_h, p_cost_minor, p_currency, p_mode)
  ON CONFLICT DO NOTHING;
  IF NOT FOUND THEN RETURN false; END IF;
  INSERT INTO network.supply_order_event (order_id, event_no, source, source_key, type, qty, world_at)
  VALUES (p_order_id, 1, 'decision', p_decision_id::text, p_state, p_qty, p_ordered_at);
  INSERT INTO platform.world_timer (kind, key, due_at)
  SELECT 'order-answer', p_order_id::text, p_ordered_at + make_interval(hours => f.expected_interval_h + f.grace_h)
    FROM network.feed f WHERE p_state = 'released' AND f.party_id = p_supplier AND f.kind = 'order-confirmations';
  RETURN true;
END $$;
