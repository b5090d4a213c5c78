import type {EpochMs} from '../../domain/time.ts';
import {parameterInForce} from '../../platform/parameters.ts';
import {inTransaction, timestamp} from '../../platform/pg.ts';
import type {Client, Pool, Queryable} from '../../platform/pg.ts';
import {AlertRules, DEFAULT_ALERT_RULES} from '../core/alert-rules.ts';
import type {NoticeBooks, NoticeStore, Outgoing} from '../ports.ts';
import {addNotices, settleNotices, waitingNotices} from './notice-rows.ts';
import {dueProblems, keepCourse} from './problem-rows.ts';
import {listRecipients} from './recipient-rows.ts';

const ALERT_TIMER = 'alert';
/** When a notice that waits may leave. */
const DISPATCH_TIMER = 'notices';

const ANYTHING_DUE = `SELECT EXISTS (SELECT FROM notices.changed WHERE kind = 'alert')
  OR EXISTS (SELECT FROM platform.world_timer WHERE kind IN ('${ALERT_TIMER}', '${DISPATCH_TIMER}') AND due_at <= $1) AS due`;

/**
 * @param pool  Its connections work under the role `forestock_notices`.
 * @param installation  The targets of the outbox that the installation itself has: its webhook, or its folder of files.
 */
export function createNoticeStore(pool: Pool, installation: readonly string[]): NoticeStore {
  return {
    async transaction(now, work) {
      const {rows} = await pool.query<{due: boolean}>(ANYTHING_DUE, [timestamp(now)]);
      if (!rows[0]!.due) return null;
      return inTransaction(pool, async (client) => {
        const lock = await client.query<{held: boolean}>(
          `SELECT pg_try_advisory_xact_lock(hashtext('forestock.notices')) AS held`,
        );
        return lock.rows[0]!.held ? work(booksOn(client, installation)) : null;
      });
    },
  };
}

/** The rules in force; what they leave out is as delivered. Ones that cannot be read tell as delivered: silence would be worse. */
export async function alertRules(db: Queryable, now: EpochMs): Promise<AlertRules> {
  const stated = await parameterInForce(db, 'notices.alerts', now);
  return AlertRules.safeParse({...DEFAULT_ALERT_RULES, ...stated}).data ?? DEFAULT_ALERT_RULES;
}

function booksOn(db: Client, installation: readonly string[]): NoticeBooks {
  return {
    rules: (now) => alertRules(db, now),
    recipients: () => listRecipients(db),
    due: (now, problemsMax) => dueProblems(db, now, problemsMax),
    keepCourse: (courseId, alert, course) => keepCourse(db, courseId, alert, course),
    async told(courseId) {
      const {rows} = await db.query<{recipient_id: string}>(
        `SELECT DISTINCT recipient_id FROM notices.notice WHERE course_id = $1 AND state = 'sent'`,
        [courseId],
      );
      return rows.map((row) => row.recipient_id);
    },
    add: (notices, now) => addNotices(db, notices, now),
    async lookAgain(alertId, at) {
      await setTimer(db, ALERT_TIMER, alertId, at);
    },
    async wake(alertId, now) {
      await db.query('SELECT replenish.wake_alert($1, $2)', [alertId, timestamp(now)]);
    },
    waiting: (noticesMax) => waitingNotices(db, noticesMax),
    async sentSince(from) {
      const {rows} = await db.query<{recipientId: string; at: EpochMs}>(
        `SELECT recipient_id AS "recipientId", settled_at AS at FROM notices.notice
          WHERE state = 'sent' AND settled_at > $1 AND reason <> 'cleared' AND reason NOT LIKE 'acknowledged%'`,
        [timestamp(from)],
      );
      return rows;
    },
    settle: (notices, now) => settleNotices(db, notices, now),
    send: (outgoing, now) => send(db, outgoing, installation, now),
    async dispatchAt(at) {
      if (at === null) await db.query(`DELETE FROM platform.world_timer WHERE kind = '${DISPATCH_TIMER}'`);
      else await setTimer(db, DISPATCH_TIMER, '*', at);
    },
  };
}

async function setTimer(db: Client, kind: string, key: string, at: EpochMs): Promise<void> {
  await db.query(
    `INSERT INTO platform.world_timer (kind, key, due_at) VALUES ($1, $2, $3) ON CONFLICT (kind, key) DO UPDATE SET due_at = excluded.due_at`,
    [kind, key, timestamp(at)],
  );
}

/** One row of the outbox for each notice and recipient; the installation's own keys are those that its receivers know. */
async function send(
  db: Client,
  outgoing: Outgoing,
  installation: readonly string[],
  now: EpochMs,
): Promise<void> {
  const {recipient, id, causeKind, causeId, message} = outgoing;
  const effects =
    recipient.channel === 'installation'
      ? installation.map((target) => ({target, key: installationKey(target, outgoing)}))
      : [{target: `notice:${recipient.recipientId}`, key: `notice:${id}`}];
  for (const {target, key} of effects)
    await db.query('SELECT platform.enqueue_effect($1, $2, $3, $4, $5, $6)', [
      key,
      causeKind,
      causeId,
      target,
      JSON.stringify(message),
      timestamp(now),
    ]);
}

function installationKey(target: string, {id, causeId, reason, message}: Outgoing): string {
  const name = typeof message.level === 'string' ? message.level : 'opened';
  if (reason === 'opened' || reason.startsWith('level-'))
    return name === 'opened' && reason === 'opened'
      ? `${target}:alert:${causeId}`
      : `${target}:alert:${causeId}:${name}`;
  return `${target}:notice:${id}`;
}
