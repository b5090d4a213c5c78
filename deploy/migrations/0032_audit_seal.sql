-- The audit trail is sealed afterwards (docs/decisions/0029): entries commit with what they tell of and wait in audit_unsealed;
-- a sealer gives each the next seal number and a seal that depends on every entry before it. Numbers have no holes, whatever
-- identities a rolled-back transaction has used up.
DROP TABLE platform.audit_seal; -- as migration 1 made it; nothing ever wrote to it

CREATE TABLE platform.audit_seal (
  seal_no bigint PRIMARY KEY CHECK (seal_no > 0), -- two sealers at once cannot fork the chain
  audit_id bigint NOT NULL UNIQUE,
  seal bytea NOT NULL CHECK (length(seal) = 32)
);
CREATE TABLE platform.audit_unsealed (audit_id bigint PRIMARY KEY);
INSERT INTO platform.audit_unsealed SELECT audit_id FROM platform.audit_entry;

-- Signed statements "seal n was this": who keeps a copy elsewhere sees that the chain was rewritten or cut off.
CREATE TABLE platform.audit_anchor (
  seal_no bigint PRIMARY KEY,
  seal bytea NOT NULL CHECK (length(seal) = 32),
  anchored_wall timestamptz NOT NULL,
  key_id text NOT NULL,
  signature bytea NOT NULL CHECK (length(signature) = 64)
);
GRANT INSERT ON platform.audit_anchor TO forestock_platform;

-- Nobody holds these rights; the owner, who does, has to take the trigger away first.
CREATE FUNCTION platform.refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'TRUNCATE' AND current_setting('forestock.audit_maintenance', true) = TG_TABLE_NAME || ' ' || TG_OP THEN RETURN NULL; END IF;
  RAISE EXCEPTION 'the audit trail is appended to, never changed: % on %.%', TG_OP, TG_TABLE_SCHEMA, TG_TABLE_NAME
    USING ERRCODE = 'insufficient_privilege', HINT = 'to take personal data out of an entry use forestock audit redact';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON platform.audit_entry
  FOR EACH STATEMENT EXECUTE FUNCTION platform.refuse_audit_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON platform.audit_seal
  FOR EACH STATEMENT EXECUTE FUNCTION platform.refuse_audit_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON platform.audit_anchor
  FOR EACH STATEMENT EXECUTE FUNCTION platform.refuse_audit_change();

-- Written inside the caller's transaction; it waits for nobody.
CREATE OR REPLACE FUNCTION platform.record_audit(p_world_at timestamptz, p_actor text, p_action text, p_subject text, p_body jsonb)
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  WITH entry AS (
    INSERT INTO platform.audit_entry (world_at, wall_at, actor, action, subject, body, body_sha256)
    VALUES (p_world_at, clock_timestamp(), p_actor, p_action, p_subject, p_body, sha256(convert_to(p_body::text, 'UTF8')))
    RETURNING audit_id)
  INSERT INTO platform.audit_unsealed SELECT audit_id FROM entry;
$$;

CREATE FUNCTION platform.audit_instant(p_at timestamptz) RETURNS text LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(to_char(p_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), p_at::text) -- the infinite ones by name
$$;

-- The canonical row: a JSON array without blanks. The body stands in it by its hash, so that a redacted entry still fits.
CREATE FUNCTION platform.audit_row(e platform.audit_entry) RETURNS text LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT concat('[', e.audit_id, ',"', platform.audit_instant(e.world_at), '","', platform.audit_instant(e.wall_at), '",', to_json(e.actor), ',',
    to_json(e.action), ',', to_json(e.subject), ',"', encode(e.body_sha256, 'hex'), '"]')
$$;

-- Seals what has committed, oldest identity first, at most p_rows_max rows: seal = sha256(seal before ‖ sha256(canonical row)),
-- 32 zero bytes before the first. One transaction at a time: who finds another at it does nothing. Returns how many rows.
CREATE FUNCTION platform.seal_audit(p_rows_max int) RETURNS int LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  no bigint;
  last bytea;
  entry platform.audit_entry;
  sealed int := 0;
BEGIN
  IF NOT pg_try_advisory_xact_lock(hashtextextended('forestock.seal_audit', 0)) THEN RETURN 0; END IF;
  SELECT seal_no, seal INTO no, last FROM platform.audit_seal ORDER BY seal_no DESC LIMIT 1;
  IF NOT FOUND THEN
    no := 0;
    last := decode(repeat('00', 32), 'hex');
  END IF;
  FOR entry IN SELECT e.* FROM platform.audit_unsealed u JOIN platform.audit_entry e USING (audit_id) ORDER BY audit_id LIMIT p_rows_max LOOP
    no := no + 1;
    last := sha256(last || sha256(convert_to(platform.audit_row(entry), 'UTF8')));
    INSERT INTO platform.audit_seal (seal_no, audit_id, seal) VALUES (no, entry.audit_id, last);
    DELETE FROM platform.audit_unsealed WHERE audit_id = entry.audit_id;
    sealed := sealed + 1;
  END LOOP;
  RETURN sealed;
END $$;
REVOKE EXECUTE ON FUNCTION platform.seal_audit FROM PUBLIC;
GRANT EXECUTE ON FUNCTION platform.seal_audit TO forestock_platform;

-- Takes the body out of an entry, which keeps its hash, and appends who did it and why: the chain stays whole, and the verifier
-- accepts an empty body only beside such an entry. Returns whether there was one.
CREATE FUNCTION platform.redact_audit(p_audit_id bigint, p_world_at timestamptz, p_actor text, p_reason text)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE found_it boolean;
BEGIN
  PERFORM set_config('forestock.audit_maintenance', 'audit_entry UPDATE', true);
  UPDATE platform.audit_entry SET body = 'null' WHERE audit_id = p_audit_id AND body <> 'null' AND action <> 'audit.redacted';
  found_it := FOUND;
  PERFORM set_config('forestock.audit_maintenance', '', true);
  IF found_it THEN
    PERFORM platform.record_audit(p_world_at, p_actor, 'audit.redacted', p_audit_id::text, jsonb_build_object('reason', p_reason));
  END IF;
  RETURN found_it;
END $$;
REVOKE EXECUTE ON FUNCTION platform.redact_audit FROM PUBLIC;
GRANT EXECUTE ON FUNCTION platform.redact_audit TO forestock_platform;
