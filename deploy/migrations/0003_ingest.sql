-- Telemetry and events: what the equipment said, once.
CREATE TABLE ingest.signal_set (
  signal_set_id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  sha256 bytea NOT NULL UNIQUE,
  names text[] NOT NULL,
  units text[] NOT NULL
);
-- One owner a partition, so log_seq is gap-free in commit order.
CREATE TABLE ingest.partition_head (
  partition_no int PRIMARY KEY,
  epoch bigint NOT NULL DEFAULT 0,
  last_log_seq bigint NOT NULL DEFAULT 0
);

-- Plain PostgreSQL: native range partitions, made by ingest.ensure_partitions. With TimescaleDB: hypertables.
DO $$
DECLARE timescale boolean := EXISTS (SELECT 1 FROM pg_extension WHERE extname = 'timescaledb');
DECLARE suffix text := CASE WHEN timescale THEN '' ELSE ' PARTITION BY RANGE (observed_at)' END;
BEGIN
  EXECUTE 'CREATE TABLE ingest.reading (
    equipment_no int NOT NULL,
    observed_at timestamptz NOT NULL,
    message_key uuid NOT NULL,
    partition_no int NOT NULL,
    log_seq bigint NOT NULL,
    received_at timestamptz NOT NULL,
    wall_received_at timestamptz NOT NULL,
    boot int,
    seq bigint,
    historical boolean NOT NULL DEFAULT false,
    content_hash bigint NOT NULL,
    signal_set_id int NOT NULL,
    "values" float8[] NOT NULL CHECK (array_position("values", ''NaN''::float8) IS NULL),
    texts jsonb,
    PRIMARY KEY (equipment_no, observed_at, message_key))' || suffix;
  EXECUTE 'CREATE TABLE ingest.equipment_event (
    equipment_no int NOT NULL,
    observed_at timestamptz NOT NULL,
    message_key uuid NOT NULL,
    partition_no int NOT NULL,
    log_seq bigint NOT NULL,
    received_at timestamptz NOT NULL,
    wall_received_at timestamptz NOT NULL,
    boot int,
    seq bigint,
    content_hash bigint NOT NULL,
    type text NOT NULL,
    code text,
    position_id text,
    serial text,
    body jsonb NOT NULL DEFAULT ''{}'',
    PRIMARY KEY (equipment_no, observed_at, message_key))' || suffix;
  IF timescale THEN
    PERFORM create_hypertable('ingest.reading', 'observed_at', chunk_time_interval => interval '7 days', create_default_indexes => false);
    PERFORM create_hypertable('ingest.equipment_event', 'observed_at', chunk_time_interval => interval '28 days', create_default_indexes => false);
  END IF;
END $$;
CREATE INDEX reading_log ON ingest.reading (partition_no, log_seq);
CREATE INDEX equipment_event_log ON ingest.equipment_event (partition_no, log_seq);

-- Weekly partitions covering [p_from, p_to]; a no-op on a hypertable. Runs as owner: stages may not create tables.
CREATE FUNCTION ingest.ensure_partitions(p_from timestamptz, p_to timestamptz)
RETURNS int LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  week timestamptz := date_trunc('week', p_from AT TIME ZONE 'UTC') AT TIME ZONE 'UTC';
  base text;
  name text;
  made int := 0;
BEGIN
  IF (SELECT relkind FROM pg_class WHERE oid = 'ingest.reading'::regclass) <> 'p' THEN RETURN 0; END IF;
  IF p_to - p_from > interval '800 days' THEN
    RAISE EXCEPTION 'a batch spans % to %: more than 800 days', p_from, p_to;
  END IF;
  WHILE week <= p_to LOOP
    FOREACH base IN ARRAY ARRAY['reading', 'equipment_event'] LOOP
      name := base || '_' || to_char(week AT TIME ZONE 'UTC', 'YYYYMMDD');
      IF to_regclass('ingest.' || name) IS NULL THEN
        PERFORM pg_advisory_xact_lock(hashtext('ingest.ensure_partitions'));
        IF to_regclass('ingest.' || name) IS NULL THEN
          EXECUTE format('CREATE TABLE ingest.%I PARTITION OF ingest.%I FOR VALUES FROM (%L) TO (%L)', name, base, week, week + interval '7 days');
          made := made + 1;
        END IF;
      END IF;
    END LOOP;
    week := week + interval '7 days';
  END LOOP;
  RETURN made;
END $$;
REVOKE EXECUTE ON FUNCTION ingest.ensure_partitions FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ingest.ensure_partitions TO forestock_ingest;

-- Drops whole weeks (or chunks) that end before p_before. Decisions keep their own inputs (DATA-MODEL).
CREATE FUNCTION ingest.drop_partitions(p_before timestamptz)
RETURNS int LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  child record;
  dropped int := 0;
BEGIN
  IF (SELECT relkind FROM pg_class WHERE oid = 'ingest.reading'::regclass) <> 'p' THEN
    EXECUTE 'SELECT count(*)::int FROM public.drop_chunks(''ingest.reading'', older_than => $1)' INTO dropped USING p_before;
    RETURN dropped;
  END IF;
  FOR child IN
    SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
     WHERE i.inhparent IN ('ingest.reading'::regclass, 'ingest.equipment_event'::regclass)
       AND (to_date(right(c.relname, 8), 'YYYYMMDD') + 7)::timestamp AT TIME ZONE 'UTC' <= p_before
  LOOP
    EXECUTE format('DROP TABLE ingest.%I', child.relname);
    dropped := dropped + 1;
  END LOOP;
  RETURN dropped;
END $$;
REVOKE EXECUTE ON FUNCTION ingest.drop_partitions FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ingest.drop_partitions TO forestock_ingest;

-- Per boot of an equipment: the range heard so far; holes are rows of sequence_gap.
CREATE TABLE ingest.sequence_state (
  equipment_no int NOT NULL,
  boot int NOT NULL,
  first_seq bigint NOT NULL,
  last_seq bigint NOT NULL,
  PRIMARY KEY (equipment_no, boot)
);
CREATE TABLE ingest.sequence_gap (
  equipment_no int NOT NULL,
  boot int NOT NULL,
  first_missing bigint NOT NULL,
  last_missing bigint NOT NULL,
  seen_at timestamptz NOT NULL,
  closed_at timestamptz,
  PRIMARY KEY (equipment_no, boot, first_missing)
);
CREATE TABLE ingest.dead_letter (
  dead_letter_id uuid PRIMARY KEY,
  received_at timestamptz NOT NULL,
  topic text NOT NULL,
  raw bytea NOT NULL,
  reason text NOT NULL,
  detail text NOT NULL,
  equipment_id text,
  party_id text,
  seen_count int NOT NULL DEFAULT 1,
  state text NOT NULL DEFAULT 'rejected' CHECK (state IN ('rejected', 'quarantined', 'resubmitted', 'dropped')),
  resubmitted_key uuid
);
CREATE INDEX dead_letter_equipment ON ingest.dead_letter (equipment_id) WHERE state = 'quarantined';
CREATE INDEX dead_letter_received ON ingest.dead_letter (received_at);
-- Last word from each equipment: silence is judged against it.
CREATE TABLE ingest.equipment_contact (
  equipment_no int PRIMARY KEY,
  last_received_at timestamptz NOT NULL,
  last_observed_at timestamptz NOT NULL,
  readings bigint NOT NULL DEFAULT 0
);
-- Sparkplug B: what a BIRTH declared, so that alias-only DATA can be read after a restart too.
CREATE TABLE ingest.sparkplug_birth (
  edge_node text NOT NULL,
  device text NOT NULL DEFAULT '',
  bd_seq bigint,
  metrics jsonb NOT NULL,
  born_at timestamptz NOT NULL,
  stale boolean NOT NULL DEFAULT false,
  PRIMARY KEY (edge_node, device)
);
GRANT INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ingest TO forestock_ingest;
REVOKE UPDATE, DELETE ON ingest.reading, ingest.equipment_event FROM forestock_ingest;
