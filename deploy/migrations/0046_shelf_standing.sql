-- How each shelf stood when its family was last looked at: what the network's views sort and add up. A projection, made anew by each look; the
-- shelf of this moment is network.stock_balance.
CREATE TABLE replenish.shelf_standing (
  part_id text NOT NULL,
  depot_id text NOT NULL,
  party_id text NOT NULL,
  as_of timestamptz NOT NULL,
  on_hand int NOT NULL,
  on_order int NOT NULL,
  owed int NOT NULL,
  -- Of the depot and all it feeds, as a decision reckons.
  position int NOT NULL,
  target int NOT NULL,
  -- Expected downtime and penalty within the horizon when nothing more is done.
  risk_minor bigint NOT NULL,
  currency char(3) NOT NULL,
  horizon_h double precision NOT NULL,
  -- When it is more likely empty than not.
  empty_at timestamptz,
  PRIMARY KEY (part_id, depot_id)
);
CREATE INDEX shelf_standing_risk ON replenish.shelf_standing (risk_minor DESC, part_id, depot_id);
CREATE INDEX shelf_standing_depot ON replenish.shelf_standing (depot_id, risk_minor DESC, part_id);
CREATE INDEX shelf_standing_empty ON replenish.shelf_standing (coalesce(empty_at, 'infinity'::timestamptz), part_id, depot_id);
GRANT INSERT, UPDATE, DELETE ON replenish.shelf_standing TO forestock_replenish;
