import type {EpochMs} from '../../domain/time.ts';
import {pgStoreDatabase} from '../../ingest/store/pg-database.ts';
import {SequenceLog} from '../../ingest/store/sequence-log.ts';
import {SignalSets} from '../../ingest/store/signal-sets.ts';
import {storeBatch} from '../../ingest/store/store-batch.ts';
import {readingOf} from '../ingest/envelopes.ts';
import type {TestDatabase} from '../support/database.ts';

/** The partition that installBase gives to its equipment. */
const PARTITION = 3;

/** Readings of the first machine, stored and followed by the network stage: predict's next round sees them. */
export async function hear(
  database: TestDatabase,
  readings: readonly {readonly seq: number; readonly observedAt: EpochMs}[],
  now: EpochMs,
): Promise<void> {
  const pool = database.poolFor('forestock_ingest');
  const store = {
    database: pgStoreDatabase(pool),
    signalSets: new SignalSets(pgStoreDatabase(pool)),
    sequences: new SequenceLog(),
    weeks: new Set<number>(),
  };
  const batch = readings.map(({seq, observedAt}) => ({
    message: readingOf(1, seq, {observedAt}),
    partitionNo: PARTITION,
  }));
  const {heads} = await storeBatch(store, batch, now);
  await database.poolFor('forestock_network').query(
    `INSERT INTO network.checkpoint VALUES ('network', $1, $2)
       ON CONFLICT (stage, partition_no) DO UPDATE SET log_seq = excluded.log_seq`,
    [PARTITION, heads.get(PARTITION)],
  );
}
