import {jetstreamManager} from '@nats-io/jetstream';
import {connectAsync} from 'mqtt';
import type {Configuration} from '../../platform/configuration.ts';
import {silentLogger} from '../../platform/log.ts';
import {openNats} from '../../platform/nats.ts';
import {isFree} from '../free-port.ts';
import {fine, look, note, problem} from './finding.ts';
import type {Finding} from './finding.ts';

const CONNECT_MS = 5000;
/** FACTS of the bus: older servers lack what a power cut needs; they serve tests. */
const NATS_WANTED = [2, 12, 12] as const;

export function mqttFinding({mqttUrl, mqttHost, mqttPort}: Configuration): Promise<Finding> {
  if (mqttUrl === undefined) return portFinding('mqtt', 'embedded listener', mqttHost, mqttPort);
  return look('mqtt', 'check MQTT_URL, the broker and the login', async () => {
    const client = await connectAsync(mqttUrl, {
      connectTimeout: CONNECT_MS,
      reconnectPeriod: 0,
      protocolVersion: 5,
    });
    await client.endAsync();
    return fine('mqtt', `broker at ${new URL(mqttUrl).host} answers, MQTT 5`);
  });
}

export function httpFinding({httpHost, httpPort}: Configuration): Promise<Finding> {
  return portFinding('http', 'console and API', httpHost, httpPort);
}

/** A port in use is no problem when the service itself has it; the doctor cannot tell, and says so. */
async function portFinding(name: string, what: string, host: string, port: number): Promise<Finding> {
  if (await isFree(host, port)) return fine(name, `${what} on ${host}:${port}, free`);
  return note(
    name,
    `${what} on ${host}:${port}: in use`,
    'fine when the service runs already; else stop what listens there, or start with --port-offset 100',
  );
}

export function natsFinding({natsUrl}: Configuration): Promise<Finding> {
  if (natsUrl === undefined) return Promise.resolve(fine('bus', 'inside the process'));
  return look('bus', 'check NATS_URL, the server and the login', async () => {
    const connection = await openNats(natsUrl, 'forestock doctor', silentLogger());
    try {
      const {version = '0', max_payload: payloadBytesMax} = connection.info ?? {};
      const found = `NATS ${version} at ${new URL(natsUrl).host}, messages up to ${payloadBytesMax ?? 0} bytes`;
      const manager = await jetstreamManager(connection).catch(() => null);
      if (manager === null)
        return problem('bus', `${found}, without JetStream`, 'start nats-server with -js');
      const {limits, streams} = await manager.getAccountInfo();
      const whole = `${found}, JetStream with ${streams} streams, storage ${limits.max_storage === -1 ? 'unlimited' : `${limits.max_storage} bytes`}`;
      if (isBelow(version, NATS_WANTED))
        return note('bus', whole, `use ${NATS_WANTED.join('.')} or newer outside of tests`);
      return fine('bus', whole);
    } finally {
      await connection.close();
    }
  });
}

function isBelow(version: string, wanted: readonly number[]): boolean {
  const numbers = version.split(/[.-]/).map(Number);
  for (const [index, want] of wanted.entries()) {
    const have = numbers[index] ?? 0;
    if (have !== want) return have < want;
  }
  return false;
}
