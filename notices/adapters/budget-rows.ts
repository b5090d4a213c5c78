import type {EpochMs} from '../../domain/time.ts';
import {timestamp} from '../../platform/pg.ts';
import type {Queryable} from '../../platform/pg.ts';
import {alertRules} from './notice-store.ts';

/** How the open alerts of now share the attention that there is. */
export interface AlertBudget {
  readonly perHour: number;
  readonly now: number;
  readonly digest: number;
  readonly waiting: number;
  readonly snoozed: number;
  readonly nextAt: EpochMs | null;
}

/** Example: 20 open and 6 an hour → {now: 6, digest: 14}. */
export async function alertBudget(db: Queryable, now: EpochMs): Promise<AlertBudget> {
  const {perHour} = await alertRules(db, now);
  const {rows} = await db.query<{open: number; snoozed: number; waiting: number; nextAt: EpochMs | null}>(
    `SELECT count(*) FILTER (WHERE state = 'open' AND coalesce(snoozed_until <= $1, true))::int AS open,
            count(*) FILTER (WHERE state = 'open' AND snoozed_until > $1)::int AS snoozed,
            (SELECT count(*)::int FROM notices.notice WHERE state = 'waiting') AS waiting,
            (SELECT due_at FROM platform.world_timer WHERE kind = 'notices' AND key = '*') AS "nextAt"
       FROM replenish.alert WHERE state <> 'cleared'`,
    [timestamp(now)],
  );
  const {open, ...rest} = rows[0]!;
  return {perHour, now: Math.min(open, perHour), digest: Math.max(0, open - perHour), ...rest};
}
