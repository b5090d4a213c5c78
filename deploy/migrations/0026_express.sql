-- Other speeds at which a source's usual orders can be hurried, beside the one of its own row.
CREATE TABLE network.sourcing_express (
  part_id text NOT NULL REFERENCES network.part,
  depot_id text NOT NULL REFERENCES network.depot,
  source_kind text NOT NULL CHECK (source_kind IN ('supplier', 'depot')),
  source_id text NOT NULL,
  mode text NOT NULL CHECK (mode IN ('road', 'air', 'sea', 'courier')),
  lead_time_mean_d double precision NOT NULL CHECK (lead_time_mean_d > 0),
  fee_minor bigint NOT NULL CHECK (fee_minor >= 0),
  PRIMARY KEY (part_id, depot_id, source_kind, source_id, mode)
);
GRANT INSERT, UPDATE, DELETE ON network.sourcing_express TO forestock_network;
