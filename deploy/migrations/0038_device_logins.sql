-- Who may connect to MQTT as what: an equipment by its id, a Sparkplug edge node by 'group/node'. Kept is a salted hash of the secret, in
-- the form of a Mosquitto password file, so that the embedded listener and a broker know the same logins.
CREATE TABLE ingest.device_login (
  login text PRIMARY KEY,
  -- Whom it speaks for: the equipment itself, or the devices of the node.
  equipment_ids text[] NOT NULL CHECK (cardinality(equipment_ids) BETWEEN 1 AND 1000),
  secret_hash text NOT NULL,
  made_wall timestamptz NOT NULL DEFAULT clock_timestamp()
);
REVOKE SELECT ON ingest.device_login FROM forestock_platform, forestock_network, forestock_predict, forestock_replenish, forestock_partners, forestock_api;
GRANT INSERT, UPDATE, DELETE ON ingest.device_login TO forestock_ingest;
