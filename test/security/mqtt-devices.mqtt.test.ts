import {execFileSync} from 'node:child_process';
import {readFileSync, writeFileSync} from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import mqtt from 'mqtt';
import type {IClientOptions, MqttClient} from 'mqtt';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {epochMs} from '../../domain/time.ts';
import {DeviceGuard} from '../../ingest/adapters/device-guard.ts';
import {openDeviceLogins} from '../../ingest/adapters/device-logins.ts';
import {EmbeddedDoor} from '../../ingest/adapters/embedded-door.ts';
import {PROFILES} from '../../ingest/core/profile.ts';
import type {DeviceLogins} from '../../ingest/ports.ts';
import {Random} from '../../simulator/random.ts';
import {installBase} from '../ingest/installed-base.ts';
import {openTestDatabase} from '../support/database.ts';
import type {TestDatabase} from '../support/database.ts';
import {temporaryFolder} from '../support/temporary-folder.ts';
import {connectOwner} from './planted-parties.ts';

const templates = PROFILES.map(({topicTemplate}) => topicTemplate);
const warnings: string[] = [];
const log = {
  info: () => undefined,
  warn: (fields: object) => warnings.push(JSON.stringify(fields)),
  error: () => undefined,
};
const OWN = 'telemetry/v1/AMS/CH-0001';

let database: TestDatabase;
let logins: DeviceLogins;
const secrets: Record<string, string> = {};

beforeAll(async () => {
  database = await openTestDatabase();
  const owner = await connectOwner(database);
  await installBase(owner, ['CH-0001', 'CH-0002', 'CH-0007']);
  await owner.end();
  logins = openDeviceLogins(database.poolFor('forestock_ingest'), {now: () => epochMs(0)});
  for (const [login, equipmentIds] of [
    ['CH-0001', []],
    ['CH-0002', []],
    ['line-1/edge-4', ['CH-0007']],
  ] as const) {
    const issued = await logins.issue({login, equipmentIds}, 'test');
    secrets[login] = issued.ok ? issued.value.secret : '';
  }
});

interface World {
  readonly heard: string[];
  readonly port: number;
  readonly door: EmbeddedDoor;
  connect(login: string | undefined, more?: IClientOptions): Promise<MqttClient>;
}

async function open(anonymous: boolean): Promise<World> {
  const heard: string[] = [];
  const guard = new DeviceGuard({logins, anonymous, templates: () => templates});
  const door = new EmbeddedDoor({port: 0, guard}, log);
  const {port} = await door.start(async ({topic}) => {
    heard.push(topic);
  });
  return {
    heard,
    port,
    door,
    connect: (login, more = {}) =>
      mqtt.connectAsync({
        host: '127.0.0.1',
        port,
        protocolVersion: 4,
        reconnectPeriod: 0,
        ...(login === undefined ? {} : {username: login, password: secrets[login]!, clientId: login}),
        ...more,
      }),
  };
}

/** Connects; a connection that ends before its CONNACK is refused, which mqtt.connectAsync waits out. */
function admitted(options: IClientOptions): Promise<MqttClient> {
  return new Promise((resolve, reject) => {
    const client = mqtt.connect(options);
    const refuse = (error?: Error): void => {
      client.end(true);
      reject(error ?? new Error('the connection ended'));
    };
    client.once('connect', () => resolve(client)).on('error', refuse);
    client.once('close', () => refuse());
  });
}

/** Settles when the connection has ended, however. */
async function ends(client: MqttClient): Promise<void> {
  client.on('error', () => undefined);
  if (!client.disconnecting && client.connected)
    await new Promise<void>((resolve) => client.once('close', () => resolve()));
}

describe('devices at the embedded listener', () => {
  let world: World;
  beforeAll(async () => (world = await open(false)));
  afterAll(() => world.door.stop());

  it('K3 an equipment connects by its secret alone, and says what is its own', async () => {
    const client = await world.connect('CH-0001');
    await client.publishAsync(OWN, '{}', {qos: 1});
    expect(world.heard.splice(0)).toEqual([OWN]);
    await client.endAsync();
  });

  it.each<[string, IClientOptions]>([
    ['without a login', {}],
    ['with a wrong secret', {username: 'CH-0001', password: 'guessed'}],
    ['without a secret', {username: 'CH-0001'}],
    ['as somebody unknown', {username: 'CH-9999', password: 'x'}],
    ['with a login in SQL', {username: `CH-0001' OR true --`, password: 'x'}],
  ])('K3 nobody connects %s', async (_how, options) => {
    await expect(world.connect(undefined, options)).rejects.toThrow(/Not authorized|Bad username/i);
  });

  it('K3 the secret of one equipment does not open another, nor the session of another', async () => {
    await expect(world.connect('CH-0002', {password: secrets['CH-0001']!})).rejects.toThrow();
    const first = await world.connect('CH-0001');
    await expect(world.connect('CH-0002', {clientId: 'CH-0001'})).rejects.toThrow();
    expect(first.connected).toBe(true);
    await first.endAsync();
  });

  it.each([
    'telemetry/v1/AMS/CH-0002',
    'event/v1/AMS/CH-0002',
    'status/v1/AMS/CH-0002',
    'senml/v1/AMS/CH-0002',
    'spBv1.0/line-1/DDATA/edge-4/CH-0007',
    'spBv1.0/line-1/NDEATH/edge-4',
    '$SYS/broker',
  ])('K3 A1 CH-0001 on %s is cut off at either QoS, and nothing is stored', async (topic) => {
    for (const qos of [0, 1] as const) {
      const client = await world.connect('CH-0001');
      const ended = ends(client);
      client.publish(topic, '{}', {qos}, () => undefined);
      await ended;
      await client.endAsync(true);
    }
    expect(world.heard).toEqual([]);
  });

  it('K3 a last will is no way round: it is stored on the own topic alone', async () => {
    for (const topic of ['telemetry/v1/AMS/CH-0002', OWN]) {
      const client = await world.connect('CH-0001', {
        will: {topic, payload: Buffer.from('{}'), qos: 1, retain: false},
      });
      client.stream.destroy();
      await ends(client);
      await client.endAsync(true);
    }
    await expect.poll(() => world.heard.length).toBe(1);
    expect(world.heard.splice(0)).toEqual([OWN]);
  });

  it('K3 an equipment hears its own status, and others’ it is refused', async () => {
    const client = await world.connect('CH-0001');
    const heard: string[] = [];
    client.on('message', (topic) => heard.push(topic));
    const granted = await client.subscribeAsync('status/v1/+/CH-0001');
    expect(granted).toMatchObject([{qos: 0}]);
    for (const filter of ['status/v1/+/CH-0002', '#', 'telemetry/v1/#'])
      await expect(client.subscribeAsync(filter)).rejects.toThrow(/Unspecified error|128/);
    await world.door.publish('status/v1/AMS/CH-0002', 'for another');
    await world.door.publish('status/v1/AMS/CH-0001', 'for me');
    await expect.poll(() => heard).toEqual(['status/v1/AMS/CH-0001']);
    await client.endAsync();
  });

  it('K3 a Sparkplug node speaks for itself and its devices', async () => {
    const node = await world.connect('line-1/edge-4');
    for (const topic of ['spBv1.0/line-1/NBIRTH/edge-4', 'spBv1.0/line-1/DDATA/edge-4/CH-0007'])
      await node.publishAsync(topic, 'x', {qos: 1});
    expect(world.heard.splice(0)).toHaveLength(2);
    const ended = ends(node);
    node.publish('spBv1.0/line-1/DDATA/edge-4/CH-0001', 'x', {qos: 1}, () => undefined);
    await ended;
    await node.endAsync(true);
    expect(world.heard).toEqual([]);
  });

  it('K3 a secret is made anew, revoked, and never kept: neither as it is, nor in the audit trail or the log', async () => {
    const issued = await logins.issue({login: 'CH-0002', equipmentIds: []}, 'test');
    await expect(world.connect('CH-0002')).rejects.toThrow(); // the earlier secret
    secrets['CH-0002'] = issued.ok ? issued.value.secret : '';
    await (await world.connect('CH-0002')).endAsync();
    const {rows} = await database
      .poolFor('forestock_ingest')
      .query<{kept: string}>(
        `SELECT (SELECT string_agg(l::text, ' ') FROM ingest.device_login l) || (SELECT string_agg(a::text, ' ') FROM platform.audit_entry a) AS kept`,
      );
    for (const secret of Object.values(secrets)) {
      expect(rows[0]!.kept).not.toContain(secret);
      expect(warnings.join()).not.toContain(secret);
    }
    expect(await logins.revoke('CH-0002', 'test')).toBe(true);
    expect(await logins.revoke('CH-0002', 'test')).toBe(false);
    await expect(world.connect('CH-0002')).rejects.toThrow();
    await expect(
      database.poolFor('forestock_api').query('SELECT FROM ingest.device_login'),
    ).rejects.toMatchObject({
      code: '42501',
    });
  });

  it('K3 a login is of an equipment that there is, or of a node with devices that there are', async () => {
    for (const [login, equipmentIds] of [
      ['CH-9999', []],
      ['CH-0001', ['CH-0002']],
      ['line-1/edge-9', []],
      ['line-1/edge-9', ['CH-0001', 'CH-9999']],
      ['a/b/c', ['CH-0001']],
    ] as const)
      expect(await logins.issue({login, equipmentIds}, 'test')).toMatchObject({
        ok: false,
        reason: 'unknown-equipment',
      });
  });

  it('K3 A1 malformed packets store nothing and stop nobody: whoever sends them is cut off', async () => {
    const chance = new Random(6);
    const connectPacket = (client: string): number[] => {
      const id = [...Buffer.from(client)];
      return [0x10, 12 + id.length, 0, 4, 77, 81, 84, 84, 4, 2, 0, 60, 0, id.length, ...id];
    };
    const packets: number[][] = [
      [0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
      [0x00, 0x00],
      [0x10, 0x00],
      [0x10, 0x80, 0x80, 0x80, 0x80, 0x01],
      [0x30, 0x02, 0xff, 0xff], // a topic longer than its packet
      [0x32, 0x05, 0x00, 0x01, 0x61, 0x00, 0x00], // message id 0
      [0x36, 0x03, 0x00, 0x01, 0x61], // QoS 3
      [0x30, 0x05, 0x00, 0x03, 0x61, 0x2b, 0x62], // a wildcard in a topic
      [0x82, 0x00],
      [0x20, 0x02, 0x00, 0x00], // what a server says
      [...connectPacket('x'), ...connectPacket('x')],
      [0x10, 0x10, 0, 4, 77, 81, 84, 84, 4, 0xff, 0, 60, 0, 4, 65, 65, 65, 65],
      [...Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n')],
      ...Array.from({length: 200}, () =>
        Array.from({length: chance.integer(1, 60)}, () => chance.integer(0, 255)),
      ),
      ...Array.from({length: 100}, () => {
        const packet = [
          ...connectPacket('CH-0001'),
          0x32,
          0x0d,
          0,
          4,
          ...Buffer.from('tele'),
          0,
          1,
          1,
          2,
          3,
          4,
          5,
        ];
        packet[chance.integer(0, packet.length - 1)] = chance.integer(0, 255);
        return packet;
      }),
    ];
    for (const bytes of packets) {
      await new Promise<void>((resolve) => {
        const socket = net.connect(world.port, '127.0.0.1', () => {
          socket.write(Buffer.from(bytes));
          setTimeout(() => socket.destroy(), 3);
        });
        socket.on('error', () => undefined).on('close', () => resolve());
      });
    }
    expect(world.heard).toEqual([]);
    const client = await world.connect('CH-0001');
    await client.publishAsync(OWN, '{}', {qos: 1});
    expect(world.heard.splice(0)).toEqual([OWN]);
    await client.endAsync();
  }, 60_000);
});

describe('a listener on this machine alone', () => {
  it('K3 takes clients without a login, and holds those with one to it', async () => {
    const world = await open(true);
    const nobody = await world.connect(undefined);
    await nobody.publishAsync('telemetry/v1/AMS/CH-0002', '{}', {qos: 1});
    await nobody.endAsync();
    await expect(world.connect(undefined, {username: 'CH-0001', password: 'guessed'})).rejects.toThrow();
    const named = await world.connect('CH-0001');
    const ended = ends(named);
    named.publish('telemetry/v1/AMS/CH-0002', '{}', {qos: 1}, () => undefined);
    await ended;
    await named.endAsync(true);
    expect(world.heard).toEqual(['telemetry/v1/AMS/CH-0002']);
    await world.door.stop();
  });
});

describe('a listener with TLS and client certificates', () => {
  const folder = temporaryFolder('mqtt-tls');
  const file = (name: string): string => path.join(folder, name);
  const openssl = (...args: string[]): void =>
    void execFileSync('openssl', args, {cwd: folder, stdio: 'ignore'});

  function authority(name: string): void {
    openssl('req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-subj', `/CN=${name}`, '-keyout', `${name}.key`, '-out', `${name}.crt`); // prettier-ignore
  }
  function certificate(name: string, subject: string, by: string): void {
    openssl('req', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-subj', subject, '-keyout', `${name}.key`, '-out', `${name}.csr`); // prettier-ignore
    writeFileSync(file(`${name}.ext`), 'subjectAltName=IP:127.0.0.1');
    openssl('x509', '-req', '-in', `${name}.csr`, '-CA', `${by}.crt`, '-CAkey', `${by}.key`, '-CAcreateserial', '-days', '2', '-extfile', `${name}.ext`, '-out', `${name}.crt`); // prettier-ignore
  }

  it('K3 an equipment is who its certificate says, and nobody comes in without one of our authority', async () => {
    authority('ours');
    authority('theirs');
    certificate('server', '/CN=127.0.0.1', 'ours');
    certificate('chiller', '/CN=CH-0001', 'ours');
    certificate('stranger', '/CN=CH-0001', 'theirs');
    const heard: string[] = [];
    const guard = new DeviceGuard({logins, anonymous: true, templates: () => templates});
    const read = (name: string): Buffer => readFileSync(file(name));
    const tls = {cert: read('server.crt'), key: read('server.key'), ca: read('ours.crt')};
    const door = new EmbeddedDoor({port: 0, guard, tls}, log);
    const {port} = await door.start(async ({topic}) => {
      heard.push(topic);
    });
    const connect = (name: string | undefined, more: IClientOptions = {}): Promise<MqttClient> =>
      admitted({
        ...{protocol: 'mqtts', host: '127.0.0.1', port, protocolVersion: 4, reconnectPeriod: 0},
        ca: read('ours.crt'),
        ...(name === undefined ? {} : {cert: read(`${name}.crt`), key: read(`${name}.key`)}),
        clientId: 'CH-0001',
        ...more,
      });
    const client = await connect('chiller');
    await client.publishAsync(OWN, '{}', {qos: 1});
    expect(heard).toEqual([OWN]);
    const ended = ends(client);
    client.publish('telemetry/v1/AMS/CH-0002', '{}', {qos: 1}, () => undefined);
    await ended;
    await client.endAsync(true);
    await expect(connect('chiller', {clientId: 'CH-0002'})).rejects.toThrow();
    await expect(
      connect('chiller', {username: 'line-1/edge-4', password: secrets['line-1/edge-4']!, clientId: ''}),
    ).rejects.toThrow();
    await expect(connect('stranger')).rejects.toThrow();
    await expect(connect(undefined)).rejects.toThrow();
    expect(heard).toEqual([OWN]);
    await door.stop();
  });
});
