-- How sure the take rate of a campaign is: its machines share it, so that they come together many or together few. As many machines as the
-- planner's rate is worth; 8 unless a planner says otherwise (TAKE_STRENGTH in replenish/core/forecast/campaign-demand.ts).
ALTER TABLE replenish.demand_campaign ADD COLUMN take_strength double precision NOT NULL DEFAULT 8 CHECK (take_strength > 0);
