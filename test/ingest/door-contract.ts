import {connectAsync} from 'mqtt';
import type {MqttClient} from 'mqtt';
import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest';
import type {InboundPacket, IngestLog, MqttDoor} from '../../ingest/ports.ts';

/** A door, and the cable between it and whoever waits for its PUBACK: the equipment, or the broker. */
export interface DoorHarness {
  readonly door: MqttDoor;
  /** Where equipment connects once the door has started. */
  equipmentPort(): number;
  cut(): void;
  close(): Promise<void>;
}

export const SILENT: IngestLog = {info: () => undefined, warn: () => undefined, error: () => undefined};

/** What every door promises, whatever stands behind it. */
export function doorContract(open: () => Promise<DoorHarness>): void {
  describe('every door', () => {
    let harness: DoorHarness;
    const equipment: MqttClient[] = [];
    const connect = async (clientId: string): Promise<MqttClient> => {
      const url = `mqtt://127.0.0.1:${harness.equipmentPort()}`;
      const client = await connectAsync(url, {
        protocolVersion: 4,
        clientId,
        clean: false,
        reconnectPeriod: 20,
        keepalive: 30,
      });
      equipment.push(client);
      return client;
    };

    beforeEach(async () => {
      harness = await open();
    });
    afterEach(async () => {
      for (const client of equipment.splice(0)) await client.endAsync(true);
      await harness.close();
    });

    it('hands over topic and bytes as they were sent', async () => {
      const heard: InboundPacket[] = [];
      await harness.door.start(async (packet) => void heard.push(packet));
      const client = await connect('device-1');
      await client.publishAsync('telemetry/v1/AMS/CH-1', Buffer.from([0, 255, 128, 10]), {qos: 1});
      await heardAtLeast(heard, 1);
      expect(heard[0]!.topic).toBe('telemetry/v1/AMS/CH-1');
      expect([...heard[0]!.payload]).toEqual([0, 255, 128, 10]);
      expect(harness.door.state()).toBe('up');
    });

    it('acknowledges only after the handler: a packet that was in hand when the connection broke comes again', async () => {
      const calls = new Calls();
      await harness.door.start(calls.handle);
      const client = await connect('device-2');
      send(client, 'A');
      await calls.reach('A', 1);
      harness.cut();
      await calls.reach('A', 2);
    });

    it('never acknowledges on a new connection what came on the old one', async () => {
      const calls = new Calls();
      await harness.door.start(calls.handle);
      const client = await connect('device-3');
      send(client, 'A');
      await calls.reach('A', 1);
      harness.cut();
      await calls.reach('A', 2);
      calls.resolve('A', 0); // the first receipt is done now, long after its connection
      await roundTrip(harness.door, await connect('device-3b'));
      harness.cut();
      await calls.reach('A', 3); // … the packet is still the sender's
    });

    it('does not ask for a packet again once it has acknowledged it', async () => {
      const calls = new Calls();
      await harness.door.start(calls.handle);
      const client = await connect('device-4');
      send(client, 'A');
      await calls.reach('A', 1);
      calls.resolve('A', 0);
      await roundTrip(harness.door, client); // what the door says comes after what it acknowledged
      harness.cut();
      send(client, 'B');
      await calls.reach('B', 1);
      expect(calls.count('A')).toBe(1);
    });

    it('gets a packet again that could not be taken', async () => {
      const heard: string[] = [];
      let refusals = 3;
      await harness.door.start(async ({payload}) => {
        heard.push(textOf(payload));
        if (refusals > 0) {
          refusals -= 1;
          throw new Error('not now');
        }
      });
      const client = await connect('device-5');
      await client.publishAsync('telemetry/v1/AMS/CH-1', 'A', {qos: 1});
      await vi.waitFor(() => expect(heard).toEqual(['A', 'A', 'A', 'A']), PATIENT);
    });

    it('hands over the packets of one sender in their order, and the next ones while an earlier one is in hand', async () => {
      const calls = new Calls();
      await harness.door.start(calls.handle);
      const client = await connect('device-6');
      const names = Array.from({length: 20}, (_, i) => `P${i}`);
      for (const name of names) send(client, name);
      await calls.reach('P19', 1); // nothing has been resolved yet
      expect(calls.order).toEqual(names);
    });

    it('A1 loses none of 10,000 packets, with refusals and broken connections in between', async () => {
      const taken = new Set<string>();
      let handled = 0;
      await harness.door.start(async ({payload}) => {
        handled += 1;
        if (handled % 997 === 0) throw new Error('not now');
        if (handled === 2500 || handled === 6000) setImmediate(() => harness.cut());
        taken.add(textOf(payload));
      });
      const senders = await Promise.all(['device-8', 'device-9'].map(connect));
      await Promise.all(
        Array.from({length: 10_000}, (_, i) =>
          senders[i % 2]!.publishAsync('telemetry/v1/AMS/CH-1', `m${i}`, {qos: 1}),
        ),
      );
      await vi.waitFor(() => expect(taken.size).toBe(10_000), PATIENT);
    });

    it('sends to equipment, and keeps a retained word for those who come later', async () => {
      await harness.door.start(async () => undefined);
      const client = await connect('device-10');
      const heard: string[] = [];
      client.on('message', (topic, payload) => heard.push(`${topic} ${payload.toString()}`));
      await client.subscribeAsync('status/v1/AMS/CH-1', {qos: 1});
      await harness.door.publish('status/v1/AMS/CH-1', 'now');
      await vi.waitFor(() => expect(heard).toEqual(['status/v1/AMS/CH-1 now']), PATIENT);
      await harness.door.publish('status/v1/AMS/CH-2', 'kept', {retain: true, qos: 1});
      const late = await connect('device-11');
      late.on('message', (topic, payload) => heard.push(`${topic} ${payload.toString()}`));
      await late.subscribeAsync('status/v1/AMS/CH-2');
      await vi.waitFor(() => expect(heard).toContain('status/v1/AMS/CH-2 kept'), PATIENT);
    });

    it('finishes what it has in hand before it stops', async () => {
      const calls = new Calls();
      await harness.door.start(calls.handle);
      const client = await connect('device-12');
      const sent = client.publishAsync('telemetry/v1/AMS/CH-1', 'A', {qos: 1});
      await calls.reach('A', 1);
      const stopped = harness.door.stop();
      expect(harness.door.state()).toBe('down');
      calls.resolve('A', 0);
      await sent;
      await stopped;
    });
  });
}

const PATIENT = {timeout: 30_000, interval: 10};

function textOf(payload: Uint8Array): string {
  return new TextDecoder().decode(payload);
}

async function heardAtLeast(heard: readonly unknown[], count: number): Promise<void> {
  await vi.waitFor(() => expect(heard.length).toBeGreaterThanOrEqual(count), PATIENT);
}

/** The promise is left alone: many a test never acknowledges. */
export function send(client: MqttClient, payload: string): void {
  client.publishAsync('telemetry/v1/AMS/CH-1', payload, {qos: 1}).catch(() => undefined);
}

/** A word from the door has reached the equipment, and with it everything that the door wrote before. */
async function roundTrip(door: MqttDoor, client: MqttClient): Promise<void> {
  // PUBACKs leave together at the end of a turn of the event loop: two turns later they are on the wire.
  for (let turn = 0; turn < 2; turn += 1) await new Promise<void>((resolve) => setImmediate(resolve));
  await client.subscribeAsync('status/v1/AMS/round-trip');
  const heard = new Promise<void>((resolve) => client.once('message', () => resolve()));
  await door.publish('status/v1/AMS/round-trip', 'there and back');
  await heard;
}

/** A handler whose calls the test ends one by one. */
export class Calls {
  readonly order: string[] = [];
  readonly #calls = new Map<string, (() => void)[]>();

  readonly handle = async ({payload}: InboundPacket): Promise<void> => {
    const name = textOf(payload);
    this.order.push(name);
    await new Promise<void>((resolve) => {
      const calls = this.#calls.get(name) ?? [];
      calls.push(resolve);
      this.#calls.set(name, calls);
    });
  };

  count(name: string): number {
    return this.#calls.get(name)?.length ?? 0;
  }

  resolve(name: string, call: number): void {
    this.#calls.get(name)![call]!();
  }

  async reach(name: string, calls: number): Promise<void> {
    await vi.waitFor(() => expect(this.count(name)).toBeGreaterThanOrEqual(calls), PATIENT);
  }
}
