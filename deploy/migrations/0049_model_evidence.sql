CREATE INDEX repair_report_failed ON network.repair_report (equipment_no, position_id, reported_at) WHERE finding = 'failed';

-- Failures after which the component stayed: repaired where it is, or nobody recorded its replacement. Of a report 'failed' it takes that the
-- component had been there for a week (else it speaks of the one before), stayed for 30 days more (else its removal is that failure), did
-- not wait for a part, and was not found without fault afterwards. Reports within three days speak of one failure.
CREATE VIEW predict.failure_in_place AS
  SELECT i.equipment_no, i.position_id, i.component_id, i.installed_at, r.reported_at AS failed_at
    FROM network.repair_report r
    JOIN network.installation i ON i.equipment_no = r.equipment_no AND i.position_id = r.position_id
     AND i.installed_at <= r.reported_at - interval '7 days'
     AND (i.removed_at IS NULL OR i.removed_at > r.reported_at + interval '30 days')
   WHERE r.finding = 'failed' AND NOT r.part_missing
     AND NOT EXISTS (SELECT FROM network.repair_report u
                      WHERE u.equipment_no = r.equipment_no AND u.position_id = r.position_id AND u.finding = 'no-fault-found'
                        AND u.reported_at >= r.reported_at AND u.reported_at < r.reported_at + interval '30 days')
     AND NOT EXISTS (SELECT FROM network.repair_report e
                      WHERE e.equipment_no = r.equipment_no AND e.position_id = r.position_id AND e.finding = 'failed'
                        AND (e.reported_at, e.report_id) < (r.reported_at, r.report_id) AND e.reported_at > r.reported_at - interval '3 days');

-- Lives from failure to failure: what age laws are fitted to, and what forecasts are held against.
CREATE VIEW predict.component_stretch AS
  SELECT l.equipment_no, l.position_id, l.component_id, l.installed_at, s.began_at, s.ended_at, s.failed
    FROM predict.component_life l
   CROSS JOIN LATERAL (
     SELECT coalesce(lag(p.at) OVER (ORDER BY p.at), l.installed_at) AS began_at, p.at AS ended_at, p.failed
       FROM (SELECT f.failed_at AS at, true AS failed FROM predict.failure_in_place f
              WHERE f.component_id = l.component_id AND f.installed_at = l.installed_at
              UNION ALL SELECT l.removed_at, l."end" = 'failure') p) s;

-- Planned visits: every so many days, each machine on a phase of its own. NULL: training looks for a period itself.
ALTER TABLE network.equipment_class ADD COLUMN visit_every_days double precision CHECK (visit_every_days > 0);
