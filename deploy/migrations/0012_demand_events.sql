-- The life of a demand line after it was opened (E1): what it was given, what came back, what was called off. The line's own
-- columns are the sum of these rows, so requested = filled + open + cancelled can be checked at any time.
CREATE TABLE network.demand_event (
  demand_id uuid NOT NULL REFERENCES network.demand_line,
  event_no int NOT NULL,
  -- Of a fill the movement's own, so that each piece of a line is found in the stock ledger.
  source text NOT NULL,
  source_key text NOT NULL,
  type text NOT NULL CHECK (type IN ('filled', 'returned', 'cancelled')),
  -- In pieces of the line's part.
  qty int NOT NULL CHECK (qty >= 0),
  -- What really went out, and how many of it: a substitute may take several for one.
  part_id text REFERENCES network.part,
  pieces int CHECK (pieces > 0),
  reason text,
  note text,
  world_at timestamptz NOT NULL,
  PRIMARY KEY (demand_id, event_no),
  CHECK ((type = 'filled') = (pieces IS NOT NULL)),
  CHECK ((type = 'cancelled') = (reason IS NOT NULL))
);
GRANT INSERT ON network.demand_event TO forestock_network;

-- When somebody called the rest of a line off. A cancelled line without it was withdrawn: its need is another line's.
ALTER TABLE network.demand_line ADD COLUMN cancelled_at timestamptz CHECK (cancelled_at IS NULL OR state = 'cancelled');

-- A number is asked for as people write it: letter case and blanks aside (network/core/part-number-key.ts does the same).
CREATE FUNCTION network.part_number_key(p_number text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
  SELECT upper(translate(p_number, E' \t\n\x0b\f\r\u00a0', '') COLLATE "C")
$$;
CREATE INDEX part_xref_number ON network.part_xref (network.part_number_key(number));
CREATE INDEX part_number ON network.part (network.part_number_key(part_id));

-- What planners made of the proposals of a period (D5): the report reads these alone, and few decisions are proposals.
CREATE INDEX decision_proposals ON replenish.decision (decided_at) WHERE state NOT IN ('recorded', 'executed');
