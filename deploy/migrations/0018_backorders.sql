-- What is known of a backorder beside its line (network.demand_line): how far it has got, and why it came about. Times are world times.
CREATE TABLE replenish.backorder (
  demand_id uuid PRIMARY KEY,
  part_id text NOT NULL,
  depot_id text NOT NULL,
  -- Of the depot.
  party_id text NOT NULL,
  needed_at timestamptz NOT NULL,
  -- Thresholds passed: 1 warn, 2 breach, 3 escalate.
  level int NOT NULL DEFAULT 0 CHECK (level BETWEEN 0 AND 3),
  -- [{cause, percent, evidence}], as the evidence says; null until it was looked at.
  causes jsonb,
  -- What a person says it was, beside it.
  corrected_cause text,
  correction_reason text,
  corrected_by text,
  corrected_at timestamptz,
  -- The policy that its timer was set by; another one sets it anew.
  policy_key text NOT NULL,
  closed_at timestamptz,
  CHECK (num_nulls(corrected_cause, correction_reason, corrected_by, corrected_at) IN (0, 4))
);
CREATE INDEX backorder_open ON replenish.backorder (part_id, depot_id) WHERE closed_at IS NULL;

CREATE TABLE replenish.backorder_event (
  demand_id uuid NOT NULL REFERENCES replenish.backorder,
  event_no int NOT NULL,
  type text NOT NULL CHECK (type IN ('opened', 'warn', 'breach', 'escalate', 'corrected', 'review-opened', 'review-changed', 'review-closed', 'closed')),
  actor text NOT NULL,
  world_at timestamptz NOT NULL,
  body jsonb NOT NULL DEFAULT '{}',
  PRIMARY KEY (demand_id, event_no)
);
-- A threshold is passed once, whatever happens.
CREATE UNIQUE INDEX backorder_passes_once ON replenish.backorder_event (demand_id, type) WHERE type IN ('opened', 'warn', 'breach', 'escalate', 'closed');

-- What was learned from a long backorder; it cannot be closed empty.
CREATE TABLE replenish.backorder_review (
  demand_id uuid PRIMARY KEY REFERENCES replenish.backorder,
  opened_at timestamptz NOT NULL,
  due_at timestamptz NOT NULL,
  cause text,
  resolution text,
  preventive_action text,
  owner text,
  action_due_at timestamptz,
  closed_at timestamptz,
  closed_by text,
  CONSTRAINT review_not_empty CHECK (closed_at IS NULL
    OR (num_nulls(cause, resolution, preventive_action, owner, action_due_at, closed_by) = 0 AND '' NOT IN (trim(cause), trim(resolution), trim(preventive_action), trim(owner))))
);
CREATE INDEX backorder_review_open ON replenish.backorder_review (due_at) WHERE closed_at IS NULL;

-- A part that is ordered above its reorder point at a depot where customers have waited too long, and its way back to normal.
CREATE TABLE replenish.supply_override (
  override_id uuid PRIMARY KEY,
  part_id text NOT NULL,
  depot_id text NOT NULL,
  party_id text NOT NULL,
  demand_id uuid NOT NULL REFERENCES replenish.backorder,
  state text NOT NULL CHECK (state IN ('standing', 'recovering', 'ended')),
  from_level int NOT NULL CHECK (from_level BETWEEN 1 AND 3),
  cap_pieces int NOT NULL CHECK (cap_pieces > 0),
  opened_at timestamptz NOT NULL,
  stable_since timestamptz,
  reverted_at timestamptz,
  reverted_because text CHECK (reverted_because IN ('supply-stable', 'time-over')),
  recovery_steps int CHECK (recovery_steps > 0),
  recovery_step_h double precision CHECK (recovery_step_h > 0),
  ended_at timestamptz,
  CHECK (state = 'standing' OR num_nulls(reverted_at, reverted_because, recovery_steps, recovery_step_h) = 0),
  CHECK ((state = 'ended') = (ended_at IS NOT NULL))
);
CREATE UNIQUE INDEX supply_override_one ON replenish.supply_override (part_id, depot_id) WHERE state <> 'ended';

GRANT INSERT, UPDATE ON replenish.backorder, replenish.backorder_review, replenish.supply_override TO forestock_replenish;
GRANT INSERT ON replenish.backorder_event TO forestock_replenish;

-- The policy for backorders that is in force: its value, and a key that another one does not have.
CREATE FUNCTION replenish.backorder_policy(p_at timestamptz, OUT value jsonb, OUT key text) LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT p.value, coalesce(md5(p.value::text), 'default')
    FROM (SELECT) AS one LEFT JOIN LATERAL (
      SELECT p.value FROM platform.parameter p
       WHERE p.key = 'replenish.backorders' AND p.scope = '*' AND p.effective_from <= p_at AND (p.effective_to IS NULL OR p.effective_to > p_at)
       ORDER BY p.effective_from DESC LIMIT 1) p ON true
$$;
