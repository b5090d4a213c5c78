-- How often a machine reports where that is not what its class does: a gateway that saves airtime, a line that is asked by the day.
ALTER TABLE network.equipment ADD COLUMN expected_interval_s int CHECK (expected_interval_s > 0);
