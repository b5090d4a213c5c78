-- A part's class may be left out of the master data: then it follows from what its failures cost (D7). What is stated there wins.
ALTER TABLE network.part ALTER COLUMN criticality DROP DEFAULT, ALTER COLUMN criticality DROP NOT NULL;

-- The class as the newest run derived it, with what it was derived from.
CREATE TABLE replenish.part_criticality (
  part_id text NOT NULL REFERENCES network.part,
  valid_from timestamptz NOT NULL,
  criticality text NOT NULL CHECK (criticality IN ('A', 'B', 'C')),
  reason jsonb NOT NULL,
  run_id uuid NOT NULL REFERENCES replenish.plan_run,
  PRIMARY KEY (part_id, valid_from)
);
GRANT INSERT ON replenish.part_criticality TO forestock_replenish;

ALTER TABLE replenish.plan_run
  DROP CONSTRAINT plan_run_kind_check,
  ADD CONSTRAINT plan_run_kind_check CHECK (kind IN ('targets', 'rebalance', 'criticality'));

-- The class that decisions, thresholds and reports go by; 'B' where neither says one.
CREATE FUNCTION replenish.criticality_in_force(part network.part) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT coalesce(part.criticality, (
    SELECT c.criticality FROM replenish.part_criticality c WHERE c.part_id = part.part_id ORDER BY c.valid_from DESC LIMIT 1), 'B')
$$;
