-- What customers are told of their backorders: texts that a second person approved, and nothing else (I3). Times are world times.
CREATE TABLE notices.template (
  template_id text NOT NULL CHECK (template_id ~ '^[A-Za-z0-9._-]{1,64}$'),
  version int NOT NULL CHECK (version > 0),
  reason text NOT NULL CHECK (reason IN ('promised', 'moved', 'prolonged', 'filled', 'cancelled')),
  -- Null: whatever the tier of the line, whatever the channel.
  tier text,
  channel text,
  language text NOT NULL,
  title text NOT NULL,
  body text NOT NULL,
  written_by text NOT NULL,
  written_at timestamptz NOT NULL,
  approved_by text,
  approved_at timestamptz,
  retired_at timestamptz,
  PRIMARY KEY (template_id, version),
  CHECK ((approved_by IS NULL) = (approved_at IS NULL)),
  CONSTRAINT approved_by_another CHECK (approved_by <> written_by)
);
GRANT INSERT, UPDATE (approved_by, approved_at, retired_at) ON notices.template TO forestock_notices;

-- The order in which customers' notices left: several may leave at one instant of world time.
CREATE SEQUENCE notices.sending;
GRANT USAGE ON SEQUENCE notices.sending TO forestock_notices;
ALTER TABLE notices.notice ADD COLUMN sent_no bigint;

-- A line of a customer that is told of its lines, when its date or its state changes or it begins to be late.
CREATE FUNCTION notices.note_line() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO notices.changed (kind, subject_id)
  SELECT 'line', NEW.demand_id FROM network.demand_line l
   WHERE l.demand_id = NEW.demand_id AND EXISTS (SELECT FROM notices.recipient r WHERE r.party_id = l.customer_party_id);
  RETURN NULL;
END $$;
REVOKE EXECUTE ON FUNCTION notices.note_line FROM PUBLIC;
CREATE TRIGGER note_line AFTER UPDATE ON network.demand_line FOR EACH ROW
  WHEN (NEW.customer_party_id IS NOT NULL AND (OLD.promised_at, OLD.state) IS DISTINCT FROM (NEW.promised_at, NEW.state))
  EXECUTE FUNCTION notices.note_line();
CREATE TRIGGER note_promised_line AFTER INSERT ON network.demand_line FOR EACH ROW
  WHEN (NEW.customer_party_id IS NOT NULL AND NEW.promised_at > NEW.needed_at) EXECUTE FUNCTION notices.note_line();
CREATE TRIGGER note_late_line AFTER INSERT ON replenish.backorder FOR EACH ROW EXECUTE FUNCTION notices.note_line();

-- The stage that tells people came after row-level security: without a policy for it, it saw no alert, no line and no party.
DO $$
DECLARE guarded record;
BEGIN
  FOR guarded IN SELECT schemaname, tablename, roles FROM pg_policies
                  WHERE policyname = 'every_stage' AND NOT 'forestock_notices' = ANY(roles) LOOP
    EXECUTE format('ALTER POLICY every_stage ON %I.%I TO %s, forestock_notices', guarded.schemaname, guarded.tablename,
                   (SELECT string_agg(quote_ident(role), ', ') FROM unnest(guarded.roles) role));
  END LOOP;
END $$;
