-- The registry of failure models. Nothing has used the two tables that 0004 made for it; these are as it is used.
DROP TABLE predict.model_state, predict.model_version;

-- A version as it was first seen: what its folder held then is what it has to hold ever after.
CREATE TABLE predict.model_version (
  model_version_id text PRIMARY KEY,
  equipment_class_ids text[] NOT NULL CHECK (cardinality(equipment_class_ids) > 0),
  pooled boolean NOT NULL,
  manifest_sha256 bytea NOT NULL UNIQUE CHECK (length(manifest_sha256) = 32),
  feature_sha256 bytea NOT NULL CHECK (length(feature_sha256) = 32),
  card jsonb NOT NULL,
  first_seen_at timestamptz NOT NULL
);

-- What a version is to an equipment class, from an instant on; the newest row counts (predict/core/model-lifecycle.ts).
CREATE TABLE predict.model_state (
  state_no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  model_version_id text NOT NULL REFERENCES predict.model_version,
  equipment_class_id text NOT NULL,
  event text NOT NULL CHECK (event IN ('enter', 'promote', 'replace', 'restore', 'withdraw', 'fall-back', 'recover', 'retire')),
  state text NOT NULL CHECK (state IN ('shadow', 'champion', 'retired', 'fallen-back')),
  from_at timestamptz NOT NULL,
  actor text NOT NULL,
  reason text NOT NULL CHECK (reason <> ''),
  evidence jsonb NOT NULL DEFAULT '{}'
);
CREATE INDEX model_state_version ON predict.model_state (model_version_id, equipment_class_id, state_no);
GRANT INSERT ON predict.model_version, predict.model_state TO forestock_predict;

-- Both only grow, whoever writes.
CREATE FUNCTION predict.keep_history() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RAISE EXCEPTION 'rows of predict.% are history: they are neither changed nor removed', TG_TABLE_NAME;
END $$;
CREATE TRIGGER keep_history BEFORE UPDATE OR DELETE ON predict.model_version FOR EACH ROW EXECUTE FUNCTION predict.keep_history();
CREATE TRIGGER keep_history BEFORE UPDATE OR DELETE ON predict.model_state FOR EACH ROW EXECUTE FUNCTION predict.keep_history();
