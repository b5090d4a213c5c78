-- What the pages of technicians and suppliers need beside migration 37.

-- The installation's own technicians serve what its depots serve, as a service partner's do.
CREATE OR REPLACE FUNCTION network.served_equipment() RETURNS SETOF int LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT e.equipment_no FROM network.equipment e JOIN network.party p ON p.party_id = network.session_party() AND p.kind IN ('partner', 'own')
   WHERE EXISTS (SELECT FROM network.site s WHERE s.site_id = e.site_id AND s.party_id = p.party_id)
      OR EXISTS (SELECT FROM network.service_area a JOIN network.depot d USING (depot_id)
                  WHERE a.equipment_no = e.equipment_no AND d.party_id = p.party_id AND a.valid_from <= network.session_at() AND network.session_at() < a.valid_to)
      OR EXISTS (SELECT FROM network.contract k
                  WHERE k.contract_id = e.contract_id AND k.status = 'active' AND k.valid @> network.session_at() AND p.party_id IN (k.party_a, k.party_b))
$$;

-- A piece that was handed out for a need and did not serve it: what a technician found where the machine stands.
CREATE TABLE network.part_report (
  report_id uuid PRIMARY KEY,
  source text NOT NULL,
  source_key text NOT NULL,
  -- Whose log it is.
  party_id text NOT NULL REFERENCES network.party,
  demand_id uuid NOT NULL REFERENCES network.demand_line,
  problem text NOT NULL CHECK (problem IN ('part-missing', 'wrong-part', 'dead-on-arrival')),
  pieces int NOT NULL CHECK (pieces > 0),
  note text,
  reported_at timestamptz NOT NULL,
  -- The need that it opened; null: the line was still waiting anyway.
  opened_demand_id uuid REFERENCES network.demand_line,
  UNIQUE (source, source_key)
);
CREATE INDEX part_report_line ON network.part_report (demand_id);
GRANT INSERT ON network.part_report TO forestock_network;
GRANT SELECT (report_id, party_id, demand_id, problem, pieces, note, reported_at, opened_demand_id) ON network.part_report TO forestock_party;
ALTER TABLE network.part_report ENABLE ROW LEVEL SECURITY;
CREATE POLICY every_stage ON network.part_report TO forestock_platform, forestock_network, forestock_ingest, forestock_predict, forestock_replenish,
  forestock_partners, forestock_api USING (true) WITH CHECK (true);
CREATE POLICY own_report ON network.part_report FOR SELECT TO forestock_party USING (party_id = network.session_party());

-- The shelves whose normal source a supplier is, and those that are filled from them.
CREATE FUNCTION network.supplied_cells() RETURNS TABLE (part_id text, depot_id text) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  WITH RECURSIVE cell AS (
    SELECT s.part_id, s.depot_id FROM network.sourcing s
     WHERE s.kind = 'normal' AND s.source_kind = 'supplier' AND s.source_id = network.session_party() AND s.valid_from <= network.session_at()
    UNION
    SELECT s.part_id, s.depot_id FROM cell c JOIN network.sourcing s
        ON s.part_id = c.part_id AND s.kind = 'normal' AND s.source_kind = 'depot' AND s.source_id = c.depot_id AND s.valid_from <= network.session_at())
  SELECT part_id, depot_id FROM cell
$$;
REVOKE EXECUTE ON FUNCTION network.supplied_cells FROM PUBLIC;
GRANT EXECUTE ON FUNCTION network.supplied_cells TO forestock_party;
GRANT SELECT (part_id, depot_id, as_of, per_year, season) ON replenish.demand_forecast TO forestock_party;
ALTER TABLE replenish.demand_forecast ENABLE ROW LEVEL SECURITY;
CREATE POLICY every_stage ON replenish.demand_forecast TO forestock_platform, forestock_network, forestock_ingest, forestock_predict, forestock_replenish,
  forestock_partners, forestock_api USING (true) WITH CHECK (true);
CREATE POLICY own_supply ON replenish.demand_forecast FOR SELECT TO forestock_party
  USING ((part_id, depot_id) IN (SELECT c.part_id, c.depot_id FROM network.supplied_cells() c));
