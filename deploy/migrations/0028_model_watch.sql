-- What the nightly look found of each version, class and depot ('' for all depots); the newest night is what is shown.
CREATE TABLE predict.model_watch (
  night timestamptz NOT NULL,
  said text NOT NULL,
  equipment_class_id text NOT NULL,
  depot_id text NOT NULL,
  figures jsonb NOT NULL,
  breaches text[] NOT NULL,
  PRIMARY KEY (night, said, equipment_class_id, depot_id)
);
-- What a version said, and what its machines sent, in its first four weeks there; null until they are over.
CREATE TABLE predict.watch_reference (
  said text NOT NULL,
  equipment_class_id text NOT NULL,
  depot_id text NOT NULL,
  first_at timestamptz NOT NULL,
  reference jsonb,
  PRIMARY KEY (said, equipment_class_id, depot_id)
);
GRANT INSERT, UPDATE, DELETE ON predict.model_watch, predict.watch_reference TO forestock_predict;
