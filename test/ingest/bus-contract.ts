import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest';
import type {Delivery, ReadingsBus, ReadingsConsumer} from '../../ingest/bus.ts';
import {envelopeOf} from './envelopes.ts';

/** A bus with two partitions, at most 64 envelopes waiting and batches of 32 messages. */
export interface BusHarness {
  readonly bus: ReadingsBus;
  /** Whether publish waits for the store's commit anyway, or for the bus's own promise unless told. */
  readonly promises: 'at commit' | 'at once';
  close(): Promise<void>;
}

export const BUS_LIMITS = {partitions: 2, envelopesMax: 64, batchMessagesMax: 32};
const PATIENT = {timeout: 20_000, interval: 5};

/** A store as the bus sees it: what it took, and how each batch ends. */
export class RecordingStore implements ReadingsConsumer {
  readonly taken: string[] = [];
  readonly done: string[] = [];
  readonly batches: number[] = [];
  readonly broken: {raw: Uint8Array; detail: string}[] = [];
  ours: readonly number[] = [0, 1];
  /** Batches that fail from now on. */
  failures = 0;
  /** Holds every batch until it resolves. */
  gate: Promise<void> = Promise.resolve();
  #running = 0;
  most = 0;

  partitions(): readonly number[] {
    return this.ours;
  }

  async take(batch: readonly Delivery[]): Promise<void> {
    this.#running += 1;
    this.most = Math.max(this.most, this.#running);
    this.batches.push(batch.reduce((sum, {envelope}) => sum + envelope.messages.length, 0));
    for (const {envelope} of batch) this.taken.push(envelope.envelopeId);
    await this.gate;
    const fails = this.failures > 0;
    if (fails) this.failures -= 1;
    for (const delivery of batch) {
      if (fails) delivery.retry();
      else {
        this.done.push(delivery.envelope.envelopeId);
        delivery.done();
      }
    }
    this.#running -= 1;
  }

  async unreadable(raw: Uint8Array, detail: string): Promise<void> {
    this.broken.push({raw, detail});
  }
}

function gate(): {readonly closed: Promise<void>; readonly open: () => void} {
  let open!: () => void;
  const closed = new Promise<void>((resolve) => (open = resolve));
  return {closed, open};
}

/** What every bus promises. */
export function busContract(open: () => Promise<BusHarness>): void {
  describe('every bus', () => {
    let harness: BusHarness;
    let store: RecordingStore;
    beforeEach(async () => {
      harness = await open();
      store = new RecordingStore();
    });
    afterEach(() => harness.close());

    const publish = (partition: number, from: number, count = 1): Promise<void> =>
      harness.bus.publish(envelopeOf(partition, from, count));
    const doneReaches = (count: number): Promise<void> =>
      vi.waitFor(() => expect(store.done.length).toBeGreaterThanOrEqual(count), PATIENT);

    it('A1 publish resolves only when the envelope can no longer be lost', async () => {
      const {closed, open: letThrough} = gate();
      store.gate = closed;
      let promised = false;
      if (harness.promises === 'at once') {
        await publish(0, 1); // nobody consumes yet: the bus itself keeps it
        await harness.bus.consume(store);
      } else {
        await harness.bus.consume(store);
        const published = publish(0, 1).then(() => (promised = true));
        await vi.waitFor(() => expect(store.taken).toHaveLength(1), PATIENT);
        expect(promised).toBe(false);
        letThrough();
        await published;
      }
      letThrough();
      await doneReaches(1);
    });

    it("A1 a strict publish resolves at the store's commit and not before", async () => {
      const {closed, open: letThrough} = gate();
      store.gate = closed;
      await harness.bus.consume(store);
      let committed = false;
      const published = harness.bus.publish(envelopeOf(0, 1), 'committed').then(() => (committed = true));
      await vi.waitFor(() => expect(store.taken).toHaveLength(1), PATIENT);
      if (harness.promises === 'at once') await publish(1, 1); // one more round trip, and still nothing
      expect(committed).toBe(false);
      letThrough();
      await published;
      expect(store.done).toContain('envelope-0-1-1');
    });

    it('hands an envelope over as it was published', async () => {
      const whole = envelopeOf(1, 7, 3);
      let received: unknown;
      await harness.bus.consume({
        partitions: () => [0, 1],
        take: async ([delivery]) => {
          received = delivery!.envelope;
          delivery!.done();
        },
        unreadable: async () => undefined,
      });
      await harness.bus.publish(whole);
      await vi.waitFor(() => expect(received).toEqual(whole), PATIENT);
    });

    it('keeps the order of each partition', async () => {
      await harness.bus.consume(store);
      await Promise.all(Array.from({length: 40}, (_, i) => publish(i % 2, i)));
      await doneReaches(40);
      for (const partition of [0, 1]) {
        const own = store.done.filter((id) => id.startsWith(`envelope-${partition}-`));
        expect(own).toEqual(
          Array.from({length: 20}, (_, i) => `envelope-${partition}-${2 * i + partition}-1`),
        );
      }
    });

    it('hands over one batch at a time, of bounded size', async () => {
      const {closed, open: letThrough} = gate();
      store.gate = closed;
      await harness.bus.consume(store);
      const published = Array.from({length: 30}, (_, i) => publish(0, i * 10, 10));
      letThrough();
      await Promise.all(published);
      await doneReaches(30);
      expect(store.most).toBe(1);
      // Up to one envelope beyond the limit.
      expect(Math.max(...store.batches)).toBeLessThan(BUS_LIMITS.batchMessagesMax + 10);
    });

    it('a batch that could not be stored is not lost', async () => {
      store.failures = 1;
      await harness.bus.consume(store);
      const sent = await Promise.allSettled([publish(0, 1)]);
      if (harness.promises === 'at commit') {
        // The sender was told, still has it, and sends it again.
        expect(sent[0].status).toBe('rejected');
        await publish(0, 1);
      }
      await doneReaches(1);
      expect(store.taken.length).toBeGreaterThanOrEqual(2);
      expect(store.done).toEqual(['envelope-0-1-1']);
    });

    it('refuses rather than grow without bound', async () => {
      const results = await Promise.allSettled(
        Array.from({length: 3000}, (_, i) => {
          const published = publish(0, i);
          published.catch(() => undefined);
          return Promise.race([published, new Promise((resolve) => setImmediate(resolve, 'waits'))]);
        }),
      );
      const refused = results.filter(({status}) => status === 'rejected');
      expect(refused.length).toBeGreaterThan(2000);
      expect(refused[0]).toMatchObject({reason: {code: 'bus-full', retryable: true}});
      await harness.bus.consume(store); // what was taken is delivered
      await doneReaches(1);
    });

    it('close waits for the batch under way, and takes nothing new', async () => {
      const {closed, open: letThrough} = gate();
      store.gate = closed;
      await harness.bus.consume(store);
      const published = publish(0, 1);
      await vi.waitFor(() => expect(store.taken).toHaveLength(1), PATIENT);
      const closing = harness.bus.close();
      expect(store.done).toEqual([]);
      letThrough();
      await closing;
      expect(store.done).toEqual(['envelope-0-1-1']);
      await published;
      await expect(publish(0, 2)).rejects.toMatchObject({retryable: true});
    });
  });
}
