-- What a party has agreed to tell, how often, and when it last did. Times are world times. An overdue feed has no timer: nothing
-- but its own word changes that, and the word sets one (kind 'feed', key 'party/kind').
CREATE TABLE network.feed (
  party_id text NOT NULL REFERENCES network.party,
  kind text NOT NULL CHECK (kind IN ('repair-reports', 'equipment-events', 'stock-counts', 'order-confirmations')),
  expected_interval_h int NOT NULL CHECK (expected_interval_h > 0),
  grace_h int NOT NULL CHECK (grace_h >= 0),
  fresh_within_h int CHECK (fresh_within_h > 0),
  agreed_at timestamptz NOT NULL,
  heard_at timestamptz,
  newest_at timestamptz,
  overdue_since timestamptz,
  PRIMARY KEY (party_id, kind)
);
GRANT INSERT, UPDATE, DELETE ON network.feed TO forestock_network;
GRANT EXECUTE ON FUNCTION replenish.open_alert, replenish.clear_alert TO forestock_network;

-- Whose log a repair report belongs to. Reports from before were told by, or for, the machine's customer.
ALTER TABLE network.repair_report ADD COLUMN party_id text REFERENCES network.party;
UPDATE network.repair_report r SET party_id = e.customer_party_id FROM network.equipment e WHERE e.equipment_no = r.equipment_no;
ALTER TABLE network.repair_report ALTER COLUMN party_id SET NOT NULL;
CREATE INDEX repair_report_newest ON network.repair_report (reported_at, report_id);
CREATE INDEX repair_report_of_party ON network.repair_report (party_id, reported_at, report_id);

-- What is read for a token of a party is read under this role: it sees the rows of the party that its transaction names in
-- forestock.party, none where that is missing, and no other table. The service's login reaches it through forestock_api.
DO $$
BEGIN
  CREATE ROLE forestock_party NOLOGIN;
  GRANT forestock_party TO forestock_api;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; -- another workspace was first
END $$;
GRANT USAGE ON SCHEMA network TO forestock_party;
GRANT SELECT ON network.repair_report TO forestock_party;
GRANT SELECT (equipment_no, equipment_id) ON network.equipment TO forestock_party;

ALTER TABLE network.repair_report ENABLE ROW LEVEL SECURITY;
CREATE POLICY every_party ON network.repair_report
  TO forestock_platform, forestock_network, forestock_ingest, forestock_predict, forestock_replenish, forestock_partners, forestock_api
  USING (true) WITH CHECK (true);
CREATE POLICY own_party ON network.repair_report FOR SELECT TO forestock_party
  USING (party_id = nullif(current_setting('forestock.party', true), ''));

-- Tokens of parties: a principal of kind 'token', its SHA-256 and no more, and a grant of the role it has for its party.
ALTER TABLE platform.principal ADD COLUMN created_wall timestamptz NOT NULL DEFAULT clock_timestamp();
CREATE UNIQUE INDEX principal_credential ON platform.principal (credential_hash);
REVOKE SELECT ON platform.principal, platform."grant"
  FROM forestock_network, forestock_ingest, forestock_predict, forestock_replenish, forestock_partners, forestock_api;
