-- Who hears of what, by which way, and what became of it. Times are world times.
DO $$
DECLARE login name;
BEGIN
  BEGIN
    CREATE ROLE forestock_notices NOLOGIN;
  EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; -- another workspace was first
  END;
  GRANT forestock_notices TO CURRENT_USER;
  -- Logins that work as the other stages work as this one too.
  FOR login IN SELECT m.rolname FROM pg_auth_members a JOIN pg_roles r ON r.oid = a.roleid JOIN pg_roles m ON m.oid = a.member
                WHERE r.rolname = 'forestock_replenish' AND m.rolcanlogin AND m.rolname <> CURRENT_USER LOOP
    EXECUTE format('GRANT forestock_notices TO %I', login);
  END LOOP;
END $$;
CREATE SCHEMA notices;
GRANT USAGE ON SCHEMA notices TO forestock_platform, forestock_network, forestock_ingest, forestock_predict, forestock_replenish, forestock_partners, forestock_api;
GRANT USAGE ON SCHEMA platform, network, partners, ingest, predict, replenish, notices TO forestock_notices;
GRANT SELECT ON ALL TABLES IN SCHEMA platform, network, partners, ingest, predict, replenish TO forestock_notices;
ALTER DEFAULT PRIVILEGES IN SCHEMA platform, network, partners, ingest, predict, replenish GRANT SELECT ON TABLES TO forestock_notices;
ALTER DEFAULT PRIVILEGES IN SCHEMA notices
  GRANT SELECT ON TABLES TO forestock_platform, forestock_network, forestock_ingest, forestock_predict, forestock_replenish, forestock_partners, forestock_api, forestock_notices;
GRANT INSERT, UPDATE, DELETE ON platform.world_timer TO forestock_notices;
GRANT EXECUTE ON FUNCTION platform.record_audit, platform.enqueue_effect TO forestock_notices;

-- A person, a group of people or a system that is told, and by which way.
CREATE TABLE notices.recipient (
  recipient_id text PRIMARY KEY,
  -- 'planner', 'planning-lead', … as rules and contracts name them; '*': whatever the role.
  role text NOT NULL,
  -- Null: our own people. Else the party: a customer hears of its own lines only.
  party_id text REFERENCES network.party,
  channel text NOT NULL CHECK (channel IN ('installation', 'webhook', 'email', 'slack', 'teams', 'pagerduty', 'mqtt')),
  -- What may be shown of where it goes: an e-mail address, the host of a URL, a topic.
  address text NOT NULL,
  -- Kinds and depots that it wants; null: all.
  kinds text[],
  depots text[],
  level_min int NOT NULL DEFAULT 1,
  language text NOT NULL DEFAULT 'en',
  time_zone text NOT NULL DEFAULT 'UTC',
  -- When it may be reached: 'Mon-Fri 07:00-19:00'; other hours are quiet.
  hours text NOT NULL DEFAULT 'Mon-Sun 00:00-24:00',
  -- From this level on quiet hours do not count; null: they always do.
  quiet_below int,
  -- Null: as the rules say.
  per_hour int CHECK (per_hour BETWEEN 1 AND 1000),
  active boolean NOT NULL DEFAULT true,
  opted_out_at timestamptz,
  changed_by text NOT NULL,
  changed_at timestamptz NOT NULL
);
-- URLs and keys that are credentials by themselves: nobody reads them but the sender.
CREATE TABLE notices.recipient_secret (
  recipient_id text PRIMARY KEY REFERENCES notices.recipient ON DELETE CASCADE,
  url text,
  key text
);
REVOKE SELECT ON notices.recipient_secret FROM forestock_platform, forestock_network, forestock_ingest, forestock_predict, forestock_replenish, forestock_partners, forestock_api;

-- How far the telling of one problem has got: it outlives an alert that clears and comes back.
CREATE TABLE notices.course (
  course_id uuid PRIMARY KEY,
  kind text NOT NULL,
  subject text NOT NULL,
  alert_id uuid NOT NULL,
  stage text NOT NULL CHECK (stage IN ('open', 'acknowledged', 'calming', 'ended')),
  level_told int NOT NULL,
  -- The step of the escalation path that was told last, 0 first, and since when the path is walked.
  step int NOT NULL,
  walked_since timestamptz NOT NULL,
  -- Until when a cleared problem that comes back is the same one.
  calm_until timestamptz,
  rounds int NOT NULL DEFAULT 1
);
CREATE UNIQUE INDEX course_one_per_problem ON notices.course (kind, subject) WHERE stage <> 'ended';

-- One for each thing that somebody is to hear: it leaves, goes into a digest, or is withheld for a reason that is named.
CREATE TABLE notices.notice (
  notice_id uuid PRIMARY KEY,
  course_id uuid REFERENCES notices.course,
  alert_id uuid,
  demand_id uuid,
  -- 'opened', 'level-2', 'step-1', 'woken-2', 'cleared'; of customers 'promised', 'moved', …
  reason text NOT NULL,
  -- '' where nobody takes it.
  recipient_id text NOT NULL,
  level int NOT NULL,
  state text NOT NULL CHECK (state IN ('waiting', 'sent', 'digested', 'withheld')),
  why text,
  made_at timestamptz NOT NULL,
  -- The end of quiet hours, or when it was made.
  due_at timestamptz NOT NULL,
  settled_at timestamptz,
  digest_id uuid,
  -- Of customers: subject and text as they were approved; of others made when it leaves.
  body jsonb NOT NULL DEFAULT '{}',
  CHECK ((state = 'waiting') = (settled_at IS NULL)),
  CHECK (state <> 'withheld' OR why IS NOT NULL)
);
CREATE INDEX notice_waiting ON notices.notice (recipient_id, due_at) WHERE state = 'waiting';
CREATE INDEX notice_sent ON notices.notice (recipient_id, settled_at) WHERE state = 'sent';
CREATE INDEX notice_of_alert ON notices.notice (alert_id);
CREATE INDEX notice_of_line ON notices.notice (demand_id, recipient_id, made_at) WHERE demand_id IS NOT NULL;

-- What has changed and is to be looked at. Rows are only added by others, so that no decision waits for us.
CREATE TABLE notices.changed (
  change_no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('alert', 'line')),
  subject_id uuid NOT NULL
);
GRANT INSERT, UPDATE ON notices.recipient, notices.course, notices.notice TO forestock_notices;
GRANT INSERT, UPDATE, DELETE ON notices.recipient_secret TO forestock_notices;
GRANT UPDATE, DELETE ON notices.changed TO forestock_notices;

CREATE INDEX alert_of_problem ON replenish.alert (kind, subject, opened_at);
ALTER TABLE replenish.alert
  ADD COLUMN acknowledged_by text,
  -- Null: until its cause is gone.
  ADD COLUMN acknowledged_until timestamptz,
  ADD COLUMN snoozed_by text,
  ADD COLUMN snoozed_until timestamptz;

CREATE FUNCTION notices.note_alert() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO notices.changed (kind, subject_id) VALUES ('alert', NEW.alert_id);
  RETURN NULL;
END $$;
CREATE TRIGGER note_new_alert AFTER INSERT ON replenish.alert FOR EACH ROW EXECUTE FUNCTION notices.note_alert();
CREATE TRIGGER note_alert AFTER UPDATE ON replenish.alert FOR EACH ROW
  WHEN ((OLD.state, OLD.level, OLD.acknowledged_until, OLD.snoozed_until) IS DISTINCT FROM (NEW.state, NEW.level, NEW.acknowledged_until, NEW.snoozed_until))
  EXECUTE FUNCTION notices.note_alert();
REVOKE EXECUTE ON FUNCTION notices.note_alert FROM PUBLIC;
-- What nobody was told of before is told now; the rest had its message.
INSERT INTO notices.changed (kind, subject_id) SELECT 'alert', alert_id FROM replenish.alert WHERE state = 'open' AND NOT notified;
ALTER TABLE replenish.alert DROP COLUMN notified;

-- An acknowledgement or a snooze is over: the alert stands as before.
CREATE FUNCTION replenish.wake_alert(p_alert_id uuid, p_world_at timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE replenish.alert SET state = 'open', updated_at = p_world_at, acknowledged_by = NULL, acknowledged_until = NULL, snoozed_by = NULL, snoozed_until = NULL
   WHERE alert_id = p_alert_id AND state <> 'cleared' AND (acknowledged_until <= p_world_at OR snoozed_until <= p_world_at);
  IF FOUND THEN
    INSERT INTO replenish.alert_event (alert_id, event_no, world_at, type, body)
    SELECT p_alert_id, coalesce(max(event_no), 0) + 1, p_world_at, 'woken', '{}' FROM replenish.alert_event WHERE alert_id = p_alert_id;
  END IF;
END $$;
REVOKE EXECUTE ON FUNCTION replenish.wake_alert FROM PUBLIC;
GRANT EXECUTE ON FUNCTION replenish.wake_alert TO forestock_notices;
