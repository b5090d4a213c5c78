import {once} from 'node:events';
import {connect as connectTcp} from 'node:net';
import {connectAsync} from 'mqtt';
import type {MqttClient} from 'mqtt';
import {describe, expect, it} from 'vitest';
import {EmbeddedDoor} from '../../ingest/adapters/embedded-door.ts';
import {TcpProxy} from '../support/tcp-proxy.ts';
import {doorContract, SILENT} from './door-contract.ts';

doorContract(async () => {
  const listener = new EmbeddedDoor({port: 0}, SILENT);
  let port = 0;
  const proxy = await TcpProxy.open(() => port);
  return {
    door: {
      start: async (handle) => {
        ({port} = await listener.start(handle));
        return {port};
      },
      publish: (topic, payload, options) => listener.publish(topic, payload, options),
      state: () => listener.state(),
      stop: () => listener.stop(),
    },
    equipmentPort: () => proxy.port,
    cut: () => proxy.cut(),
    close: async () => {
      await proxy.close();
      // A test may leave packets in hand for good; the process would wait for them.
      await Promise.race([listener.stop(), new Promise((resolve) => setTimeout(resolve, 100))]);
    },
  };
});

describe('the embedded door', () => {
  it('names the port that is taken, and the way out', async () => {
    const first = new EmbeddedDoor({port: 0}, SILENT);
    const {port} = await first.start(async () => undefined);
    const second = new EmbeddedDoor({port}, SILENT);
    await expect(second.start(async () => undefined)).rejects.toMatchObject({
      code: 'port-taken',
      message: `MQTT port ${port} on 127.0.0.1 is taken; stop what listens there, set MQTT_PORT, or shift all ports with --port-offset 100`,
    });
    await first.stop();
  });

  it('refuses an MQTT 5 client, with the cure in the log', async () => {
    const warnings: string[] = [];
    const door = new EmbeddedDoor({port: 0}, {...SILENT, warn: (_fields, message) => warnings.push(message)});
    const {port} = await door.start(async () => undefined);
    const refused = connectAsync(`mqtt://127.0.0.1:${port}`, {protocolVersion: 5, reconnectPeriod: 0});
    await expect(refused).rejects.toThrow(/unsupported protocol version/i);
    expect(warnings.join()).toContain('set protocol version 4');
    await door.stop();
  });

  it('ends a connection that announces a packet of 256 MB, before it collects any of it', async () => {
    const warnings: string[] = [];
    const door = new EmbeddedDoor(
      {port: 0},
      {...SILENT, warn: (fields) => warnings.push(String(fields['reason']))},
    );
    const {port} = await door.start(async () => undefined);
    const socket = connectTcp(port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.write(Buffer.from([0x30, 0xff, 0xff, 0xff, 0x7f, 0x00]));
    await once(socket, 'close');
    expect(warnings.join()).toContain('send smaller packets');
    await door.stop();
  });

  it("keeps the broker's own topics to itself", async () => {
    const heard: string[] = [];
    const door = new EmbeddedDoor({port: 0}, SILENT);
    const {port} = await door.start(async ({topic}) => void heard.push(topic));
    const client = await connectAsync(`mqtt://127.0.0.1:${port}`, {protocolVersion: 4, reconnectPeriod: 0});
    const closed = new Promise<void>((resolve) => client.once('close', () => resolve()));
    client.publishAsync('$SYS/x/new/clients', 'victim', {qos: 1}).catch(() => undefined);
    await closed;
    expect(heard).toEqual([]);
    await client.endAsync(true);
    await door.stop();
  });

  it('A1 reads no further when its hands are full: devices are held back, none is disconnected, nothing is lost', async () => {
    const [devices, each, inHandMax] = [4, 5000, 100];
    const payload = (device: number, no: number): string => `${device}.${no}`.padEnd(200);
    const heard: string[] = [];
    let release!: () => void;
    const released = new Promise<void>((resolve) => (release = resolve));
    const door = new EmbeddedDoor({port: 0, inHandMax}, SILENT);
    const {port} = await door.start(({payload: bytes}) => {
      heard.push(new TextDecoder().decode(bytes));
      return released;
    });
    const connect = (): ReturnType<typeof connectAsync> =>
      connectAsync(`mqtt://127.0.0.1:${port}`, {protocolVersion: 4, reconnectPeriod: 0});
    const clients = await Promise.all(Array.from({length: devices}, connect));
    let disconnects = 0;
    for (const client of clients) client.on('close', () => (disconnects += 1));
    const sent = clients.map((client, device) =>
      Promise.all(
        Array.from({length: each}, (_, no) => client.publishAsync('t', payload(device, no), {qos: 1})),
      ),
    );
    await expect.poll(() => door.load().inHand).toBe(inHandMax);
    // The door still serves others, and between two words of theirs it would have read on.
    const other = await connect();
    for (let turn = 0; turn < 20; turn += 1) await other.subscribeAsync(`status/${turn}`);
    // A read brings what the socket's buffer holds: 64 KiB, and the chunk that came on top of it.
    const perRead = (2 * 65_536) / 200;
    expect(door.load().inHand).toBe(inHandMax);
    expect(door.load().waiting).toBeLessThanOrEqual(devices * perRead);
    expect(heard).toHaveLength(inHandMax);
    expect(disconnects).toBe(0);

    release();
    await Promise.all(sent);
    const all = Array.from({length: devices * each}, (_, i) => payload(Math.floor(i / each), i % each));
    expect(heard.toSorted()).toEqual(all.toSorted());
    expect(disconnects).toBe(0);
    expect(door.load()).toEqual({inHand: 0, waiting: 0});
    for (const client of [...clients, other]) await client.endAsync();
    await door.stop();
  });

  it('sends PUBACKs in the order of the packets even when the handlers end in reverse', async () => {
    const ends: (() => void)[] = [];
    const door = new EmbeddedDoor({port: 0}, SILENT);
    const {port} = await door.start(() => new Promise<void>((resolve) => ends.push(resolve)));
    const client = await connectAsync(`mqtt://127.0.0.1:${port}`, {protocolVersion: 4, reconnectPeriod: 0});
    const sent: number[] = [];
    const acknowledged: number[] = [];
    client.on('packetsend', (packet) => packet.cmd === 'publish' && sent.push(packet.messageId!));
    client.on('packetreceive', (packet) => packet.cmd === 'puback' && acknowledged.push(packet.messageId!));
    const all = Promise.all(['A', 'B', 'C', 'D'].map((name) => client.publishAsync('t', name, {qos: 1})));
    await expect.poll(() => ends.length).toBe(4);
    for (const end of ends.toReversed()) end();
    await all;
    expect(acknowledged).toEqual(sent);
    await client.endAsync();
    await door.stop();
  });
  it('passes on what somebody listens to, as long as somebody does', async () => {
    const door = new EmbeddedDoor({port: 0}, SILENT);
    const {port} = await door.start(async () => undefined);
    const connect = async (clientId: string, clean = true): Promise<MqttClient> =>
      connectAsync(`mqtt://127.0.0.1:${port}`, {protocolVersion: 4, reconnectPeriod: 0, clientId, clean});
    const sender = await connect('sender');
    const say = (payload: string): Promise<unknown> =>
      sender.publishAsync('telemetry/v1/AMS/X', payload, {qos: 1});
    const heard: string[] = [];
    const listen = async (filter: string): Promise<MqttClient> => {
      const client = await connect('listener', false);
      client.on('message', (_topic, payload) => heard.push(payload.toString()));
      await client.subscribeAsync(filter, {qos: 1});
      return client;
    };
    await say('nobody is there');
    const first = await listen('telemetry/#');
    await say('by its root');
    await expect.poll(() => heard).toEqual(['by its root']);
    await first.endAsync();
    await say('gone: QoS 0 down-links, so nothing waits for it');
    const second = await listen('+/v1/AMS/X');
    await say('by a plus');
    await expect.poll(() => heard).toEqual(['by its root', 'by a plus']);
    await second.endAsync();
    await sender.endAsync();
    await door.stop();
  });
});
