import {randomBytes} from 'node:crypto';
import {connectAsync} from 'mqtt';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {ExternalMqttDoor} from '../../ingest/adapters/mqtt-door.ts';
import {mosquittoMissing, startMosquitto} from '../support/mosquitto.ts';
import type {Mosquitto} from '../support/mosquitto.ts';
import {freePort, TcpProxy} from '../support/tcp-proxy.ts';
import {Calls, doorContract, send, SILENT} from './door-contract.ts';

const skipped = mosquittoMissing && process.env['REQUIRE_SERVICES'] !== '1';
if (skipped) console.warn('skipped: the external door needs mosquitto (Debian: apt-get install mosquitto)');

describe.skipIf(skipped)('the door at mosquitto', () => {
  let broker: Mosquitto;
  beforeAll(async () => {
    broker = await startMosquitto();
  });
  afterAll(async () => {
    await broker.stop();
  });

  doorContract(async () => {
    const proxy = await TcpProxy.open(() => broker.port);
    const name = randomBytes(4).toString('hex');
    const door = new ExternalMqttDoor(
      {
        url: `mqtt://127.0.0.1:${proxy.port}`,
        clientId: `door-${name}`,
        filters: ['telemetry/v1/+/+'],
        eventFilters: ['event/v1/+/+'],
        reconnectMs: 20,
      },
      SILENT,
    );
    return {
      door,
      equipmentPort: () => broker.port,
      cut: () => proxy.cut(),
      close: async () => {
        await Promise.race([door.stop(), new Promise((resolve) => setTimeout(resolve, 100))]);
        await proxy.close();
      },
    };
  });

  it('a packet that takes for ever does not keep the others of its sender from being taken', async () => {
    const door = new ExternalMqttDoor(
      {
        url: `mqtt://127.0.0.1:${broker.port}`,
        clientId: 'patient',
        filters: ['telemetry/v1/+/+'],
        eventFilters: [],
      },
      SILENT,
    );
    const calls = new Calls();
    await door.start(calls.handle);
    const client = await connectAsync(`mqtt://127.0.0.1:${broker.port}`, {
      protocolVersion: 4,
      reconnectPeriod: 0,
    });
    send(client, 'stuck');
    for (let i = 0; i < 5; i += 1) {
      send(client, `P${i}`);
      await calls.reach(`P${i}`, 1);
      calls.resolve(`P${i}`, 0);
    }
    expect(calls.order).toEqual(['stuck', 'P0', 'P1', 'P2', 'P3', 'P4']);
    await client.endAsync(true);
    calls.resolve('stuck', 0);
    await door.stop();
  });

  it('A1 holds no more packets than its receive maximum: the broker keeps the rest until PUBACKs make room', async () => {
    const receiveMaximum = 100;
    const door = new ExternalMqttDoor(
      {
        url: `mqtt://127.0.0.1:${broker.port}`,
        clientId: 'bounded',
        filters: ['telemetry/v1/+/+'],
        eventFilters: [],
        receiveMaximum,
      },
      SILENT,
    );
    const calls = new Calls();
    await door.start(calls.handle);
    const client = await connectAsync(`mqtt://127.0.0.1:${broker.port}`, {protocolVersion: 4});
    const names = Array.from({length: 1000}, (_, i) => `P${i}`);
    await Promise.all(names.map((name) => client.publishAsync('telemetry/v1/AMS/CH-1', name, {qos: 1})));
    await calls.reach('P99', 1);
    expect(calls.order).toHaveLength(receiveMaximum);
    // From its first PUBACK on mosquitto 2.0.11 would send all that it has.
    for (const [i, name] of names.entries()) {
      await calls.reach(name, 1);
      expect(calls.order.length).toBeLessThanOrEqual(i + receiveMaximum);
      calls.resolve(name, 0);
    }
    expect(calls.order).toEqual(names);
    await client.endAsync();
    await door.stop();
  });

  it('A1 a store that stands still for longer than the keepalive costs no connection, and nothing is sent twice', async () => {
    const warnings: unknown[] = [];
    const door = new ExternalMqttDoor(
      {
        url: `mqtt://127.0.0.1:${broker.port}`,
        clientId: 'standing-still',
        filters: ['telemetry/v1/+/+'],
        eventFilters: [],
        receiveMaximum: 2,
        keepaliveS: 1,
        reconnectMs: 20,
      },
      {
        ...SILENT,
        warn: (fields) => void warnings.push(fields),
        error: (fields) => void warnings.push(fields),
      },
    );
    const calls = new Calls();
    await door.start(calls.handle);
    const client = await connectAsync(`mqtt://127.0.0.1:${broker.port}`, {protocolVersion: 4});
    const names = ['P0', 'P1', 'P2', 'P3'];
    for (const name of names) await client.publishAsync('telemetry/v1/AMS/CH-1', name, {qos: 1});
    await calls.reach('P1', 1);
    await new Promise((resolve) => setTimeout(resolve, 4000));
    for (const name of names) {
      await calls.reach(name, 1);
      calls.resolve(name, 0);
    }
    expect(calls.order).toEqual(names);
    expect(warnings).toEqual([]);
    expect(door.state()).toBe('up');
    await client.endAsync();
    await door.stop();
  });

  it('doors of one name share the telemetry, and each hears every Sparkplug message', async () => {
    const heard: string[] = [];
    const doors = ['a', 'b'].map(
      (name) =>
        new ExternalMqttDoor(
          {
            url: `mqtt://127.0.0.1:${broker.port}`,
            clientId: `sharing-${name}`,
            shareName: 'sharing',
            filters: ['telemetry/v1/+/+'],
            wholeFilters: ['spBv1.0/#'],
            eventFilters: [],
          },
          SILENT,
        ),
    );
    for (const [i, door] of doors.entries())
      await door.start(
        async ({topic}) => void heard.push(topic.startsWith('spB') ? `${i} sparkplug` : 'telemetry'),
      );
    const client = await connectAsync(`mqtt://127.0.0.1:${broker.port}`, {protocolVersion: 4});
    for (let i = 0; i < 10; i += 1) {
      await client.publishAsync('telemetry/v1/AMS/CH-1', '1', {qos: 1});
      await client.publishAsync('spBv1.0/plant/DDATA/edge1/CH-1', '1', {qos: 1});
    }
    const expected = ['0 sparkplug', '1 sparkplug', 'telemetry'].flatMap((what) =>
      Array<string>(10).fill(what),
    );
    await expect.poll(() => heard.toSorted(), {timeout: 20_000}).toEqual(expected);
    await client.endAsync();
    for (const door of doors) await door.stop();
  });

  it('says down, and does not fail the start, when there is no broker', async () => {
    const door = new ExternalMqttDoor(
      {
        url: `mqtt://127.0.0.1:${await freePort()}`,
        clientId: 'alone',
        filters: ['t'],
        eventFilters: [],
        connectWaitMs: 50,
      },
      SILENT,
    );
    await door.start(async () => undefined);
    expect(door.state()).toBe('down');
    await expect(door.publish('status', 'x')).rejects.toMatchObject({code: 'door-down', retryable: true});
    await door.stop();
  });
});
