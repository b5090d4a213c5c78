import type {Queryable} from '../../platform/pg.ts';
import type {OpenWork} from '../read-ports.ts';

const OPEN_MAX = 200;

/** What a machine waits for, the oldest need first. */
export async function openWork(db: Queryable, equipmentId: string): Promise<readonly OpenWork[]> {
  const {rows} = await db.query<OpenWork>(
    `SELECT l.demand_id AS "demandId", l.part_id AS "partId", l.depot_id AS "depotId", l.qty - l.filled_qty AS "openQty", l.needed_at AS "neededAt",
            l.promised_at AS "promisedAt", l.promised_by AS "promisedBy", l.cause
       FROM network.demand_line l JOIN network.equipment e USING (equipment_no)
      WHERE e.equipment_id = $1 AND l.state = 'open' ORDER BY l.needed_at, l.demand_id LIMIT ${OPEN_MAX}`,
    [equipmentId],
  );
  return rows;
}
