-- When the last piece of an order came, what its source promised first, and how often it took a date back (H1, H9).
ALTER TABLE network.supply_order
  ADD COLUMN received_at timestamptz,
  ADD COLUMN first_promised_at timestamptz,
  ADD COLUMN slips int NOT NULL DEFAULT 0 CHECK (slips >= 0);
UPDATE network.supply_order o SET first_promised_at = o.promised_at, received_at = CASE WHEN o.state = 'received' THEN
  (SELECT max(e.world_at) FROM network.supply_order_event e WHERE e.order_id = o.order_id AND e.type = 'receive') END;
-- The nightly run learns source by source.
CREATE INDEX supply_order_source ON network.supply_order (from_loc, ordered_at);
CREATE INDEX sourcing_source ON network.sourcing (source_kind, source_id);

-- Lead times as learnt from deliveries (replenish/core/lead-time.ts), a new row when one has moved. `lead` are delays against the
-- plan of the master data, `promise` against the first promised date: [days, weight] pairs. Below `enough` the plan stands.
CREATE TABLE replenish.lead_time (
  part_id text NOT NULL,
  depot_id text NOT NULL,
  source_kind text NOT NULL CHECK (source_kind IN ('supplier', 'depot')),
  source_id text NOT NULL,
  kind text NOT NULL,
  learned_at timestamptz NOT NULL,
  plan_d double precision NOT NULL CHECK (plan_d > 0),
  mean_d double precision NOT NULL CHECK (mean_d > 0),
  sd_d double precision NOT NULL CHECK (sd_d >= 0),
  evidence double precision NOT NULL CHECK (evidence >= 0),
  enough boolean NOT NULL,
  lead jsonb NOT NULL,
  promise jsonb NOT NULL,
  PRIMARY KEY (part_id, depot_id, source_kind, source_id, kind, learned_at)
);
GRANT INSERT, DELETE ON replenish.lead_time TO forestock_replenish;

-- The date that an open line's supply will keep with this confidence. Without a confidence `promised_at` is what people agreed,
-- and stays theirs.
ALTER TABLE network.demand_line
  ADD COLUMN promise_ppm int CHECK (promise_ppm BETWEEN 1 AND 999999),
  ADD COLUMN promised_by text,
  ADD CONSTRAINT demand_line_promise_whole CHECK (promise_ppm IS NULL OR num_nonnulls(promised_at, promised_by) = 2);
CREATE TABLE network.demand_promise (
  demand_id uuid NOT NULL REFERENCES network.demand_line,
  promise_no int NOT NULL,
  promised_at timestamptz NOT NULL,
  promise_ppm int NOT NULL,
  -- 'shelf', the order that brings the last piece, or the source that will.
  promised_by text NOT NULL,
  made_at timestamptz NOT NULL,
  PRIMARY KEY (demand_id, promise_no)
);
CREATE INDEX demand_promise_made ON network.demand_promise (made_at);
GRANT INSERT ON network.demand_promise TO forestock_network;

-- A new date for a line that is still open and that nobody has agreed a date for. False otherwise.
CREATE FUNCTION network.promise_line(p_demand_id uuid, p_promised_at timestamptz, p_ppm int, p_by text, p_made_at timestamptz)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE network.demand_line SET promised_at = p_promised_at, promise_ppm = p_ppm, promised_by = p_by
   WHERE demand_id = p_demand_id AND state = 'open' AND (promised_at IS NULL OR promise_ppm IS NOT NULL);
  IF NOT FOUND THEN RETURN false; END IF;
  INSERT INTO network.demand_promise (demand_id, promise_no, promised_at, promise_ppm, promised_by, made_at)
  SELECT p_demand_id, count(*) + 1, p_promised_at, p_ppm, p_by, p_made_at FROM network.demand_promise WHERE demand_id = p_demand_id;
  RETURN true;
END $$;
REVOKE EXECUTE ON FUNCTION network.promise_line FROM PUBLIC;
GRANT EXECUTE ON FUNCTION network.promise_line TO forestock_replenish;
