-- What happens to an alert is an audit entry too: the trail then tells everything that happened to decisions and alerts
-- in one order, which is what the event stream of the API reads.
CREATE FUNCTION replenish.audit_alert_event() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM platform.record_audit(NEW.world_at, coalesce(NEW.body->>'actor', 'forestock'), 'alert.' || NEW.type, NEW.alert_id::text, NEW.body);
  RETURN NULL;
END $$;
CREATE TRIGGER audit_alert_event AFTER INSERT ON replenish.alert_event FOR EACH ROW EXECUTE FUNCTION replenish.audit_alert_event();
REVOKE EXECUTE ON FUNCTION replenish.audit_alert_event FROM PUBLIC;
