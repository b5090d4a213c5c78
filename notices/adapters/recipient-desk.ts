import {calendarMistake} from '../../domain/business-time.ts';
import {ok, refused} from '../../domain/result.ts';
import type {Result} from '../../domain/result.ts';
import type {EpochMs} from '../../domain/time.ts';
import {causeId} from '../../platform/ids.ts';
import {inTransaction, timestamp} from '../../platform/pg.ts';
import type {Client, Pool} from '../../platform/pg.ts';
import type {Message} from '../core/message.ts';
import type {Recipient} from '../core/recipient.ts';
import type {NoticeDesk, RecipientRequest} from '../desk.ts';
import {listRecipients} from './recipient-rows.ts';

/** @param pool  Its connections work under the role `forestock_notices`. */
export function openRecipientDesk(pool: Pool, now: () => EpochMs): NoticeDesk {
  return {
    recipients: () => listRecipients(pool),
    put: (request, actor) => put(pool, request, actor, now()),
    test: (recipientId, actor) => inTransaction(pool, (client) => test(client, recipientId, actor, now())),
  };
}

/** What may be shown of where messages go: a URL of Slack or Teams is a credential by itself. */
function shownAddress({channel, email, url}: RecipientRequest): string {
  if (channel === 'email') return email!;
  if (channel === 'mqtt') return 'alerts/v1/{depot}';
  if (channel === 'installation') return 'WEBHOOK_URL, else files under the data folder';
  return url === undefined ? 'events.pagerduty.com' : new URL(url).host;
}

/** What is missing for the channel, and what its hours and zone are wrong in; null when nothing is. */
function mistakeOf(
  {channel, email, url, key, hours, timeZone, recipientId}: RecipientRequest,
  hasSecret: boolean,
): string | null {
  if (channel === 'installation' && recipientId !== 'installation')
    return 'channel installation is for the recipient of that name; choose another channel';
  if (channel === 'email' && email === undefined) return 'channel email needs email';
  const needsUrl = channel === 'webhook' || channel === 'slack' || channel === 'teams';
  if (needsUrl && url === undefined && !hasSecret) return `channel ${channel} needs url`;
  if ((channel === 'webhook' || channel === 'pagerduty') && key === undefined && !hasSecret)
    return `channel ${channel} needs key`;
  if (url !== undefined) {
    const {protocol, hostname} = new URL(url);
    const isLoopback = hostname === '127.0.0.1' || hostname === 'localhost' || hostname === '[::1]';
    if (protocol !== 'https:' && !(protocol === 'http:' && isLoopback))
      return 'url is not encrypted: write https://…';
  }
  const mistake = calendarMistake({calendarId: recipientId, timeZone, hours, holidays: []});
  return mistake && `${mistake.what}; ${mistake.nextStep}`;
}

async function put(
  pool: Pool,
  request: RecipientRequest,
  actor: string,
  now: EpochMs,
): Promise<Result<Recipient>> {
  return inTransaction(pool, async (client) => {
    const {recipientId, channel, url, key} = request;
    const before = await client.query<{channel: string; secret: boolean}>(
      `SELECT r.channel, s.recipient_id IS NOT NULL AS secret FROM notices.recipient r LEFT JOIN notices.recipient_secret s USING (recipient_id)
        WHERE recipient_id = $1 FOR UPDATE OF r`,
      [recipientId],
    );
    const keeps = before.rows[0]?.channel === channel && before.rows[0].secret;
    const mistake = mistakeOf(request, keeps);
    if (mistake !== null) return refused('recipient-invalid', `recipient ${recipientId}: ${mistake}`);
    if (request.partyId !== null) {
      const party = await client.query('SELECT FROM network.party WHERE party_id = $1', [request.partyId]);
      if (party.rowCount === 0)
        return refused(
          'recipient-invalid',
          `recipient ${recipientId}: there is no party ${request.partyId}; import it first`,
        );
    }
    const isShownNew = url !== undefined || !keeps;
    await client.query(
      `INSERT INTO notices.recipient AS r (recipient_id, role, party_id, channel, address, kinds, depots, level_min, language, time_zone, hours, quiet_below,
         per_hour, active, opted_out_at, changed_by, changed_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, CASE WHEN $15 THEN $17::timestamptz END, $16, $17)
       ON CONFLICT (recipient_id) DO UPDATE SET role = excluded.role, party_id = excluded.party_id, channel = excluded.channel,
         address = CASE WHEN $18 THEN excluded.address ELSE r.address END, kinds = excluded.kinds, depots = excluded.depots,
         level_min = excluded.level_min, language = excluded.language, time_zone = excluded.time_zone, hours = excluded.hours,
         quiet_below = excluded.quiet_below, per_hour = excluded.per_hour, active = excluded.active,
         opted_out_at = CASE WHEN $15 THEN coalesce(r.opted_out_at, excluded.opted_out_at) END, changed_by = excluded.changed_by, changed_at = excluded.changed_at`,
      [
        ...[
          recipientId,
          request.role,
          request.partyId,
          channel,
          shownAddress(request),
          request.kinds,
          request.depots,
        ],
        ...[
          request.levelMin,
          request.language,
          request.timeZone,
          request.hours,
          request.quietBelow,
          request.perHour,
        ],
        ...[request.active, request.optedOut, actor, timestamp(now), isShownNew],
      ],
    );
    if (url !== undefined || key !== undefined)
      await client.query(
        `INSERT INTO notices.recipient_secret AS s (recipient_id, url, key) VALUES ($1, $2, $3)
         ON CONFLICT (recipient_id) DO UPDATE SET url = coalesce(excluded.url, s.url), key = coalesce(excluded.key, s.key)`,
        [recipientId, url ?? null, key ?? null],
      );
    else if (!keeps)
      await client.query('DELETE FROM notices.recipient_secret WHERE recipient_id = $1', [recipientId]);
    // Neither url nor key: they are credentials.
    const said = {...request, url: undefined, key: undefined};
    await client.query(`SELECT platform.record_audit($1, $2, 'recipient.set', $3, $4)`, [
      timestamp(now),
      actor,
      recipientId,
      JSON.stringify(said),
    ]);
    return ok((await listRecipients(client)).find((one) => one.recipientId === recipientId)!);
  });
}

async function test(
  client: Client,
  recipientId: string,
  actor: string,
  now: EpochMs,
): Promise<Result<{readonly recipientId: string; readonly idempotencyKey: string}>> {
  const found = (await listRecipients(client)).find((one) => one.recipientId === recipientId);
  if (found === undefined || found.channel === 'installation')
    return refused(
      'unknown-recipient',
      `there is no recipient ${recipientId} of its own; look it up in /api/v1/recipients`,
    );
  const message: Message = {
    type: 'test',
    title: 'A test message from Forestock',
    text: `${actor} asked for this message to see whether ${recipientId} is reached.`,
    link: null,
    problemId: causeId('test', recipientId),
    level: 1,
  };
  const {rows} = await client.query<{n: number}>(
    `SELECT count(*)::int AS n FROM platform.outbox WHERE cause_kind = 'test' AND cause_id = $1`,
    [recipientId],
  );
  const idempotencyKey = `notice:test:${recipientId}:${rows[0]!.n + 1}`;
  await client.query(`SELECT platform.enqueue_effect($1, 'test', $2, $3, $4, $5)`, [
    ...[idempotencyKey, recipientId, `notice:${recipientId}`, JSON.stringify(message), timestamp(now)],
  ]);
  return ok({recipientId, idempotencyKey});
}
