-- Legal hold: rows of an equipment, a part or a partner, of a span of world time, that no retention may remove while it stands.
CREATE TABLE platform.legal_hold (
  hold_id text PRIMARY KEY CHECK (hold_id ~ '^[A-Za-z0-9._-]{1,64}$'),
  kind text NOT NULL CHECK (kind IN ('equipment', 'part', 'party')),
  subject_id text NOT NULL,
  from_at timestamptz NOT NULL,
  to_at timestamptz NOT NULL CHECK (to_at > from_at),
  reason text NOT NULL,
  placed_at timestamptz NOT NULL,
  placed_by text NOT NULL,
  lifted_at timestamptz,
  lifted_by text
);
GRANT INSERT, UPDATE (lifted_at, lifted_by) ON platform.legal_hold TO forestock_platform;

-- Which equipment is held, and for which span: a part holds every machine that it was ever installed in, a partner its machines.
CREATE VIEW platform.held_equipment AS
  SELECT h.hold_id, h.from_at, h.to_at, e.equipment_no, e.equipment_id
    FROM platform.legal_hold h JOIN network.equipment e ON
         (h.kind = 'equipment' AND e.equipment_id = h.subject_id)
      OR (h.kind = 'party' AND e.customer_party_id = h.subject_id)
      OR (h.kind = 'part' AND e.equipment_no IN (SELECT i.equipment_no FROM network.installation i JOIN network.component c USING (component_id)
                                                   WHERE c.part_id = h.subject_id))
   WHERE h.lifted_at IS NULL;
GRANT SELECT ON platform.held_equipment
  TO forestock_platform, forestock_network, forestock_ingest, forestock_predict, forestock_replenish, forestock_partners, forestock_api;

-- Whether a partition has a held row. Runs as owner: who calls it may be any stage.
CREATE FUNCTION platform.holds_row(p_partition regclass, p_instant text, p_from timestamptz, p_to timestamptz)
RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE found_one boolean;
BEGIN
  EXECUTE format('SELECT EXISTS (SELECT FROM platform.held_equipment h JOIN %s r
      ON r.equipment_no = h.equipment_no AND r.%I >= greatest(h.from_at, $1) AND r.%I < least(h.to_at, $2))', p_partition, p_instant, p_instant)
    INTO found_one USING p_from, p_to;
  RETURN found_one;
END $$;
REVOKE EXECUTE ON FUNCTION platform.holds_row FROM PUBLIC;

-- As before, but a week with a held row stays whole, and does not keep younger ones from going.
CREATE OR REPLACE FUNCTION ingest.drop_oldest_partition(p_table text, p_before timestamptz)
RETURNS int LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '2s' AS $$
DECLARE
  parent regclass := CASE p_table WHEN 'reading' THEN 'ingest.reading' WHEN 'equipment_event' THEN 'ingest.equipment_event' END;
  week record;
  dropped int := 0;
BEGIN
  IF parent IS NULL THEN RAISE EXCEPTION '% is no table with partitions', p_table; END IF;
  IF platform.is_hypertable(parent) THEN
    FOR week IN EXECUTE 'SELECT range_start AS starts, range_end AS ends FROM timescaledb_information.chunks
        WHERE hypertable_schema = ''ingest'' AND hypertable_name = $1 AND range_end <= $2 ORDER BY range_end' USING p_table, p_before LOOP
      CONTINUE WHEN platform.holds_row(parent, 'observed_at', week.starts, week.ends);
      EXECUTE format('SELECT count(*)::int FROM %I.drop_chunks($1, older_than => $2, newer_than => $3)', platform.timescale_schema())
        INTO dropped USING parent, week.ends, week.starts;
      RETURN dropped;
    END LOOP;
    RETURN 0;
  END IF;
  FOR week IN SELECT c.relname AS name, to_date(right(c.relname, 8), 'YYYYMMDD')::timestamp AT TIME ZONE 'UTC' AS starts,
                     (to_date(right(c.relname, 8), 'YYYYMMDD') + 7)::timestamp AT TIME ZONE 'UTC' AS ends
      FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = parent ORDER BY c.relname LOOP
    EXIT WHEN week.ends > p_before;
    CONTINUE WHEN platform.holds_row(format('ingest.%I', week.name)::regclass, 'observed_at', week.starts, week.ends);
    EXECUTE format('DROP TABLE ingest.%I', week.name);
    RETURN 1;
  END LOOP;
  RETURN 0;
END $$;

CREATE OR REPLACE FUNCTION predict.drop_oldest_partition(p_before timestamptz)
RETURNS int LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '2s' AS $$
DECLARE month record;
BEGIN
  FOR month IN SELECT c.relname AS name, to_date(right(c.relname, 6), 'YYYYMM')::timestamp AT TIME ZONE 'UTC' AS starts,
                      (to_date(right(c.relname, 6), 'YYYYMM') + interval '1 month') AT TIME ZONE 'UTC' AS ends
      FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = 'predict.forecast'::regclass ORDER BY c.relname LOOP
    EXIT WHEN month.ends > p_before;
    CONTINUE WHEN platform.holds_row(format('predict.%I', month.name)::regclass, 'as_of', month.starts, month.ends);
    EXECUTE format('DROP TABLE predict.%I', month.name);
    RETURN 1;
  END LOOP;
  RETURN 0;
END $$;

-- A held letter outlasts whoever deletes it.
CREATE FUNCTION ingest.keep_held_letter() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM platform.held_equipment h
              WHERE h.equipment_id = OLD.equipment_id AND OLD.received_at >= h.from_at AND OLD.received_at < h.to_at)
    OR EXISTS (SELECT FROM platform.legal_hold h WHERE h.kind = 'party' AND h.subject_id = OLD.party_id AND h.lifted_at IS NULL
                 AND OLD.received_at >= h.from_at AND OLD.received_at < h.to_at)
  THEN RETURN NULL; END IF;
  RETURN OLD;
END $$;
REVOKE EXECUTE ON FUNCTION ingest.keep_held_letter FROM PUBLIC;
CREATE TRIGGER keep_held BEFORE DELETE ON ingest.dead_letter FOR EACH ROW EXECUTE FUNCTION ingest.keep_held_letter();

-- How far retention may cut the audit trail: the last anchor, within p_rows_max rows of the beginning, before which every entry is
-- older than p_before and outside every span on hold. The last seal always stays. 0: nowhere.
CREATE FUNCTION platform.audit_cuttable(p_before timestamptz, p_rows_max int) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  WITH first AS (SELECT min(seal_no) AS no FROM platform.audit_seal),
  kept AS (
    SELECT s.seal_no FROM platform.audit_seal s JOIN platform.audit_entry e USING (audit_id), first
     WHERE s.seal_no <= first.no + p_rows_max
       AND (e.world_at >= p_before OR EXISTS (SELECT FROM platform.legal_hold h
             WHERE h.lifted_at IS NULL AND e.world_at >= h.from_at AND e.world_at < h.to_at))
     ORDER BY s.seal_no LIMIT 1)
  SELECT coalesce(max(a.seal_no), 0) FROM platform.audit_anchor a, first
   WHERE a.seal_no >= first.no AND a.seal_no < first.no + p_rows_max
     AND a.seal_no < coalesce((SELECT seal_no FROM kept), 9223372036854775807)
     AND a.seal_no < (SELECT max(seal_no) FROM platform.audit_seal)
     AND a.seal = (SELECT s.seal FROM platform.audit_seal s WHERE s.seal_no = a.seal_no)
$$;
REVOKE EXECUTE ON FUNCTION platform.audit_cuttable FROM PUBLIC;
GRANT EXECUTE ON FUNCTION platform.audit_cuttable TO forestock_platform;

-- Takes the beginning of the trail away up to an anchor, and says so in an entry that is sealed at once. Returns how many rows.
CREATE FUNCTION platform.cut_audit(p_through bigint, p_before timestamptz, p_rows_max int, p_world_at timestamptz)
RETURNS int LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE gone int;
BEGIN
  IF NOT pg_try_advisory_xact_lock(hashtextextended('forestock.seal_audit', 0)) THEN RETURN 0; END IF;
  IF p_through < 1 OR p_through > platform.audit_cuttable(p_before, p_rows_max)
    OR NOT EXISTS (SELECT FROM platform.audit_anchor WHERE seal_no = p_through) THEN
    RAISE EXCEPTION 'the audit trail cannot be cut at seal %: no anchor, too young, or on hold', p_through;
  END IF;
  PERFORM set_config('forestock.audit_maintenance', 'audit_entry DELETE', true);
  DELETE FROM platform.audit_entry WHERE audit_id IN (SELECT audit_id FROM platform.audit_seal WHERE seal_no <= p_through);
  PERFORM set_config('forestock.audit_maintenance', 'audit_seal DELETE', true);
  DELETE FROM platform.audit_seal WHERE seal_no <= p_through;
  GET DIAGNOSTICS gone = ROW_COUNT;
  PERFORM set_config('forestock.audit_maintenance', '', true);
  PERFORM platform.record_audit(p_world_at, 'forestock', 'audit.cut', p_through::text, jsonb_build_object('rows', gone, 'before', p_before));
  PERFORM platform.seal_audit(2147483647);
  RETURN gone;
END $$;
REVOKE EXECUTE ON FUNCTION platform.cut_audit FROM PUBLIC;
GRANT EXECUTE ON FUNCTION platform.cut_audit TO forestock_platform;
