import {ok, refused} from '../../domain/result.ts';
import type {Result} from '../../domain/result.ts';
import {toIso, toMinute} from '../../domain/time.ts';
import type {EpochMs} from '../../domain/time.ts';
import {causeId} from '../../platform/ids.ts';
import {parameterInForce} from '../../platform/parameters.ts';
import {inTransaction, timestamp} from '../../platform/pg.ts';
import type {Client, Pool, Queryable} from '../../platform/pg.ts';
import {
  AUTHORITY,
  BreachRules,
  DEFAULT_BREACH_RULES,
  nextChange,
  partyDuty,
  standingOf,
  stateOf,
} from '../core/breach.ts';
import type {BreachNotice, DutyStanding, NoticeDuty} from '../core/breach.ts';
import type {Breach, Breaches, BreachReport, NoticeReport} from '../desk.ts';

const ALERT = 'breach-notice';
const TIMER = 'breach-notice';
const RULES_KEY = 'partners.breaches';
/** Breaches that one round looks at; the rest is for the next one. */
const ROUND_MAX = 100;

/** @param pool  Its connections work under the role `forestock_partners`. */
export function openBreaches(pool: Pool, worldClock: {now(): EpochMs}): Breaches {
  const now = (): EpochMs => worldClock.now();
  return {
    list: (limit) => load(pool, {limit}, now()),
    find: async (breachId) => (await load(pool, {breachId, limit: 1}, now()))[0] ?? null,
    record: (breachId, report, actor) =>
      inTransaction(pool, (client) => record(client, breachId, {report, actor, now: now()})),
    notice: (breachId, report, actor) =>
      inTransaction(pool, (client) => notice(client, breachId, {report, actor, now: now()})),
    watch: () =>
      inTransaction(pool, async (client) => {
        const at = now();
        const {rows} = await client.query<{breachId: string}>(
          `SELECT key AS "breachId" FROM platform.world_timer WHERE kind = '${TIMER}' AND due_at <= $1
            ORDER BY due_at, key LIMIT ${ROUND_MAX}`,
          [timestamp(at)],
        );
        for (const {breachId} of rows) {
          await lock(client, breachId);
          await tell(client, breachId, at);
        }
        return rows.length;
      }),
  };
}

interface BreachRow extends Omit<Breach, 'duties' | 'state'> {
  readonly duties: readonly NoticeDuty[];
}

/** The newest discovery first. */
async function load(
  db: Queryable,
  {breachId, limit}: {readonly breachId?: string; readonly limit: number},
  now: EpochMs,
): Promise<Breach[]> {
  const {rows} = await db.query<Omit<BreachRow, 'notices'>>(
    `SELECT breach_id AS "breachId", discovered_at AS "discoveredAt", from_at AS "from", to_at AS "to", what, data, callers, duties,
            recorded_at AS "recordedAt", recorded_by AS "recordedBy"
       FROM partners.breach WHERE $1::text IS NULL OR breach_id = $1 ORDER BY discovered_at DESC, breach_id COLLATE "C" LIMIT $2`,
    [breachId ?? null, limit],
  );
  const sent = await db.query<BreachNotice & {readonly breachId: string}>(
    `SELECT breach_id AS "breachId", "to", sent_at AS "sentAt", sent_by AS "sentBy", reference, note, recorded_at AS "recordedAt", recorded_by AS "recordedBy"
       FROM partners.breach_notice WHERE breach_id = ANY($1::text[]) ORDER BY notice_no`,
    [rows.map((row) => row.breachId)],
  );
  return rows.map((row) => {
    const notices = sent.rows.filter((one) => one.breachId === row.breachId);
    const duties = row.duties.map((duty) => standingOf(duty, {...row, notices}, now));
    return {...row, notices, duties, state: stateOf(duties)};
  });
}

async function record(
  client: Client,
  breachId: string,
  {report, actor, now}: {readonly report: BreachReport; readonly actor: string; readonly now: EpochMs},
): Promise<Result<Breach>> {
  const {discoveredAt, from, to, what, data, isPersonal, partyIds, callers} = report;
  if (discoveredAt > now || from > discoveredAt || to <= from)
    return refused(
      'breach-span',
      `breach ${breachId} from ${toIso(from)} to ${toIso(to)}, discovered ${toIso(discoveredAt)}: it begins before it is discovered and ends after it begins, and neither discovery nor begin is still to come (it is ${toIso(now)}); correct the instants`,
    );
  const rules = BreachRules.parse({
    ...DEFAULT_BREACH_RULES,
    ...(await parameterInForce(client, RULES_KEY, discoveredAt)),
  });
  const agreed = await client.query<{partyId: string; hours: number | null; basis: string | null}>(AGREED, [
    [...new Set(partyIds)],
    timestamp(discoveredAt),
  ]);
  const missing = partyIds.filter((partyId) => !agreed.rows.some((row) => row.partyId === partyId));
  if (missing.length > 0)
    return refused('unknown-party', `party ${missing.join(', ')} is not known; add it to party.csv`);
  const duties: NoticeDuty[] = [
    ...(isPersonal ? [{to: AUTHORITY, hours: rules.authorityH, basis: `${RULES_KEY}: authorityH`}] : []),
    ...agreed.rows.map(({partyId, hours, basis}) => ({
      to: partyDuty(partyId),
      hours: hours ?? rules.partyH,
      basis: basis ?? `${RULES_KEY}: partyH`,
    })),
  ];
  const made = await client.query(
    `INSERT INTO partners.breach (breach_id, discovered_at, from_at, to_at, what, data, callers, duties, recorded_at, recorded_by)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (breach_id) DO NOTHING`,
    [
      ...[breachId, timestamp(discoveredAt), timestamp(from), timestamp(to), what, data],
      ...[callers, JSON.stringify(duties), timestamp(now), actor],
    ],
  );
  if (made.rowCount === 0)
    return refused(
      'breach-exists',
      `breach ${breachId} is on record already, and records are not changed; give another name`,
    );
  await lock(client, breachId);
  // What happened stays with the record: the trail holds who said when that whom is to be told.
  const body = {discoveredAt: toIso(discoveredAt), from: toIso(from), to: toIso(to), callers, duties};
  await audit(client, {action: 'breach.recorded', breachId, actor, now, body});
  return ok(await tell(client, breachId, now));
}

/** The fewest hours that a share or a contract in force with the party agrees on. */
const AGREED = `
  SELECT p.party_id AS "partyId", a.hours, a.basis
    FROM network.party p LEFT JOIN LATERAL (
      SELECT (s.terms->>'breachNoticeH')::int AS hours, 'share of ' || s.data || ', version ' || s.version AS basis
        FROM partners.data_share s WHERE s.party_id = p.party_id AND s.from_at <= $2 AND (s.to_at IS NULL OR $2 < s.to_at)
      UNION ALL
      SELECT (t.params->>'breachNoticeH')::int, 'contract ' || c.contract_id || ', version ' || c.version || ', term ' || t.term_no
        FROM network.contract_in_force($2) c JOIN partners.contract_term t USING (contract_id, version)
       WHERE p.party_id IN (c.party_a, c.party_b) AND t.type = 'dataShare' AND t.effective @> $2::timestamptz
       ORDER BY hours, basis LIMIT 1) a ON a.hours IS NOT NULL
   WHERE p.party_id = ANY($1::text[]) ORDER BY p.party_id COLLATE "C"`;

async function notice(
  client: Client,
  breachId: string,
  {report, actor, now}: {readonly report: NoticeReport; readonly actor: string; readonly now: EpochMs},
): Promise<Result<Breach>> {
  await lock(client, breachId);
  const [breach] = await load(client, {breachId, limit: 1}, now);
  if (breach === undefined)
    return refused('unknown-breach', `no breach ${breachId} is on record; see the list of breaches`);
  const {to, sentAt, sentBy, reference, note} = report;
  const duty = breach.duties.find((one) => one.to === to);
  if (duty === undefined)
    return refused(
      'breach-notice-not-owed',
      `breach ${breachId} owes ${to} no notice; it owes ${breach.duties.map((one) => one.to).join(', ') || 'none'}`,
    );
  if (sentAt > now || sentAt < breach.discoveredAt)
    return refused(
      'breach-notice-span',
      `a notice of breach ${breachId} is sent between its discovery at ${toIso(breach.discoveredAt)} and now (${toIso(now)}), and not at ${toIso(sentAt)}; correct the instant`,
    );
  if (to === AUTHORITY && duty.sentAt === null && sentAt > duty.dueAt && note === null)
    return refused(
      'breach-notice-late',
      `the notice of breach ${breachId} to the authority was due at ${toIso(duty.dueAt)}; say in note what delayed it, as the authority is told too (GDPR Art. 33(1))`,
    );
  const made = await client.query(
    `INSERT INTO partners.breach_notice (breach_id, "to", sent_at, sent_by, reference, note, recorded_at, recorded_by)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (breach_id, "to", reference) DO NOTHING`,
    [breachId, to, timestamp(sentAt), sentBy, reference, note, timestamp(now), actor],
  );
  if (made.rowCount === 1) {
    const body = {to, sentAt: toIso(sentAt), sentBy, reference};
    await audit(client, {action: 'breach.notice-sent', breachId, actor, now, body});
  }
  return ok(await tell(client, breachId, now));
}

/** One at a time: else an alert could open beside the notice that ends it. */
async function lock(client: Client, breachId: string): Promise<void> {
  await client.query(`SELECT pg_advisory_xact_lock(hashtextextended($1, 0))`, [
    `forestock.breach ${breachId}`,
  ]);
}

/** One alert for each notice that is due soon or overdue, none for the rest; and a timer for when that changes by itself. */
async function tell(client: Client, breachId: string, now: EpochMs): Promise<Breach> {
  const [breach] = await load(client, {breachId, limit: 1}, now);
  for (const duty of breach!.duties) {
    const subject = `${breachId}/${duty.to}`;
    if (duty.state !== 'done' && now >= duty.alertAt)
      await client.query(`SELECT replenish.open_alert($1, '${ALERT}', $2, NULL, $3, $4, 0, NULL, NULL, $5)`, [
        causeId('alert', ALERT, subject, now),
        ...[subject, timestamp(now), duty.state === 'overdue' ? 2 : 1],
        JSON.stringify({breachId, to: duty.to, dueAt: toIso(duty.dueAt), why: whyOf(duty)}),
      ]);
    else
      await client.query(`SELECT replenish.clear_alert('${ALERT}', $1, $2, '{}')`, [subject, timestamp(now)]);
  }
  const next = nextChange(breach!.duties, now);
  await (next === null
    ? client.query(`DELETE FROM platform.world_timer WHERE kind = '${TIMER}' AND key = $1`, [breachId])
    : client.query(
        `INSERT INTO platform.world_timer (kind, key, due_at) VALUES ('${TIMER}', $1, $2)
         ON CONFLICT (kind, key) DO UPDATE SET due_at = excluded.due_at`,
        [breachId, timestamp(next)],
      ));
  return breach!;
}

/** Example: 'the notice was due by 2026-01-08 06:00 UTC; send it and put it on record'. */
function whyOf({state, dueAt}: DutyStanding): string {
  return `the notice ${state === 'overdue' ? 'was' : 'is'} due by ${toMinute(dueAt)}; send it and put it on record`;
}

function audit(
  client: Client,
  entry: {
    readonly action: string;
    readonly breachId: string;
    readonly actor: string;
    readonly now: EpochMs;
    readonly body: object;
  },
): Promise<unknown> {
  const {action, breachId, actor, now, body} = entry;
  return client.query('SELECT platform.record_audit($1, $2, $3, $4, $5)', [
    ...[timestamp(now), actor, action, breachId, JSON.stringify(body)],
  ]);
}
