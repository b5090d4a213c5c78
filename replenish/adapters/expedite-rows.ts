import {YEAR_DAYS, DAY_MS, type EpochMs} from '../../domain/time.ts';
import {timestamp} from '../../platform/pg.ts';
import type {Queryable} from '../../platform/pg.ts';
import {expediteReport, type ExpediteRow, type ExpediteSum} from '../core/decision/expedite-report.ts';

/** Carried out, in the words of the decision: what it was expected to cost and to avert. */
const EXPEDITES = `
  SELECT s.source_id AS "sourceId", d.currency, d.part_id AS "partId", d.depot_id AS "depotId", count(*)::int AS expedites,
         sum((d.option->>'actionMinor')::bigint)::float8 AS "spentMinor",
         sum(coalesce(w.downtime, (d.option->>'downtimeMinor')::bigint) - (d.option->>'downtimeMinor')::bigint)::float8 AS "avertedMinor",
         round(min(p.unit_cost_minor * k.holding_rate_per_year))::float8 AS "holdingMinorPerYear"
    FROM replenish.decision d
    JOIN network.part p USING (part_id) JOIN network.part_depot k USING (part_id, depot_id)
    JOIN LATERAL (SELECT s.source_id FROM network.sourcing s WHERE s.part_id = d.part_id AND s.depot_id = d.depot_id AND s.kind = 'normal'
                     AND s.valid_from <= d.decided_at ORDER BY s.valid_from DESC, s.source_kind DESC, s.source_id LIMIT 1) s ON true
    LEFT JOIN LATERAL (SELECT (a->>'downtimeMinor')::bigint AS downtime FROM jsonb_array_elements(d.alternatives) a
                        WHERE a->>'action' = 'nothing' LIMIT 1) w ON true
   WHERE d.action IN ('expedite', 'emergency') AND d.state IN ('executed', 'approved', 'changed') AND d.decided_at >= $1 AND d.decided_at < $2
   GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4`;

/** What was spent on speed in a period, by the usual source of the shelves that hurried (F3). */
export async function reportExpedites(
  db: Queryable,
  {from, to}: {readonly from: EpochMs; readonly to: EpochMs},
): Promise<readonly ExpediteRow[]> {
  const {rows} = await db.query<ExpediteSum>(EXPEDITES, [timestamp(from), timestamp(to)]);
  return expediteReport(rows, (to - from) / (YEAR_DAYS * DAY_MS));
}
