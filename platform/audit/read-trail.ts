import type {Queryable} from '../pg.ts';
import {timestamp} from '../pg.ts';
import type {EpochMs} from '../../domain/time.ts';
import {toIso} from '../../domain/time.ts';
import type {Anchor} from './anchors.ts';
import {GENESIS, rowSha256} from './chain.ts';
import type {AuditEntry, AuditLine, Seal} from './chain.ts';

/** Which entries are shown; of the others the hashes are, so that the chain can be followed. */
export interface AuditScope {
  /** World time, from this instant on. */
  readonly from?: EpochMs | undefined;
  /** World time, before this instant. */
  readonly to?: EpochMs | undefined;
  readonly actor?: string | undefined;
  /** What the action begins with: 'decision.' */
  readonly action?: string | undefined;
  readonly subject?: string | undefined;
}

export interface TrailState {
  /** What the first line follows. */
  readonly start: Seal;
  readonly head: Seal;
  /** Entries that wait for their seal. */
  readonly unsealed: number;
  /** Entries that neither have a seal nor wait for one, oldest first, 100 at most. */
  readonly strays: readonly number[];
}

/** @returns the lines behind a seal number, at most `limit`. */
export async function readTrail(
  db: Queryable,
  {after, limit, scope}: {readonly after: number; readonly limit: number; readonly scope: AuditScope},
): Promise<readonly AuditLine[]> {
  const {rows} = await db.query<LineRow>(
    `SELECT s.seal_no AS "sealNo", encode(s.seal, 'hex') AS seal, e.audit_id AS "auditId",
            platform.audit_instant(e.world_at) AS "worldAt", platform.audit_instant(e.wall_at) AS "wallAt",
            e.actor, e.action, e.subject, encode(e.body_sha256, 'hex') AS "bodySha256",
            -- what takes something out of the trail is always shown: without it the rest cannot be judged
            CASE WHEN e.action LIKE 'audit.%' OR (($3::timestamptz IS NULL OR e.world_at >= $3) AND ($4::timestamptz IS NULL OR e.world_at < $4)
              AND ($5::text IS NULL OR e.actor = $5) AND ($6::text IS NULL OR starts_with(e.action, $6))
              AND ($7::text IS NULL OR e.subject = $7)) THEN e.body::text END AS body
       FROM platform.audit_seal s LEFT JOIN platform.audit_entry e USING (audit_id)
      WHERE s.seal_no > $1 ORDER BY s.seal_no LIMIT $2`,
    [
      after,
      limit,
      at(scope.from),
      at(scope.to),
      scope.actor ?? null,
      scope.action ?? null,
      scope.subject ?? null,
    ],
  );
  return rows.map(({sealNo, seal, ...row}) => ({sealNo, seal, entry: entryOf(row)}));
}

type LineRow = Seal & EntryRow;
type EntryRow = {[K in keyof AuditEntry]: AuditEntry[K] | null};

function entryOf(row: EntryRow): AuditLine['entry'] {
  if (row.auditId === null) return null;
  return row.body === null ? {rowSha256: rowSha256(row as AuditEntry)} : (row as AuditEntry);
}

export async function readTrailState(db: Queryable): Promise<TrailState> {
  const {rows} = await db.query<{
    startNo: number;
    start: string | null;
    headNo: number | null;
    head: string | null;
    unsealed: number;
    strays: number[];
  }>(
    `SELECT coalesce(f.seal_no - 1, 0) AS "startNo", (SELECT encode(a.seal, 'hex') FROM platform.audit_anchor a WHERE a.seal_no = f.seal_no - 1) AS start,
            h.seal_no AS "headNo", encode(h.seal, 'hex') AS head, (SELECT count(*) FROM platform.audit_unsealed) AS unsealed,
            (SELECT coalesce(jsonb_agg(audit_id), '[]') FROM (SELECT audit_id FROM platform.audit_entry e
               WHERE NOT EXISTS (SELECT 1 FROM platform.audit_seal s WHERE s.audit_id = e.audit_id)
                 AND NOT EXISTS (SELECT 1 FROM platform.audit_unsealed u WHERE u.audit_id = e.audit_id)
               ORDER BY audit_id LIMIT 100) stray) AS strays
       FROM (SELECT min(seal_no) AS seal_no FROM platform.audit_seal) f
       LEFT JOIN (SELECT seal_no, seal FROM platform.audit_seal ORDER BY seal_no DESC LIMIT 1) h ON true`,
  );
  const {startNo, start, headNo, head, unsealed, strays} = rows[0]!;
  return {
    // Without an anchor there is nothing that the rest could follow: the verifier finds the beginning gone.
    start: start === null ? GENESIS : {sealNo: startNo, seal: start},
    head: headNo === null ? GENESIS : {sealNo: headNo, seal: head!},
    unsealed,
    strays,
  };
}

/** Anchors behind a seal number, oldest first. */
export async function readAnchorPage(
  db: Queryable,
  after: number,
  limit: number,
): Promise<readonly Anchor[]> {
  const {rows} = await db.query<Omit<Anchor, 'anchoredAt'> & {anchoredAt: EpochMs}>(
    `SELECT seal_no AS "sealNo", encode(seal, 'hex') AS seal, anchored_wall AS "anchoredAt", key_id AS "keyId",
            encode(signature, 'base64') AS signature
       FROM platform.audit_anchor WHERE seal_no > $1 ORDER BY seal_no LIMIT $2`,
    [after, limit],
  );
  return rows.map((row) => ({
    ...row,
    anchoredAt: toIso(row.anchoredAt),
    signature: row.signature.replaceAll('\n', ''), // PostgreSQL breaks base64 after 76 characters
  }));
}

const at = (instant: EpochMs | undefined): string | null =>
  instant === undefined ? null : timestamp(instant);
