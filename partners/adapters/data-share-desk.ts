import {createHmac, randomBytes} from 'node:crypto';
import {ok, refused} from '../../domain/result.ts';
import type {Result} from '../../domain/result.ts';
import {DAY_MS, HOUR_MS, plusMs, toIso} from '../../domain/time.ts';
import type {EpochMs} from '../../domain/time.ts';
import {inTransaction, timestamp} from '../../platform/pg.ts';
import type {Client, Pool} from '../../platform/pg.ts';
import type {SharedRow} from '../core/apply-share.ts';
import {shareMistake} from '../core/data-share.ts';
import type {DataShare, DataShareTerms} from '../core/data-share.ts';
import type {DataShares, SentRecord, ShareName} from '../desk.ts';

interface Row extends Omit<DataShare, keyof DataShareTerms> {
  readonly terms: DataShareTerms;
}

const COLUMNS = `party_id AS "partyId", data, version, terms, from_at AS "from", to_at AS "to", agreed_by AS "agreedBy"`;
const IN_FORCE = 'from_at <= $3 AND (to_at IS NULL OR $3 < to_at)';

/** Shares from before breaches were on record say nothing of them. */
const shareOf = ({terms, ...row}: Row): DataShare => ({
  ...row,
  ...terms,
  breachNoticeH: terms.breachNoticeH ?? null,
});

/** @param pool  Its connections work under the role `forestock_partners`. */
export function openDataShares(pool: Pool, worldClock: {now(): EpochMs}): DataShares {
  const now = (): EpochMs => worldClock.now();
  return {
    async list({partyId, limit}) {
      const {rows} = await pool.query<Row>(
        `SELECT ${COLUMNS} FROM partners.data_share WHERE $1::text IS NULL OR party_id = $1
          ORDER BY party_id COLLATE "C", data, version DESC LIMIT $2`,
        [partyId ?? null, limit],
      );
      return rows.map(shareOf);
    },
    async sent({partyId, limit}) {
      const {rows} = await pool.query<SentRecord>(
        `SELECT sent_no AS "sentNo", party_id AS "partyId", data, version, way, rows_sent AS rows, sent_at AS "sentAt", keep_until AS "keepUntil"
           FROM partners.data_share_sent WHERE $1::text IS NULL OR party_id = $1 ORDER BY sent_no DESC LIMIT $2`,
        [partyId ?? null, limit],
      );
      return rows;
    },
    async inForce({partyId, data}) {
      const {rows} = await pool.query<Row & {key: Buffer}>(
        `SELECT ${COLUMNS}, key FROM partners.data_share JOIN partners.pseudonym_key USING (party_id)
          WHERE party_id = $1 AND data = $2 AND ${IN_FORCE} ORDER BY version DESC LIMIT 1`,
        [partyId, data, timestamp(now())],
      );
      const [found] = rows;
      if (found === undefined) return null;
      const {key, ...row} = found;
      return {share: shareOf(row), pseudonymOf: (value) => pseudonym(key, value)};
    },
    agree: (name, request) => inTransaction(pool, (client) => agree(client, name, request, now())),
    end: (name, actor) => inTransaction(pool, (client) => end(client, name, actor, now())),
    async lastState({partyId, data, version, everyHours}) {
      if (everyHours === null) return null;
      const {rows} = await pool.query<{body: readonly SharedRow[]}>(
        `SELECT body FROM partners.data_share_sent
          WHERE party_id = $1 AND data = $2 AND version = $3 AND body IS NOT NULL AND sent_at > $4 ORDER BY sent_at DESC LIMIT 1`,
        [partyId, data, version, timestamp(plusMs(now(), -everyHours * HOUR_MS))],
      );
      return rows[0]?.body ?? null;
    },
    async dueForStream(sharesMax) {
      const {rows} = await pool.query<Row>(
        `SELECT ${COLUMNS} FROM partners.data_share s
          WHERE from_at <= $1 AND (to_at IS NULL OR $1 < to_at) AND (terms->>'everyHours')::int IS NOT NULL
            AND NOT EXISTS (SELECT FROM partners.data_share_sent t WHERE (t.party_id, t.data, t.version) = (s.party_id, s.data, s.version)
                               AND t.way = 'stream' AND t.sent_at > $1::timestamptz - make_interval(hours => (s.terms->>'everyHours')::int))
          ORDER BY party_id, data LIMIT $2`,
        [timestamp(now()), sharesMax],
      );
      return rows.map(shareOf);
    },
    async record({partyId, data, version, retentionDays}, {way, rows, isState}) {
      const at = now();
      await pool.query(
        `INSERT INTO partners.data_share_sent (party_id, data, version, way, rows_sent, sent_at, keep_until, body) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
        [
          ...[partyId, data, version, way, rows.length, timestamp(at)],
          ...[timestamp(plusMs(at, retentionDays * DAY_MS)), isState ? JSON.stringify(rows) : null],
        ],
      );
    },
  };
}

/** Example: 'x-9c1f2a7d03'. Ten hex digits tell 10,000 depots apart with odds of 1 to 22,000 against any two being the same. */
function pseudonym(key: Buffer, value: string): string {
  return `x-${createHmac('sha256', key).update(value).digest('hex').slice(0, 10)}`;
}

async function agree(
  client: Client,
  {partyId, data}: ShareName,
  {
    terms,
    from,
    actor,
  }: {readonly terms: DataShareTerms; readonly from?: EpochMs | undefined; readonly actor: string},
  now: EpochMs,
): Promise<Result<DataShare>> {
  const begins = from ?? now;
  if (begins < now)
    return refused(
      'effective-in-past',
      `share of ${data} with ${partyId} from ${toIso(begins)}: that has passed (it is ${toIso(now)}); leave the date out, or give a later one`,
    );
  const mistake = shareMistake(data, terms);
  if (mistake !== null) return refused('share-invalid', `share of ${data} with ${partyId}: ${mistake}`);
  const party = await client.query('SELECT FROM network.party WHERE party_id = $1', [partyId]);
  if (party.rowCount === 0)
    return refused('unknown-party', `party ${partyId} is not known; add it to party.csv`);
  await lock(client, {partyId, data});
  await client.query(
    'INSERT INTO partners.pseudonym_key (party_id, key) VALUES ($1, $2) ON CONFLICT DO NOTHING',
    [partyId, randomBytes(32)],
  );
  await endFrom(client, {partyId, data}, begins);
  const {rows} = await client.query<Row>(
    `INSERT INTO partners.data_share (party_id, data, version, terms, from_at, agreed_by, agreed_at)
     SELECT $1, $2, coalesce(max(version), 0) + 1, $3, $4, $5, $6 FROM partners.data_share WHERE party_id = $1 AND data = $2 RETURNING ${COLUMNS}`,
    [partyId, data, JSON.stringify(terms), timestamp(begins), actor, timestamp(now)],
  );
  const agreed = shareOf(rows[0]!);
  await audit(client, {
    at: now,
    actor,
    action: 'agree-data-share',
    partyId,
    body: {...terms, data, version: agreed.version, from: toIso(begins)},
  });
  return ok(agreed);
}

async function end(
  client: Client,
  {partyId, data}: ShareName,
  actor: string,
  now: EpochMs,
): Promise<Result<ShareName>> {
  await lock(client, {partyId, data});
  if (!(await endFrom(client, {partyId, data}, now)))
    return refused('unknown-share', `no ${data} are shared with ${partyId}; see the list of shares`);
  await audit(client, {at: now, actor, action: 'end-data-share', partyId, body: {data}});
  return ok({partyId, data});
}

/** One agreement about the same data at a time. */
async function lock(client: Client, {partyId, data}: ShareName): Promise<void> {
  await client.query(`SELECT pg_advisory_xact_lock(hashtext('data-share ' || $1 || ' ' || $2))`, [
    partyId,
    data,
  ]);
}

/** @returns whether something ended */
async function endFrom(client: Client, {partyId, data}: ShareName, at: EpochMs): Promise<boolean> {
  const {rowCount} = await client.query(
    'UPDATE partners.data_share SET to_at = $3 WHERE party_id = $1 AND data = $2 AND (to_at IS NULL OR to_at > greatest(from_at, $3))',
    [partyId, data, timestamp(at)],
  );
  return (rowCount ?? 0) > 0;
}

async function audit(
  client: Client,
  {
    at,
    actor,
    action,
    partyId,
    body,
  }: {at: EpochMs; actor: string; action: string; partyId: string; body: object},
): Promise<void> {
  await client.query('SELECT platform.record_audit($1, $2, $3, $4, $5)', [
    ...[timestamp(at), actor, action, partyId, JSON.stringify(body)],
  ]);
}
