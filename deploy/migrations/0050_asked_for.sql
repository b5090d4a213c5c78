-- A confirmed date takes the place of the expected one; when an order was asked for by is kept beside it. Null: placed before this was.
ALTER TABLE network.supply_order ADD COLUMN requested_at timestamptz;
UPDATE network.supply_order SET requested_at = expected_at WHERE promised_at IS NULL;
CREATE FUNCTION network.note_requested() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NEW.promised_at IS NULL THEN NEW.requested_at := coalesce(NEW.requested_at, NEW.expected_at); END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER note_requested BEFORE INSERT ON network.supply_order FOR EACH ROW EXECUTE FUNCTION network.note_requested();
GRANT SELECT (requested_at) ON network.supply_order TO forestock_party;
