import {mkdtemp, readFile, readdir, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest';
import {silentLogger} from '../../platform/log.ts';
import {deliverOutbox, fileTarget, replayEffect, webhookTarget} from '../../platform/outbox.ts';
import type {Effect, OutboxTarget} from '../../platform/outbox.ts';
import type {Pool} from '../../platform/pg.ts';
import {openTestDatabase} from '../support/database.ts';
import {startWebhookReceiver} from '../support/webhook-receiver.ts';

describe('the outbox', () => {
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

  it('an attempt that fails after its lease does not take back what another one has delivered', async () => {
    await enqueue('webhook:order:1');
    let fail!: (error: Error) => void;
    const stuck: OutboxTarget = {
      id: 'webhook',
      deliver: () => new Promise<void>((_resolve, reject) => (fail = reject)),
    };
    const first = deliverOutbox({pool, targets: [stuck], log});
    await vi.waitFor(() => expect(fail).toBeDefined(), {timeout: 20_000});
    await makeDue(); // the lease is over
    await deliverOutbox({
      pool,
      targets: [webhookTarget(receiver.url, {secret: receiver.secret, privateHosts: ['127.0.0.1']})],
      log,
    });
    fail(new Error('the answer never came'));
    await first;
    expect(await states()).toEqual(['delivered']);
  });

  it('invariant I7: an effect said twice is one row and one signed request', async () => {
    await enqueue('webhook:order:1');
    await enqueue('webhook:order:1');
    const targets = [webhookTarget(receiver.url, {secret: receiver.secret, privateHosts: ['127.0.0.1']})];
    expect(await deliverOutbox({pool, targets, log})).toBe(1);
    expect(await deliverOutbox({pool, targets, log})).toBe(0);
    expect(receiver.received).toEqual([{id: 'webhook:order:1', body: {type: 'order.released'}}]);
  });

  it('K1 a request with the wrong secret is refused by the receiver and stays pending', async () => {
    await enqueue('webhook:order:1');
    const stranger = `whsec_${Buffer.alloc(32, 9).toString('base64')}`;
    await deliverOutbox({
      pool,
      targets: [webhookTarget(receiver.url, {secret: stranger, privateHosts: ['127.0.0.1']})],
      log,
    });
    expect(receiver.received).toEqual([]);
    expect(await states()).toEqual(['pending']);
  });

  it('a target that fails is tried again, then dead-lettered, and delivered once replayed by hand', async () => {
    await enqueue('webhook:order:1');
    const targets = [webhookTarget(receiver.url, {secret: receiver.secret, privateHosts: ['127.0.0.1']})];
    receiver.answer(503);
    for (let attempt = 1; attempt <= 3; attempt += 1) {
      expect(await states()).toEqual(['pending']);
      expect(await deliverOutbox({pool, targets, log, attemptsMax: 3})).toBe(1);
      expect(await deliverOutbox({pool, targets, log, attemptsMax: 3})).toBe(0); // not due yet
      if (attempt < 3) await makeDue();
    }
    expect(await states()).toEqual(['dead']);
    receiver.answer(200);
    const {rows} = await pool.query<{outbox_id: number; last_error: string}>(
      'SELECT outbox_id, last_error FROM platform.outbox',
    );
    expect(rows[0]!.last_error).toContain('503');
    expect(await replayEffect(pool, rows[0]!.outbox_id)).toBe(true);
    await makeDue();
    await deliverOutbox({pool, targets, log});
    expect(receiver.received).toHaveLength(1);
    expect(await replayEffect(pool, rows[0]!.outbox_id)).toBe(false);
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
      expect(await deliverOutbox({pool, targets, log})).toBe(1);
      expect(await states()).toEqual(['delivered']);
      expect(await files()).toEqual(once);

      // A worker that stopped between the file and the note of it: the lease ends, another takes the effect.
      await pool.query(`UPDATE platform.outbox SET state = 'pending'`);
      await makeDue();
      expect(await deliverOutbox({pool, targets, log})).toBe(1);
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
      await deliverOutbox({pool, targets: [fileTarget(folder)], log});
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

  it('an effect that commits after a later one is delivered too', async () => {
    const late = await pool.connect();
    await late.query('BEGIN');
    await late.query(
      `SELECT platform.enqueue_effect('webhook:order:1', 'decision', 'd', 'webhook', '{}', now())`,
    );
    await enqueue('webhook:order:2');
    const targets = [webhookTarget(receiver.url, {secret: receiver.secret, privateHosts: ['127.0.0.1']})];
    expect(await deliverOutbox({pool, targets, log})).toBe(1);
    await late.query('COMMIT');
    late.release();
    expect(await deliverOutbox({pool, targets, log})).toBe(1);
    expect(await states()).toEqual(['delivered', 'delivered']);
  });

  it('workers side by side deliver everything once', async () => {
    for (let i = 0; i < 60; i += 1) await enqueue(`slow:order:${i}`, 'slow');
    const delivered: string[] = [];
    const slow: OutboxTarget = {
      id: 'slow',
      deliver: async (effect: Effect) => {
        await new Promise((resolve) => setImmediate(resolve));
        delivered.push(effect.idempotencyKey);
      },
    };
    const worker = async (): Promise<void> => {
      while ((await deliverOutbox({pool, targets: [slow], log, batchMax: 7})) > 0);
    };
    await Promise.all([worker(), worker(), worker()]);
    expect(delivered).toHaveLength(60);
    expect(new Set(delivered).size).toBe(60);
  });
});
