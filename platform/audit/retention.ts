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
  accessLogDays: z.int().min(30).max(36_500).describe('World days after which rows of the access log go'),
});
export const DEFAULT_RETENTION: z.infer<typeof RetentionLimits> = {auditDays: 36_500, accessLogDays: 400};

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
      const {auditDays} = await retentionAt(pool, now);
      const before = timestamp(now - auditDays * DAY_MS);
      return {removed: await untilNothing(() => cutOnce(pool, before, now))};
    },
  };
}

/**
 * The nightly end of rows of the access log that are older than their days and of no span on hold.
 *
 * @param pool Role forestock_platform.
 */
export function accessLogUpkeep(pool: Pool): Upkeep {
  return {
    name: 'access-log',
    async run(now) {
      const {accessLogDays} = await retentionAt(pool, now);
      const before = timestamp(now - accessLogDays * DAY_MS);
      const cut = async (): Promise<number> => {
        const {rows} = await pool.query<{gone: number}>(
          'SELECT platform.cut_access_log($1, $2, $3) AS gone',
          [before, ROWS_MAX, timestamp(now)],
        );
        return rows[0]!.gone;
      };
      return {removed: await untilNothing(cut)};
    },
  };
}

async function retentionAt(pool: Pool, now: EpochMs): Promise<z.infer<typeof RetentionLimits>> {
  return RetentionLimits.parse({...DEFAULT_RETENTION, ...(await parameterInForce(pool, RETENTION_KEY, now))});
}

/** Cuts until nothing is left to cut, or the night is over. @returns how many rows went. */
async function untilNothing(cut: () => Promise<number>): Promise<number> {
  let removed = 0;
  for (let cuts = 0; cuts < CUTS_MAX; cuts += 1) {
    const gone = await cut();
    if (gone === 0) break;
    removed += gone;
  }
  return removed;
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
