-- Aggregates of one signal over one grid interval, ending at bucket_at; rebuilt from the rows whenever one arrives late.
CREATE TABLE predict.feature_bucket (
  equipment_no int NOT NULL,
  bucket_at timestamptz NOT NULL,
  signal text NOT NULL,
  n int NOT NULL,
  mean double precision NOT NULL,
  m2 double precision NOT NULL,
  min double precision NOT NULL,
  max double precision NOT NULL,
  last double precision NOT NULL,
  revision int NOT NULL DEFAULT 0,
  PRIMARY KEY (equipment_no, bucket_at, signal)
);
CREATE TABLE predict.checkpoint (
  stage text NOT NULL,
  partition_no int NOT NULL,
  log_seq bigint NOT NULL,
  PRIMARY KEY (stage, partition_no)
);
-- How far each equipment's event time has come, and the last grid point that has a forecast.
CREATE TABLE predict.equipment_progress (
  equipment_no int PRIMARY KEY,
  watermark timestamptz NOT NULL,
  last_grid timestamptz NOT NULL
);
CREATE TABLE predict.model_version (
  model_version_id text PRIMARY KEY,
  class_id text NOT NULL,
  manifest_sha256 bytea NOT NULL UNIQUE,
  feature_sha256 bytea NOT NULL,
  calibration jsonb NOT NULL,
  card jsonb NOT NULL
);
CREATE TABLE predict.model_state (
  model_version_id text NOT NULL REFERENCES predict.model_version,
  from_at timestamptz NOT NULL,
  state text NOT NULL CHECK (state IN ('shadow', 'champion', 'retired')),
  actor text NOT NULL,
  evidence jsonb NOT NULL DEFAULT '{}',
  PRIMARY KEY (model_version_id, from_at)
);
CREATE TABLE predict.forecast (
  component_id text NOT NULL,
  as_of timestamptz NOT NULL,
  model_version_id text NOT NULL,
  revision int NOT NULL,
  equipment_no int NOT NULL,
  position_id text NOT NULL,
  issued_at timestamptz NOT NULL,
  cause text NOT NULL CHECK (cause IN ('grid', 'event', 'late', 'age')),
  method text NOT NULL CHECK (method IN ('model', 'pooled', 'weibull-age', 'base-rate')),
  horizons_h int[] NOT NULL,
  cumulative_ppm int[] NOT NULL,
  tail_hazard_ppb_per_h bigint NOT NULL,
  completeness_pct int NOT NULL CHECK (completeness_pct BETWEEN 0 AND 100),
  top_signals jsonb NOT NULL DEFAULT '[]',
  window_from timestamptz NOT NULL,
  log_seq_through bigint NOT NULL,
  input_digest bigint NOT NULL,
  backend text NOT NULL,
  shadow boolean NOT NULL DEFAULT false,
  PRIMARY KEY (component_id, as_of, model_version_id, revision)
) PARTITION BY RANGE (as_of);
CREATE FUNCTION predict.ensure_partitions(p_from timestamptz, p_to timestamptz)
RETURNS int LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  month timestamptz := date_trunc('month', p_from AT TIME ZONE 'UTC') AT TIME ZONE 'UTC';
  following timestamptz;
  name text;
  made int := 0;
BEGIN
  WHILE month <= p_to LOOP
    name := 'forecast_' || to_char(month AT TIME ZONE 'UTC', 'YYYYMM');
    following := ((month AT TIME ZONE 'UTC') + interval '1 month') AT TIME ZONE 'UTC';
    IF to_regclass('predict.' || name) IS NULL THEN
      PERFORM pg_advisory_xact_lock(hashtext('predict.ensure_partitions'));
      IF to_regclass('predict.' || name) IS NULL THEN
        EXECUTE format('CREATE TABLE predict.%I PARTITION OF predict.forecast FOR VALUES FROM (%L) TO (%L)', name, month, following);
        made := made + 1;
      END IF;
    END IF;
    month := following;
  END LOOP;
  RETURN made;
END $$;
REVOKE EXECUTE ON FUNCTION predict.ensure_partitions FROM PUBLIC;
GRANT EXECUTE ON FUNCTION predict.ensure_partitions TO forestock_predict;

-- The champion's latest word on each component; what a decision reads. signalled_ppm is what replenish was last told.
CREATE TABLE predict.forecast_current (
  component_id text PRIMARY KEY,
  equipment_no int NOT NULL,
  position_id text NOT NULL,
  as_of timestamptz NOT NULL,
  model_version_id text NOT NULL,
  revision int NOT NULL,
  method text NOT NULL,
  horizons_h int[] NOT NULL,
  cumulative_ppm int[] NOT NULL,
  tail_hazard_ppb_per_h bigint NOT NULL,
  completeness_pct int NOT NULL,
  signalled_ppm int[] NOT NULL
);
CREATE INDEX forecast_equipment ON predict.forecast (equipment_no, as_of);
CREATE INDEX forecast_current_equipment ON predict.forecast_current (equipment_no);
GRANT INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA predict TO forestock_predict;
REVOKE UPDATE, DELETE ON predict.model_version FROM forestock_predict;
