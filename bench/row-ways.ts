import {rmSync} from 'node:fs';
import {Readable} from 'node:stream';
import {pipeline} from 'node:stream/promises';
import copyStreams from 'pg-copy-streams';
import {toIso} from '../domain/time.ts';
import {copyReadings, READING_COLUMNS} from '../ingest/store/copy-rows.ts';
import type {ReadingRow} from '../ingest/store/copy-rows.ts';
import {startEmbeddedPostgres} from '../platform/embedded-postgres.ts';
import {silentLogger} from '../platform/log.ts';
import {migrate} from '../platform/migrate.ts';
import {openPool, plainArray} from '../platform/pg.ts';
import type {Client} from '../platform/pg.ts';
import {readingOf} from '../test/ingest/envelopes.ts';
import {openFolder} from '../test/support/open-folder.ts';
import {contest} from './contest.ts';
import type {Effort, Figure} from './measure.ts';

const ROWS = 500;

/** Readings on their way into the table, by one connection: what Node and PostgreSQL take together, until PostgreSQL has answered. */
export async function rowWays({runs, seconds}: Effort): Promise<Figure[]> {
  const dataDir = openFolder('bench-rows');
  const server = await startEmbeddedPostgres({dataDir, log: silentLogger()});
  await migrate(server.ownerUrl);
  const pool = openPool({url: server.ownerUrl, role: 'forestock_ingest', max: 1});
  const client = await pool.connect();
  try {
    const rows = readingRows();
    const {receivedAt} = rows[0]!.message;
    await client.query('SELECT ingest.ensure_partitions($1, $1)', [toIso(receivedAt)]);
    /** Rolled back, so that every batch meets the same empty table; a commit's wait for the disk would be the same for all. */
    const batch = (insert: () => Promise<unknown>) => async () => {
      await client.query('BEGIN');
      await insert();
      return client.query('ROLLBACK');
    };
    return await contest(
      {
        scenario: 'rows',
        unit: `µs a row of 4 values, ${ROWS} rows at once`,
        clock: 'wall',
        contenders: [
          {figure: 'binary COPY', of: ROWS, work: batch(() => copyReadings(client, rows))},
          {figure: 'text COPY', of: ROWS, work: batch(() => copyText(client, rows))},
          {figure: 'INSERT of many rows', of: ROWS, work: batch(() => insertRows(client, rows))},
        ],
      },
      {runs, runMs: 1000 * seconds},
    );
  } finally {
    client.release();
    await pool.end();
    await server.stop();
    rmSync(dataDir, {recursive: true, force: true});
  }
}

function readingRows(): readonly ReadingRow[] {
  return Array.from({length: ROWS}, (_, i) => ({
    message: readingOf(i + 1, i),
    partitionNo: 2,
    logSeq: i + 1,
    signalSetId: 1,
    values: [71.5, 4.2 + i / 100, 0.125, 1013.25],
  }));
}

/** In the order of READING_COLUMNS; a stranger's text would need quoting, and none is among them. */
function fieldsOf({
  message,
  partitionNo,
  logSeq,
  signalSetId,
  values,
}: ReadingRow): readonly (string | number | boolean | null)[] {
  return [
    message.equipmentNo,
    toIso(message.observedAt),
    message.messageKey,
    partitionNo,
    logSeq,
    toIso(message.receivedAt),
    toIso(message.wallReceivedAt),
    message.boot ?? null,
    message.seq ?? null,
    false,
    message.contentHash,
    signalSetId,
    plainArray(values),
    null,
  ];
}

async function copyText(client: Client, rows: readonly ReadingRow[]): Promise<void> {
  let text = '';
  for (const row of rows)
    text += `${fieldsOf(row)
      .map((field) => (field === null ? '\\N' : String(field)))
      .join('\t')}\n`;
  const sink = client.query(copyStreams.from(`COPY ingest.reading (${READING_COLUMNS}) FROM STDIN`));
  await pipeline(Readable.from([text], {objectMode: false}), sink);
}

async function insertRows(client: Client, rows: readonly ReadingRow[]): Promise<void> {
  const fields = rows.flatMap(fieldsOf);
  const width = fields.length / rows.length;
  const tuples = rows.map(
    (_, r) => `(${Array.from({length: width}, (__, f) => `$${r * width + f + 1}`).join(',')})`,
  );
  await client.query(`INSERT INTO ingest.reading (${READING_COLUMNS}) VALUES ${tuples.join(',')}`, fields);
}
