import type {EpochMs} from '../../domain/time.ts';
import type {Queryable} from '../../platform/pg.ts';
import type {WatchRow} from '../watch-ports.ts';

export interface WatchFilter {
  readonly equipmentClassId?: string | undefined;
  /** '*': every depot beside the classes as wholes, which are always there. */
  readonly depotId?: string | undefined;
  readonly limit: number;
}

/** What the newest night found, the classes as wholes first; null when no night has looked yet. */
export async function findWatched(
  db: Queryable,
  {equipmentClassId, depotId, limit}: WatchFilter,
): Promise<{readonly night: EpochMs; readonly rows: readonly WatchRow[]} | null> {
  const {rows: newest} = await db.query<{night: EpochMs | null}>(
    'SELECT max(night) AS night FROM predict.model_watch',
  );
  const night = newest[0]!.night;
  if (night === null) return null;
  const {rows} = await db.query<WatchRow>(
    `SELECT said, equipment_class_id AS "equipmentClassId", nullif(depot_id, '') AS "depotId", figures, breaches FROM predict.model_watch
      WHERE night = (SELECT max(night) FROM predict.model_watch) AND ($1::text IS NULL OR equipment_class_id = $1)
        AND (depot_id = '' OR $2::text = '*' OR depot_id = $2)
      ORDER BY depot_id COLLATE "C", equipment_class_id COLLATE "C", said COLLATE "C" LIMIT $3`,
    [equipmentClassId ?? null, depotId ?? null, limit],
  );
  return {night, rows};
}
