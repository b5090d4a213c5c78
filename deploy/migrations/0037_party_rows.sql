-- What a party reads, it reads under the role forestock_party, in a transaction that names it (platform/party-session.ts). A table
-- that is not granted here it cannot read at all; of one that is, it sees the named columns of its own rows. Under no name it sees none.
-- The service's own roles see every row, as before.

-- The party of this transaction, and the instant that agreements are looked up at: no name, no rows; no instant, no agreement.
CREATE FUNCTION network.session_party() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
  SELECT nullif(current_setting('forestock.party', true), '')
$$;
CREATE FUNCTION network.session_at() RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
  SELECT nullif(current_setting('forestock.party_at', true), '')::timestamptz
$$;

-- The machines that the session's party serves: where it is a service partner, those that it houses, that a depot of its own serves, or
-- that it has under contract. Answered as the owner, so that the policies below do not ask each other in circles.
CREATE FUNCTION network.served_equipment() RETURNS SETOF int LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT e.equipment_no FROM network.equipment e JOIN network.party p ON p.party_id = network.session_party() AND p.kind = 'partner'
   WHERE EXISTS (SELECT FROM network.site s WHERE s.site_id = e.site_id AND s.party_id = p.party_id)
      OR EXISTS (SELECT FROM network.service_area a JOIN network.depot d USING (depot_id)
                  WHERE a.equipment_no = e.equipment_no AND d.party_id = p.party_id AND a.valid_from <= network.session_at() AND network.session_at() < a.valid_to)
      OR EXISTS (SELECT FROM network.contract k
                  WHERE k.contract_id = e.contract_id AND k.status = 'active' AND k.valid @> network.session_at() AND p.party_id IN (k.party_a, k.party_b))
$$;

-- The parts that it supplies.
CREATE FUNCTION network.supplied_parts() RETURNS SETOF text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT part_id FROM network.sourcing WHERE source_kind = 'supplier' AND source_id = network.session_party()
  UNION
  SELECT part_id FROM network.supply_order WHERE from_loc = 'supplier:' || network.session_party() AND state <> 'proposed'
$$;
REVOKE EXECUTE ON FUNCTION network.served_equipment, network.supplied_parts FROM PUBLIC;
GRANT EXECUTE ON FUNCTION network.served_equipment, network.supplied_parts TO forestock_party;
GRANT USAGE ON SCHEMA replenish TO forestock_party;

-- Row-level security on each table, with a policy by which the stages go on as before.
DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['network.party', 'network.site', 'network.equipment', 'network.part', 'network.sourcing',
    'network.sourcing_express', 'network.supply_order', 'network.supply_order_event', 'network.demand_line', 'network.demand_event',
    'network.demand_promise', 'replenish.lead_time', 'replenish.backorder', 'replenish.alert'] LOOP
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY every_stage ON %s TO forestock_platform, forestock_network, forestock_ingest, forestock_predict, forestock_replenish, '
      'forestock_partners, forestock_api USING (true) WITH CHECK (true)', name);
  END LOOP;
END $$;

-- Itself.
GRANT SELECT ON network.party TO forestock_party;
CREATE POLICY own_party ON network.party FOR SELECT TO forestock_party USING (party_id = network.session_party());

-- A supplier: its orders once they are released, what it has agreed to supply at which price and in which time, and how long it took.
GRANT SELECT (order_id, kind, part_id, from_loc, to_loc, qty, shipped_qty, received_qty, state, ordered_at, expected_at, promised_at, first_promised_at,
  slips, received_at, cost_minor, currency, mode) ON network.supply_order TO forestock_party;
CREATE POLICY own_supply ON network.supply_order FOR SELECT TO forestock_party
  USING (from_loc = 'supplier:' || network.session_party() AND state <> 'proposed');
GRANT SELECT (order_id, event_no, type, qty, world_at) ON network.supply_order_event TO forestock_party;
CREATE POLICY own_supply ON network.supply_order_event FOR SELECT TO forestock_party USING (order_id IN (SELECT order_id FROM network.supply_order));
GRANT SELECT ON network.sourcing, network.sourcing_express, replenish.lead_time TO forestock_party;
CREATE POLICY own_supply ON network.sourcing FOR SELECT TO forestock_party USING (source_kind = 'supplier' AND source_id = network.session_party());
CREATE POLICY own_supply ON network.sourcing_express FOR SELECT TO forestock_party USING (source_kind = 'supplier' AND source_id = network.session_party());
CREATE POLICY own_supply ON replenish.lead_time FOR SELECT TO forestock_party USING (source_kind = 'supplier' AND source_id = network.session_party());

-- Whoever uses or serves a machine: the machine, where it stands, what it waits for and until when, and that it has fallen silent.
REVOKE SELECT (equipment_no, equipment_id) ON network.equipment FROM forestock_party;
GRANT SELECT (equipment_no, equipment_id, model_id, site_id, criticality, commissioned_at, monitored, state) ON network.equipment TO forestock_party;
-- A report is read with its machine, which may have passed to somebody else since.
CREATE POLICY own_machines ON network.equipment FOR SELECT TO forestock_party
  USING (customer_party_id = network.session_party() OR equipment_no IN (SELECT network.served_equipment())
         OR equipment_no IN (SELECT equipment_no FROM network.repair_report));
GRANT SELECT (site_id, name, tz) ON network.site TO forestock_party;
CREATE POLICY own_machines ON network.site FOR SELECT TO forestock_party USING (site_id IN (SELECT site_id FROM network.equipment));
GRANT SELECT (demand_id, part_id, depot_id, equipment_no, tier, qty, filled_qty, requested_at, needed_at, promised_at, promise_ppm, filled_at, cancelled_at,
  state, cause, predicted) ON network.demand_line TO forestock_party;
CREATE POLICY own_machines ON network.demand_line FOR SELECT TO forestock_party
  USING (customer_party_id = network.session_party() OR equipment_no IN (SELECT network.served_equipment()));
GRANT SELECT (demand_id, event_no, type, qty, part_id, pieces, reason, world_at) ON network.demand_event TO forestock_party;
CREATE POLICY own_machines ON network.demand_event FOR SELECT TO forestock_party USING (demand_id IN (SELECT demand_id FROM network.demand_line));
GRANT SELECT (demand_id, promise_no, promised_at, promise_ppm, made_at) ON network.demand_promise TO forestock_party;
CREATE POLICY own_machines ON network.demand_promise FOR SELECT TO forestock_party USING (demand_id IN (SELECT demand_id FROM network.demand_line));
GRANT SELECT (demand_id, needed_at, level, closed_at) ON replenish.backorder TO forestock_party;
CREATE POLICY own_machines ON replenish.backorder FOR SELECT TO forestock_party USING (demand_id IN (SELECT demand_id FROM network.demand_line));
-- Other kinds are about a part at a depot, where parties meet.
GRANT SELECT (alert_id, kind, subject, opened_at, updated_at, state, level) ON replenish.alert TO forestock_party;
CREATE POLICY own_machines ON replenish.alert FOR SELECT TO forestock_party
  USING (kind = 'equipment-silent' AND (party_id = network.session_party()
         OR subject IN (SELECT equipment_id FROM network.equipment WHERE equipment_no IN (SELECT network.served_equipment()))));

-- Both: the names of the parts they have to do with.
GRANT SELECT (part_id, name, stocking_uom, repairable) ON network.part TO forestock_party;
CREATE POLICY own_parts ON network.part FOR SELECT TO forestock_party
  USING (part_id IN (SELECT network.supplied_parts()) OR part_id IN (SELECT part_id FROM network.demand_line)
         OR part_id IN (SELECT part_id FROM network.demand_event) OR part_id IN (SELECT part_id FROM network.repair_report));

