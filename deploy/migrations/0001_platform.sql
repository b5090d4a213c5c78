-- Roles: the owner migrates; each writing folder works under a role of its own and owns nothing.
-- Roles belong to the cluster, not to the database, so a second workspace finds them already there.
DO $$
DECLARE stage text;
BEGIN
  FOREACH stage IN ARRAY ARRAY['forestock_platform','forestock_network','forestock_ingest','forestock_predict','forestock_replenish','forestock_partners','forestock_api'] LOOP
    BEGIN
      EXECUTE format('CREATE ROLE %I NOLOGIN', stage);
    EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; -- another workspace was first
    END;
    EXECUTE format('GRANT %I TO CURRENT_USER', stage);
  END LOOP;
END $$;

CREATE SCHEMA platform;
CREATE SCHEMA network;
CREATE SCHEMA partners;
CREATE SCHEMA ingest;
CREATE SCHEMA predict;
CREATE SCHEMA replenish;

GRANT USAGE ON SCHEMA platform, network, partners, ingest, predict, replenish
  TO forestock_platform, forestock_network, forestock_ingest, forestock_predict, forestock_replenish, forestock_partners, forestock_api;

-- Everyone reads, one folder writes. The writing folder's grants stand beside each table.
ALTER DEFAULT PRIVILEGES IN SCHEMA platform, network, partners, ingest, predict, replenish
  GRANT SELECT ON TABLES TO forestock_platform, forestock_network, forestock_ingest, forestock_predict, forestock_replenish, forestock_partners, forestock_api;

-- The world clock: one row, one mode for good (DESIGN: two clocks).
CREATE TABLE platform.world_clock (
  id int PRIMARY KEY CHECK (id = 1),
  mode text NOT NULL CHECK (mode IN ('real', 'scaled', 'stepped')),
  world_anchor timestamptz NOT NULL,
  wall_anchor timestamptz NOT NULL,
  rate double precision NOT NULL CHECK (rate >= 0),
  step_no bigint NOT NULL DEFAULT 0
);
GRANT INSERT, UPDATE ON platform.world_clock TO forestock_platform;

CREATE FUNCTION platform.keep_clock_mode() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.mode <> OLD.mode THEN
    RAISE EXCEPTION 'a workspace keeps its clock mode: it is %, asked for %', OLD.mode, NEW.mode;
  END IF;
  IF NEW.mode = 'stepped' AND NEW.world_anchor < OLD.world_anchor THEN
    RAISE EXCEPTION 'world time never runs backwards: % before %', NEW.world_anchor, OLD.world_anchor;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER keep_clock_mode BEFORE UPDATE ON platform.world_clock FOR EACH ROW EXECUTE FUNCTION platform.keep_clock_mode();

-- Fixed at installation: partition count and the like. A change is refused by the code that reads it.
CREATE TABLE platform.installation (key text PRIMARY KEY, value jsonb NOT NULL);
GRANT INSERT ON platform.installation TO forestock_platform;

-- Business timers are rows, so a restart forgets none.
CREATE TABLE platform.world_timer (
  kind text NOT NULL,
  key text NOT NULL,
  due_at timestamptz NOT NULL,
  payload jsonb NOT NULL DEFAULT '{}',
  PRIMARY KEY (kind, key)
);
CREATE INDEX world_timer_due ON platform.world_timer (due_at);
GRANT INSERT, UPDATE, DELETE ON platform.world_timer TO forestock_platform, forestock_network, forestock_ingest, forestock_predict, forestock_replenish;

CREATE TABLE platform.partition_lease (
  stage text NOT NULL,
  partition_no int NOT NULL,
  owner text NOT NULL,
  epoch bigint NOT NULL,
  until_wall timestamptz NOT NULL,
  PRIMARY KEY (stage, partition_no)
);
GRANT INSERT, UPDATE, DELETE ON platform.partition_lease TO forestock_platform, forestock_ingest, forestock_predict;

-- Thresholds, costs, limits: data with effective dates (B5).
CREATE TABLE platform.parameter (
  key text NOT NULL,
  scope text NOT NULL DEFAULT '*',
  effective_from timestamptz NOT NULL,
  effective_to timestamptz,
  value jsonb NOT NULL,
  changed_by text NOT NULL,
  PRIMARY KEY (key, scope, effective_from)
);
GRANT INSERT, UPDATE ON platform.parameter TO forestock_platform;

CREATE TABLE platform.audit_entry (
  audit_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  world_at timestamptz NOT NULL,
  wall_at timestamptz NOT NULL,
  actor text NOT NULL,
  action text NOT NULL,
  subject text NOT NULL,
  body jsonb NOT NULL,
  body_sha256 bytea NOT NULL
);
CREATE TABLE platform.audit_seal (
  seal_no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  from_id bigint NOT NULL,
  to_id bigint NOT NULL,
  root bytea NOT NULL,
  prev bytea,
  signature bytea
);
GRANT INSERT ON platform.audit_seal TO forestock_platform;

-- Written inside the caller's transaction; nobody holds UPDATE or DELETE on audit rows.
CREATE FUNCTION platform.record_audit(p_world_at timestamptz, p_actor text, p_action text, p_subject text, p_body jsonb)
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  INSERT INTO platform.audit_entry (world_at, wall_at, actor, action, subject, body, body_sha256)
  VALUES (p_world_at, clock_timestamp(), p_actor, p_action, p_subject, p_body, sha256(convert_to(p_body::text, 'UTF8')));
$$;

CREATE TABLE platform.principal (
  principal_id text PRIMARY KEY,
  kind text NOT NULL,
  party_id text,
  credential_hash text
);
CREATE TABLE platform."grant" (
  principal_id text NOT NULL REFERENCES platform.principal,
  role text NOT NULL,
  scope_kind text NOT NULL,
  scope_id text NOT NULL,
  PRIMARY KEY (principal_id, role, scope_kind, scope_id)
);
GRANT INSERT, UPDATE, DELETE ON platform.principal, platform."grant" TO forestock_platform;

-- Effects leave through here only (I7). A target is configuration: a webhook or a folder.
CREATE TABLE platform.outbox (
  outbox_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  idempotency_key text NOT NULL UNIQUE,
  cause_kind text NOT NULL,
  cause_id text NOT NULL,
  target_id text NOT NULL,
  payload jsonb NOT NULL,
  world_at timestamptz NOT NULL,
  state text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'delivered', 'dead')),
  attempts int NOT NULL DEFAULT 0,
  next_wall timestamptz NOT NULL DEFAULT '-infinity',
  lease_until_wall timestamptz NOT NULL DEFAULT '-infinity',
  last_error text,
  delivered_wall timestamptz
);
CREATE INDEX outbox_pending ON platform.outbox (next_wall, outbox_id) WHERE state = 'pending';
GRANT INSERT, UPDATE ON platform.outbox TO forestock_platform;

CREATE FUNCTION platform.enqueue_effect(p_key text, p_cause_kind text, p_cause_id text, p_target text, p_payload jsonb, p_world_at timestamptz)
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  INSERT INTO platform.outbox (idempotency_key, cause_kind, cause_id, target_id, payload, world_at)
  VALUES (p_key, p_cause_kind, p_cause_id, p_target, p_payload, p_world_at)
  ON CONFLICT (idempotency_key) DO NOTHING;
$$;

CREATE TABLE platform.inbox (
  source text NOT NULL,
  source_key text NOT NULL,
  body_sha256 bytea NOT NULL,
  outcome jsonb NOT NULL,
  PRIMARY KEY (source, source_key)
);
GRANT INSERT ON platform.inbox TO forestock_platform, forestock_network, forestock_replenish;
