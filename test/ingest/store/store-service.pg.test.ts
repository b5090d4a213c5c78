import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import type {Message} from '../../../domain/reading.ts';
import {createInProcessBus} from '../../../ingest/adapters/in-process-bus.ts';
import type {ReadingsBus} from '../../../ingest/bus.ts';
import {claimHeads} from '../../../ingest/store/ownership.ts';
import {pgStoreDatabase} from '../../../ingest/store/pg-database.ts';
import {startStore} from '../../../ingest/store/store-service.ts';
import type {Store} from '../../../ingest/store/store-service.ts';
import {silentLogger} from '../../../platform/log.ts';
import type {Pool} from '../../../platform/pg.ts';
import {openTestDatabase} from '../../support/database.ts';
import {readingOf} from '../envelopes.ts';
import {NOW} from './store-world.ts';

const PARTITION = 2;
/** Number 3 of its equipment: it stands in the middle of the batch. */
const sound = readingOf(1, 3);

/** What the door would not let through, so that only the database is left to refuse it. */
const POISON: readonly (readonly [fault: string, message: Message])[] = [
  ['a value that is no number', {...sound, values: {temperature_c: NaN}}],
  ['a NUL in a text', {...sound, texts: {note: 'a\u0000b'}}],
  ['a NUL in the name of a signal', {...sound, values: {'a\u0000b': 1}}],
  ['a boot beyond its column', {...sound, boot: 2 ** 31}],
  ['an event with a NUL in its code', {...sound, kind: 'event', type: 'error', code: 'E\u00003'}],
  ['a content hash beyond its column', {...sound, contentHash: 2 ** 64}],
];

describe('the store behind the bus', () => {
  let pool: Pool;
  let bus: ReadingsBus;

  beforeEach(async () => {
    pool = (await openTestDatabase()).poolFor('forestock_ingest');
    bus = createInProcessBus();
  });
  afterEach(() => bus.close());

  async function start(): Promise<Store> {
    const owned = await claimHeads(pool, [PARTITION]);
    return startStore({
      database: pgStoreDatabase(pool),
      bus,
      ownership: {owned: () => owned},
      now: () => NOW,
      log: silentLogger(),
      stored: () => undefined,
    });
  }
  /** One envelope each; resolves when all deliveries are done, rejects when one is to come again. */
  const publish = (messages: readonly Message[]): Promise<unknown> =>
    Promise.all(
      messages.map((message, i) =>
        bus.publish({version: 1, partition: PARTITION, envelopeId: `envelope-${i}`, messages: [message]}),
      ),
    );
  const log = async (): Promise<unknown[]> =>
    (
      await pool.query<{log_seq: number; seq: number}>(
        'SELECT log_seq, seq FROM ingest.reading UNION ALL SELECT log_seq, seq FROM ingest.equipment_event ORDER BY 1',
      )
    ).rows.map(({log_seq, seq}) => [log_seq, seq]);
  const letters = async (): Promise<unknown[]> =>
    (await pool.query<object>('SELECT topic, raw, reason, equipment_id, seen_count FROM ingest.dead_letter'))
      .rows;

  it.each(POISON)(
    'A1 a row that the database refuses becomes a letter and does not stop its batch: %s',
    async (_, poison) => {
      const batch = [readingOf(1, 1), readingOf(1, 2), poison, readingOf(1, 4), readingOf(1, 5)];
      const letter = {
        topic: poison.kind,
        raw: Buffer.from(JSON.stringify(poison)),
        reason: 'database-refused',
        equipment_id: poison.equipmentId,
      };
      const done = publish(batch); // before the store starts, so that it takes the five as one batch
      const store = await start();
      await done;
      const logged = [
        [1, 1],
        [2, 2],
        [3, 4],
        [4, 5],
      ];
      expect(await log()).toEqual(logged);
      expect(await letters()).toEqual([{...letter, seen_count: 1}]);
      // Two commits around the poison; five batches of one would have made four.
      expect(store.metrics).toEqual({
        stored: 4,
        repeated: 0,
        conflicts: 0,
        poisoned: 1,
        batches: 2,
        failures: 0,
      });

      await publish([...batch, readingOf(1, 6)]); // a sender that missed the answers
      expect(await log()).toEqual([...logged, [5, 6]]);
      expect(await letters()).toEqual([{...letter, seen_count: 2}]);
      expect(store.metrics).toMatchObject({stored: 5, repeated: 4, poisoned: 2, failures: 0});
    },
  );
});
