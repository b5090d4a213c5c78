-- How far the audit trail was told to integrators on the bus. One process at a time holds the row and goes on from there.
CREATE TABLE platform.feed_cursor (
  feed text PRIMARY KEY,
  audit_id bigint NOT NULL
);
GRANT INSERT, UPDATE ON platform.feed_cursor TO forestock_platform;
