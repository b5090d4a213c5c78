import {OperationalFault} from '../../domain/fault.ts';
import type {IngestLog, MqttDoor, PacketHandler} from '../ports.ts';
import {MqttSession} from './mqtt-session.ts';
import type {SessionOptions} from './mqtt-session.ts';

export interface MqttDoorOptions {
  /** mqtt://host:1883, mqtts://… */
  readonly url: string;
  readonly clientId: string;
  /** Topic filters whose packets must never wait behind telemetry: they get a connection of their own. */
  readonly eventFilters: readonly string[];
  readonly filters: readonly string[];
  /** Topics whose packets mean something in their sequence only: each process hears all of them, whoever shares the rest. */
  readonly wholeFilters?: readonly string[];
  /** With a name, several processes share the telemetry: $share/{name}/…; order per equipment is then the store's business. */
  readonly shareName?: string;
  readonly receiveMaximum?: number;
  readonly sessionExpiryS?: number;
  readonly reconnectMs?: number;
  readonly keepaliveS?: number;
  readonly packetBytesMax?: number;
  readonly connectWaitMs?: number;
  readonly username?: string;
  readonly password?: string;
  readonly connect?: NonNullable<SessionOptions['connect']>;
}

const DEFAULTS = {
  receiveMaximum: 1000,
  sessionExpiryS: 7 * 86_400,
  reconnectMs: 1000,
  keepaliveS: 30,
  packetBytesMax: 1_048_576,
  connectWaitMs: 10_000,
};

/** The door at an external broker: one session for telemetry, one for events. */
export class ExternalMqttDoor implements MqttDoor {
  readonly #telemetry: MqttSession;
  readonly #sessions: readonly MqttSession[];
  readonly #connectWaitMs: number;

  constructor(options: MqttDoorOptions, log: IngestLog) {
    const {clientId, filters, eventFilters, wholeFilters, shareName, connectWaitMs, ...rest} = {
      ...DEFAULTS,
      ...options,
    };
    const shared = (filter: string): string =>
      shareName === undefined ? filter : `$share/${shareName}/${filter}`;
    const session = (name: string, own: readonly string[]): MqttSession =>
      new MqttSession({...rest, clientId: `${clientId}-${name}`, filters: own}, log);
    this.#telemetry = session('telemetry', [...filters.map(shared), ...(wholeFilters ?? [])]);
    this.#sessions =
      eventFilters.length > 0
        ? [this.#telemetry, session('event', eventFilters.map(shared))]
        : [this.#telemetry];
    this.#connectWaitMs = connectWaitMs;
  }

  async start(handle: PacketHandler): Promise<{readonly port?: number}> {
    await Promise.all(this.#sessions.map((session) => session.start(handle, this.#connectWaitMs)));
    return {};
  }

  async publish(
    topic: string,
    payload: string | Uint8Array,
    options?: {readonly retain?: boolean; readonly qos?: 0 | 1},
  ): Promise<void> {
    if (!this.#telemetry.connected())
      throw new OperationalFault('door-down', 'the MQTT broker is away', {retryable: true});
    await this.#telemetry.publish(topic, payload, {qos: options?.qos ?? 0, retain: options?.retain ?? false});
  }

  state(): 'up' | 'down' {
    return this.#sessions.every((session) => session.connected()) ? 'up' : 'down';
  }

  async stop(): Promise<void> {
    await Promise.all(this.#sessions.map((session) => session.stop()));
  }
}
