-- A reading between last_grid and closes_at closes no interval and re-opens none, so predict need not read it. What stood here
-- before, the newest instant heard, is never later than the interval's end: until an equipment's next grid point predict reads more than it must.
ALTER TABLE predict.equipment_progress RENAME COLUMN watermark TO closes_at;
