-- How far a model's forecast would lie elsewhere, had other machines of the class taught it: one number a horizon, in ppm. NULL: an age law,
-- a model that is no ensemble, or a forecast from before.
ALTER TABLE predict.forecast ADD COLUMN low_ppm int[], ADD COLUMN high_ppm int[];
