-- When a contract's clock runs: opening hours of the week in local time, and the dates without any (domain/business-time.ts reads them).
CREATE TABLE partners.calendar (
  calendar_id text PRIMARY KEY,
  time_zone text NOT NULL,
  hours text NOT NULL,
  holidays text[] NOT NULL DEFAULT '{}'
);
GRANT INSERT, UPDATE ON partners.calendar TO forestock_partners;

-- Calendars and terms come with the master data, all or nothing: the import's transaction hands them over here.
CREATE FUNCTION partners.put_calendars(p_rows jsonb) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  INSERT INTO partners.calendar (calendar_id, time_zone, hours, holidays)
  SELECT calendar_id, time_zone, hours, holidays
    FROM jsonb_to_recordset(p_rows) AS x(calendar_id text, time_zone text, hours text, holidays text[])
  ON CONFLICT (calendar_id) DO UPDATE SET time_zone = excluded.time_zone, hours = excluded.hours, holidays = excluded.holidays;
$$;
CREATE FUNCTION partners.put_contract_terms(p_rows jsonb) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  INSERT INTO partners.contract_term (contract_id, version, term_no, type, scope, params, effective, clause_ref)
  SELECT contract_id, version, term_no, type, scope, params, tstzrange(valid_from, valid_to), clause_ref
    FROM jsonb_to_recordset(p_rows) AS x(contract_id text, version int, term_no int, type text, scope jsonb, params jsonb,
                                         valid_from timestamptz, valid_to timestamptz, clause_ref text)
  ON CONFLICT (contract_id, version, term_no) DO UPDATE SET type = excluded.type, scope = excluded.scope, params = excluded.params,
    effective = excluded.effective, clause_ref = excluded.clause_ref;
$$;
REVOKE EXECUTE ON FUNCTION partners.put_calendars, partners.put_contract_terms FROM PUBLIC;
GRANT EXECUTE ON FUNCTION partners.put_calendars, partners.put_contract_terms TO forestock_network;

-- The version of each contract that counts at an instant: of the active ones whose range holds it, the highest.
CREATE FUNCTION network.contract_in_force(p_at timestamptz) RETURNS SETOF network.contract LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT DISTINCT ON (c.contract_id) c.* FROM network.contract c
   WHERE c.status = 'active' AND c.valid @> p_at ORDER BY c.contract_id, c.version DESC
$$;

-- An end that is near is an alert of the register; a timer of its own says when to look again.
GRANT EXECUTE ON FUNCTION replenish.open_alert, replenish.clear_alert TO forestock_partners;
GRANT INSERT, UPDATE ON platform.world_timer TO forestock_partners;

-- Needs are looked up by the contract of their machine.
CREATE INDEX equipment_contract ON network.equipment (contract_id);
CREATE INDEX demand_line_equipment ON network.demand_line (equipment_no, needed_at);
