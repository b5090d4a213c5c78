import type {EpochMs} from '../../domain/time.ts';
import {timestamp} from '../../platform/pg.ts';
import type {Client} from '../../platform/pg.ts';
import type {ToldAlert} from '../core/message.ts';
import type {HeldNotice, NewNotice, SettledNotice} from '../ports.ts';

const NOBODY = 'no recipient takes it';

/** What nobody takes is kept too, and says so. */
export async function addNotices(db: Client, notices: readonly NewNotice[], now: EpochMs): Promise<void> {
  if (notices.length === 0) return;
  await db.query(
    `INSERT INTO notices.notice (notice_id, course_id, alert_id, reason, recipient_id, level, state, why, made_at, due_at, settled_at)
     SELECT n.id, n.course_id, n.alert_id, n.reason, coalesce(n.recipient_id, ''), n.level, CASE WHEN n.recipient_id IS NULL THEN 'withheld' ELSE 'waiting' END,
            CASE WHEN n.recipient_id IS NULL THEN '${NOBODY}' END, $8, n.due_at, CASE WHEN n.recipient_id IS NULL THEN $8::timestamptz END
       FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::int[], $7::timestamptz[])
            AS n(id, course_id, alert_id, reason, recipient_id, level, due_at)
     ON CONFLICT (notice_id) DO NOTHING`,
    [
      notices.map(({noticeId}) => noticeId),
      notices.map(({courseId}) => courseId),
      notices.map(({alertId}) => alertId),
      notices.map(({reason}) => reason),
      notices.map(({recipientId}) => recipientId),
      notices.map(({level}) => level),
      notices.map(({dueAt}) => timestamp(dueAt)),
      timestamp(now),
    ],
  );
}

type Row = ToldAlert & Omit<HeldNotice, 'alert'>;

/** With the alert as it is now: money and text may have changed since the notice was made. */
export async function waitingNotices(db: Client, noticesMax: number): Promise<readonly HeldNotice[]> {
  const {rows} = await db.query<Row>(
    `SELECT n.notice_id AS "noticeId", n.course_id AS "courseId", n.reason, n.recipient_id AS "recipientId", n.due_at AS "dueAt", c.stage,
            a.alert_id AS "alertId", a.kind, a.subject, a.level, a.money_minor AS "moneyMinor", a.currency, a.decision_id AS "decisionId", a.body
       FROM notices.notice n JOIN notices.course c USING (course_id) JOIN replenish.alert a ON a.alert_id = c.alert_id
      WHERE n.state = 'waiting' ORDER BY n.made_at, n.reason, n.notice_id LIMIT $1`,
    [noticesMax],
  );
  return rows.map(({noticeId, courseId, reason, recipientId, dueAt, stage, ...alert}) => ({
    ...{noticeId, courseId, reason, recipientId, dueAt, stage, alert},
  }));
}

export async function settleNotices(
  db: Client,
  notices: readonly SettledNotice[],
  now: EpochMs,
): Promise<void> {
  if (notices.length === 0) return;
  await db.query(
    `UPDATE notices.notice n SET state = s.state, why = s.why, digest_id = s.digest_id, settled_at = $5
       FROM unnest($1::uuid[], $2::text[], $3::text[], $4::uuid[]) AS s(id, state, why, digest_id)
      WHERE n.notice_id = s.id AND n.state = 'waiting'`,
    [
      notices.map(({noticeId}) => noticeId),
      notices.map(({state}) => state),
      notices.map(({why}) => why),
      notices.map(({digestId}) => digestId),
      timestamp(now),
    ],
  );
}
