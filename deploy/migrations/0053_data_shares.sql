-- What a party is sent beyond its own, from when until when, for which purpose, how coarse and for how long (K4). Times are world times.
CREATE TABLE partners.data_share (
  party_id text NOT NULL REFERENCES network.party,
  data text NOT NULL,
  -- Grows with each agreement about this data with this party.
  version int NOT NULL CHECK (version > 0),
  -- Purpose, use rights, fields, grouping with its floor, frequency and retention, as partners/core/data-share.ts reads them.
  terms jsonb NOT NULL,
  from_at timestamptz NOT NULL,
  -- Null: until something else is agreed. A version that another one outdid before it began has an end before its begin.
  to_at timestamptz,
  agreed_by text NOT NULL,
  agreed_at timestamptz NOT NULL,
  PRIMARY KEY (party_id, data, version)
);
GRANT INSERT, UPDATE (to_at) ON partners.data_share TO forestock_partners;

-- By which pseudonyms of one party are made. Nobody else reads it.
CREATE TABLE partners.pseudonym_key (
  party_id text PRIMARY KEY REFERENCES network.party,
  key bytea NOT NULL CHECK (length(key) = 32)
);
REVOKE SELECT ON partners.pseudonym_key
  FROM forestock_platform, forestock_network, forestock_ingest, forestock_predict, forestock_replenish, forestock_api, forestock_notices;
GRANT SELECT, INSERT ON partners.pseudonym_key TO forestock_partners;

-- What was sent under a share, and of a share with a frequency the state itself, which is sent again until the next one is due.
CREATE TABLE partners.data_share_sent (
  sent_no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  party_id text NOT NULL,
  data text NOT NULL,
  version int NOT NULL,
  way text NOT NULL CHECK (way IN ('api', 'csv', 'stream', 'notice')),
  rows_sent int NOT NULL CHECK (rows_sent >= 0),
  sent_at timestamptz NOT NULL,
  keep_until timestamptz NOT NULL,
  body json,
  FOREIGN KEY (party_id, data, version) REFERENCES partners.data_share
);
CREATE INDEX data_share_sent_end ON partners.data_share_sent (keep_until);
CREATE INDEX data_share_sent_state ON partners.data_share_sent (party_id, data, version, sent_at DESC) WHERE body IS NOT NULL;
GRANT INSERT, DELETE ON partners.data_share_sent TO forestock_partners;

-- The stock of the parts that the session's party supplies, as long as a share of stock is in force. Answered as the owner: the tables
-- themselves are closed to parties.
CREATE FUNCTION network.shared_stock() RETURNS TABLE (part_id text, depot_id text, condition text, qty int, moved_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT b.part_id, substr(b.loc, 7), b.condition, sum(b.qty)::int,
         (SELECT max(m.world_at) FROM network.stock_movement m WHERE m.part_id = b.part_id AND b.loc IN (m.from_loc, m.to_loc))
    FROM network.stock_balance b
   WHERE b.loc LIKE 'depot:%' AND b.qty > 0 AND b.part_id IN (SELECT network.supplied_parts())
     AND EXISTS (SELECT FROM partners.data_share s WHERE s.party_id = network.session_party() AND s.data = 'stock'
                    AND s.from_at <= network.session_at() AND (s.to_at IS NULL OR network.session_at() < s.to_at))
   GROUP BY b.part_id, b.loc, b.condition
$$;
REVOKE EXECUTE ON FUNCTION network.shared_stock FROM PUBLIC;
GRANT EXECUTE ON FUNCTION network.shared_stock TO forestock_party;
