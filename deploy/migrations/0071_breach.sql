-- Breaches of personal data or of partners' data (K3): what happened, and from its discovery on until when whom is to be told. How each notice
-- stands follows from the clock and from what was sent, and is kept nowhere. Records are added, never changed.
CREATE TABLE partners.breach (
  breach_id text PRIMARY KEY CHECK (breach_id ~ '^[A-Za-z0-9._-]{1,64}$'),
  discovered_at timestamptz NOT NULL,
  -- In which the data lay open.
  from_at timestamptz NOT NULL,
  to_at timestamptz NOT NULL CHECK (to_at > from_at),
  what text NOT NULL,
  data text NOT NULL,
  callers text[] NOT NULL,
  -- Whom to tell within which hours of the discovery, and who says so: [{"to": "authority", "hours": 72, "basis": "…"}, {"to": "party:SUP-07", …}].
  duties jsonb NOT NULL,
  recorded_at timestamptz NOT NULL,
  recorded_by text NOT NULL
);
CREATE TABLE partners.breach_notice (
  notice_no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  breach_id text NOT NULL REFERENCES partners.breach,
  "to" text NOT NULL,
  sent_at timestamptz NOT NULL,
  sent_by text NOT NULL,
  -- Of the letter or the form: the same one, told again, is one notice.
  reference text NOT NULL,
  note text,
  recorded_at timestamptz NOT NULL,
  recorded_by text NOT NULL,
  UNIQUE (breach_id, "to", reference)
);
GRANT INSERT ON partners.breach, partners.breach_notice TO forestock_partners;
REVOKE SELECT ON partners.breach, partners.breach_notice
  FROM forestock_network, forestock_ingest, forestock_predict, forestock_replenish, forestock_notices;
-- A breach of which everybody was told is looked at no more.
GRANT DELETE ON platform.world_timer TO forestock_partners;
