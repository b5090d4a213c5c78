import {DAY_MS, epochMs, HOUR_MS, plusMs, toIso} from '../../domain/time.ts';
import type {EpochMs} from '../../domain/time.ts';
import {causeId} from '../../platform/ids.ts';
import {timestamp} from '../../platform/pg.ts';
import type {Queryable} from '../../platform/pg.ts';

/** No lead time is longer than a year and its spread: what is needed later is not near yet. */
const AHEAD_MS = 400 * DAY_MS;

/**
 * Has the groups look whose planned needs come nearer, once in each review interval of world time: the passing of time alone makes an order due, or
 * a machine wait. Rounds are counted from the epoch and their signals named after them, so that processes and restarts repeat nothing.
 *
 * @param reviewHours Hours between two looks, by the policy in force.
 */
export function plannedRounds(
  db: Queryable,
  reviewHours: (now: EpochMs) => Promise<number>,
): (now: EpochMs) => Promise<void> {
  let looked: {readonly from: number; readonly until: number} | null = null;
  return async (now) => {
    if (looked !== null && now >= looked.from && now < looked.until) return;
    const roundMs = (await reviewHours(now)) * HOUR_MS;
    const from = epochMs(Math.floor(now / roundMs) * roundMs);
    await signalPlanned(db, {from, roundMs, now});
    looked = {from, until: from + roundMs};
  };
}

/** A need whose date has come since the round before is looked at once more: from now on its machine waits. */
async function signalPlanned(
  db: Queryable,
  {from, roundMs, now}: {readonly from: EpochMs; readonly roundMs: number; readonly now: EpochMs},
): Promise<void> {
  const {rows} = await db.query<{group_id: string}>(
    `SELECT DISTINCT p.group_id FROM network.demand_line l JOIN network.part p USING (part_id)
      WHERE l.state = 'open' AND l.qty > l.filled_qty AND l.needed_at > $1 AND l.needed_at <= $2 ORDER BY 1`,
    [timestamp(plusMs(from, -roundMs)), timestamp(plusMs(now, AHEAD_MS))],
  );
  if (rows.length === 0) return;
  const groups = rows.map((row) => row.group_id);
  await db.query(
    `SELECT replenish.raise_demand_signal(s.id, s.group_id, 'planned-need', $3, $4) FROM unnest($1::uuid[], $2::text[]) AS s(id, group_id)`,
    [
      groups.map((groupId) => causeId('signal', 'planned-need', groupId, from)),
      groups,
      toIso(from),
      timestamp(now),
    ],
  );
}
