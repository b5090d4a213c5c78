import {ok, refused} from '../../domain/result.ts';
import type {Result} from '../../domain/result.ts';
import type {EpochMs} from '../../domain/time.ts';
import {inTransaction, timestamp} from '../../platform/pg.ts';
import type {Client, Pool} from '../../platform/pg.ts';
import {PLACEHOLDERS, namesIn} from '../core/customer-notice.ts';
import type {TemplateDesk, TemplateRequest, WrittenTemplate} from '../desk.ts';

const COLUMNS = `template_id AS "templateId", version, reason, tier, channel, language, title, body, written_by AS "writtenBy",
  written_at AS "writtenAt", approved_by AS "approvedBy", approved_at AS "approvedAt", retired_at AS "retiredAt"`;

/** @param pool  Its connections work under the role `forestock_notices`. */
export function openTemplateDesk(pool: Pool, now: () => EpochMs): TemplateDesk {
  return {
    async list(limit) {
      const {rows} = await pool.query<WrittenTemplate>(
        `SELECT ${COLUMNS} FROM notices.template ORDER BY template_id, version DESC LIMIT $1`,
        [limit],
      );
      return rows;
    },
    write: (request, actor) => inTransaction(pool, (client) => write(client, request, actor, now())),
    approve: (name, actor) => inTransaction(pool, (client) => approve(client, name, actor, now())),
    async retire(templateId, actor) {
      return inTransaction(pool, async (client) => {
        const {rows} = await client.query<WrittenTemplate>(
          `UPDATE notices.template SET retired_at = $2 WHERE template_id = $1 AND retired_at IS NULL RETURNING ${COLUMNS}`,
          [templateId, timestamp(now())],
        );
        if (rows.length === 0) return unknown(templateId);
        await audit(client, {at: now(), actor, action: 'template.retired', subject: templateId, body: {}});
        return ok({templateId, versions: rows.length});
      });
    },
  };
}

async function write(
  client: Client,
  request: TemplateRequest,
  actor: string,
  now: EpochMs,
): Promise<Result<WrittenTemplate>> {
  const {templateId, reason, tier, channel, language, title, body} = request;
  const known: readonly string[] = PLACEHOLDERS;
  const odd = [...new Set([...namesIn(title), ...namesIn(body)])].filter((name) => !known.includes(name));
  if (odd.length > 0)
    return refused(
      'template-invalid',
      `text ${templateId} names {${odd.join('}, {')}}; there are {${PLACEHOLDERS.join('}, {')}}`,
    );
  await client.query(`SELECT pg_advisory_xact_lock(hashtext('template ' || $1))`, [templateId]);
  const {rows} = await client.query<WrittenTemplate>(
    `INSERT INTO notices.template (template_id, version, reason, tier, channel, language, title, body, written_by, written_at)
     SELECT $1, coalesce(max(version), 0) + 1, $2, $3, $4, $5, $6, $7, $8, $9 FROM notices.template WHERE template_id = $1 RETURNING ${COLUMNS}`,
    [templateId, reason, tier, channel, language, title, body, actor, timestamp(now)],
  );
  const written = rows[0]!;
  const {version} = written;
  await audit(client, {
    at: now,
    actor,
    action: 'template.written',
    subject: templateId,
    body: {...request, version},
  });
  return ok(written);
}

async function approve(
  client: Client,
  {templateId, version}: {readonly templateId: string; readonly version: number},
  actor: string,
  now: EpochMs,
): Promise<Result<WrittenTemplate>> {
  const found = await client.query<{by: string; isOver: boolean}>(
    'SELECT written_by AS by, retired_at IS NOT NULL AS "isOver" FROM notices.template WHERE template_id = $1 AND version = $2 FOR UPDATE',
    [templateId, version],
  );
  const [text] = found.rows;
  if (text === undefined || text.isOver) return unknown(`${templateId} version ${version}`);
  if (text.by === actor)
    return refused(
      'same-person',
      `text ${templateId} version ${version} was written by ${actor}; somebody else approves it`,
    );
  const {rows} = await client.query<WrittenTemplate>(
    `UPDATE notices.template SET approved_by = coalesce(approved_by, $3), approved_at = coalesce(approved_at, $4)
      WHERE template_id = $1 AND version = $2 RETURNING ${COLUMNS}`,
    [templateId, version, actor, timestamp(now)],
  );
  await audit(client, {at: now, actor, action: 'template.approved', subject: templateId, body: {version}});
  return ok(rows[0]!);
}

function unknown(what: string): ReturnType<typeof refused<'unknown-template'>> {
  return refused('unknown-template', `there is no text ${what} in use; see the list of texts`);
}

async function audit(
  client: Client,
  {
    at,
    actor,
    action,
    subject,
    body,
  }: {at: EpochMs; actor: string; action: string; subject: string; body: object},
): Promise<void> {
  await client.query('SELECT platform.record_audit($1, $2, $3, $4, $5)', [
    ...[timestamp(at), actor, action, subject, JSON.stringify(body)],
  ]);
}
