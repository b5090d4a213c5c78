-- Who asked the API for what (K3): a row for each request of anybody who is known, and for each sign-in and token that was refused. Written in
-- batches, read by auditors and admins. The role that writes it may add rows, and neither change nor remove any.
CREATE TABLE platform.access_log (
  access_no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  -- World time, as the audit trail and legal holds have it.
  at timestamptz NOT NULL,
  -- By which name the audit trail knows the caller; null: what it showed was refused.
  caller text CHECK (length(caller) <= 200),
  role text,
  party_id text CHECK (length(party_id) <= 200),
  method text NOT NULL CHECK (length(method) <= 20),
  -- As asked, with the parameters that its route knows.
  path text NOT NULL CHECK (length(path) <= 300),
  status int NOT NULL,
  -- Code of the refusal (docs/errors.md); null: it was answered.
  refusal text,
  address text NOT NULL CHECK (length(address) <= 100)
);
CREATE INDEX access_log_at ON platform.access_log (at, access_no);
CREATE INDEX access_log_caller ON platform.access_log (caller, at);
CREATE INDEX access_log_party ON platform.access_log (party_id, at) WHERE party_id IS NOT NULL;
GRANT INSERT ON platform.access_log TO forestock_platform;
REVOKE SELECT ON platform.access_log
  FROM forestock_network, forestock_ingest, forestock_predict, forestock_replenish, forestock_partners, forestock_notices;

-- Takes away what is older than p_before, oldest first, but nothing of a span on hold, and says so in the audit trail. Returns how many rows.
CREATE FUNCTION platform.cut_access_log(p_before timestamptz, p_rows_max int, p_world_at timestamptz)
RETURNS int LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE gone int;
BEGIN
  DELETE FROM platform.access_log WHERE access_no IN (
    SELECT l.access_no FROM platform.access_log l
     WHERE l.at < p_before
       AND NOT EXISTS (SELECT FROM platform.legal_hold h WHERE h.lifted_at IS NULL AND l.at >= h.from_at AND l.at < h.to_at)
     ORDER BY l.at, l.access_no LIMIT p_rows_max);
  GET DIAGNOSTICS gone = ROW_COUNT;
  IF gone > 0 THEN
    PERFORM platform.record_audit(p_world_at, 'forestock', 'access-log.cut', '*', jsonb_build_object('rows', gone, 'before', p_before));
  END IF;
  RETURN gone;
END $$;
REVOKE EXECUTE ON FUNCTION platform.cut_access_log FROM PUBLIC;
GRANT EXECUTE ON FUNCTION platform.cut_access_log TO forestock_platform;
