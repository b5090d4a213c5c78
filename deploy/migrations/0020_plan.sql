-- How a supply that could not serve every waiting line was shared out, and why each line got what it got (F1). The party is the depot's.
CREATE TABLE network.share_out (
  share_out_id uuid PRIMARY KEY,
  group_id text NOT NULL REFERENCES network.planning_group,
  depot_id text NOT NULL REFERENCES network.depot,
  world_at timestamptz NOT NULL,
  next_supply_at timestamptz,
  -- Pieces on the shelf, and pieces that waited for them.
  supply int NOT NULL CHECK (supply >= 0),
  asked int NOT NULL CHECK (asked > 0),
  shares jsonb NOT NULL
);
CREATE INDEX share_out_newest ON network.share_out (world_at, share_out_id);
GRANT INSERT ON network.share_out TO forestock_network;

-- A run of the plan over the whole network (D2, F5, D6): what was asked for, what came out, and by how much the result may miss the best.
CREATE TABLE replenish.plan_run (
  run_id uuid PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('targets', 'rebalance')),
  world_at timestamptz NOT NULL,
  actor text NOT NULL,
  goal jsonb NOT NULL,
  outcome jsonb NOT NULL
);
CREATE INDEX plan_run_newest ON replenish.plan_run (kind, world_at);
GRANT INSERT ON replenish.plan_run TO forestock_replenish;

-- Whose target it is; the newest row of a part at a depot is the one that decisions read as their floor.
ALTER TABLE replenish.stock_target
  ADD COLUMN party_id text,
  ADD COLUMN expected_backorders double precision CHECK (expected_backorders >= 0);
CREATE INDEX stock_target_part ON replenish.stock_target (part_id, depot_id, valid_from DESC);

-- Transfers that a rebalancing run proposes. `gain_minor` is what is saved after freight.
CREATE TABLE replenish.rebalance_move (
  run_id uuid NOT NULL REFERENCES replenish.plan_run,
  part_id text NOT NULL,
  from_depot_id text NOT NULL,
  to_depot_id text NOT NULL,
  mode text NOT NULL,
  party_id text NOT NULL,
  qty int NOT NULL CHECK (qty > 0),
  gain_minor bigint NOT NULL,
  freight_minor bigint NOT NULL,
  currency char(3) NOT NULL,
  PRIMARY KEY (run_id, part_id, from_depot_id, to_depot_id, mode)
);
GRANT INSERT ON replenish.rebalance_move TO forestock_replenish;
