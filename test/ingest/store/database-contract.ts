import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import type {EquipmentEvent, Reading} from '../../../domain/reading.ts';
import {HOUR_MS, epochMs} from '../../../domain/time.ts';
import type {ReadingRow} from '../../../ingest/store/copy-rows.ts';
import type {StoreDatabase, StoreTransaction} from '../../../ingest/store/database.ts';
import {together} from '../../../platform/pg.ts';
import {readingOf} from '../envelopes.ts';
import {NOW} from './store-world.ts';

export interface DatabaseHarness {
  readonly database: StoreDatabase;
  /** Takes partitions over, as a store process does when it starts. */
  claim(partitions: readonly number[]): Promise<ReadonlyMap<number, number>>;
  close(): Promise<void>;
}

const PARTITION = 2;

/** What the store relies on, whatever keeps its rows. */
export function databaseContract(open: () => Promise<DatabaseHarness>): void {
  describe("every store's database", () => {
    let harness: DatabaseHarness;
    let database: StoreDatabase;
    beforeEach(async () => {
      harness = await open();
      ({database} = harness);
      const at = readingOf(1, 1).observedAt;
      await database.ensurePartitions(at, epochMs(at + HOUR_MS));
    });
    afterEach(() => harness.close());

    const rowsOf = async (messages: readonly Reading[]): Promise<ReadingRow[]> => {
      const signalSetId = await database.signalSetId(['temperature_c']);
      return messages.map((message, i) => ({
        message,
        partitionNo: PARTITION,
        logSeq: i + 1,
        signalSetId,
        values: [message.values['temperature_c']!],
      }));
    };
    const add = async (rows: StoreTransaction, messages: readonly Reading[]): Promise<void> =>
      rows.addReadings(await rowsOf(messages));
    const known = (...messages: readonly Reading[]): Promise<ReadonlyMap<unknown, number>> =>
      database.inTransaction((rows) => rows.contentsOf(messages));

    it('others see what is committed, and nothing of a transaction that failed', async () => {
      const [one, two] = [readingOf(1, 1), readingOf(1, 2)];
      await database.inTransaction((rows) => add(rows, [one]));
      const failing = database.inTransaction(async (rows) => {
        await add(rows, [two]);
        throw new Error('the batch is given up');
      });
      await expect(failing).rejects.toThrow('given up');
      expect(await known(one, two)).toEqual(new Map([[one, one.contentHash]]));
    });

    it('a row with the key of another is refused, with all that came with it', async () => {
      const [one, two] = [readingOf(1, 1), readingOf(1, 2)];
      await database.inTransaction((rows) => add(rows, [one]));
      await expect(database.inTransaction((rows) => add(rows, [two, one]))).rejects.toMatchObject({
        code: '23505',
      });
      expect((await known(one, two)).size).toBe(1);
    });

    it('a key is used under any time, and by its own kind of message only', async () => {
      const one = readingOf(1, 1);
      const later = readingOf(1, 1, {observedAt: one.observedAt + HOUR_MS});
      const event: EquipmentEvent = {...one, kind: 'event', type: 'error'};
      await database.inTransaction((rows) => add(rows, [one]));
      expect((await known(later)).size).toBe(0);
      const used = await database.inTransaction((rows) => rows.keysUsed([later, event]));
      expect([...used]).toEqual([later]);
    });

    it('heads are there once added or claimed, and each claim raises the fencing number', async () => {
      const heads = (): Promise<unknown> => database.inTransaction((rows) => rows.lockHeads([1, PARTITION]));
      expect(await heads()).toEqual([]);
      await database.inTransaction((rows) => rows.addHead(1));
      expect(await harness.claim([PARTITION])).toEqual(new Map([[PARTITION, 1]]));
      expect(await harness.claim([PARTITION])).toEqual(new Map([[PARTITION, 2]]));
      await database.inTransaction((rows) => rows.saveHeads(new Map([[PARTITION, 17]])));
      expect(await heads()).toEqual([
        {partitionNo: 1, epoch: 0, lastLogSeq: 0},
        {partitionNo: PARTITION, epoch: 2, lastLogSeq: 17},
      ]);
    });

    it('who takes a partition over waits for the batch under way', async () => {
      await harness.claim([PARTITION]);
      let claimed: Promise<unknown> = Promise.resolve();
      const order: string[] = [];
      await database.inTransaction(async (rows) => {
        await rows.lockHeads([PARTITION]);
        claimed = harness.claim([PARTITION]).then(() => order.push('claimed'));
        await database.signalSetId(['a round trip']);
        await rows.saveHeads(new Map([[PARTITION, 1]]));
        order.push('batch');
      });
      await claimed;
      expect(order).toEqual(['batch', 'claimed']);
    });

    it('what was heard of a boot comes back with the holes that are open', async () => {
      const boot = {equipmentNo: 1, boot: 3};
      const two = {first: 1, last: 9, gaps: [{first: 2, last: 3}, {first: 6, last: 8}]}; // prettier-ignore
      const one = {first: 1, last: 9, gaps: [{first: 6, last: 7}]};
      const heard = (): Promise<unknown> => database.inTransaction((rows) => rows.sequencesOf([boot]));
      expect(await heard()).toEqual([]);
      for (const [before, after] of [
        [undefined, two],
        [two, one],
      ] as const)
        // prettier-ignore
        await database.inTransaction((rows) => rows.saveSequences([{...boot, before, after}], NOW));
      expect(await heard()).toEqual([{...boot, state: one}]);
    });

    it('statements that are sent together run in their order; one that fails undoes them all, and is what is thrown', async () => {
      const one = readingOf(1, 1);
      await database.inTransaction((rows) => rows.addHead(PARTITION));
      const same = await rowsOf([one, one]);
      const twice = database.inTransaction(async (rows) => {
        await rows.lockHeads([PARTITION]);
        await together([rows.addReadings(same), rows.saveHeads(new Map([[PARTITION, 2]]))]);
      });
      await expect(twice).rejects.toMatchObject({code: '23505'});
      expect((await known(one)).size).toBe(0);
      expect(await database.inTransaction((rows) => rows.lockHeads([PARTITION]))).toMatchObject([
        {lastLogSeq: 0},
      ]);
    });

    it('the same names have the same number, other names another', async () => {
      const number = await database.signalSetId(['a', 'b']);
      expect(await database.signalSetId(['a', 'b'])).toBe(number);
      expect(await database.signalSetId(['a'])).not.toBe(number);
    });
  });
}
