import {z} from 'zod';
import {OperationalFault} from '../../domain/fault.ts';
import {DAY_MS} from '../../domain/time.ts';
import type {EpochMs} from '../../domain/time.ts';
import type {Upkeep} from '../maintenance.ts';
import {parameterInForce} from '../parameters.ts';
import {timestamp} from '../pg.ts';
import type {Pool} from '../pg.ts';
import {readTrail, readTrailState} from './read-trail.ts';
import {verifyTrail} from './verify.ts';

/** A limit has a date from which it holds, and changing it is an entry of the trail. */
const RETENTION_KEY = 'platform.retention';
export const RetentionLimits = z.object({
  auditDays: z
    .int()
    .min(400)
    .max(36_500)
    .describe('World days after which entries of the audit trail may go; 36500 is for good'),
});
export const DEFAULT_RETENTION: z.infer<typeof RetentionLimits> = {auditDays: 36_500};

/** Rows that go in one transaction, and how many of these a night has. */
const ROWS_MAX = 5000;
const CUTS_MAX = 200;
const PAGE = 500;

/**
 * The nightly cut of the audit trail: its oldest entries go, up to an anchor, where none is younger than the limit or on hold. What
 * is to go is verified first: a trail that is not whole is evidence, and stays.
 *
 * @param pool Role forestock_platform.
 */
export function auditUpkeep(pool: Pool): Upkeep {
  return {
    name: 'audit',
    async run(now) {
      const stated = RetentionLimits.parse({
        ...DEFAULT_RETENTION,
        ...(await parameterInForce(pool, RETENTION_KEY, now)),
      });
      const before = timestamp(now - stated.auditDays * DAY_MS);
      let removed = 0;
      for (let cuts = 0; cuts < CUTS_MAX; cuts += 1) {
        const gone = await cutOnce(pool, before, now);
        if (gone === 0) break;
        removed += gone;
      }
      return {removed};
    },
  };
}

async function cutOnce(pool: Pool, before: string, now: EpochMs): Promise<number> {
  const {rows} = await pool.query<{through: number}>('SELECT platform.audit_cuttable($1, $2) AS through', [
    before,
    ROWS_MAX,
  ]);
  const {through} = rows[0]!;
  if (through === 0) return 0;
  await requireWhole(pool, through);
  const {rows: cut} = await pool.query<{gone: number}>('SELECT platform.cut_audit($1, $2, $3, $4) AS gone', [
    through,
    before,
    ROWS_MAX,
    timestamp(now),
  ]);
  return cut[0]!.gone;
}

/** @throws OperationalFault 'audit-not-whole' */
async function requireWhole(pool: Pool, through: number): Promise<void> {
  const {start} = await readTrailState(pool);
  const lines = async function* (): AsyncGenerator<Awaited<ReturnType<typeof readTrail>>[number]> {
    for (let after = start.sealNo; after < through; after += PAGE)
      yield* await readTrail(pool, {after, limit: Math.min(PAGE, through - after), scope: {}});
  };
  const {firstBad} = await verifyTrail({
    start,
    lines: lines(),
    strays: [],
    anchors: [],
    publicKeys: [],
    part: true,
  });
  if (firstBad === null) return;
  throw new OperationalFault(
    'audit-not-whole',
    `the audit trail is not whole, so nothing of it is removed: ${firstBad.detail}; run forestock audit verify`,
    {retryable: false},
  );
}
