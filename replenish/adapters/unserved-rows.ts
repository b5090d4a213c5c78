import type {EpochMs} from '../../domain/time.ts';
import {causeId} from '../../platform/ids.ts';
import type {UpkeepCounts} from '../../platform/maintenance.ts';
import {inTransaction, timestamp} from '../../platform/pg.ts';
import type {Pool} from '../../platform/pg.ts';

const KIND = 'part-unserved';
/** Machines named in an alert at most; the rest is counted. */
const NAMED_MAX = 5;

/** Parts that a forecast machine will ask for, and that lie at no depot that serves it. */
const UNSERVED = `
  SELECT x.part_id AS "partId", count(*)::int AS machines, (array_agg(x.equipment_id ORDER BY x.equipment_id COLLATE "C"))[1:${NAMED_MAX}] AS named
    FROM (SELECT DISTINCT coalesce(b.part_id, c.part_id) AS part_id, e.equipment_no, e.equipment_id
            FROM network.installation i JOIN network.component c USING (component_id)
            JOIN network.equipment e ON e.equipment_no = i.equipment_no AND e.state = 'active'
            JOIN predict.forecast_current f ON f.component_id = i.component_id
            LEFT JOIN LATERAL (SELECT b.part_id FROM network.bom_position b WHERE b.model_id = e.model_id AND b.position_id = i.position_id
                                 AND b.valid_from <= $1 AND b.valid_to > $1 ORDER BY b.valid_from DESC, b.part_id LIMIT 1) b ON true
           WHERE i.removed_at IS NULL) x
   WHERE x.part_id IS NOT NULL
     AND NOT EXISTS (SELECT FROM network.service_area s JOIN network.part_depot k ON k.depot_id = s.depot_id AND k.part_id = x.part_id
                      WHERE s.equipment_no = x.equipment_no AND s.valid_from <= $1 AND s.valid_to > $1)
   GROUP BY x.part_id ORDER BY x.part_id COLLATE "C"`;

/**
 * What no decision can see: machines whose failures no depot would answer. One alert a part, until each of its machines is served by a
 * depot with a shelf for it.
 */
export async function watchUnserved(pool: Pool, now: EpochMs): Promise<UpkeepCounts> {
  return inTransaction(pool, async (client) => {
    const {rows} = await client.query<{partId: string; machines: number; named: readonly string[]}>(
      UNSERVED,
      [timestamp(now)],
    );
    // A part without a shelf is no depot's: whose the first central one is hears of it.
    const opened = await client.query(
      `SELECT replenish.open_alert(o.alert_id, '${KIND}', o.subject, d.party_id, $1, 1, 0, NULL, NULL, o.body)
         FROM unnest($2::uuid[], $3::text[], $4::jsonb[]) AS o(alert_id, subject, body),
              (SELECT party_id FROM network.depot ORDER BY parent_depot_id IS NOT NULL, depot_id LIMIT 1) d`,
      [
        timestamp(now),
        rows.map(({partId}) => causeId('alert', KIND, partId, now)),
        rows.map(({partId}) => partId),
        rows.map(({partId, machines, named}) => JSON.stringify({partId, machines, equipmentIds: named})),
      ],
    );
    await client.query(
      `SELECT replenish.clear_alert(kind, subject, $1, '{}') FROM replenish.alert
        WHERE kind = '${KIND}' AND state <> 'cleared' AND subject <> ALL($2::text[])`,
      [timestamp(now), rows.map(({partId}) => partId)],
    );
    return {parts: opened.rowCount ?? 0};
  });
}
