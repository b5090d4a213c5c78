-- Key figures (L1) and the region that they and the network's views are added up by; empty: none stated.
ALTER TABLE network.site ADD COLUMN region text NOT NULL DEFAULT '';

-- What a window of time needs: lines by their need and by their end, orders by their date, movements since its beginning.
CREATE INDEX demand_line_needed ON network.demand_line (needed_at);
CREATE INDEX demand_line_ended ON network.demand_line (coalesce(greatest(filled_at, cancelled_at), 'infinity'::timestamptz));
CREATE INDEX supply_order_due ON network.supply_order (coalesce(first_promised_at, expected_at));
CREATE INDEX stock_movement_time ON network.stock_movement USING brin (world_at);
-- Whether a shelf ever held a part, and what came to it.
CREATE INDEX stock_movement_to ON network.stock_movement (part_id, to_loc);
