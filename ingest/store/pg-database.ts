import {sha256} from '../../platform/ids.ts';
import {inTransaction, plainArray, timestamp} from '../../platform/pg.ts';
import type {Client, Pool} from '../../platform/pg.ts';
import {copyEvents, copyReadings} from './copy-rows.ts';
import type {Contact, Head, StoreDatabase, StoreTransaction} from './database.ts';
import {keepLetter} from './keep-letter.ts';
import {contentsOf, keysUsed} from './pg-contents.ts';
import {saveSequences, sequencesOf} from './pg-sequences.ts';

/** The store's rows in PostgreSQL. */
export function pgStoreDatabase(pool: Pool): StoreDatabase {
  return {
    inTransaction: (work) => inTransaction(pool, (client) => work(pgTransaction(client))),
    async ensurePartitions(from, to) {
      await pool.query('SELECT ingest.ensure_partitions($1, $2)', [timestamp(from), timestamp(to)]);
    },
    async signalSetId(names) {
      const digest = sha256(names.join('\u0001'));
      await pool.query(
        `INSERT INTO ingest.signal_set (sha256, names, units) VALUES ($1, $2, $3) ON CONFLICT (sha256) DO NOTHING`,
        [digest, names, names.map(() => '')],
      );
      const found = await pool.query<{signal_set_id: number}>(
        'SELECT signal_set_id FROM ingest.signal_set WHERE sha256 = $1',
        [digest],
      );
      return found.rows[0]!.signal_set_id;
    },
    keepLetter: (letter) => keepLetter(pool, letter),
  };
}

function pgTransaction(client: Client): StoreTransaction {
  return {
    lockHeads: (partitions) => lockHeads(client, partitions),
    async addHead(partitionNo) {
      await client.query('INSERT INTO ingest.partition_head (partition_no) VALUES ($1)', [partitionNo]);
    },
    async saveHeads(heads) {
      await client.query(
        `UPDATE ingest.partition_head h SET last_log_seq = k.seq FROM unnest($1::int[], $2::bigint[]) AS k(no, seq) WHERE h.partition_no = k.no`,
        [[...heads.keys()], [...heads.values()]],
      );
    },
    sequencesOf: (boots) => sequencesOf(client, boots),
    saveSequences: (moved, now) => saveSequences(client, moved, now),
    contentsOf: (messages) => contentsOf(client, messages),
    keysUsed: (messages) => keysUsed(client, messages),
    addReadings: (rows) => copyReadings(client, rows),
    addEvents: (rows) => copyEvents(client, rows),
    keepLetter: (letter) => keepLetter(client, letter),
    noteContacts: (contacts) => noteContacts(client, contacts),
  };
}

/** In the order of the partition number, so that two stores cannot deadlock. */
async function lockHeads(client: Client, partitions: readonly number[]): Promise<readonly Head[]> {
  const locked = await client.query<{partition_no: number; epoch: number; last_log_seq: number}>(
    `SELECT partition_no, epoch, last_log_seq FROM ingest.partition_head WHERE partition_no = ANY($1::int[]) ORDER BY partition_no FOR UPDATE`,
    [partitions],
  );
  return locked.rows.map((row) => ({
    partitionNo: row.partition_no,
    epoch: row.epoch,
    lastLogSeq: row.last_log_seq,
  }));
}

async function noteContacts(client: Client, contacts: readonly Contact[]): Promise<void> {
  await client.query(
    `INSERT INTO ingest.equipment_contact AS c (equipment_no, last_received_at, last_observed_at, readings)
     SELECT * FROM unnest($1::int[], $2::timestamptz[], $3::timestamptz[], $4::bigint[])
     ON CONFLICT (equipment_no) DO UPDATE SET
       last_received_at = greatest(c.last_received_at, excluded.last_received_at),
       last_observed_at = greatest(c.last_observed_at, excluded.last_observed_at),
       readings = c.readings + excluded.readings`,
    [
      plainArray(contacts.map((contact) => contact.equipmentNo)),
      plainArray(contacts.map((contact) => timestamp(contact.receivedAt))),
      plainArray(contacts.map((contact) => timestamp(contact.observedAt))),
      plainArray(contacts.map((contact) => contact.readings)),
    ],
  );
}
