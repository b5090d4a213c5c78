import {cp, rm} from 'node:fs/promises';
import {jetstream, jetstreamManager} from '@nats-io/jetstream';
import {afterAll, beforeAll, beforeEach, describe, expect, it, vi} from 'vitest';
import {openJetStreamBus} from '../../ingest/adapters/jetstream-bus.ts';
import type {ReadingsBus} from '../../ingest/bus.ts';
import {silentLogger} from '../../platform/log.ts';
import {openNats} from '../../platform/nats.ts';
import type {NatsConnection} from '../../platform/nats.ts';
import {NatsServer, natsMissing} from '../support/nats-server.ts';
import {temporaryFolder} from '../support/temporary-folder.ts';
import {SILENT} from './door-contract.ts';
import {BUS_LIMITS, busContract, RecordingStore} from './bus-contract.ts';
import {envelopeOf} from './envelopes.ts';

const PATIENT = {timeout: 30_000, interval: 10};

describe.skipIf(natsMissing)('the JetStream bus', () => {
  let server: NatsServer;
  const connections: NatsConnection[] = [];
  beforeAll(async () => {
    server = await NatsServer.start();
  });
  afterAll(() => server.stop());

  const connect = async (): Promise<NatsConnection> => {
    const connection = await openNats(server.url, 'test', silentLogger());
    connections.push(connection);
    return connection;
  };
  const open = async (over: object = {}): Promise<ReadingsBus> =>
    openJetStreamBus({connection: await connect(), log: SILENT, ...BUS_LIMITS, windowMax: 32, ...over});
  const closeAll = async (...buses: ReadingsBus[]): Promise<void> => {
    for (const bus of buses) await bus.close();
    for (const connection of connections.splice(0)) await connection.close();
  };

  beforeEach(async () => {
    const connection = await connect();
    const manager = await jetstreamManager(connection);
    await manager.streams.delete('READINGS').catch(() => undefined);
    await connection.close();
    connections.length = 0;
  });

  busContract(async () => {
    const bus = await open();
    return {bus, promises: 'at once', close: () => closeAll(bus)};
  });

  it('M3 a server without JetStream, or with one that does not answer, stops the start with the next step', async () => {
    const bare = await NatsServer.start({jetStream: false});
    const connection = await openNats(bare.url, 'test', silentLogger());
    await expect(openJetStreamBus({connection, log: SILENT, ...BUS_LIMITS})).rejects.toMatchObject({
      name: 'OperationalFault',
      code: 'jetstream-unavailable',
      retryable: true,
      message: expect.stringContaining('is it enabled (-js)') as string,
    });
    await connection.close();
    await bare.stop();
  });

  it('A1 a partition that waits for room in the inbox is read once another, which had filled it, is taken away', async () => {
    const bus = await open({batchMessagesMax: 2}); // full with four messages, also while two are in hand
    const store = new RecordingStore();
    [store.ours, store.failures] = [[1], Infinity];
    for (let i = 0; i < 12; i += 1) await bus.publish(envelopeOf(1, i));
    await bus.consume(store);
    await vi.waitFor(() => expect(bus.pending()).toBe(12), PATIENT);
    store.ours = [0, 1];
    const before = store.batches.length;
    await vi.waitFor(() => expect(store.batches.length).toBeGreaterThan(before + 2), PATIENT); // partition 0 waits for room by now
    [store.ours, store.failures] = [[0], 0];
    const mine = envelopeOf(0, 99);
    await bus.publish(mine);
    await vi.waitFor(() => expect(store.done).toContain(mine.envelopeId), PATIENT);
    await closeAll(bus);
  });

  it('A1 a killed server loses nothing that was promised, and its clients come back by themselves', async () => {
    const bus = await open({pubAckWaitMs: 1000});
    for (let i = 0; i < 200; i += 1) await bus.publish(envelopeOf(i % 2, i));
    await server.kill();
    await expect(bus.publish(envelopeOf(0, 999))).rejects.toMatchObject({
      code: 'bus-unavailable',
      retryable: true,
    });
    await server.resume();
    const store = new RecordingStore();
    await bus.consume(store);
    await vi.waitFor(() => expect(new Set(store.done).size).toBeGreaterThanOrEqual(200), PATIENT);
    await bus.publish(envelopeOf(0, 1000));
    await vi.waitFor(() => expect(store.done).toContain('envelope-0-1000-1'), PATIENT);
    await closeAll(bus);
  });

  it('A1 after a power cut that took messages and left how far their consumer had come, what is published is stored all the same', async () => {
    const bus = await open({pubAckWaitMs: 1000, consumersLookMs: 200});
    const store = new RecordingStore();
    await bus.publish(envelopeOf(0, 1));
    await bus.consume(store);
    await vi.waitFor(() => expect(store.done).toEqual(['envelope-0-1-1']), PATIENT);
    const folder = server.messagesOf('READINGS');
    const early = temporaryFolder('messages');
    await server.stopGently();
    await cp(folder, early, {recursive: true});
    await server.resume();
    for (let i = 2; i <= 9; i += 1)
      await vi.waitFor(async () => bus.publish(envelopeOf(0, i)), {timeout: 30_000, interval: 200});
    await vi.waitFor(() => expect(store.done).toContain('envelope-0-9-1'), PATIENT);
    await server.stopGently();
    await rm(folder, {recursive: true});
    await cp(early, folder, {recursive: true});
    await server.resume();
    // Their numbers are those of the messages that are gone.
    const publish = async (i: number): Promise<void> => bus.publish(envelopeOf(0, i), 'committed');
    await vi.waitFor(async () => publish(11), {timeout: 30_000, interval: 200});
    await publish(12);
    expect(store.done).toEqual(expect.arrayContaining(['envelope-0-11-1', 'envelope-0-12-1']));
    await closeAll(bus);
  });

  it('A1 the store tells a strict publisher of another process, and waits until a failed batch is stored', async () => {
    const [doors, storing] = [await open(), await open()];
    const store = new RecordingStore();
    store.failures = 2;
    const words: string[] = [];
    const listener = await connect();
    listener.subscribe('committed.>', {callback: (_error, word) => void words.push(word.string())});
    await listener.flush();
    await storing.consume(store);
    await doors.publish(envelopeOf(0, 1), 'committed');
    await doors.publish(envelopeOf(0, 2)); // nobody waits for this one's commit
    await vi.waitFor(() => expect(store.done).toContain('envelope-0-2-1'), PATIENT);
    await listener.flush();
    expect(words).toEqual(['envelope-0-1-1']);
    expect(store.taken.filter((id) => id === 'envelope-0-1-1')).toHaveLength(3);
    expect(doors.pending()).toBe(0);
    await closeAll(doors, storing);
  });

  it('A1 a strict publisher learns of the commit also when the word of it was lost', async () => {
    const bus = await open();
    const published = bus.publish(envelopeOf(1, 1), 'committed');
    // A store that commits and acknowledges, and whose word never arrives.
    const consumer = await jetstream(await connect()).consumers.get('READINGS', 'store-1');
    (await consumer.next())!.ack();
    await published;
    await closeAll(bus);
  });

  it('a strict publish ends in "not now" when no store is there, the bus keeps the envelope, and others go on', async () => {
    const bus = await open({commitWaitMs: 300, commitMessagesMax: 4});
    const strict = bus.publish(envelopeOf(0, 1, 4), 'committed');
    const refused = expect(strict).rejects.toMatchObject({code: 'store-unavailable', retryable: true});
    await bus.publish(envelopeOf(0, 100)); // who asks for less gets its promise meanwhile
    expect(bus.pending()).toBe(1);
    await expect(bus.publish(envelopeOf(0, 200), 'committed')).rejects.toMatchObject({code: 'bus-full'});
    await refused;
    expect(bus.pending()).toBe(0);
    const store = new RecordingStore();
    await bus.consume(store);
    await vi.waitFor(() => expect(store.done).toEqual(['envelope-0-1-4', 'envelope-0-100-1']), PATIENT);
    await closeAll(bus);
  });

  it('a bus that closes lets go of those who wait for a commit', async () => {
    const bus = await open();
    const strict = bus.publish(envelopeOf(0, 1), 'committed');
    const refused = expect(strict).rejects.toMatchObject({retryable: true});
    await vi.waitFor(() => expect(bus.pending()).toBe(1), PATIENT);
    await closeAll(bus);
    await refused;
  });

  it('a repeat of an envelope is dropped by the bus', async () => {
    const bus = await open();
    const store = new RecordingStore();
    await bus.publish(envelopeOf(0, 1));
    await bus.publish(envelopeOf(0, 1));
    await bus.publish(envelopeOf(0, 2));
    await bus.consume(store);
    await vi.waitFor(() => expect(store.done).toContain('envelope-0-2-1'), PATIENT);
    expect(store.done).toEqual(['envelope-0-1-1', 'envelope-0-2-1']);
    await closeAll(bus);
  });

  it('order per partition holds over a failed commit', async () => {
    const bus = await open();
    const store = new RecordingStore();
    for (let i = 0; i < 60; i += 1) await bus.publish(envelopeOf(0, i));
    store.failures = 3;
    await bus.consume(store);
    await vi.waitFor(() => expect(store.done).toHaveLength(60), PATIENT);
    expect(store.done).toEqual(Array.from({length: 60}, (_, i) => `envelope-0-${i}-1`));
    await closeAll(bus);
  });

  it('a process takes its own partitions only, and the other takes what it gave back', async () => {
    const [first, second] = [await open(), await open()];
    const [one, two] = [new RecordingStore(), new RecordingStore()];
    one.ours = [0];
    two.ours = [1];
    await first.consume(one);
    await second.consume(two);
    for (let i = 0; i < 10; i += 1) await first.publish(envelopeOf(i % 2, i));
    await vi.waitFor(() => expect([one.done.length, two.done.length]).toEqual([5, 5]), PATIENT);
    one.ours = [];
    two.ours = [0, 1];
    for (let i = 10; i < 20; i += 1) await second.publish(envelopeOf(i % 2, i));
    await vi.waitFor(() => expect(new Set([...one.done, ...two.done]).size).toBe(20), PATIENT);
    await closeAll(first, second);
  });

  it('bytes that are no envelope are shown to the store and leave the bus', async () => {
    const connection = await connect();
    const bus = await openJetStreamBus({connection, log: SILENT, ...BUS_LIMITS});
    const store = new RecordingStore();
    await jetstream(connection).publish('readings.0', 'not json');
    await jetstream(connection).publish('readings.0', '{"version": 2}');
    await bus.publish(envelopeOf(0, 1));
    await bus.consume(store);
    await vi.waitFor(() => expect(store.done).toEqual(['envelope-0-1-1']), PATIENT);
    expect(store.broken.map(({raw}) => new TextDecoder().decode(raw))).toEqual([
      'not json',
      '{"version": 2}',
    ]);
    const manager = await jetstreamManager(connection);
    await vi.waitFor(
      async () => expect((await manager.streams.info('READINGS')).state.messages).toBe(0),
      PATIENT,
    );
    await closeAll(bus);
  });

  it('a full stream refuses the new envelope and keeps the old ones', async () => {
    const bus = await open({streamBytesMax: 20_000});
    const results = await Promise.allSettled(
      Array.from({length: 50}, (_, i) => bus.publish(envelopeOf(0, i * 4, 4))),
    );
    const kept = results.filter(({status}) => status === 'fulfilled').length;
    expect(kept).toBeGreaterThan(0);
    expect(results.find(({status}) => status === 'rejected')).toMatchObject({reason: {code: 'bus-full'}});
    const store = new RecordingStore();
    await bus.consume(store);
    await vi.waitFor(() => expect(store.done).toHaveLength(kept), PATIENT);
    await vi.waitFor(async () => bus.publish(envelopeOf(0, 9000)), PATIENT); // room again, once the bus has heard of it
    await closeAll(bus);
  });

  it('an envelope beyond the largest message of the server travels in parts, and is committed when all are', async () => {
    const bus = await open();
    const large = envelopeOf(0, 0, 256);
    const padded = {
      ...large,
      messages: large.messages.map((m) => ({...m, texts: {note: 'x'.repeat(4096)}})),
    } as typeof large;
    const store = new RecordingStore();
    await bus.consume(store);
    await bus.publish(padded, 'committed');
    expect(store.batches.length).toBeGreaterThan(1);
    expect(store.batches.reduce((a, b) => a + b, 0)).toBe(256);
    await closeAll(bus);
  });

  it('a stream that keeps its promise otherwise is refused with the difference', async () => {
    const connection = await connect();
    const manager = await jetstreamManager(connection);
    await manager.streams.add({
      name: 'READINGS',
      subjects: ['readings.*'],
      retention: 'limits',
      storage: 'file',
    });
    await expect(openJetStreamBus({connection, log: SILENT, ...BUS_LIMITS})).rejects.toMatchObject({
      code: 'stream-mismatch',
      message: expect.stringContaining('retention is limits and must be workqueue') as string,
    });
    await manager.streams.delete('READINGS');
    await closeAll(await open(), await open()); // made once, found the second time
  });
});
