import {beforeEach, describe, expect, it} from 'vitest';
import type {EquipmentEvent, Message, Reading} from '../../../domain/reading.ts';
import {DAY_MS, HOUR_MS, epochMs} from '../../../domain/time.ts';
import {claimHeads} from '../../../ingest/store/ownership.ts';
import {pgStoreDatabase} from '../../../ingest/store/pg-database.ts';
import {SequenceLog} from '../../../ingest/store/sequence-log.ts';
import {SignalSets} from '../../../ingest/store/signal-sets.ts';
import {storeBatch} from '../../../ingest/store/store-batch.ts';
import type {BatchStore, StoreOutcome} from '../../../ingest/store/store-batch.ts';
import type {Pool} from '../../../platform/pg.ts';
import {openTestDatabase} from '../../support/database.ts';
import {readingOf} from '../envelopes.ts';

const PARTITION = 2;

describe('the store', () => {
  let pool: Pool;
  let store: BatchStore;

  beforeEach(async () => {
    const database = await openTestDatabase();
    pool = database.poolFor('forestock_ingest');
    store = openStore();
  });

  function openStore(owned?: ReadonlyMap<number, number>): BatchStore {
    return {
      database: pgStoreDatabase(pool),
      signalSets: new SignalSets(pgStoreDatabase(pool)),
      sequences: new SequenceLog(),
      weeks: new Set(),
      ...(owned === undefined ? {} : {ownership: {owned: () => owned}}),
    };
  }
  const put = (...messages: Message[]): Promise<StoreOutcome> => putInto(store, ...messages);
  const putInto = (into: BatchStore, ...messages: Message[]): Promise<StoreOutcome> =>
    storeBatch(
      into,
      messages.map((message) => ({message, partitionNo: PARTITION})),
      messages[0]!.receivedAt,
    );
  const stored = async (): Promise<[number, number][]> => {
    const {rows} = await pool.query<{equipment_no: number; seq: number}>(
      'SELECT equipment_no, seq FROM ingest.reading ORDER BY log_seq',
    );
    return rows.map((row) => [row.equipment_no, row.seq]);
  };
  const letters = async (): Promise<{reason: string; seen_count: number; detail: string}[]> =>
    (
      await pool.query<{reason: string; seen_count: number; detail: string}>(
        'SELECT reason, seen_count, detail FROM ingest.dead_letter ORDER BY reason, detail',
      )
    ).rows;
  const at = (reading: Reading, hours: number): Reading =>
    readingOf(reading.equipmentNo, reading.seq!, {observedAt: reading.observedAt + hours * HOUR_MS});

  it('A1 a message that comes twice, in one batch or later, is stored once', async () => {
    const message = readingOf(1, 1);
    expect(await put(message, message)).toMatchObject({stored: 1, repeated: 1, conflicts: 0});
    expect(await put(message, readingOf(1, 2))).toMatchObject({stored: 1, repeated: 1, conflicts: 0});
    expect(await stored()).toEqual([
      [1, 1],
      [1, 2],
    ]);
    expect(await letters()).toEqual([]);
  });

  it('signals in another order are the same set, asked of the database once', async () => {
    const names = ['a', 'b', 'c', 'd'];
    const turned = (by: number): Record<string, number> =>
      Object.fromEntries(names.map((_, i) => [names[(i + by) % 4]!, (i + by) % 4]));
    await put(...[0, 1, 2, 3].map((by) => readingOf(1, by + 1, {values: turned(by)})));
    const {rows} = await pool.query<{values: number[]; set: number}>(
      'SELECT "values", signal_set_id AS set FROM ingest.reading',
    );
    // Before temperature_c, which every reading here has.
    for (const {values} of rows) expect(values.slice(0, 4)).toEqual([0, 1, 2, 3]);
    expect(new Set(rows.map((row) => row.set)).size).toBe(1);
    await put(readingOf(1, 9, {values: {e: 1}}));
    const next = await pool.query<{set: number}>('SELECT max(signal_set_id) AS set FROM ingest.reading');
    expect(next.rows[0]!.set).toBe(rows[0]!.set + 1); // a look that finds the set uses up no number
  });

  it('the same number with other content is a conflict, counted when it comes again', async () => {
    await put(readingOf(1, 1));
    const other = readingOf(1, 1, {values: {temperature_c: 99}});
    expect(await put(other)).toMatchObject({stored: 0, conflicts: 1});
    expect(await put(other)).toMatchObject({stored: 0, conflicts: 1});
    expect(await letters()).toMatchObject([{reason: 'sequence-conflict', seen_count: 2}]);
    expect((await letters())[0]!.detail).toContain('CH-0001');
  });

  it('the same number at another time is a conflict too, also weeks later and by another store process', async () => {
    const first = readingOf(1, 1);
    await put(first);
    expect(await put(at(first, 1))).toMatchObject({stored: 0, conflicts: 1});
    store = openStore(); // knows nothing of the first
    expect(await put(at(first, 40 * 24))).toMatchObject({stored: 0, conflicts: 1});
    expect(await stored()).toEqual([[1, 1]]);
    expect(await letters()).toHaveLength(2);
  });

  it('two uses of one number in one batch: the first is stored', async () => {
    const first = readingOf(1, 1);
    expect(await put(first, at(first, 1))).toMatchObject({stored: 1, conflicts: 1});
  });

  it('telemetry and an event may use the same number', async () => {
    const reading = readingOf(1, 1);
    const event: EquipmentEvent = {...at(reading, 1), kind: 'event', type: 'error', code: 'E3'};
    await put(reading);
    expect(await put(event)).toMatchObject({stored: 1, conflicts: 0});
    expect(await letters()).toEqual([]);
  });

  it('a number that was a hole before is no conflict when it comes late', async () => {
    await put(readingOf(1, 1), readingOf(1, 3));
    expect(await put(readingOf(1, 2))).toMatchObject({stored: 1, conflicts: 0});
  });

  it('A1 a hole in the numbers is a row, closed when the missing one comes', async () => {
    await put(readingOf(1, 1), readingOf(1, 5));
    const gaps = async (): Promise<unknown[]> =>
      (
        await pool.query<{first: number; last: number}>(
          'SELECT first_missing AS first, last_missing AS last FROM ingest.sequence_gap WHERE closed_at IS NULL ORDER BY 1',
        )
      ).rows;
    expect(await gaps()).toEqual([{first: 2, last: 4}]);
    await put(readingOf(1, 3));
    expect(await gaps()).toEqual([
      {first: 2, last: 2},
      {first: 4, last: 4},
    ]);
    await put(readingOf(1, 2), readingOf(1, 4));
    expect(await gaps()).toEqual([]);
  });

  it('log sequences have no hole, whatever was repeated or refused', async () => {
    await put(readingOf(1, 1), readingOf(1, 1), readingOf(2, 1));
    await put(readingOf(1, 1, {values: {temperature_c: 1}}), readingOf(3, 1));
    const {rows} = await pool.query<{log_seq: number}>('SELECT log_seq FROM ingest.reading ORDER BY 1');
    expect(rows.map((row) => row.log_seq)).toEqual([1, 2, 3]);
  });

  it('a store process that has been replaced writes nothing', async () => {
    const client = await pool.connect();
    const before = openStore(await claimHeads(client, [PARTITION]));
    await putInto(before, readingOf(1, 1));
    const after = openStore(await claimHeads(client, [PARTITION]));
    client.release();
    await expect(putInto(before, readingOf(1, 2))).rejects.toMatchObject({
      code: 'partition-taken',
      retryable: true,
    });
    await putInto(after, readingOf(1, 3));
    expect(await stored()).toEqual([
      [1, 1],
      [1, 3],
    ]);
  });

  it('A2 a historical reading is stored with its mark and never counts as the latest word of its equipment', async () => {
    await put(
      readingOf(1, 1),
      {...readingOf(1, 2), historical: true},
      {...readingOf(2, 1), historical: true},
    );
    const marks = await pool.query<{historical: boolean}>(
      'SELECT historical FROM ingest.reading ORDER BY equipment_no, seq',
    );
    expect(marks.rows.map((row) => row.historical)).toEqual([false, true, true]);
    const contacts = await pool.query(
      'SELECT equipment_no, last_observed_at, readings FROM ingest.equipment_contact',
    );
    expect(contacts.rows).toEqual([
      {equipment_no: 1, last_observed_at: readingOf(1, 1).observedAt, readings: 1},
    ]);
  });

  it('keeps times, values and the absent signals of each message', async () => {
    const message = readingOf(7, 1, {values: {vibration_mm_s: 4.25, pressure_kpa: -0.5}});
    await put({...message, receivedAt: epochMs(message.observedAt + DAY_MS), texts: {note: 'a\tb\\c\n"d"'}});
    const {rows} = await pool.query<{
      observed_at: number;
      received_at: number;
      names: string[];
      values: number[];
      texts: unknown;
    }>(
      'SELECT r.observed_at, r.received_at, s.names, r."values", r.texts FROM ingest.reading r JOIN ingest.signal_set s USING (signal_set_id)',
    );
    expect(rows).toEqual([
      {
        observed_at: message.observedAt,
        received_at: message.observedAt + DAY_MS,
        names: ['pressure_kpa', 'temperature_c', 'vibration_mm_s'],
        values: [-0.5, 21, 4.25],
        texts: {note: 'a\tb\\c\n"d"'},
      },
    ]);
  });
});
