-- How long an effect has been waiting, in wall time: it is given up by its age, not by its attempts. Replayed by hand, it begins anew.
ALTER TABLE platform.outbox ADD COLUMN waiting_since_wall timestamptz NOT NULL DEFAULT clock_timestamp();
CREATE INDEX outbox_waiting ON platform.outbox (target_id, attempts, outbox_id) WHERE state = 'pending';

-- Targets that failed lately. One that failed several times in a row rests: a single effect asks now and then whether it answers again.
CREATE TABLE platform.outbox_target (
  target_id text PRIMARY KEY,
  -- In a row; a delivery ends the row.
  failures int NOT NULL CHECK (failures >= 0),
  -- Failed questions since it rests.
  probes int NOT NULL DEFAULT 0,
  resting_since_wall timestamptz,
  probe_wall timestamptz NOT NULL DEFAULT '-infinity',
  last_error text
);
GRANT INSERT, UPDATE ON platform.outbox_target TO forestock_platform;
