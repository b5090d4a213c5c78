import {toIso} from '../../domain/time.ts';
import type {EpochMs} from '../../domain/time.ts';
import {parameterInForce} from '../../platform/parameters.ts';
import {inTransaction, timestamp} from '../../platform/pg.ts';
import type {Client, Pool} from '../../platform/pg.ts';
import {CustomerRules, DEFAULT_CUSTOMER_RULES} from '../core/customer-notice.ts';
import type {Template, ToldLine, WaitingLine} from '../core/customer-notice.ts';
import type {Message} from '../core/message.ts';
import type {CustomerBooks, CustomerStore, DueLine, LastTold} from '../customer-ports.ts';
import {listRecipients} from './recipient-rows.ts';

/** When a line has waited too long. */
const LINE_TIMER = 'customer-line';
/** When a notice to a customer may leave. */
const DISPATCH_TIMER = 'customer-notices';

const ANYTHING_DUE = `SELECT EXISTS (SELECT FROM notices.changed WHERE kind = 'line')
  OR EXISTS (SELECT FROM platform.world_timer WHERE kind IN ('${LINE_TIMER}', '${DISPATCH_TIMER}') AND due_at <= $1) AS due`;

/** @param pool  Its connections work under the role `forestock_notices`. */
export function createCustomerStore(pool: Pool): CustomerStore {
  return {
    async transaction(now, work) {
      const {rows} = await pool.query<{due: boolean}>(ANYTHING_DUE, [timestamp(now)]);
      if (!rows[0]!.due) return null;
      return inTransaction(pool, async (client) => {
        const lock = await client.query<{held: boolean}>(
          `SELECT pg_try_advisory_xact_lock(hashtext('forestock.customer-notices')) AS held`,
        );
        return lock.rows[0]!.held ? work(booksOn(client)) : null;
      });
    },
  };
}

const DUE = `
  WITH noted AS (
    DELETE FROM notices.changed WHERE change_no IN (SELECT change_no FROM notices.changed WHERE kind = 'line' ORDER BY change_no LIMIT $2)
    RETURNING subject_id),
  timed AS (
    DELETE FROM platform.world_timer WHERE kind = '${LINE_TIMER}'
       AND key IN (SELECT key FROM platform.world_timer WHERE kind = '${LINE_TIMER}' AND due_at <= $1 ORDER BY due_at, key LIMIT $2)
    RETURNING key::uuid AS subject_id)
  SELECT l.demand_id AS "demandId", l.customer_party_id AS "partyId", l.depot_id AS "depotId", l.tier, l.state, l.needed_at AS "neededAt",
         l.promised_at AS "promisedAt", l.qty, l.part_id AS "partId", p.name AS "partName", e.equipment_id AS "equipmentId",
         l.needed_at < $1 OR EXISTS (SELECT FROM replenish.backorder b WHERE b.demand_id = l.demand_id) AS "isLate"
    FROM (SELECT subject_id FROM noted UNION SELECT subject_id FROM timed) n
    JOIN network.demand_line l ON l.demand_id = n.subject_id JOIN network.part p USING (part_id)
    LEFT JOIN network.equipment e USING (equipment_no)
   WHERE l.customer_party_id IS NOT NULL ORDER BY l.demand_id`;

interface LineRow extends WaitingLine {
  readonly demandId: string;
  readonly partyId: string;
  readonly depotId: string;
  readonly tier: string;
  readonly qty: number;
  readonly partId: string;
  readonly partName: string;
  readonly equipmentId: string | null;
}

function lineOf({qty, partId, partName, equipmentId, ...line}: LineRow): DueLine {
  const {demandId, depotId, tier, state, neededAt, promisedAt} = line;
  const dates = {neededAt: toIso(neededAt), promisedAt: promisedAt === null ? null : toIso(promisedAt)};
  return {...line, facts: {demandId, partId, partName, equipmentId, depotId, tier, qty, state, ...dates}};
}

function booksOn(db: Client): CustomerBooks {
  return {
    async rules(now) {
      const stated = await parameterInForce(db, 'notices.customers', now);
      return CustomerRules.safeParse({...DEFAULT_CUSTOMER_RULES, ...stated}).data ?? DEFAULT_CUSTOMER_RULES;
    },
    recipients: async () => (await listRecipients(db)).filter(({partyId}) => partyId !== null),
    async due(now, linesMax) {
      const {rows} = await db.query<LineRow>(DUE, [timestamp(now), linesMax]);
      return rows.map(lineOf);
    },
    async lastTold(demandIds) {
      const {rows} = await db.query<
        Pick<LastTold, 'noticeId' | 'demandId' | 'recipientId'> & {told: ToldLine}
      >(
        `SELECT DISTINCT ON (demand_id, recipient_id) notice_id AS "noticeId", demand_id AS "demandId", recipient_id AS "recipientId", body->'told' AS told
           FROM notices.notice WHERE demand_id = ANY($1::uuid[]) AND state = 'sent' ORDER BY demand_id, recipient_id, sent_no DESC`,
        [demandIds],
      );
      return rows.map(({told, ...row}) => ({...row, ...told}));
    },
    async templates() {
      const {rows} = await db.query<Template>(
        `SELECT DISTINCT ON (template_id) template_id AS "templateId", version, reason, tier, channel, language, title, body
           FROM notices.template WHERE approved_at IS NOT NULL AND retired_at IS NULL ORDER BY template_id, version DESC`,
      );
      return rows;
    },
    async put(notice, now) {
      await db.query(
        `UPDATE notices.notice SET state = 'withheld', why = 'what is known now says more', settled_at = $4
          WHERE demand_id = $1 AND recipient_id = $2 AND state = 'waiting' AND notice_id IS DISTINCT FROM $3`,
        [notice.demandId, notice.recipientId, notice.noticeId, timestamp(now)],
      );
      if (notice.noticeId === null) return;
      const {noticeId, demandId, recipientId, reason, dueAt, withheld, told, message} = notice;
      await db.query(
        `INSERT INTO notices.notice AS n (notice_id, demand_id, reason, recipient_id, level, state, why, made_at, due_at, settled_at, body)
         VALUES ($1, $2, $3, $4, 1, CASE WHEN $5::text IS NULL THEN 'waiting' ELSE 'withheld' END, $5, $6, $7, CASE WHEN $5::text IS NOT NULL THEN $6::timestamptz END, $8)
         ON CONFLICT (notice_id) DO UPDATE SET state = excluded.state, why = excluded.why, made_at = excluded.made_at, due_at = excluded.due_at,
           settled_at = excluded.settled_at, body = excluded.body WHERE n.state = 'withheld'`,
        [
          ...[noticeId, demandId, reason, recipientId, withheld, timestamp(now), timestamp(dueAt)],
          JSON.stringify({told, message}),
        ],
      );
      if (withheld === null) await setTimer(db, DISPATCH_TIMER, '*', dueAt);
    },
    lookAgain: (demandId, at) => setTimer(db, LINE_TIMER, demandId, at),
    dispatch: (now, noticesMax) => dispatch(db, now, noticesMax),
  };
}

/** The earlier of two times stands. */
async function setTimer(db: Client, kind: string, key: string, at: EpochMs): Promise<void> {
  await db.query(
    `INSERT INTO platform.world_timer AS t (kind, key, due_at) VALUES ($1, $2, $3) ON CONFLICT (kind, key) DO UPDATE SET due_at = least(t.due_at, excluded.due_at)`,
    [kind, key, timestamp(at)],
  );
}

/** A recipient that wants nothing more, or was taken out, is sent nothing that was waiting either. */
async function dispatch(db: Client, now: EpochMs, noticesMax: number): Promise<number> {
  const {rows} = await db.query<{
    noticeId: string;
    demandId: string;
    recipientId: string;
    isReached: boolean;
    message: Message;
  }>(
    `SELECT n.notice_id AS "noticeId", n.demand_id AS "demandId", n.recipient_id AS "recipientId", n.body->'message' AS message,
            coalesce(r.active AND r.opted_out_at IS NULL, false) AS "isReached"
       FROM notices.notice n LEFT JOIN notices.recipient r USING (recipient_id)
      WHERE n.state = 'waiting' AND n.demand_id IS NOT NULL AND n.due_at <= $1 ORDER BY n.made_at, n.notice_id LIMIT $2`,
    [timestamp(now), noticesMax],
  );
  for (const {noticeId, demandId, recipientId, isReached, message} of rows) {
    if (isReached)
      await db.query(`SELECT platform.enqueue_effect($1, 'line', $2, $3, $4, $5)`, [
        ...[`notice:${noticeId}`, demandId, `notice:${recipientId}`, JSON.stringify(message), timestamp(now)],
      ]);
    await db.query(
      `UPDATE notices.notice SET state = CASE WHEN $2 THEN 'sent' ELSE 'withheld' END, why = CASE WHEN $2 THEN NULL ELSE 'the recipient wants nothing more' END,
         sent_no = CASE WHEN $2 THEN nextval('notices.sending') END, settled_at = $3 WHERE notice_id = $1`,
      [noticeId, isReached, timestamp(now)],
    );
  }
  await db.query(`DELETE FROM platform.world_timer WHERE kind = '${DISPATCH_TIMER}'`);
  const next = await db.query<{at: EpochMs | null}>(
    `SELECT min(due_at) AS at FROM notices.notice WHERE state = 'waiting' AND demand_id IS NOT NULL`,
  );
  const [{at}] = next.rows as [{at: EpochMs | null}];
  if (at !== null) await setTimer(db, DISPATCH_TIMER, '*', at);
  return rows.length;
}
