-- What was last asked for at each depot of a group, looked up before each of its decisions.
CREATE INDEX decision_acts ON replenish.decision (group_id, decided_at) WHERE action <> 'nothing';
