-- Who may do what (docs/access.md): a principal is a user or a token, and has one role; its grants bound it to a party or to depots.
-- Tokens from before could tell and read the repair reports of their party, which is what a technician may.
UPDATE platform."grant" SET role = 'technician' WHERE role = 'repair-log';
ALTER TABLE platform.principal
  ADD COLUMN disabled_wall timestamptz,
  ADD CONSTRAINT principal_kind CHECK (kind IN ('token', 'user'));
ALTER TABLE platform."grant"
  ADD CONSTRAINT grant_scope CHECK (scope_kind IN ('all', 'party', 'depot'));

-- Sessions of browsers, so that every process that serves the console knows them. The database keeps the SHA-256 of what the
-- cookie carries. Somebody whom an OpenID provider has named is no principal of ours: the session keeps what it said.
CREATE TABLE platform.session (
  session_hash text PRIMARY KEY,
  principal_id text REFERENCES platform.principal ON DELETE CASCADE,
  stranger jsonb,
  holder text NOT NULL,
  started_wall timestamptz NOT NULL,
  seen_wall timestamptz NOT NULL,
  ends_wall timestamptz NOT NULL,
  CHECK (num_nonnulls(principal_id, stranger) = 1)
);
CREATE INDEX session_of_holder ON platform.session (holder, started_wall);
CREATE INDEX session_end ON platform.session (ends_wall);
GRANT INSERT, UPDATE, DELETE ON platform.session TO forestock_platform;
REVOKE SELECT ON platform.session
  FROM forestock_network, forestock_ingest, forestock_predict, forestock_replenish, forestock_partners, forestock_api;
