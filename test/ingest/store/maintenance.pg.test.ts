import {beforeEach, describe, expect, it} from 'vitest';
import type {EquipmentEvent} from '../../../domain/reading.ts';
import {DAY_MS, HOUR_MS, epochMs, toIso} from '../../../domain/time.ts';
import {nextRound} from '../../../platform/maintenance.ts';
import type {Pool} from '../../../platform/pg.ts';
import {openTestDatabase} from '../../support/database.ts';
import {readingOf} from '../envelopes.ts';
import {KEPT, NOW, daysAgo, lastRound, openStore, storeMaintenance} from './store-world.ts';

const TOMORROW = epochMs(NOW + DAY_MS);

describe('the nightly round of the store', () => {
  let pool: Pool;
  let put: ReturnType<typeof openStore>;

  beforeEach(async () => {
    pool = (await openTestDatabase()).poolFor('forestock_ingest');
    put = openStore(pool);
  });

  const seqs = async (table: 'reading' | 'equipment_event'): Promise<number[]> =>
    (await pool.query<{seq: number}>(`SELECT seq FROM ingest.${table} ORDER BY seq`)).rows.map(
      (row) => row.seq,
    );
  const reading = (seq: number, ageDays: number): ReturnType<typeof readingOf> =>
    readingOf(1, seq, {observedAt: daysAgo(ageDays)});
  const event = (seq: number, ageDays: number): EquipmentEvent => {
    return {...reading(seq, ageDays), kind: 'event', type: 'error', code: 'E1'};
  };

  it('is due at once, then every night at 03:00 UTC', async () => {
    const maintenance = storeMaintenance(pool);
    expect(await maintenance.runOnce(NOW)).toBe(1);
    expect(await lastRound(pool)).toMatchObject({completedAt: toIso(NOW), failed: {}, dueAt: nextRound(NOW)});
    expect(toIso(nextRound(NOW))).toBe('2026-01-06T03:00:00.000Z');
    expect(await maintenance.runOnce(epochMs(nextRound(NOW) - 1))).toBe(0);
    expect(await maintenance.runOnce(nextRound(NOW))).toBe(1);
  });

  it('is done by one of the processes', async () => {
    const processes = [storeMaintenance(pool), storeMaintenance(pool), storeMaintenance(pool)];
    const done = await Promise.all(processes.map((each) => each.runOnce(NOW)));
    expect(done.sort()).toEqual([0, 0, 1]);
    for (const each of processes) expect(await each.runOnce(NOW)).toBe(0);
  });

  it('drops whole weeks of readings and events past their days, and nothing younger', async () => {
    await put(reading(1, 400), reading(2, 120), reading(3, KEPT.keepReadingsDays - 1), reading(4, 0));
    await put(event(11, 500), event(12, 120), event(13, 0));
    await storeMaintenance(pool).runOnce(NOW);
    expect(await lastRound(pool)).toMatchObject({failed: {}});
    expect(await seqs('reading')).toEqual([3, 4]);
    expect(await seqs('equipment_event')).toEqual([12, 13]);
  });

  it('keeps a week of which one reading is young enough', async () => {
    const before = epochMs(NOW - KEPT.keepReadingsDays * DAY_MS);
    await put(readingOf(1, 1, {observedAt: before - 1}), readingOf(1, 2, {observedAt: before}));
    await storeMaintenance(pool).runOnce(NOW);
    expect(await seqs('reading')).toEqual([1, 2]);
  });

  it('makes the partitions of the coming four weeks; TimescaleDB makes its chunks itself', async () => {
    await storeMaintenance(pool).runOnce(NOW);
    const {rows} = await pool.query<{hypertable: boolean}>(
      `SELECT platform.is_hypertable('ingest.reading') AS hypertable`,
    );
    // This week and four more, of readings and of events.
    expect((await lastRound(pool)).done['partitions']).toEqual({made: rows[0]!.hypertable ? 0 : 10});
  });

  it('a message of a week that was dropped meanwhile is stored all the same', async () => {
    await put(reading(1, 120));
    await storeMaintenance(pool).runOnce(NOW);
    expect(await put(reading(2, 120))).toMatchObject({stored: 1});
    expect(await seqs('reading')).toEqual([2]);
  });

  it('deletes refused messages past their days', async () => {
    await pool.query(
      `INSERT INTO ingest.dead_letter (dead_letter_id, received_at, topic, raw, reason, detail)
       SELECT gen_random_uuid(), at, 't', '', 'not-json', '' FROM unnest($1::timestamptz[]) AS at`,
      [[toIso(daysAgo(KEPT.keepDeadLettersDays + 1)), toIso(daysAgo(1))]],
    );
    await storeMaintenance(pool).runOnce(NOW);
    expect((await lastRound(pool)).done['deadLetters']).toEqual({deleted: 1});
  });

  it('gives way to who reads the old rows, says so, and comes again in an hour', async () => {
    await put(reading(1, 120), event(11, 500));
    const reader = await pool.connect();
    const maintenance = storeMaintenance(pool);
    try {
      await reader.query('BEGIN');
      await reader.query('SELECT count(*) FROM ingest.reading');
      expect(await maintenance.runOnce(NOW)).toBe(1);
    } finally {
      await reader.query('COMMIT');
      reader.release();
    }
    const round = await lastRound(pool);
    expect(round.failed['readings']).toContain('lock timeout');
    expect(round.done['events']!['dropped']).toBeGreaterThan(0);
    expect(round).toMatchObject({dueAt: NOW + HOUR_MS});
    expect(round.completedAt).toBeUndefined();
    expect(await maintenance.runOnce(TOMORROW)).toBe(1);
    expect(await lastRound(pool)).toMatchObject({completedAt: toIso(TOMORROW), failed: {}});
    expect(await seqs('reading')).toEqual([]);
  });
});
