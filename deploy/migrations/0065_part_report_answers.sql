-- What a planner said to a part report; the audit trail says who it was.
ALTER TABLE network.part_report ADD COLUMN answered_at timestamptz, ADD COLUMN answer text,
  ADD CHECK ((answered_at IS NULL) = (answer IS NULL));
-- Both lists are read newest first, and the first thing asked is what nobody has answered.
CREATE INDEX part_report_newest ON network.part_report (reported_at DESC, report_id);
CREATE INDEX part_report_open ON network.part_report (reported_at DESC, report_id) WHERE answered_at IS NULL;
GRANT UPDATE (answered_at, answer) ON network.part_report TO forestock_network;
GRANT SELECT (answered_at, answer) ON network.part_report TO forestock_party;
