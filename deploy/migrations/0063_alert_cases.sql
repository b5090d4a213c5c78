-- An alert that somebody has to look into is a case (C9): it has a day by which that is due, its owner is who acknowledged it last, and it is
-- closed with a resolution. Kinds that clear by themselves have neither.
ALTER TABLE replenish.alert
  ADD COLUMN due_at timestamptz,
  ADD COLUMN resolution text CHECK (resolution IN ('one-off', 'lasting', 'planned', 'wrong-data')),
  ADD COLUMN resolved_by text,
  ADD CONSTRAINT alert_resolved CHECK (num_nonnulls(resolution, resolved_by) IN (0, 2) AND (resolution IS NULL OR state = 'cleared'));
UPDATE replenish.alert SET due_at = opened_at + interval '10 days' WHERE kind = 'demand-variance' AND state <> 'cleared';
