import {spawn, spawnSync} from 'node:child_process';
import type {ChildProcess} from 'node:child_process';
import {chmodSync, copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import mqtt from 'mqtt';
import type {IClientOptions, MqttClient} from 'mqtt';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {reachable} from '../support/mosquitto.ts';
import {findService} from '../support/services.ts';
import {freePort} from '../support/tcp-proxy.ts';

const DEPLOY = join(import.meta.dirname, '../../deploy');
const MOSQUITTO = findService('mosquitto');
const LOGINS = {forestock: 'of-the-service', 'M-1': 'of-the-first', 'M-2': 'of-the-second'};
type Login = keyof typeof LOGINS;

/** deploy/mosquitto.conf as it stands, but for the port and the folders of the container. */
class DeployedBroker {
  readonly #folder = mkdtempSync(join(tmpdir(), 'forestock-broker-'));
  readonly #port: number;
  #child: ChildProcess | undefined;

  constructor(port: number) {
    this.#port = port;
    chmodSync(this.#folder, 0o777); // as root mosquitto becomes a user of its own
    const inFolder = (name: string): string => join(this.#folder, name);
    copyFileSync(join(DEPLOY, 'mosquitto.acl'), inFolder('mosquitto.acl'));
    writeFileSync(inFolder('passwords'), '');
    for (const [user, password] of Object.entries(LOGINS)) {
      const made = spawnSync(join(dirname(MOSQUITTO!).replace('sbin', 'bin'), 'mosquitto_passwd'), [
        '-b',
        inFolder('passwords'),
        user,
        password,
      ]);
      if (made.status !== 0) throw new Error(String(made.stderr));
    }
    chmodSync(inFolder('passwords'), 0o644);
    const conf = readFileSync(join(DEPLOY, 'mosquitto.conf'), 'utf8')
      .replace('listener 1883', `listener ${port} 127.0.0.1`)
      .replace('/run/secrets/mqtt_passwords', inFolder('passwords'))
      .replace('/mosquitto/config/', `${this.#folder}/`)
      .replace('/mosquitto/data/', `${this.#folder}/`);
    writeFileSync(inFolder('mosquitto.conf'), conf);
  }

  async start(): Promise<void> {
    this.#child = spawn(MOSQUITTO!, ['-c', join(this.#folder, 'mosquitto.conf')], {stdio: 'ignore'});
    await reachable(this.#port);
  }

  /** kill -9: what was not on disk is gone. */
  async kill(): Promise<void> {
    const child = this.#child!;
    const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.kill('SIGKILL');
    await exited;
  }

  optionsFor(login: Login, more: IClientOptions = {}): IClientOptions {
    return {
      host: '127.0.0.1',
      port: this.#port,
      protocolVersion: 5,
      username: login,
      password: LOGINS[login],
      clientId: login,
      reconnectPeriod: 0,
      ...more,
    };
  }

  connect(login: Login, more: IClientOptions = {}): Promise<MqttClient> {
    return mqtt.connectAsync(this.optionsFor(login, more));
  }

  async remove(): Promise<void> {
    await this.kill();
    rmSync(this.#folder, {recursive: true});
  }
}

describe.skipIf(MOSQUITTO === null)('deploy/mosquitto.conf', () => {
  let broker: DeployedBroker;
  beforeAll(async () => {
    broker = new DeployedBroker(await freePort());
    await broker.start();
  });
  afterAll(() => broker.remove());

  it('lets nobody in without a login', async () => {
    await expect(broker.connect('M-1', {password: 'guessed'})).rejects.toThrow(/Not authorized/);
  });

  it('lets an equipment speak for itself alone', async () => {
    const first = await broker.connect('M-1');
    await first.publishAsync('telemetry/v1/SITE-1/M-1', '{}', {qos: 1});
    await expect(first.publishAsync('telemetry/v1/SITE-1/M-2', '{}', {qos: 1})).rejects.toThrow(
      /Not authorized/,
    );
    // Refused is that message, not who sent it: what else it has to say is still taken.
    await first.publishAsync('telemetry/v1/SITE-1/M-1', '{}', {qos: 1});
    await first.endAsync();
  });

  it('killed a moment after its last PUBACK it has lost nothing, though the service was away', async () => {
    const session = {clean: false, properties: {sessionExpiryInterval: 3600}};
    const away = await broker.connect('forestock', session);
    await away.subscribeAsync('telemetry/v1/#', {qos: 1});
    await away.endAsync();

    const machine = await broker.connect('M-2');
    const sent = Array.from({length: 200}, (_, no) => String(no));
    await Promise.all(sent.map((no) => machine.publishAsync('telemetry/v1/SITE-1/M-2', no, {qos: 1})));
    // mosquitto saves at the start of its next round: a kill between a PUBACK and that save loses this one message.
    await machine.subscribeAsync('status/v1/SITE-1/M-2');
    machine.on('error', () => undefined); // its connection breaks
    await broker.kill();
    await broker.start();

    // What waits comes right behind the CONNACK: the listener must be there before.
    const heard: string[] = [];
    const back = mqtt.connect(broker.optionsFor('forestock', session));
    await new Promise<void>((resolve, reject) => {
      back.on('error', reject).on('message', (_topic, payload) => {
        heard.push(payload.toString());
        if (heard.length === sent.length) resolve();
      });
    });
    expect(new Set(heard)).toEqual(new Set(sent));
    await back.endAsync();
  });
});
