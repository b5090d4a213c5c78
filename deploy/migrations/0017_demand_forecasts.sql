-- Demand beside the failures that are forecast machine by machine: what each night made of the demand lines (C1, C2, C10). A row stands
-- until a later one says something else, and a decision takes the newest; the master data's rate is where a short history starts from.
CREATE TABLE replenish.demand_forecast (
  part_id text NOT NULL,
  depot_id text NOT NULL,
  as_of timestamptz NOT NULL,
  party_id text NOT NULL,
  per_year double precision NOT NULL CHECK (per_year >= 0),
  vmr double precision NOT NULL CHECK (vmr >= 1),
  -- Demand of each month of the year over that of the mean month, January first; null: no season.
  season double precision[] CHECK (cardinality(season) = 12),
  prior_kind text NOT NULL CHECK (prior_kind IN ('master-data', 'like-parts', 'population', 'superseded')),
  prior_per_year double precision NOT NULL CHECK (prior_per_year >= 0),
  credibility double precision NOT NULL CHECK (credibility BETWEEN 0 AND 1),
  history_months double precision NOT NULL CHECK (history_months >= 0),
  pieces double precision NOT NULL CHECK (pieces >= 0),
  -- Of the demand of that time, what stock-outs hid.
  hidden_share double precision NOT NULL CHECK (hidden_share >= 0 AND hidden_share < 1),
  PRIMARY KEY (part_id, depot_id, as_of)
);
-- What a whole month brought, against the forecast that stood before it began (C6).
CREATE TABLE replenish.demand_outcome (
  part_id text NOT NULL,
  depot_id text NOT NULL,
  month timestamptz NOT NULL,
  party_id text NOT NULL,
  forecast_as_of timestamptz NOT NULL,
  expected double precision NOT NULL CHECK (expected >= 0),
  vmr double precision NOT NULL CHECK (vmr >= 1),
  actual double precision NOT NULL CHECK (actual >= 0),
  PRIMARY KEY (part_id, depot_id, month)
);
CREATE INDEX demand_outcome_month ON replenish.demand_outcome (month);
-- What the network's part-depots have in common, learnt when a month is over.
CREATE TABLE replenish.demand_population (
  learnt_at timestamptz PRIMARY KEY,
  series int NOT NULL,
  months int NOT NULL,
  settings jsonb NOT NULL
);

-- A recall, retrofit or repair programme: so many pieces for each machine of a population, between two days (C4).
CREATE TABLE replenish.demand_campaign (
  campaign_id text PRIMARY KEY,
  part_id text NOT NULL,
  -- The population: machines of any of these, where a list is not empty.
  model_ids text[] NOT NULL DEFAULT '{}',
  site_ids text[] NOT NULL DEFAULT '{}',
  customer_party_ids text[] NOT NULL DEFAULT '{}',
  lots text[] NOT NULL DEFAULT '{}',
  quantity int NOT NULL CHECK (quantity > 0),
  take_ppm int NOT NULL CHECK (take_ppm BETWEEN 1 AND 1000000),
  starts_at timestamptz NOT NULL,
  ends_at timestamptz NOT NULL CHECK (ends_at > starts_at),
  planned_at timestamptz NOT NULL,
  actor text NOT NULL,
  CHECK (cardinality(model_ids) + cardinality(site_ids) + cardinality(customer_party_ids) + cardinality(lots) > 0)
);
CREATE VIEW replenish.campaign_machine AS
  SELECT c.campaign_id, e.equipment_no
    FROM replenish.demand_campaign c JOIN network.equipment e
      ON (c.model_ids = '{}' OR e.model_id = ANY(c.model_ids)) AND (c.site_ids = '{}' OR e.site_id = ANY(c.site_ids))
         AND (c.customer_party_ids = '{}' OR e.customer_party_id = ANY(c.customer_party_ids))
   WHERE c.lots = '{}' OR EXISTS (
           SELECT FROM network.installation i JOIN network.component k USING (component_id)
            WHERE i.equipment_no = e.equipment_no AND k.lot = ANY(c.lots) AND coalesce(i.removed_at, 'infinity') > c.starts_at);
-- What a campaign asked for: planned work on its machines in its time. A machine that failed is no campaign.
CREATE VIEW replenish.campaign_line AS
  SELECT m.campaign_id, m.equipment_no, l.demand_id
    FROM replenish.demand_campaign c JOIN replenish.campaign_machine m USING (campaign_id)
    JOIN network.demand_line l ON l.equipment_no = m.equipment_no AND l.part_id = c.part_id
   WHERE l.needed_at >= c.starts_at AND l.needed_at < c.ends_at AND l.cause <> 'failure';
GRANT INSERT, UPDATE, DELETE ON replenish.demand_forecast, replenish.demand_outcome, replenish.demand_population, replenish.demand_campaign
  TO forestock_replenish;
