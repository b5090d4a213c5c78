import {toIso} from '../../domain/time.ts';
import {copyReadings} from '../../ingest/store/copy-rows.ts';
import type {ReadingRow} from '../../ingest/store/copy-rows.ts';
import {migrate} from '../../platform/migrate.ts';
import {openPool} from '../../platform/pg.ts';
import {readingOf} from '../../test/ingest/envelopes.ts';

const ROWS = 5000;
const OBSERVED_AT = Date.UTC(2026, 0, 5, 10);
/** Beyond those of the run before it. */
const FIRST_LOG_SEQ = 1_000_000_000;
const VALUES = Array.from({length: 20}, (_, i) => 1.5 + i);

/**
 * What one connection writes into the table of readings when nothing else happens: rows of 20 values with their key, by binary COPY,
 * one commit for 5,000.
 *
 * @returns rows a second
 */
export async function copyCeiling(databaseUrl: string, seconds: number): Promise<number> {
  await migrate(databaseUrl);
  const pool = openPool({url: databaseUrl, role: 'forestock_ingest', max: 1});
  try {
    const {receivedAt} = batch(0)[0]!.message;
    await pool.query('SELECT ingest.ensure_partitions($1, $1)', [toIso(receivedAt)]);
    const client = await pool.connect();
    try {
      let written = 0;
      let spentMs = 0;
      while (spentMs < 1000 * seconds) {
        const rows = batch(written);
        const startedAt = performance.now();
        await client.query('BEGIN');
        await copyReadings(client, rows);
        await client.query('COMMIT');
        spentMs += performance.now() - startedAt;
        written += ROWS;
      }
      return Math.round((1000 * written) / spentMs);
    } finally {
      client.release();
    }
  } finally {
    await pool.end();
  }
}

function batch(from: number): readonly ReadingRow[] {
  return Array.from({length: ROWS}, (_, i) => ({
    message: readingOf(1 + (i % 2000), from + i, {observedAt: OBSERVED_AT + i}),
    partitionNo: 2,
    logSeq: FIRST_LOG_SEQ + from + i,
    signalSetId: 1,
    values: VALUES,
  }));
}
