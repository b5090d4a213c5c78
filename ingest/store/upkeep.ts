import {DAY_MS} from '../../domain/time.ts';
import type {EpochMs} from '../../domain/time.ts';
import type {Configuration} from '../../platform/configuration.ts';
import {untilNone} from '../../platform/maintenance.ts';
import type {Upkeep} from '../../platform/maintenance.ts';
import {timestamp} from '../../platform/pg.ts';
import type {Pool} from '../../platform/pg.ts';

type Kept = Pick<
  Configuration,
  'keepReadingsDays' | 'keepEventsDays' | 'keepDeadLettersDays' | 'compressAfterDays'
>;

/** A week's first message finds its partition made. */
const AHEAD_DAYS = 28;
/** Dead letters deleted in one statement. */
const LETTERS_MAX = 5000;

/** What the store's tables need every night: coming partitions made, expired rows dropped, old readings compressed. */
export function storeUpkeep(
  pool: Pool,
  {keepReadingsDays, keepEventsDays, keepDeadLettersDays, compressAfterDays}: Kept,
): readonly Upkeep[] {
  const one = async (sql: string, parameters: readonly unknown[]): Promise<number> =>
    (await pool.query<{n: number}>(`SELECT ${sql} AS n`, [...parameters])).rows[0]!.n;
  const dropped = (table: 'reading' | 'equipment_event', before: string): Promise<number> =>
    untilNone(() => one('ingest.drop_oldest_partition($1, $2)', [table, before]));
  return [
    {
      name: 'readings',
      run: async (now) => ({
        dropped: await dropped('reading', daysBefore(now, keepReadingsDays)),
        compressed: await untilNone(() =>
          one('ingest.compress_oldest_chunk($1)', [daysBefore(now, compressAfterDays)]),
        ),
      }),
    },
    {
      name: 'events',
      run: async (now) => ({dropped: await dropped('equipment_event', daysBefore(now, keepEventsDays))}),
    },
    {
      name: 'deadLetters',
      run: async (now) => ({deleted: await deleteLetters(pool, daysBefore(now, keepDeadLettersDays))}),
    },
    {
      name: 'partitions',
      run: async (now) => ({
        made: await one('ingest.ensure_partitions($1, $2)', [timestamp(now), daysBefore(now, -AHEAD_DAYS)]),
      }),
    },
  ];
}

async function deleteLetters(pool: Pool, before: string): Promise<number> {
  let deleted = 0;
  for (let last = LETTERS_MAX; last === LETTERS_MAX; deleted += last) {
    const gone = await pool.query(
      `DELETE FROM ingest.dead_letter WHERE dead_letter_id IN
         (SELECT dead_letter_id FROM ingest.dead_letter WHERE received_at < $1 LIMIT ${LETTERS_MAX})`,
      [before],
    );
    last = gone.rowCount ?? 0;
  }
  return deleted;
}

function daysBefore(now: EpochMs, days: number): string {
  return timestamp(now - days * DAY_MS);
}
