-- A signal says "look again"; signals of one group coalesce, and each points to exactly one decision (I4).
CREATE TABLE replenish.demand_signal (
  signal_id uuid PRIMARY KEY,
  group_id text NOT NULL,
  cause_kind text NOT NULL,
  cause_ref text NOT NULL,
  world_at timestamptz NOT NULL,
  wall_at timestamptz NOT NULL,
  pending boolean NOT NULL DEFAULT true
);
CREATE INDEX demand_signal_pending ON replenish.demand_signal (group_id, world_at, signal_id) WHERE pending;
CREATE TABLE replenish.decision_signal (
  signal_id uuid PRIMARY KEY REFERENCES replenish.demand_signal,
  decision_id uuid NOT NULL
);
CREATE INDEX decision_signal_decision ON replenish.decision_signal (decision_id);
CREATE TABLE replenish.group_lease (
  group_id text PRIMARY KEY,
  owner text NOT NULL,
  until_wall timestamptz NOT NULL
);
CREATE TABLE replenish.decision_input (
  sha256 bytea PRIMARY KEY,
  body bytea NOT NULL
);
CREATE TABLE replenish.decision (
  decision_id uuid PRIMARY KEY,
  group_id text NOT NULL,
  group_version bigint NOT NULL,
  party_id text NOT NULL,
  depot_id text NOT NULL,
  part_id text NOT NULL,
  decided_at timestamptz NOT NULL,
  input_sha256 bytea NOT NULL REFERENCES replenish.decision_input,
  policy_version text NOT NULL,
  model_versions text[] NOT NULL,
  mode text NOT NULL CHECK (mode IN ('shadow', 'propose', 'auto')),
  action text NOT NULL CHECK (action IN ('order', 'transfer', 'expedite', 'emergency', 'nothing')),
  qty int NOT NULL CHECK (qty >= 0),
  option jsonb NOT NULL,
  alternatives jsonb NOT NULL,
  reasons jsonb NOT NULL,
  expected_cost_minor bigint NOT NULL,
  currency char(3) NOT NULL,
  order_id uuid,
  state text NOT NULL CHECK (state IN ('recorded', 'proposed', 'executed', 'approved', 'changed', 'rejected', 'expired', 'withdrawn')),
  expires_at timestamptz,
  UNIQUE (group_id, group_version)
);
CREATE INDEX decision_open ON replenish.decision (decided_at) WHERE state = 'proposed';
CREATE TABLE replenish.decision_review (
  decision_id uuid NOT NULL REFERENCES replenish.decision,
  review_no int NOT NULL,
  actor text NOT NULL,
  verdict text NOT NULL CHECK (verdict IN ('approve', 'change', 'reject')),
  reason_code text,
  note text,
  qty int,
  world_at timestamptz NOT NULL,
  PRIMARY KEY (decision_id, review_no)
);
CREATE TABLE replenish.stock_target (
  group_id text NOT NULL,
  depot_id text NOT NULL,
  part_id text NOT NULL,
  valid_from timestamptz NOT NULL,
  base_stock int NOT NULL,
  reorder_point int NOT NULL,
  method text NOT NULL,
  run_id text NOT NULL,
  PRIMARY KEY (group_id, depot_id, part_id, valid_from)
);
-- Limits that span groups: counters in the decision's own transaction, with the CHECK as last guard (I8).
CREATE TABLE replenish.limit_counter (
  limit_key text NOT NULL,
  day date NOT NULL,
  used bigint NOT NULL DEFAULT 0,
  allowed bigint NOT NULL,
  PRIMARY KEY (limit_key, day),
  CONSTRAINT limit_not_exceeded CHECK (used <= allowed)
);
CREATE TABLE replenish.alert (
  alert_id uuid PRIMARY KEY,
  kind text NOT NULL,
  subject text NOT NULL,
  party_id text,
  opened_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  state text NOT NULL CHECK (state IN ('open', 'acknowledged', 'cleared')),
  level int NOT NULL DEFAULT 1,
  money_minor bigint NOT NULL DEFAULT 0,
  currency char(3),
  decision_id uuid,
  body jsonb NOT NULL,
  notified boolean NOT NULL DEFAULT false
);
CREATE UNIQUE INDEX alert_one_per_problem ON replenish.alert (kind, subject) WHERE state <> 'cleared';
CREATE TABLE replenish.alert_event (
  alert_id uuid NOT NULL REFERENCES replenish.alert,
  event_no int NOT NULL,
  world_at timestamptz NOT NULL,
  type text NOT NULL,
  body jsonb NOT NULL DEFAULT '{}',
  PRIMARY KEY (alert_id, event_no)
);
GRANT INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA replenish TO forestock_replenish;
REVOKE DELETE ON replenish.decision, replenish.decision_review, replenish.decision_input FROM forestock_replenish;

-- Other stages say "look again" through this. The same cause, said twice, is one signal.
CREATE FUNCTION replenish.raise_demand_signal(p_signal_id uuid, p_group_id text, p_cause_kind text, p_cause_ref text, p_world_at timestamptz)
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  INSERT INTO replenish.demand_signal (signal_id, group_id, cause_kind, cause_ref, world_at, wall_at)
  VALUES (p_signal_id, p_group_id, p_cause_kind, p_cause_ref, p_world_at, clock_timestamp())
  ON CONFLICT (signal_id) DO NOTHING;
$$;
REVOKE EXECUTE ON FUNCTION replenish.raise_demand_signal FROM PUBLIC;
GRANT EXECUTE ON FUNCTION replenish.raise_demand_signal TO forestock_network, forestock_predict, forestock_replenish, forestock_partners;

-- Data-quality alerts come from ingest, backorder alerts from replenish: one register, one identity.
-- Returns the alert's id when this call opened it, else null.
CREATE FUNCTION replenish.open_alert(p_alert_id uuid, p_kind text, p_subject text, p_party_id text, p_world_at timestamptz, p_level int, p_money_minor bigint, p_currency text, p_decision_id uuid, p_body jsonb)
RETURNS uuid LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE opened uuid;
BEGIN
  INSERT INTO replenish.alert (alert_id, kind, subject, party_id, opened_at, updated_at, state, level, money_minor, currency, decision_id, body)
  VALUES (p_alert_id, p_kind, p_subject, p_party_id, p_world_at, p_world_at, 'open', p_level, p_money_minor, p_currency, p_decision_id, p_body)
  ON CONFLICT DO NOTHING
  RETURNING alert_id INTO opened;
  IF opened IS NULL THEN
    -- Cleared and back within one instant of world time: the same episode goes on.
    UPDATE replenish.alert SET state = 'open' WHERE alert_id = p_alert_id AND state = 'cleared';
  END IF;
  IF opened IS NOT NULL THEN
    INSERT INTO replenish.alert_event (alert_id, event_no, world_at, type, body) VALUES (opened, 1, p_world_at, 'opened', p_body);
  ELSE
    UPDATE replenish.alert SET updated_at = p_world_at, money_minor = p_money_minor, body = p_body, level = greatest(level, p_level), decision_id = coalesce(p_decision_id, decision_id)
     WHERE kind = p_kind AND subject = p_subject AND state <> 'cleared';
  END IF;
  RETURN opened;
END $$;
CREATE FUNCTION replenish.clear_alert(p_kind text, p_subject text, p_world_at timestamptz, p_body jsonb)
RETURNS uuid LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE cleared uuid;
BEGIN
  UPDATE replenish.alert SET state = 'cleared', updated_at = p_world_at
   WHERE kind = p_kind AND subject = p_subject AND state <> 'cleared' RETURNING alert_id INTO cleared;
  IF cleared IS NOT NULL THEN
    INSERT INTO replenish.alert_event (alert_id, event_no, world_at, type, body)
    SELECT cleared, coalesce(max(event_no), 0) + 1, p_world_at, 'cleared', p_body FROM replenish.alert_event WHERE alert_id = cleared;
  END IF;
  RETURN cleared;
END $$;
REVOKE EXECUTE ON FUNCTION replenish.open_alert, replenish.clear_alert FROM PUBLIC;
GRANT EXECUTE ON FUNCTION replenish.open_alert, replenish.clear_alert TO forestock_ingest, forestock_predict, forestock_replenish;
REVOKE EXECUTE ON FUNCTION platform.record_audit, platform.enqueue_effect FROM PUBLIC;
GRANT EXECUTE ON FUNCTION platform.record_audit, platform.enqueue_effect
  TO forestock_platform, forestock_network, forestock_ingest, forestock_predict, forestock_replenish, forestock_partners;
