import {timestamp} from './pg.ts';
import type {Client, Queryable} from './pg.ts';
import type {Principal, Role, Standing} from './principal.ts';
import type {Segment} from '../domain/segment.ts';
import type {EpochMs} from '../domain/time.ts';

interface StandingRow {
  readonly name: string;
  readonly kind: 'user' | 'token';
  readonly role: Role;
  readonly partyId: string | null;
  readonly depotIds: readonly string[] | null;
  readonly segments: readonly Segment[] | null;
}

/** A principal `p` with what it was granted; the caller adds WHERE, and GROUP BY follows in `STANDING_END`. */
export const STANDING = `p.principal_id AS name, p.kind, min(g.role) AS role, min(g.scope_id) FILTER (WHERE g.scope_kind = 'party') AS "partyId",
  array_agg(g.scope_id ORDER BY g.scope_id) FILTER (WHERE g.scope_kind = 'depot') AS "depotIds",
  array_agg(g.scope_id ORDER BY g.scope_id) FILTER (WHERE g.scope_kind = 'segment') AS "segments"`;
export const STANDING_FROM = 'platform.principal p JOIN platform."grant" g USING (principal_id)';

/** The one principal that a condition on `p` finds; null where there is none, or it is disabled. */
export async function findPrincipal(
  db: Queryable,
  condition: string,
  values: readonly unknown[],
): Promise<Principal | null> {
  const {rows} = await db.query<StandingRow>(
    `SELECT ${STANDING} FROM ${STANDING_FROM} WHERE p.disabled_wall IS NULL AND ${condition} GROUP BY p.principal_id`,
    [...values],
  );
  return rows[0] ?? null;
}

/** Gives a principal its role and bounds; it has no others afterwards. */
export async function grantStanding(client: Client, name: string, standing: Standing): Promise<void> {
  const {role, partyId, depotIds, segments} = standing;
  const scopes = [
    ...(partyId === null ? [] : [['party', partyId]]),
    ...(depotIds ?? []).map((depotId) => ['depot', depotId]),
    ...(segments ?? []).map((segment) => ['segment', segment]),
  ];
  if (scopes.length === 0) scopes.push(['all', '*']);
  await client.query('DELETE FROM platform."grant" WHERE principal_id = $1', [name]);
  await client.query(
    `INSERT INTO platform."grant" (principal_id, role, scope_kind, scope_id)
     SELECT $1, $2, kind, id FROM unnest($3::text[], $4::text[]) AS scope (kind, id) ON CONFLICT DO NOTHING`,
    [name, role, scopes.map(([kind]) => kind), scopes.map(([, id]) => id)],
  );
}

/** An entry of the audit trail about users, tokens and sessions, in the transaction of what it tells of. */
export async function auditAccess(
  client: Queryable,
  entry: {
    readonly at: EpochMs;
    readonly actor: string;
    readonly action: string;
    readonly subject: string;
    readonly body?: object;
  },
): Promise<void> {
  const {at, actor, action, subject, body = {}} = entry;
  await client.query('SELECT platform.record_audit($1, $2, $3, $4, $5)', [
    timestamp(at),
    actor,
    action,
    subject,
    JSON.stringify(body),
  ]);
}
