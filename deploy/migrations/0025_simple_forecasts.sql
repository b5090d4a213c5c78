-- What the simple methods would have said of a month, beside what was forecast: whether the forecast earns its keep (C6). Null: nothing was
-- known before the month, or it was held against its forecast before this was kept.
ALTER TABLE replenish.demand_outcome
  ADD COLUMN naive double precision CHECK (naive >= 0),
  ADD COLUMN sba double precision CHECK (sba >= 0),
  ADD COLUMN tsb double precision CHECK (tsb >= 0),
  ADD CONSTRAINT demand_outcome_simple_whole CHECK (num_nonnulls(naive, sba, tsb) IN (0, 3));
