import type {JetStreamManager} from '@nats-io/jetstream';
import {afterEach, beforeEach, expect, it, vi} from 'vitest';
import {CommitWatch} from '../../ingest/adapters/jetstream-commits.ts';
import type {NatsConnection} from '../../platform/nats.ts';
import {envelopeOf} from './envelopes.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A bus whose store never says a word, and whose consumer has acknowledged everything up to number 7; `left`: what is in the stream all the same. */
function watchOf(info: {server_id: string}, left: readonly number[] = []): CommitWatch {
  return new CommitWatch({
    connection: {info, subscribe: () => undefined} as unknown as NatsConnection,
    manager: {
      consumers: {info: async () => ({ack_floor: {stream_seq: 7}})},
      streams: {getMessage: async (_: string, {seq}: {seq: number}) => (left.includes(seq) ? {seq} : null)},
    } as unknown as JetStreamManager,
    commitWaitMs: 15_000,
    commitMessagesMax: 10,
  });
}

it('A1 where the word of the commit got lost, the number that the consumer has reached stands in for it', async () => {
  const committed = watchOf({server_id: 'A'}).expect(envelopeOf(0, 1)).kept(7);
  await vi.advanceTimersByTimeAsync(1000);
  await expect(committed).resolves.toBeUndefined();
});

it('A1 a bus that was started anew is not believed: it may have given the number to another message', async () => {
  const info = {server_id: 'A'};
  const committed = watchOf(info).expect(envelopeOf(0, 1)).kept(7);
  committed.catch(() => undefined);
  info.server_id = 'B';
  await vi.advanceTimersByTimeAsync(15_000);
  await expect(committed).rejects.toMatchObject({code: 'store-unavailable', retryable: true});
});

it('A1 a consumer that is beyond a message which is still there has not acknowledged it', async () => {
  const committed = watchOf({server_id: 'A'}, [7]).expect(envelopeOf(0, 1)).kept(7);
  committed.catch(() => undefined);
  await vi.advanceTimersByTimeAsync(15_000);
  await expect(committed).rejects.toMatchObject({code: 'store-unavailable', retryable: true});
});
