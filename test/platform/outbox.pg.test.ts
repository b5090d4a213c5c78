import {mkdtemp, readFile, readdir, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {silentLogger} from '../../platform/log.ts';
import {pgOutboxBook} from '../../platform/outbox-book.ts';
import {deliverOutbox} from '../../platform/outbox.ts';
import {fileTarget, webhookTarget} from '../../platform/outbox-targets.ts';
import type {Pool} from '../../platform/pg.ts';
import {openTestDatabase} from '../support/database.ts';
import {startWebhookReceiver} from '../support/webhook-receiver.ts';
import {outboxContract} from './outbox-contract.ts';

outboxContract(async () => {
  const database = await openTestDatabase();
  const pool = database.poolFor('forestock_platform');
  return {
    book: pgOutboxBook(pool),
    async begin(key, target) {
      const client = await pool.connect();
      await client.query('BEGIN');
      await client.query(`SELECT platform.enqueue_effect($1, 'decision', 'd', $2, '{}', now())`, [
        key,
        target,
      ]);
      return async () => {
        await client.query('COMMIT');
        client.release();
      };
    },
    states: async () =>
      (await pool.query<{state: string}>('SELECT state FROM platform.outbox ORDER BY outbox_id')).rows.map(
        ({state}) => state,
      ),
    makeDue: () =>
      pool.query(`UPDATE platform.outbox SET next_wall = '-infinity', lease_until_wall = '-infinity'`),
    haveWaited: (hours, key) =>
      pool.query(
        `UPDATE platform.outbox SET waiting_since_wall = clock_timestamp() - make_interval(hours => $1), next_wall = '-infinity', lease_until_wall = '-infinity'
          WHERE $2::text IS NULL OR idempotency_key = $2`,
        [hours, key ?? null],
      ),
    setBack: async (hours) => {
      await pool.query(
        `UPDATE platform.outbox SET next_wall = next_wall + make_interval(hours => $1), lease_until_wall = lease_until_wall + make_interval(hours => $1),
                waiting_since_wall = waiting_since_wall + make_interval(hours => $1)`,
        [hours],
      );
      await pool.query(
        `UPDATE platform.outbox_target SET probe_wall = probe_wall + make_interval(hours => $1)`,
        [hours],
      );
    },
    probeNow: () => pool.query(`UPDATE platform.outbox_target SET probe_wall = '-infinity'`),
    target: async (id) => {
      const {rows} = await pool.query<{failures: number; resting: boolean}>(
        'SELECT failures, resting_since_wall IS NOT NULL AS resting FROM platform.outbox_target WHERE target_id = $1',
        [id],
      );
      return rows[0];
    },
    close: () => database.close(),
  };
});

describe('the outbox and its targets', () => {
  let pool: Pool;
  let receiver: Awaited<ReturnType<typeof startWebhookReceiver>>;
  const log = silentLogger();

  beforeEach(async () => {
    pool = (await openTestDatabase()).poolFor('forestock_platform');
    receiver = await startWebhookReceiver();
  });
  afterEach(() => receiver.close());

  const enqueue = (key: string, target = 'webhook'): Promise<unknown> =>
    pool.query(
      `SELECT platform.enqueue_effect($1, 'decision', 'd', $2, '{"type":"order.released"}', now())`,
      [key, target],
    );
  const states = async (): Promise<string[]> =>
    (await pool.query<{state: string}>('SELECT state FROM platform.outbox ORDER BY outbox_id')).rows.map(
      ({state}) => state,
    );
  const makeDue = (): Promise<unknown> =>
    pool.query(`UPDATE platform.outbox SET next_wall = '-infinity', lease_until_wall = '-infinity'`);

  it('invariant I7: an effect said twice is one row and one signed request', async () => {
    await enqueue('webhook:order:1');
    await enqueue('webhook:order:1');
    const targets = [webhookTarget(receiver.url, {secret: receiver.secret, privateHosts: ['127.0.0.1']})];
    expect(await deliverOutbox({book: pgOutboxBook(pool), targets, log})).toBe(1);
    expect(await deliverOutbox({book: pgOutboxBook(pool), targets, log})).toBe(0);
    expect(receiver.received).toEqual([{id: 'webhook:order:1', body: {type: 'order.released'}}]);
  });

  it('K1 a request with the wrong secret is refused by the receiver and stays pending', async () => {
    await enqueue('webhook:order:1');
    const stranger = `whsec_${Buffer.alloc(32, 9).toString('base64')}`;
    await deliverOutbox({
      book: pgOutboxBook(pool),
      targets: [webhookTarget(receiver.url, {secret: stranger, privateHosts: ['127.0.0.1']})],
      log,
    });
    expect(receiver.received).toEqual([]);
    expect(await states()).toEqual(['pending']);
  });

  it('an effect to a folder is one file, also when it is delivered again', async () => {
    const parent = await mkdtemp(path.join(tmpdir(), 'forestock-outbox-'));
    try {
      const folder = path.join(parent, 'effects'); // not there yet: the target makes it
      const targets = [fileTarget(folder)];
      const files = async (): Promise<unknown[]> =>
        Promise.all(
          (await readdir(folder)).map(async (name): Promise<unknown> => [
            name,
            JSON.parse(await readFile(path.join(folder, name), 'utf8')),
          ]),
        );
      const once = [['file%3Aorder%3A1.json', {id: 'file:order:1', type: 'order.released'}]];
      await enqueue('file:order:1', 'file');
      expect(await deliverOutbox({book: pgOutboxBook(pool), targets, log})).toBe(1);
      expect(await states()).toEqual(['delivered']);
      expect(await files()).toEqual(once);

      // A worker that stopped between the file and the note of it: the lease ends, another takes the effect.
      await pool.query(`UPDATE platform.outbox SET state = 'pending'`);
      await makeDue();
      expect(await deliverOutbox({book: pgOutboxBook(pool), targets, log})).toBe(1);
      expect(await states()).toEqual(['delivered']);
      expect(await files()).toEqual(once);
    } finally {
      await rm(parent, {recursive: true, force: true});
    }
  });

  it('effects whose keys look alike are files of their own', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'forestock-outbox-'));
    try {
      const keys = [
        'file:a:b',
        'file:a_b',
        'file_a:b',
        'file:a/b',
        'file:a%3Ab',
        'file:a*b',
        'file:a b',
        'file:ä',
      ];
      for (const key of keys) await enqueue(key, 'file');
      await deliverOutbox({book: pgOutboxBook(pool), targets: [fileTarget(folder)], log});
      expect(await states()).toEqual(keys.map(() => 'delivered'));
      const names = await readdir(folder);
      const ids = await Promise.all(
        names.map(async (name) => {
          const effect = JSON.parse(await readFile(path.join(folder, name), 'utf8')) as {id: string};
          expect(decodeURIComponent(name)).toBe(`${effect.id}.json`);
          return effect.id;
        }),
      );
      expect(ids.sort()).toEqual([...keys].sort());
    } finally {
      await rm(folder, {recursive: true, force: true});
    }
  });
});
