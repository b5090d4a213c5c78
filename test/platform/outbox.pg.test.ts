import {mkdtemp, readFile, readdir, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest';
import {silentLogger} from '../../platform/log.ts';
import {probePauseS} from '../../platform/outbox-breaker.ts';
import {EffectRefused, deliverOutbox, replayEffect, retryPauseMs} from '../../platform/outbox.ts';
import {fileTarget, webhookTarget} from '../../platform/outbox-targets.ts';
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

  const waitedFor = (hours: number): Promise<unknown> =>
    pool.query(
      `UPDATE platform.outbox SET waiting_since_wall = clock_timestamp() - make_interval(hours => $1), next_wall = '-infinity', lease_until_wall = '-infinity'`,
      [hours],
    );
  const probeNow = (): Promise<unknown> =>
    pool.query(`UPDATE platform.outbox_target SET probe_wall = '-infinity'`);

  it('a target that fails is tried again for three days, then dead-lettered, and delivered once replayed by hand', async () => {
    await enqueue('webhook:order:1');
    const targets = [webhookTarget(receiver.url, {secret: receiver.secret, privateHosts: ['127.0.0.1']})];
    receiver.answer(503);
    for (const hours of [0, 1, 71]) {
      await waitedFor(hours);
      expect(await deliverOutbox({pool, targets, log})).toBe(1);
      expect(await deliverOutbox({pool, targets, log})).toBe(0); // not due yet
      expect(await states()).toEqual(['pending']);
    }
    await waitedFor(73);
    await deliverOutbox({pool, targets, log});
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

  it('pauses double up to three hours, and fill three days', () => {
    const pauses = Array.from({length: 40}, (_, nth) => retryPauseMs(nth + 1, 0.5));
    expect(pauses.slice(0, 4)).toEqual([1000, 2000, 4000, 8000]);
    expect(pauses[13]).toBe(8_192_000); // 2.3 h
    expect(Math.max(...pauses)).toBe(3 * 3_600_000);
    const hoursUntil = (attempt: number): number =>
      pauses.slice(0, attempt).reduce((sum, pause) => sum + pause, 0) / 3_600_000;
    expect(hoursUntil(36)).toBeLessThan(72); // 16,383 s, then 22 pauses of 3 h: 70.6 h
    expect(hoursUntil(37)).toBeGreaterThan(72);
    expect([retryPauseMs(3, 0), retryPauseMs(3, 1)]).toEqual([3200, 4800]);
  });

  it('a target that failed five times in a row is asked by one effect at a time, and gets everything once it answers', async () => {
    for (let nth = 1; nth <= 20; nth += 1) await enqueue(`webhook:order:${nth}`);
    await enqueue('file:order:1', 'file');
    const asked: string[] = [];
    let isUp = false;
    const deliver = ({idempotencyKey}: Effect): Promise<void> => {
      asked.push(idempotencyKey);
      return isUp ? Promise.resolve() : Promise.reject(new Error('nobody is there'));
    };
    const options = {
      pool,
      log,
      targets: [
        {id: 'webhook', deliver},
        {id: 'file', deliver: () => Promise.resolve()},
      ],
    };
    await deliverOutbox({...options, batchMax: 5});
    expect(asked).toHaveLength(5);
    expect(await deliverOutbox(options)).toBe(1); // the file; the webhook rests
    expect(asked).toHaveLength(5);
    for (let question = 1; question <= 3; question += 1) {
      await makeDue();
      await probeNow();
      expect(await deliverOutbox(options)).toBe(1);
      expect(await deliverOutbox(options)).toBe(0); // the next question is not due
      expect(asked).toHaveLength(5 + question);
    }
    expect(new Set(asked).size).toBe(8); // the least tried asks, not the same one again and again
    isUp = true;
    await probeNow();
    expect(await deliverOutbox(options)).toBe(1);
    expect(await deliverOutbox(options)).toBe(19); // all at once, not after pauses of their own
    expect(await states()).toEqual(Array.from({length: 21}, () => 'delivered'));
  });

  it('the questions to a resting target come 5 s, 10 s, … 5 min apart', () => {
    expect([0, 1, 2, 6, 20].map(probePauseS)).toEqual([5, 10, 20, 300, 300]);
  });

  it('an effect that the receiver will not take does not keep others from it', async () => {
    await enqueue('webhook:order:1');
    const targets: OutboxTarget[] = [
      {id: 'webhook', deliver: () => Promise.reject(new EffectRefused('the webhook answered 422'))},
    ];
    for (let nth = 0; nth < 7; nth += 1) {
      await makeDue();
      expect(await deliverOutbox({pool, targets, log})).toBe(1);
    }
    const resting = await pool.query(
      'SELECT FROM platform.outbox_target WHERE resting_since_wall IS NOT NULL',
    );
    expect(resting.rowCount).toBe(0);
  });

  it('what waits behind a resting target for longer than three days is dead-lettered with the one that asked', async () => {
    for (const nth of [1, 2, 3]) await enqueue(`webhook:order:${nth}`);
    await pool.query(
      `INSERT INTO platform.outbox_target (target_id, failures, resting_since_wall) VALUES ('webhook', 9, clock_timestamp())`,
    );
    await waitedFor(80);
    await pool.query(
      `UPDATE platform.outbox SET waiting_since_wall = clock_timestamp() WHERE idempotency_key = 'webhook:order:3'`,
    );
    await deliverOutbox({
      pool,
      log,
      targets: [{id: 'webhook', deliver: () => Promise.reject(new Error('away'))}],
    });
    expect(await states()).toEqual(['dead', 'dead', 'pending']);
  });

  it('a delivery that could not be marked is no failed delivery', async () => {
    await enqueue('webhook:order:1');
    await pool.query(`INSERT INTO platform.outbox_target (target_id, failures) VALUES ('webhook', 4)`);
    const targets = [webhookTarget(receiver.url, {secret: receiver.secret, privateHosts: ['127.0.0.1']})];
    const broken = Object.create(pool, {
      query: {
        value: (sql: string, values?: unknown[]) =>
          sql.includes(`state = 'delivered'`)
            ? Promise.reject(new Error('no connection'))
            : pool.query(sql, values),
      },
    }) as Pool;
    await deliverOutbox({pool: broken, targets, log});
    const {rows} = await pool.query(
      `SELECT o.state, o.last_error, o.lease_until_wall > clock_timestamp() AS leased, t.failures, t.resting_since_wall
         FROM platform.outbox o JOIN platform.outbox_target t USING (target_id)`,
    );
    expect(rows).toEqual([
      {state: 'pending', last_error: null, leased: true, failures: 4, resting_since_wall: null},
    ]);
    await makeDue();
    await deliverOutbox({pool, targets, log});
    expect(await states()).toEqual(['delivered']);
    expect(receiver.received.map(({id}) => id)).toEqual(['webhook:order:1', 'webhook:order:1']); // one key: the receiver drops the repeat
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
