-- The stage that tells of alerts came after row-level security and was left out of its policies: it saw no alert, and told nobody.
DO $$
DECLARE policy record;
BEGIN
  FOR policy IN SELECT schemaname, tablename, policyname, roles FROM pg_policies
                 WHERE policyname IN ('every_stage', 'every_party') AND NOT 'forestock_notices' = ANY (roles) LOOP
    EXECUTE format('ALTER POLICY %I ON %I.%I TO %s, forestock_notices', policy.policyname, policy.schemaname, policy.tablename,
      (SELECT string_agg(quote_ident(role), ', ') FROM unnest(policy.roles) role));
  END LOOP;
END $$;
-- What was noted meanwhile was looked at and not seen; each alert that stands is looked at again.
INSERT INTO notices.changed (kind, subject_id) SELECT 'alert', alert_id FROM replenish.alert WHERE state <> 'cleared';
