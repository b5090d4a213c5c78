-- Users and tokens may be bound to segments of parts (K3): classes of criticality, as they are in force. Planners act for those alone, and
-- who speaks for a party reads those alone, which the database itself holds to.
ALTER TABLE platform."grant"
  DROP CONSTRAINT grant_scope,
  ADD CONSTRAINT grant_scope CHECK (scope_kind IN ('all', 'party', 'depot', 'segment'));

-- The segments of this transaction, beside its party: '*' is every one, and where none are named there are none.
CREATE FUNCTION network.session_has_every_segment() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(current_setting('forestock.segments', true) = '*', false)
$$;

-- The parts of those segments. Answered as the owner: classes themselves are closed to parties.
CREATE FUNCTION replenish.session_parts() RETURNS SETOF text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT p.part_id FROM network.part p
   WHERE network.session_has_every_segment()
      OR replenish.criticality_in_force(p) = ANY (string_to_array(current_setting('forestock.segments', true), ','))
$$;

-- The session party's reports about handed out pieces of those parts; the line may have passed out of its sight.
CREATE FUNCTION network.session_part_reports() RETURNS SETOF uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT r.report_id FROM network.part_report r JOIN network.demand_line l USING (demand_id)
   WHERE r.party_id = network.session_party() AND l.part_id IN (SELECT replenish.session_parts())
$$;

-- Which parts it supplies decides what stock it may be shared.
CREATE OR REPLACE FUNCTION network.supplied_parts() RETURNS SETOF text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT part_id FROM network.sourcing WHERE source_kind = 'supplier' AND source_id = network.session_party() AND part_id IN (SELECT replenish.session_parts())
  UNION
  SELECT part_id FROM network.supply_order WHERE from_loc = 'supplier:' || network.session_party() AND state <> 'proposed'
     AND part_id IN (SELECT replenish.session_parts())
$$;
REVOKE EXECUTE ON FUNCTION replenish.session_parts, network.session_part_reports FROM PUBLIC;
GRANT EXECUTE ON FUNCTION replenish.session_parts, network.session_part_reports TO forestock_party;

-- Beside whose a row is, it has to be of such a part, or of none. Steps, promises and backorders follow from their order or need, names of parts
-- from the rows that name them. No restrictive policies: those would hold for the API's own role as well, which is a member of forestock_party.
DO $$
DECLARE one record;
BEGIN
  FOR one IN SELECT schemaname || '.' || tablename AS name, policyname, qual FROM pg_policies
    WHERE 'forestock_party' = ANY (roles) AND schemaname || '.' || tablename IN ('network.sourcing', 'network.sourcing_express', 'network.supply_order',
      'network.demand_line', 'network.demand_event', 'network.repair_report', 'replenish.lead_time', 'replenish.demand_forecast') LOOP
    EXECUTE format('ALTER POLICY %I ON %s USING ((%s) AND (network.session_has_every_segment() OR part_id IS NULL OR part_id IN (SELECT replenish.session_parts())))',
      one.policyname, one.name, one.qual);
  END LOOP;
END $$;
ALTER POLICY own_report ON network.part_report
  USING (party_id = network.session_party() AND (network.session_has_every_segment() OR report_id IN (SELECT network.session_part_reports())));
