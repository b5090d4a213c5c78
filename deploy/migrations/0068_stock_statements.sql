-- What a partner, or a system of ours, states to lie on a shelf (A6). It moves nothing: it is held against the ledger as that was when it was
-- counted, and a difference beyond the tolerance is one case, the alert 'stock-discrepancy' of that shelf.
CREATE TABLE network.stock_statement (
  statement_id uuid PRIMARY KEY,
  source text NOT NULL,
  part_id text NOT NULL REFERENCES network.part,
  depot_id text NOT NULL REFERENCES network.depot,
  -- Who speaks; null: a system of our own.
  party_id text REFERENCES network.party,
  -- Usable pieces, whoever owns them.
  stated int NOT NULL CHECK (stated >= 0),
  counted_at timestamptz NOT NULL,
  received_at timestamptz NOT NULL,
  -- What the ledger had at counted_at, as it was known at received_at, and what of a difference was tolerated then.
  ledger int NOT NULL,
  tolerance int NOT NULL CHECK (tolerance >= 0),
  agrees boolean NOT NULL GENERATED ALWAYS AS (abs(stated::bigint - ledger) <= tolerance) STORED,
  UNIQUE (part_id, depot_id, counted_at, source)
);
CREATE INDEX stock_statement_newest ON network.stock_statement (counted_at DESC, statement_id);
-- Append only.
GRANT INSERT ON network.stock_statement TO forestock_network;

-- What has left a shelf since a statement about it.
CREATE INDEX stock_movement_from ON network.stock_movement (part_id, from_loc);

-- A case, or what is true of it now: an alert with the day by which somebody is to have looked. Returns its id when this call opened it, else null.
CREATE FUNCTION replenish.open_case(p_alert_id uuid, p_kind text, p_subject text, p_party_id text, p_world_at timestamptz, p_money_minor bigint, p_currency text, p_body jsonb, p_due_at timestamptz)
RETURNS uuid LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE opened uuid;
BEGIN
  opened := replenish.open_alert(p_alert_id, p_kind, p_subject, p_party_id, p_world_at, 1, p_money_minor, p_currency, NULL, p_body);
  UPDATE replenish.alert SET due_at = p_due_at WHERE alert_id = opened;
  RETURN opened;
END $$;
REVOKE EXECUTE ON FUNCTION replenish.open_case FROM PUBLIC;
GRANT EXECUTE ON FUNCTION replenish.open_case TO forestock_network;

-- Pieces of a shelf that are not reckoned with while its case stands, by the rule that is in force at p_at (tunable network.stock-statements);
-- below 0: pieces that are reckoned with though the ledger does not have them. A function of tables, so that it is inlined where it is joined.
CREATE FUNCTION network.held_back(p_part_id text, p_depot_id text, p_at timestamptz) RETURNS TABLE (pieces int) LANGUAGE sql STABLE AS $$
  SELECT CASE coalesce(r.rules->'onHandBySource'->(a.body->>'source')->>'wins', r.rules->'onHand'->>'wins', 'ledger')
           WHEN 'lower' THEN greatest(0, -(a.body->>'difference')::int)
           WHEN 'partner' THEN -(a.body->>'difference')::int
           ELSE 0 END
    FROM replenish.alert a
    LEFT JOIN LATERAL (SELECT p.value AS rules FROM platform.parameter p
                        WHERE p.key = 'network.stock-statements' AND p.scope = '*' AND p.effective_from <= p_at AND (p.effective_to IS NULL OR p.effective_to > p_at)
                        ORDER BY p.effective_from DESC LIMIT 1) r ON true
   WHERE a.kind = 'stock-discrepancy' AND a.subject = p_part_id || '@' || p_depot_id AND a.state <> 'cleared'
$$;
