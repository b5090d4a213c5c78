import {beforeEach, describe, expect, it} from 'vitest';
import {createInProcessBus} from '../../../ingest/adapters/in-process-bus.ts';
import {pgStoreDatabase} from '../../../ingest/store/pg-database.ts';
import {SequenceLog} from '../../../ingest/store/sequence-log.ts';
import {SignalSets} from '../../../ingest/store/signal-sets.ts';
import {storeBatch} from '../../../ingest/store/store-batch.ts';
import type {StoreOutcome} from '../../../ingest/store/store-batch.ts';
import {startStore} from '../../../ingest/store/store-service.ts';
import {silentLogger} from '../../../platform/log.ts';
import type {Pool} from '../../../platform/pg.ts';
import {openTestDatabase} from '../../support/database.ts';
import {readingOf} from '../envelopes.ts';
import {NOW} from './store-world.ts';

const PARTITION = 2;

describe('bugs that lost or doubled readings', () => {
  let pool: Pool;
  beforeEach(async () => {
    pool = (await openTestDatabase()).poolFor('forestock_ingest');
  });
  const rows = async (): Promise<number> => (await pool.query('SELECT 1 FROM ingest.reading')).rowCount!;

  it('A1 a reading is stored once, also where it is forgotten which numbers were heard', async () => {
    const database = pgStoreDatabase(pool);
    const put = (): Promise<StoreOutcome> =>
      storeBatch(
        {database, signalSets: new SignalSets(database), sequences: new SequenceLog(), weeks: new Set()},
        [{message: readingOf(1, 1), partitionNo: PARTITION}],
        NOW,
      );
    await put();
    await pool.query('DELETE FROM ingest.sequence_state'); // as an operator who restores the tables one by one may leave it
    await expect(put()).rejects.toThrow('duplicate key');
    expect(await rows()).toBe(1);
  });

  it('A1 what the store cannot commit is not done, and its sender hears so', async () => {
    const bus = createInProcessBus();
    await pool.query('INSERT INTO ingest.partition_head (partition_no, epoch) VALUES ($1, 7)', [PARTITION]);
    await startStore({
      database: pgStoreDatabase(pool),
      bus,
      ownership: {owned: () => new Map([[PARTITION, 6]])}, // another process has taken over meanwhile
      now: () => NOW,
      log: silentLogger(),
      stored: () => undefined,
    });
    const messages = [readingOf(1, 1)];
    const envelope = {version: 1, partition: PARTITION, envelopeId: 'one', messages} as const;
    await expect(bus.publish(envelope, 'committed')).rejects.toThrow('the store cannot take readings now');
    expect(await rows()).toBe(0);
    await bus.close();
  });
});
