import {DAY_MS, epochMs} from '../../domain/time.ts';
import {timestamp} from '../../platform/pg.ts';
import type {Queryable} from '../../platform/pg.ts';
import type {Situation} from '../core/decision/situation.ts';

interface LatelyRow {
  readonly partId: string;
  readonly depotId: string;
  readonly backorders: number;
}
const LATELY = `
  SELECT part_id AS "partId", depot_id AS "depotId", count(*)::int AS backorders FROM replenish.backorder
   WHERE part_id = ANY($1::text[]) AND needed_at > $2 AND needed_at <= $3 GROUP BY part_id, depot_id`;

/** How often each shelf of a family let customers wait within the days that the policy looks back; asks nothing where it does not. */
export async function withRecurrence(
  db: Queryable,
  situations: readonly Situation[],
): Promise<readonly Situation[]> {
  const [first] = situations;
  const recurring = first?.policy.recurring;
  if (first === undefined || recurring === undefined) return situations;
  const {rows} = await db.query<LatelyRow>(LATELY, [
    situations.map(({part}) => part.partId),
    timestamp(epochMs(first.now - recurring.withinDays * DAY_MS)),
    timestamp(epochMs(first.now)),
  ]);
  const lately = new Map(rows.map((row) => [JSON.stringify([row.partId, row.depotId]), row.backorders]));
  return situations.map((situation) => ({
    ...situation,
    depots: situation.depots.map((depot) => {
      const backordersLately = lately.get(JSON.stringify([situation.part.partId, depot.depotId]));
      return backordersLately === undefined ? depot : {...depot, backordersLately};
    }),
  }));
}
