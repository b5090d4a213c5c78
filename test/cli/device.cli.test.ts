import {mkdtempSync, rmSync, statSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import mqtt from 'mqtt';
import type {MqttClient} from 'mqtt';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {openConsoleWorld} from '../console/world.ts';
import type {ConsoleWorld} from '../console/world.ts';
import {addLogin, mosquittoMissing, startMosquitto} from '../support/mosquitto.ts';
import type {Mosquitto} from '../support/mosquitto.ts';
import {runCli} from './run-cli.ts';
import type {Run} from './run-cli.ts';

const ACME = {
  topicTemplate: 'acme/{hall}/{equipmentId}/data',
  message: 'reading',
  paths: {time: 'at', values: 'v', event: '', boot: '', seq: '', type: ''},
  time: 'iso',
  timeMissing: 'received',
};

describe('MQTT logins on the command line', () => {
  let world: ConsoleWorld;
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'forestock-devices-'));
    world = await openConsoleWorld({mode: 'shadow'});
  });
  afterAll(async () => {
    await world.stop();
    rmSync(folder, {recursive: true, force: true});
  });
  const run = (...args: string[]): Promise<Run> => runCli(['device', ...args], {FORESTOCK_URL: world.url});
  const secretOf = async (login: string, ...more: string[]): Promise<string> => {
    const {code, stdout} = await run('credential', login, ...more);
    expect(code).toBe(0);
    return stdout.split('\n')[0]!;
  };

  describe.skipIf(mosquittoMissing)('a Mosquitto with the files that are written', () => {
    const clients: MqttClient[] = [];
    const secrets: Record<string, string> = {forestock: 'of-the-service'};
    let broker: Mosquitto;
    beforeAll(async () => {
      // An own profile adds a topic, which the files must know as the door does.
      expect(
        await world.send('PUT', '/api/v1/parameters/ingest.profiles', {change: {acme: ACME}}),
      ).toMatchObject({
        status: 200,
      });
      for (const login of ['M-1', 'M-2']) secrets[login] = await secretOf(login);
      secrets['line-1/edge-4'] = await secretOf('line-1/edge-4', '--speaks-for', 'M-2');
      expect(await run('acl', '--out', folder)).toMatchObject({code: 0});
      const files = {passwords: path.join(folder, 'devices.passwd'), acl: path.join(folder, 'devices.acl')};
      expect(statSync(files.passwords).mode & 0o777).toBe(0o600);
      // As the command says: the service's own line.
      addLogin(files.passwords, 'forestock', secrets['forestock']!);
      broker = await startMosquitto({watched: true, logins: files});
    }, 60_000);
    afterAll(async () => {
      for (const client of clients) await client.endAsync(true);
      await broker.stop();
    });

    const connect = async (login: string, password = secrets[login]!): Promise<MqttClient> => {
      const client = await mqtt.connectAsync({
        port: broker.port,
        protocolVersion: 5,
        reconnectPeriod: 0,
        clientId: login,
        username: login,
        password,
      });
      clients.push(client);
      return client;
    };

    it('K3 lets in who has a login, and nobody by another secret or without one', async () => {
      await expect(connect('M-2', secrets['M-1'])).rejects.toThrow('Not authorized');
      await expect(connect('M-1', secrets['M-1']!.slice(1))).rejects.toThrow('Not authorized');
      await expect(
        mqtt.connectAsync({port: broker.port, protocolVersion: 5, reconnectPeriod: 0}),
      ).rejects.toThrow('Not authorized');
    });

    it('K3 lets each speak on its own topics alone, own profiles included, and the service hear them all', async () => {
      const service = await connect('forestock');
      const heard: string[] = [];
      service.on('message', (topic) => heard.push(topic));
      await service.subscribeAsync(['telemetry/v1/#', 'event/v1/#', 'acme/#', 'spBv1.0/#'], {qos: 1});
      const machine = await connect('M-1');
      const node = await connect('line-1/edge-4');
      const taken: readonly (readonly [MqttClient, string])[] = [
        [machine, 'telemetry/v1/SITE-2/M-1'],
        [machine, 'event/v1/elsewhere/M-1'],
        [machine, 'acme/hall/M-1/data'],
        [node, 'spBv1.0/line-1/NBIRTH/edge-4'],
        [node, 'spBv1.0/line-1/DDATA/edge-4/M-2'],
      ];
      const refused: readonly (readonly [MqttClient, string, string])[] = [
        [machine, 'M-1', 'telemetry/v1/SITE-2/M-2'],
        [machine, 'M-1', 'telemetry/v1/SITE-2/M-1/more'],
        [machine, 'M-1', 'event/v1/SITE-2/M-2'],
        [machine, 'M-1', 'acme/hall/M-2/data'],
        [machine, 'M-1', 'status/v1/SITE-2/M-1'],
        [machine, 'M-1', 'spBv1.0/line-1/NDATA/edge-4'],
        [node, 'line-1/edge-4', 'spBv1.0/line-1/DDATA/edge-4/M-1'],
        [node, 'line-1/edge-4', 'spBv1.0/line-2/NDATA/edge-4'],
        [node, 'line-1/edge-4', 'telemetry/v1/SITE-2/M-1'],
      ];
      for (const [client, login, topic] of refused) {
        await expect(client.publishAsync(topic, '{}', {qos: 1}), topic).rejects.toThrow('Not authorized');
        // Its log comes by another pipe than its answer.
        await expect
          .poll(() => broker.log())
          .toMatch(new RegExp(`Denied PUBLISH from ${login} .*'${topic}'`));
      }
      for (const [client, topic] of taken) await client.publishAsync(topic, '{}', {qos: 1});
      await expect.poll(() => heard).toHaveLength(taken.length);
      expect(heard.toSorted()).toEqual(taken.map(([, topic]) => topic).toSorted());
    });

    it('K3 tells each its own status alone, from the service', async () => {
      const [service, one, two] = [await connect('forestock'), await connect('M-1'), await connect('M-2')];
      const heard: string[] = [];
      for (const client of [one, two]) {
        client.on('message', (topic) => heard.push(`${String(client.options.clientId)} ${topic}`));
        // Mosquitto takes any subscription, and holds back what it may not hear.
        await client.subscribeAsync(['status/v1/#', 'telemetry/v1/#'], {qos: 1});
      }
      await service.publishAsync('status/v1/SITE-2/M-1', '{}', {qos: 1});
      await two.publishAsync('telemetry/v1/SITE-2/M-2', '{}', {qos: 1});
      await service.publishAsync('status/v1/SITE-2/M-2', '{}', {qos: 1});
      await expect
        .poll(() => heard.toSorted())
        .toEqual(['M-1 status/v1/SITE-2/M-1', 'M-2 status/v1/SITE-2/M-2']);
    });
  });

  it('K3 lists who may connect, and revokes; an equipment that there is not has no login', async () => {
    await secretOf('M-1');
    expect((await run('list')).stdout).toMatch(/^M-1 +M-1 /m);
    expect(await run('revoke', 'M-1')).toMatchObject({code: 0, stdout: 'revoked: M-1\n'});
    expect((await run('list')).stdout).not.toMatch(/^M-1 /m);
    const unknown = await run('credential', 'NOBODY');
    expect(unknown.code).toBe(1);
    expect(unknown.stderr).toContain('NOBODY');
  });
});
