-- Nightly upkeep, driven by the service (platform/maintenance.ts): old rows leave by whole partitions or chunks, and with
-- TimescaleDB older readings are compressed. A call handles one partition or chunk in a transaction of its own, and gives up
-- after 2 s of waiting for a lock, because everything that writes waits behind it.

-- Where TimescaleDB's functions are; null without it.
CREATE FUNCTION platform.timescale_schema() RETURNS text LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT n.nspname FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'timescaledb'
$$;

-- A table made before TimescaleDB came keeps its native partitions.
CREATE FUNCTION platform.is_hypertable(p_table regclass) RETURNS boolean LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT relkind = 'r' FROM pg_class WHERE oid = p_table
$$;

-- Old readings become columns, per equipment. The log sequence is in the order and its range is kept per chunk: a stage asks
-- for what is new in its partitions, and sees from the range that an old chunk has nothing for it.
DO $$
BEGIN
  IF platform.is_hypertable('ingest.reading') THEN
    SET LOCAL timescaledb.enable_chunk_skipping = on;
    ALTER TABLE ingest.reading SET (timescaledb.compress, timescaledb.compress_segmentby = 'equipment_no',
      timescaledb.compress_orderby = 'observed_at, log_seq');
    EXECUTE format('SELECT %I.enable_chunk_skipping(%L, %L)', platform.timescale_schema(), 'ingest.reading', 'log_seq');
  END IF;
END $$;

-- As before, but a partition is made beside the table and attached to it: nobody who reads the table holds that up.
CREATE OR REPLACE FUNCTION ingest.ensure_partitions(p_from timestamptz, p_to timestamptz)
RETURNS int LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  week timestamptz := date_trunc('week', p_from AT TIME ZONE 'UTC') AT TIME ZONE 'UTC';
  base text;
  name text;
  made int := 0;
BEGIN
  IF platform.is_hypertable('ingest.reading') THEN RETURN 0; END IF;
  IF p_to - p_from > interval '800 days' THEN
    RAISE EXCEPTION 'a batch spans % to %: more than 800 days', p_from, p_to;
  END IF;
  WHILE week <= p_to LOOP
    FOREACH base IN ARRAY ARRAY['reading', 'equipment_event'] LOOP
      name := base || '_' || to_char(week AT TIME ZONE 'UTC', 'YYYYMMDD');
      IF to_regclass('ingest.' || name) IS NULL THEN
        PERFORM pg_advisory_xact_lock(hashtext('ingest.ensure_partitions'));
        IF to_regclass('ingest.' || name) IS NULL THEN
          EXECUTE format('CREATE TABLE ingest.%I (LIKE ingest.%I INCLUDING ALL)', name, base);
          EXECUTE format('ALTER TABLE ingest.%I ATTACH PARTITION ingest.%I FOR VALUES FROM (%L) TO (%L)', base, name, week, week + interval '7 days');
          made := made + 1;
        END IF;
      END IF;
    END LOOP;
    week := week + interval '7 days';
  END LOOP;
  RETURN made;
END $$;

DROP FUNCTION ingest.drop_partitions(timestamptz);

-- Drops the oldest partition or chunk of a table, if all of it lies before p_before. Returns how many it dropped: 0 or 1.
-- Decisions keep their own inputs (DATA-MODEL).
CREATE FUNCTION ingest.drop_oldest_partition(p_table text, p_before timestamptz)
RETURNS int LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '2s' AS $$
DECLARE
  parent regclass := CASE p_table WHEN 'reading' THEN 'ingest.reading' WHEN 'equipment_event' THEN 'ingest.equipment_event' END;
  oldest text;
  ends timestamptz;
  dropped int := 0;
BEGIN
  IF parent IS NULL THEN RAISE EXCEPTION '% is no table with partitions', p_table; END IF;
  IF platform.is_hypertable(parent) THEN
    EXECUTE 'SELECT min(range_end) FROM timescaledb_information.chunks WHERE hypertable_schema = ''ingest'' AND hypertable_name = $1'
      INTO ends USING p_table;
    IF ends <= p_before THEN
      EXECUTE format('SELECT count(*)::int FROM %I.drop_chunks($1, older_than => $2)', platform.timescale_schema())
        INTO dropped USING parent, ends;
    END IF;
    RETURN dropped;
  END IF;
  SELECT c.relname, (to_date(right(c.relname, 8), 'YYYYMMDD') + 7)::timestamp AT TIME ZONE 'UTC' INTO oldest, ends
    FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = parent ORDER BY c.relname LIMIT 1;
  IF ends <= p_before THEN
    EXECUTE format('DROP TABLE ingest.%I', oldest);
    dropped := 1;
  END IF;
  RETURN dropped;
END $$;
REVOKE EXECUTE ON FUNCTION ingest.drop_oldest_partition FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ingest.drop_oldest_partition TO forestock_ingest;

-- Compresses the oldest chunk of readings that ends by p_before and has rows that are not compressed yet: a whole chunk the
-- first time, the late rows of one later. Returns how many chunks: 0 or 1; 0 on native partitions.
CREATE FUNCTION ingest.compress_oldest_chunk(p_before timestamptz)
RETURNS int LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '2s' AS $$
DECLARE chunk regclass;
BEGIN
  IF NOT platform.is_hypertable('ingest.reading') THEN RETURN 0; END IF;
  PERFORM set_config('timescaledb.enable_chunk_skipping', 'on', true); -- compressing then keeps the range of log sequences
  -- chunk_status is a set of bits: 1 compressed, 2 and 8 with late rows beside it, 4 frozen by an operator.
  EXECUTE 'SELECT format(''%I.%I'', chunk_schema, chunk_name)::regclass FROM timescaledb_information.chunks
     WHERE hypertable_schema = ''ingest'' AND hypertable_name = ''reading'' AND range_end <= $1
       AND _timescaledb_functions.chunk_status(format(''%I.%I'', chunk_schema, chunk_name)::regclass) NOT IN (1, 4, 5)
     ORDER BY range_end LIMIT 1' INTO chunk USING p_before;
  IF chunk IS NULL THEN RETURN 0; END IF;
  EXECUTE format('SELECT %I.compress_chunk($1)', platform.timescale_schema()) USING chunk;
  RETURN 1;
END $$;
REVOKE EXECUTE ON FUNCTION ingest.compress_oldest_chunk FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ingest.compress_oldest_chunk TO forestock_ingest;

-- The same for forecasts, by month. Making a month locks the table, which no forecast should wait for without end.
ALTER FUNCTION predict.ensure_partitions SET lock_timeout = '2s';
CREATE FUNCTION predict.drop_oldest_partition(p_before timestamptz)
RETURNS int LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '2s' AS $$
DECLARE
  oldest text;
  ends timestamptz;
BEGIN
  SELECT c.relname, (to_date(right(c.relname, 6), 'YYYYMM') + interval '1 month') AT TIME ZONE 'UTC' INTO oldest, ends
    FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = 'predict.forecast'::regclass ORDER BY c.relname LIMIT 1;
  IF ends IS NULL OR ends > p_before THEN RETURN 0; END IF;
  EXECUTE format('DROP TABLE predict.%I', oldest);
  RETURN 1;
END $$;
REVOKE EXECUTE ON FUNCTION predict.drop_oldest_partition FROM PUBLIC;
GRANT EXECUTE ON FUNCTION predict.drop_oldest_partition TO forestock_predict;
