import type {EpochMs} from '../../domain/time.ts';
import type {Queryable} from '../../platform/pg.ts';
import type {AlertFacts} from '../core/alert-rules.ts';
import type {Course} from '../core/course.ts';
import {tierOf} from '../core/tier.ts';
import type {Tier} from '../core/tier.ts';
import {alertRules} from './notice-store.ts';
import {ALERT_FACTS, ALERT_MACHINE} from './problem-rows.ts';

/** A message about an alert, and what became of it. */
interface ToldNotice {
  /** 'opened', 'level-2', 'step-1', 'woken-2', … */
  readonly reason: string;
  /** Empty where nobody takes it. */
  readonly recipientId: string;
  readonly state: 'waiting' | 'sent' | 'digested' | 'withheld';
  readonly why: string | null;
  readonly madeAt: EpochMs;
  /** When it may leave; of what has left, when it could. */
  readonly dueAt: EpochMs;
  readonly settledAt: EpochMs | null;
}

/** A look at one alert shows so many of its messages, the newest. */
const NOTICES_MAX = 100;

/** The tier of each of these alerts about which anybody is told. */
export async function alertTiers(
  db: Queryable,
  alertIds: readonly string[],
  now: EpochMs,
): Promise<ReadonlyMap<string, Tier>> {
  if (alertIds.length === 0) return new Map();
  const rules = await alertRules(db, now);
  const {rows} = await db.query<
    AlertFacts & Pick<Course, 'stage' | 'step' | 'walkedSince'> & {alertId: string; tell: string | null}
  >(
    `SELECT ${ALERT_FACTS}, c.stage, c.step, c.walked_since AS "walkedSince"
       FROM replenish.alert a ${ALERT_MACHINE}
       JOIN notices.course c ON c.kind = a.kind AND c.subject = a.subject AND c.stage <> 'ended'
      WHERE a.alert_id = ANY($1::uuid[]) AND a.state <> 'cleared'`,
    [alertIds],
  );
  return new Map(rows.map((row) => [row.alertId, tierOf(rules, row, row, row.tell)]));
}

/** Who was told of an alert, by which message, newest first. */
export async function alertNotices(db: Queryable, alertId: string): Promise<readonly ToldNotice[]> {
  const {rows} = await db.query<ToldNotice>(
    `SELECT reason, recipient_id AS "recipientId", state, why, made_at AS "madeAt", due_at AS "dueAt", settled_at AS "settledAt"
       FROM notices.notice WHERE alert_id = $1 ORDER BY made_at DESC, reason, recipient_id LIMIT $2`,
    [alertId, NOTICES_MAX],
  );
  return rows;
}
