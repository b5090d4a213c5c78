import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest';
import {silentLogger} from '../../platform/log.ts';
import type {Effect, OutboxBook} from '../../platform/outbox-book.ts';
import {EffectRefused, deliverOutbox} from '../../platform/outbox.ts';
import type {OutboxOptions, OutboxTarget} from '../../platform/outbox.ts';

export interface OutboxHarness {
  readonly book: OutboxBook;
  /** In a transaction that is open until the end is called. */
  begin(key: string, target: string): Promise<() => Promise<unknown>>;
  /** In the order of the ids. */
  states(): Promise<readonly string[]>;
  /** As if pauses and leases were over. */
  makeDue(): Promise<unknown>;
  /** As if all effects, or this one, had waited so long; also makes them due. */
  haveWaited(hours: number, key?: string): Promise<unknown>;
  /** As if the pauses between questions were over. */
  probeNow(): Promise<unknown>;
  /** Sets the book's wall clock back. */
  setBack(hours: number): Promise<unknown>;
  /** How a target does; undefined as long as it has not failed. */
  target(id: string): Promise<{readonly failures: number; readonly resting: boolean} | undefined>;
  close(): Promise<void>;
}

/** What those rely on who deliver effects, whatever keeps the book. */
export function outboxContract(open: () => Promise<OutboxHarness>): void {
  describe('the outbox', () => {
    const log = silentLogger();
    let harness: OutboxHarness;
    let asked: string[];
    let isUp: boolean;
    beforeEach(async () => {
      harness = await open();
      asked = [];
      isUp = true;
    });
    afterEach(() => harness.close());

    const enqueue = async (key: string, target = 'webhook'): Promise<unknown> =>
      (await harness.begin(key, target))();
    const webhook: OutboxTarget = {
      id: 'webhook',
      deliver: async ({idempotencyKey}) => {
        asked.push(idempotencyKey);
        if (!isUp) throw new Error('nobody is there');
      },
    };
    const deliver = (over: Partial<OutboxOptions> = {}): Promise<number> =>
      deliverOutbox({book: harness.book, targets: [webhook], log, ...over});

    it('an attempt that fails after its lease does not take back what another one has delivered', async () => {
      await enqueue('webhook:order:1');
      let fail: ((error: Error) => void) | undefined;
      const stuck: OutboxTarget = {
        id: 'webhook',
        deliver: () => new Promise<void>((_resolve, reject) => (fail = reject)),
      };
      const first = deliver({targets: [stuck]});
      await vi.waitFor(() => expect(fail).toBeDefined(), {timeout: 20_000});
      expect(await deliver()).toBe(0); // the lease is not over
      await harness.makeDue();
      await deliver();
      fail!(new Error('the answer never came'));
      await first;
      expect(await harness.states()).toEqual(['delivered']);
    });

    it('invariant I7: an effect said twice is one row', async () => {
      await enqueue('webhook:order:1');
      await enqueue('webhook:order:1');
      expect(await deliver()).toBe(1);
      expect(await deliver()).toBe(0);
      expect(asked).toEqual(['webhook:order:1']);
    });

    it('an effect that commits after a later one is delivered too', async () => {
      const commit = await harness.begin('webhook:order:1', 'webhook');
      await enqueue('webhook:order:2');
      expect(await deliver()).toBe(1);
      await commit();
      expect(await deliver()).toBe(1);
      expect(await harness.states()).toEqual(['delivered', 'delivered']);
    });

    it('a target that fails is tried again for three days, then dead-lettered, and delivered once replayed by hand', async () => {
      await enqueue('webhook:order:1');
      isUp = false;
      for (const hours of [0, 1, 71]) {
        await harness.haveWaited(hours);
        expect(await deliver()).toBe(1);
        expect(await deliver()).toBe(0); // not due yet
        expect(await harness.states()).toEqual(['pending']);
      }
      await harness.haveWaited(73);
      await deliver();
      expect(await harness.states()).toEqual(['dead']);
      isUp = true;
      asked = [];
      const outboxId = 1;
      expect(await harness.book.replay(outboxId)).toBe(true);
      await harness.makeDue();
      await deliver();
      expect(asked).toEqual(['webhook:order:1']);
      expect(await harness.book.replay(outboxId)).toBe(false);
    });

    it('an effect whose target nobody has configured waits, and says so', async () => {
      await enqueue('fax:order:1', 'fax');
      const warn = vi.fn();
      expect(await deliver({log: {warn, error: warn}})).toBe(1);
      expect(warn.mock.calls[0]![0]).toMatchObject({
        reason: 'outbox target fax is not configured; set it, or drop its effects',
      });
      expect(await harness.states()).toEqual(['pending']);
    });

    it('a target that failed five times in a row is asked by one effect at a time, and gets everything once it answers', async () => {
      for (let nth = 1; nth <= 20; nth += 1) await enqueue(`webhook:order:${nth}`);
      await enqueue('file:order:1', 'file');
      isUp = false;
      const targets = [webhook, {id: 'file', deliver: () => Promise.resolve()}];
      await deliver({targets, batchMax: 5});
      expect(asked).toHaveLength(5);
      expect(await harness.target('webhook')).toEqual({failures: 5, resting: true});
      expect(await deliver({targets})).toBe(1); // the file; the webhook rests
      expect(asked).toHaveLength(5);
      for (let question = 1; question <= 3; question += 1) {
        await harness.makeDue();
        await harness.probeNow();
        expect(await deliver({targets})).toBe(1);
        expect(await deliver({targets})).toBe(0); // the next question is not due
        expect(asked).toHaveLength(5 + question);
      }
      expect(new Set(asked).size).toBe(8); // the least tried asks, not the same one again and again
      isUp = true;
      await harness.probeNow();
      expect(await deliver({targets})).toBe(1);
      expect(await harness.target('webhook')).toEqual({failures: 0, resting: false});
      expect(await deliver({targets})).toBe(19); // all at once, not after pauses of their own
      expect(await harness.states()).toEqual(Array.from({length: 21}, () => 'delivered'));
    });

    it('a clock that is set back keeps nobody waiting until it is there again: neither lease, pause nor question', async () => {
      await enqueue('stuck:order:1', 'stuck');
      const isStuck = new Promise<void>((resolve) => {
        const deliverNever = (): Promise<never> => {
          resolve();
          return new Promise(() => undefined);
        };
        void deliver({targets: [{id: 'stuck', deliver: deliverNever}]}); // its worker is killed
      });
      await isStuck;
      expect(await deliver()).toBe(0);
      await harness.setBack(1);
      const heard: string[] = [];
      const answering: OutboxTarget = {
        id: 'stuck',
        deliver: async ({idempotencyKey}) => void heard.push(idempotencyKey),
      };
      expect(await deliver({targets: [answering]})).toBe(1);
      expect(heard).toEqual(['stuck:order:1']);

      await enqueue('webhook:order:1');
      isUp = false;
      await deliver();
      await harness.setBack(4); // the pause was a second, and none is longer than 3.6 h
      expect(await deliver()).toBe(1);
      for (let nth = 2; nth <= 5; nth += 1) await enqueue(`webhook:order:${nth}`);
      await deliver();
      expect(await harness.target('webhook')).toMatchObject({resting: true});
      expect(await deliver()).toBe(0);
      await harness.setBack(1);
      isUp = true;
      expect(await deliver()).toBe(1);
      expect(await harness.target('webhook')).toEqual({failures: 0, resting: false});
    });

    it('an effect that the receiver will not take does not keep others from it', async () => {
      await enqueue('webhook:order:1');
      const picky: OutboxTarget = {
        id: 'webhook',
        deliver: () => Promise.reject(new EffectRefused('the webhook answered 422')),
      };
      for (let nth = 0; nth < 7; nth += 1) {
        await harness.makeDue();
        expect(await deliver({targets: [picky]})).toBe(1);
      }
      expect((await harness.target('webhook'))?.resting ?? false).toBe(false);
    });

    it('what waits behind a resting target for longer than three days is dead-lettered with the one that asked', async () => {
      isUp = false;
      for (const nth of [1, 2, 3, 4, 5]) await enqueue(`webhook:order:${nth}`);
      await deliver();
      expect(await harness.target('webhook')).toEqual({failures: 5, resting: true});
      await enqueue('webhook:order:6');
      await harness.haveWaited(80);
      await harness.haveWaited(0, 'webhook:order:6');
      await harness.probeNow();
      // The one that asks is the least tried; the newest is, and it has just come: nobody is given up on its word.
      expect(await deliver()).toBe(1);
      expect(await harness.states()).toEqual(Array.from({length: 6}, () => 'pending'));
      await harness.probeNow();
      expect(await deliver()).toBe(1);
      expect(await harness.states()).toEqual(['dead', 'dead', 'dead', 'dead', 'dead', 'pending']);
    });

    it('a delivery that could not be marked is no failed delivery', async () => {
      isUp = false;
      await enqueue('webhook:order:0');
      for (let nth = 0; nth < 4; nth += 1) {
        await harness.makeDue();
        await deliver();
      }
      isUp = true;
      asked = [];
      const deaf: OutboxBook = {
        ...harness.book,
        delivered: () => Promise.reject(new Error('no connection')),
      };
      await harness.makeDue();
      await deliver({book: deaf});
      expect(await harness.states()).toEqual(['pending']);
      expect(await harness.target('webhook')).toEqual({failures: 4, resting: false});
      expect(await deliver()).toBe(0); // its lease is not over
      await harness.makeDue();
      await deliver();
      expect(await harness.states()).toEqual(['delivered']);
      expect(asked).toEqual(['webhook:order:0', 'webhook:order:0']); // one key: the receiver drops the repeat
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
        while ((await deliver({targets: [slow], batchMax: 7})) > 0);
      };
      await Promise.all([worker(), worker(), worker()]);
      expect(delivered).toHaveLength(60);
      expect(new Set(delivered).size).toBe(60);
    });
  });
}
