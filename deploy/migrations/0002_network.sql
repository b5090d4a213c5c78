-- Who, where, what is installed, what is stocked, and who owns it.
CREATE TABLE network.party (
  party_id text PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('own', 'supplier', 'customer', 'carrier', 'partner')),
  name text NOT NULL
);
CREATE TABLE network.contract (
  contract_id text NOT NULL,
  version int NOT NULL DEFAULT 1,
  party_a text NOT NULL REFERENCES network.party,
  party_b text NOT NULL REFERENCES network.party,
  type text NOT NULL,
  tier text NOT NULL DEFAULT 'standard',
  valid tstzrange NOT NULL,
  status text NOT NULL DEFAULT 'active' CHECK (status IN ('draft', 'active', 'ended')),
  penalty_minor_per_h bigint NOT NULL DEFAULT 0 CHECK (penalty_minor_per_h >= 0),
  PRIMARY KEY (contract_id, version)
);
CREATE TABLE network.site (
  site_id text PRIMARY KEY,
  party_id text NOT NULL REFERENCES network.party,
  name text NOT NULL,
  lat double precision NOT NULL CHECK (lat BETWEEN -90 AND 90),
  lon double precision NOT NULL CHECK (lon BETWEEN -180 AND 180),
  tz text NOT NULL
);
CREATE TABLE network.depot (
  depot_id text PRIMARY KEY,
  site_id text NOT NULL REFERENCES network.site,
  party_id text NOT NULL REFERENCES network.party,
  echelon text NOT NULL CHECK (echelon IN ('central', 'regional')),
  parent_depot_id text REFERENCES network.depot,
  calendar_id text NOT NULL DEFAULT 'always'
);

CREATE TABLE network.equipment_class (
  equipment_class_id text PRIMARY KEY,
  name text NOT NULL,
  grid_minutes int NOT NULL DEFAULT 60 CHECK (grid_minutes > 0),
  expected_interval_s int NOT NULL CHECK (expected_interval_s > 0)
);
-- What a class may send: unit and physical limits. A value outside them is a sensor or unit mistake.
CREATE TABLE network.class_signal (
  equipment_class_id text NOT NULL REFERENCES network.equipment_class,
  signal text NOT NULL,
  unit text NOT NULL,
  min_value double precision NOT NULL,
  max_value double precision NOT NULL,
  normal_low double precision,
  normal_high double precision,
  description text NOT NULL DEFAULT '',
  PRIMARY KEY (equipment_class_id, signal),
  CHECK (min_value < max_value)
);
CREATE TABLE network.component_class (
  class_id text PRIMARY KEY,
  name text NOT NULL,
  weibull_shape double precision CHECK (weibull_shape > 0),
  weibull_scale_h double precision CHECK (weibull_scale_h > 0),
  mtbf_h double precision CHECK (mtbf_h > 0),
  family text NOT NULL DEFAULT '',
  spec jsonb NOT NULL DEFAULT '{}'
);
CREATE TABLE network.equipment_model (
  model_id text PRIMARY KEY,
  equipment_class_id text NOT NULL REFERENCES network.equipment_class,
  name text NOT NULL
);
CREATE TABLE network.planning_group (
  group_id text PRIMARY KEY,
  version bigint NOT NULL DEFAULT 0
);
CREATE TABLE network.part (
  part_id text PRIMARY KEY,
  group_id text NOT NULL REFERENCES network.planning_group,
  name text NOT NULL,
  stocking_uom text NOT NULL DEFAULT 'EA',
  unit_cost_minor bigint NOT NULL CHECK (unit_cost_minor >= 0),
  currency char(3) NOT NULL,
  criticality text NOT NULL DEFAULT 'B' CHECK (criticality IN ('A', 'B', 'C')),
  repairable boolean NOT NULL DEFAULT false,
  shelf_life_d int,
  lot_required boolean NOT NULL DEFAULT false,
  serial_required boolean NOT NULL DEFAULT false,
  flags text[] NOT NULL DEFAULT '{}'
);
CREATE TABLE network.part_xref (
  scheme text NOT NULL,
  number text NOT NULL,
  revision text NOT NULL DEFAULT '',
  part_id text NOT NULL REFERENCES network.part,
  valid_from timestamptz NOT NULL DEFAULT '-infinity',
  valid_to timestamptz NOT NULL DEFAULT 'infinity',
  PRIMARY KEY (scheme, number, revision, part_id, valid_from)
);
CREATE TABLE network.uom_conversion (
  part_id text NOT NULL REFERENCES network.part,
  from_uom text NOT NULL,
  num int NOT NULL CHECK (num > 0),
  den int NOT NULL DEFAULT 1 CHECK (den > 0),
  PRIMARY KEY (part_id, from_uom)
);
CREATE TABLE network.part_relation (
  from_part text NOT NULL REFERENCES network.part,
  to_part text NOT NULL REFERENCES network.part,
  kind text NOT NULL CHECK (kind IN ('supersession', 'substitute')),
  valid_from timestamptz NOT NULL DEFAULT '-infinity',
  valid_to timestamptz NOT NULL DEFAULT 'infinity',
  ratio int NOT NULL DEFAULT 1 CHECK (ratio > 0),
  direction text NOT NULL DEFAULT 'one-way' CHECK (direction IN ('one-way', 'two-way')),
  approval text NOT NULL DEFAULT 'pending' CHECK (approval IN ('pending', 'approved', 'banned')),
  models text[] NOT NULL DEFAULT '{}',
  PRIMARY KEY (from_part, to_part, kind, valid_from),
  CHECK (from_part <> to_part)
);
CREATE TABLE network.bom_position (
  model_id text NOT NULL REFERENCES network.equipment_model,
  position_id text NOT NULL,
  valid_from timestamptz NOT NULL DEFAULT '-infinity',
  valid_to timestamptz NOT NULL DEFAULT 'infinity',
  class_id text NOT NULL REFERENCES network.component_class,
  part_id text NOT NULL REFERENCES network.part,
  qty int NOT NULL DEFAULT 1 CHECK (qty > 0),
  PRIMARY KEY (model_id, position_id, valid_from)
);
CREATE TABLE network.equipment (
  equipment_no int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  equipment_id text NOT NULL UNIQUE,
  model_id text NOT NULL REFERENCES network.equipment_model,
  site_id text NOT NULL REFERENCES network.site,
  customer_party_id text NOT NULL REFERENCES network.party,
  contract_id text,
  partition_no int NOT NULL CHECK (partition_no >= 0),
  downtime_minor_per_h bigint NOT NULL CHECK (downtime_minor_per_h >= 0),
  currency char(3) NOT NULL,
  criticality text NOT NULL DEFAULT 'B' CHECK (criticality IN ('A', 'B', 'C')),
  commissioned_at timestamptz NOT NULL,
  attributes jsonb NOT NULL DEFAULT '{}',
  monitored boolean NOT NULL DEFAULT true,
  state text NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'retired'))
);
CREATE TABLE network.component (
  component_id text PRIMARY KEY,
  class_id text NOT NULL REFERENCES network.component_class,
  part_id text NOT NULL REFERENCES network.part,
  lot text,
  inferred boolean NOT NULL DEFAULT false
);
CREATE EXTENSION IF NOT EXISTS btree_gist WITH SCHEMA public;
CREATE TABLE network.installation (
  equipment_no int NOT NULL REFERENCES network.equipment,
  position_id text NOT NULL,
  installed_at timestamptz NOT NULL,
  removed_at timestamptz,
  component_id text NOT NULL REFERENCES network.component,
  source_key text NOT NULL UNIQUE,
  removal_cause text CHECK (removal_cause IN ('failure', 'planned', 'swap')),
  PRIMARY KEY (equipment_no, position_id, installed_at),
  EXCLUDE USING gist (equipment_no WITH =, position_id WITH =, tstzrange(installed_at, removed_at) WITH &&)
);
CREATE INDEX installation_component ON network.installation (component_id);
CREATE INDEX installation_current ON network.installation (equipment_no, position_id) WHERE removed_at IS NULL;

-- What is known to have happened at a position, from import, equipment and repair reports. Installations and the
-- demand of a position are folded from these rows (network/core/position-timeline.ts), so a late one keeps history right.
CREATE TABLE network.position_event (
  equipment_no int NOT NULL REFERENCES network.equipment,
  position_id text NOT NULL,
  observed_at timestamptz NOT NULL,
  event_key text NOT NULL,
  type text NOT NULL CHECK (type IN ('installed', 'removed', 'failure', 'part-replaced', 'maintenance', 'repair-report')),
  serial text,
  part_id text REFERENCES network.part,
  cause text CHECK (cause IN ('failure', 'planned', 'swap')),
  PRIMARY KEY (equipment_no, position_id, observed_at, event_key)
);

CREATE TABLE network.service_area (
  equipment_no int NOT NULL REFERENCES network.equipment,
  depot_id text NOT NULL REFERENCES network.depot,
  valid_from timestamptz NOT NULL DEFAULT '-infinity',
  valid_to timestamptz NOT NULL DEFAULT 'infinity',
  priority int NOT NULL DEFAULT 1,
  transit_h double precision NOT NULL CHECK (transit_h >= 0),
  PRIMARY KEY (equipment_no, depot_id, valid_from)
);
CREATE TABLE network.lane (
  from_depot_id text NOT NULL REFERENCES network.depot,
  to_depot_id text NOT NULL REFERENCES network.depot,
  mode text NOT NULL CHECK (mode IN ('road', 'air', 'sea', 'courier')),
  valid_from timestamptz NOT NULL DEFAULT '-infinity',
  transit_mean_h double precision NOT NULL CHECK (transit_mean_h > 0),
  transit_sd_h double precision NOT NULL CHECK (transit_sd_h >= 0),
  cost_minor bigint NOT NULL CHECK (cost_minor >= 0),
  cost_per_piece_minor bigint NOT NULL DEFAULT 0 CHECK (cost_per_piece_minor >= 0),
  forbidden_flags text[] NOT NULL DEFAULT '{}',
  PRIMARY KEY (from_depot_id, to_depot_id, mode, valid_from),
  CHECK (from_depot_id <> to_depot_id)
);
-- Where a depot's replenishment comes from: a supplier, or its parent depot.
CREATE TABLE network.sourcing (
  part_id text NOT NULL REFERENCES network.part,
  depot_id text NOT NULL REFERENCES network.depot,
  source_kind text NOT NULL CHECK (source_kind IN ('supplier', 'depot')),
  source_id text NOT NULL,
  kind text NOT NULL DEFAULT 'normal' CHECK (kind IN ('normal', 'emergency')),
  valid_from timestamptz NOT NULL DEFAULT '-infinity',
  lead_time_mean_d double precision NOT NULL CHECK (lead_time_mean_d > 0),
  lead_time_sd_d double precision NOT NULL CHECK (lead_time_sd_d >= 0),
  price_minor bigint NOT NULL CHECK (price_minor >= 0),
  order_cost_minor bigint NOT NULL DEFAULT 0 CHECK (order_cost_minor >= 0),
  moq int NOT NULL DEFAULT 1 CHECK (moq > 0),
  multiple int NOT NULL DEFAULT 1 CHECK (multiple > 0),
  expedite_mean_d double precision CHECK (expedite_mean_d > 0),
  expedite_fee_minor bigint CHECK (expedite_fee_minor >= 0),
  crossing boolean NOT NULL DEFAULT true,
  PRIMARY KEY (part_id, depot_id, source_kind, source_id, kind, valid_from)
);
-- Planning data of a part at a depot: what the shelf is for.
CREATE TABLE network.part_depot (
  part_id text NOT NULL REFERENCES network.part,
  depot_id text NOT NULL REFERENCES network.depot,
  party_id text NOT NULL REFERENCES network.party,
  background_per_year double precision NOT NULL DEFAULT 0 CHECK (background_per_year >= 0),
  background_vmr double precision NOT NULL DEFAULT 1 CHECK (background_vmr >= 1),
  holding_rate_per_year double precision NOT NULL DEFAULT 0.2 CHECK (holding_rate_per_year >= 0),
  may_stock boolean NOT NULL DEFAULT true,
  must_stock boolean NOT NULL DEFAULT false,
  max_stock int,
  PRIMARY KEY (part_id, depot_id)
);

CREATE TABLE network.stock_movement (
  movement_id uuid PRIMARY KEY,
  source text NOT NULL,
  source_key text NOT NULL,
  part_id text NOT NULL REFERENCES network.part,
  lot text NOT NULL DEFAULT '',
  serial text NOT NULL DEFAULT '',
  owner_party_id text NOT NULL REFERENCES network.party,
  condition text NOT NULL DEFAULT 'new' CHECK (condition IN ('new', 'serviceable', 'unserviceable', 'blocked')),
  from_loc text NOT NULL,
  to_loc text NOT NULL,
  qty int NOT NULL CHECK (qty > 0),
  world_at timestamptz NOT NULL,
  log_seq bigint GENERATED ALWAYS AS IDENTITY,
  UNIQUE (source, source_key),
  CHECK (from_loc <> to_loc)
);
CREATE INDEX stock_movement_serial ON network.stock_movement (part_id, serial, log_seq) WHERE serial <> '';
-- Depots and transit hold real pieces and never go below zero; suppliers, customers, scrap and adjustment are
-- the far side of the double entry and may.
CREATE TABLE network.stock_balance (
  loc text NOT NULL,
  part_id text NOT NULL REFERENCES network.part,
  owner_party_id text NOT NULL REFERENCES network.party,
  condition text NOT NULL,
  lot text NOT NULL DEFAULT '',
  qty int NOT NULL,
  PRIMARY KEY (loc, part_id, owner_party_id, condition, lot),
  CONSTRAINT stock_never_negative CHECK (qty >= 0 OR loc !~ '^(depot|transit):')
);
CREATE INDEX stock_balance_part ON network.stock_balance (part_id);

CREATE TABLE network.supply_order (
  order_id uuid PRIMARY KEY,
  decision_id uuid UNIQUE,
  kind text NOT NULL CHECK (kind IN ('purchase', 'transfer', 'expedite', 'emergency', 'repair')),
  part_id text NOT NULL REFERENCES network.part,
  from_loc text NOT NULL,
  to_loc text NOT NULL,
  supplier_party_id text REFERENCES network.party,
  owner_party_id text NOT NULL REFERENCES network.party,
  qty int NOT NULL CHECK (qty > 0),
  shipped_qty int NOT NULL DEFAULT 0 CHECK (shipped_qty BETWEEN 0 AND qty),
  received_qty int NOT NULL DEFAULT 0 CHECK (received_qty BETWEEN 0 AND shipped_qty),
  state text NOT NULL CHECK (state IN ('proposed', 'released', 'confirmed', 'shipped', 'received', 'cancelled', 'rejected')),
  ordered_at timestamptz NOT NULL,
  expected_at timestamptz NOT NULL,
  lead_time_sd_h double precision NOT NULL DEFAULT 0,
  promised_at timestamptz,
  cost_minor bigint NOT NULL,
  currency char(3) NOT NULL,
  mode text
);
CREATE INDEX supply_order_open ON network.supply_order (part_id) WHERE state NOT IN ('received', 'cancelled', 'rejected');
CREATE TABLE network.supply_order_event (
  order_id uuid NOT NULL REFERENCES network.supply_order,
  event_no int NOT NULL,
  source text NOT NULL,
  source_key text NOT NULL,
  type text NOT NULL,
  qty int,
  world_at timestamptz NOT NULL,
  body jsonb NOT NULL DEFAULT '{}',
  PRIMARY KEY (order_id, event_no),
  UNIQUE (source, source_key)
);

CREATE TABLE network.demand_line (
  demand_id uuid PRIMARY KEY,
  source text NOT NULL,
  source_key text NOT NULL,
  part_id text NOT NULL REFERENCES network.part,
  depot_id text NOT NULL REFERENCES network.depot,
  equipment_no int REFERENCES network.equipment,
  customer_party_id text REFERENCES network.party,
  tier text NOT NULL DEFAULT 'standard',
  qty int NOT NULL CHECK (qty > 0),
  filled_qty int NOT NULL DEFAULT 0 CHECK (filled_qty >= 0 AND filled_qty <= qty),
  requested_at timestamptz NOT NULL,
  needed_at timestamptz NOT NULL,
  promised_at timestamptz,
  filled_at timestamptz,
  state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'filled', 'cancelled')),
  cause text NOT NULL DEFAULT 'failure',
  predicted boolean NOT NULL DEFAULT false,
  UNIQUE (source, source_key)
);
CREATE INDEX demand_line_open ON network.demand_line (part_id, depot_id) WHERE state = 'open';
CREATE INDEX demand_line_history ON network.demand_line (part_id, depot_id, requested_at);
CREATE TABLE network.allocation (
  allocation_id uuid PRIMARY KEY,
  demand_id uuid REFERENCES network.demand_line,
  component_id text REFERENCES network.component,
  part_id text NOT NULL REFERENCES network.part,
  supply_ref text NOT NULL,
  qty int NOT NULL CHECK (qty > 0),
  kind text NOT NULL CHECK (kind IN ('hard', 'soft')),
  expires_at timestamptz,
  CHECK (demand_id IS NOT NULL OR component_id IS NOT NULL)
);
-- Repair reports (A4) as they came; the labels and demand they cause point back here.
CREATE TABLE network.repair_report (
  report_id uuid PRIMARY KEY,
  source text NOT NULL,
  source_key text NOT NULL,
  equipment_no int NOT NULL REFERENCES network.equipment,
  position_id text NOT NULL,
  reported_at timestamptz NOT NULL,
  failure_mode text,
  part_id text REFERENCES network.part,
  qty int,
  part_missing boolean NOT NULL DEFAULT false,
  finding text NOT NULL CHECK (finding IN ('failed', 'planned', 'no-fault-found')),
  note text,
  UNIQUE (source, source_key)
);
-- Rows that a validation stopped: kept as sent, to be fixed and resubmitted (A5).
CREATE TABLE network.quarantine (
  quarantine_id uuid PRIMARY KEY,
  kind text NOT NULL,
  body jsonb NOT NULL,
  reason text NOT NULL,
  detail text NOT NULL,
  received_at timestamptz NOT NULL,
  state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'resubmitted', 'dropped')),
  outcome jsonb
);

GRANT INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA network TO forestock_network;
REVOKE UPDATE, DELETE ON network.stock_movement, network.supply_order_event, network.position_event FROM forestock_network;
GRANT INSERT, UPDATE ON network.contract, network.party TO forestock_partners;

CREATE TABLE partners.contract_term (
  contract_id text NOT NULL,
  version int NOT NULL,
  term_no int NOT NULL,
  type text NOT NULL,
  scope jsonb NOT NULL DEFAULT '{}',
  params jsonb NOT NULL,
  effective tstzrange NOT NULL,
  clause_ref text NOT NULL DEFAULT '',
  PRIMARY KEY (contract_id, version, term_no),
  FOREIGN KEY (contract_id, version) REFERENCES network.contract
);
GRANT INSERT, UPDATE ON partners.contract_term TO forestock_partners;

-- One movement, both balances, in the caller's transaction. Repeating (source, source_key) changes nothing.
CREATE FUNCTION network.post_movement(
  p_movement_id uuid, p_source text, p_source_key text, p_part_id text, p_lot text, p_serial text, p_owner text,
  p_condition text, p_from text, p_to text, p_qty int, p_world_at timestamptz)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO network.stock_movement (movement_id, source, source_key, part_id, lot, serial, owner_party_id, condition, from_loc, to_loc, qty, world_at)
  VALUES (p_movement_id, p_source, p_source_key, p_part_id, p_lot, p_serial, p_owner, p_condition, p_from, p_to, p_qty, p_world_at)
  ON CONFLICT (source, source_key) DO NOTHING;
  IF NOT FOUND THEN RETURN false; END IF;
  -- In the order of the location's name, so that two crossing transfers cannot deadlock.
  IF p_from < p_to THEN
    PERFORM network.add_to_balance(p_from, p_part_id, p_owner, p_condition, p_lot, -p_qty);
    PERFORM network.add_to_balance(p_to, p_part_id, p_owner, p_condition, p_lot, p_qty);
  ELSE
    PERFORM network.add_to_balance(p_to, p_part_id, p_owner, p_condition, p_lot, p_qty);
    PERFORM network.add_to_balance(p_from, p_part_id, p_owner, p_condition, p_lot, -p_qty);
  END IF;
  RETURN true;
END $$;
CREATE FUNCTION network.add_to_balance(p_loc text, p_part_id text, p_owner text, p_condition text, p_lot text, p_delta int)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  -- Not one upsert: its insert arm would meet the CHECK with the bare negative delta.
  UPDATE network.stock_balance SET qty = qty + p_delta
   WHERE loc = p_loc AND part_id = p_part_id AND owner_party_id = p_owner AND condition = p_condition AND lot = p_lot;
  IF NOT FOUND THEN
    INSERT INTO network.stock_balance (loc, part_id, owner_party_id, condition, lot, qty)
    VALUES (p_loc, p_part_id, p_owner, p_condition, p_lot, p_delta)
    ON CONFLICT (loc, part_id, owner_party_id, condition, lot) DO UPDATE SET qty = network.stock_balance.qty + p_delta;
  END IF;
END $$;
REVOKE EXECUTE ON FUNCTION network.add_to_balance FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION network.post_movement FROM PUBLIC;
GRANT EXECUTE ON FUNCTION network.post_movement TO forestock_network;

-- The order effect of a decision. Unique by decision, so a repeated commit cannot order twice (I4).
CREATE FUNCTION network.place_supply_order(
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
  RETURN true;
END $$;
REVOKE EXECUTE ON FUNCTION network.place_supply_order FROM PUBLIC;
GRANT EXECUTE ON FUNCTION network.place_supply_order TO forestock_network, forestock_replenish;

-- Locks a group for one decision and raises its version; returns the new version.
CREATE FUNCTION network.bump_group(p_group_id text) RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  UPDATE network.planning_group SET version = version + 1 WHERE group_id = p_group_id RETURNING version;
$$;
REVOKE EXECUTE ON FUNCTION network.bump_group FROM PUBLIC;
GRANT EXECUTE ON FUNCTION network.bump_group TO forestock_replenish;

-- How far the installed base has followed the equipment's events; predict never reads past it.
CREATE TABLE network.checkpoint (
  stage text NOT NULL,
  partition_no int NOT NULL,
  log_seq bigint NOT NULL,
  PRIMARY KEY (stage, partition_no)
);
GRANT INSERT, UPDATE ON network.checkpoint TO forestock_network;

-- A decision that hurries an order already under way: the order's own effect, once per decision.
CREATE FUNCTION network.expedite_supply_order(p_order_id uuid, p_decision_id uuid, p_expected_at timestamptz, p_lead_time_sd_h double precision, p_fee_minor bigint, p_world_at timestamptz)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO network.supply_order_event (order_id, event_no, source, source_key, type, world_at, body)
  SELECT p_order_id, max(event_no) + 1, 'decision', p_decision_id::text, 'expedited', p_world_at, jsonb_build_object('feeMinor', p_fee_minor)
    FROM network.supply_order_event WHERE order_id = p_order_id HAVING count(*) > 0
  ON CONFLICT DO NOTHING;
  IF NOT FOUND THEN RETURN false; END IF;
  UPDATE network.supply_order
     SET expected_at = p_expected_at, promised_at = NULL, lead_time_sd_h = p_lead_time_sd_h, mode = 'express', cost_minor = cost_minor + p_fee_minor
   WHERE order_id = p_order_id;
  RETURN true;
END $$;
REVOKE EXECUTE ON FUNCTION network.expedite_supply_order FROM PUBLIC;
GRANT EXECUTE ON FUNCTION network.expedite_supply_order TO forestock_network, forestock_replenish;
