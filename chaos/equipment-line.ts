import mqtt from 'mqtt';
import type {MqttClient} from 'mqtt';

/** One message on its way. */
export interface Outgoing {
  readonly key: string;
  readonly topic: string;
  readonly payload: string;
}

export interface EquipmentLineOptions {
  readonly url: string;
  readonly clientId: string;
  /**
   * How long a message stays in the outbox after its PUBACK; after a break of the line everything in there is sent again. 0 at the
   * listener, whose PUBACK means stored; at a broker as long as its PUBACK is worth nothing when it is killed (docs/deploy.md).
   */
  readonly keepMs: number;
  readonly acked: (key: string) => void;
}

const RECONNECT_MS = 300;
const CONNECT_WAIT_MS = 5000;
/** A line that says nothing for one and a half times this long is given up. */
const KEEPALIVE_S = 10;

export const clientIdOf = (boot: number, door: number, line: number): string =>
  `chaos-${boot}-${door}-${line}`;

/** Equipment with an outbox: QoS 1, each message until its PUBACK over as many connections as it takes, and a while beyond. */
export class EquipmentLine {
  readonly #options: EquipmentLineOptions;
  readonly #client: MqttClient;
  #kept: {readonly message: Outgoing; readonly ackedAt: number}[] = [];
  #connects = 0;
  resent = 0;

  constructor(options: EquipmentLineOptions) {
    this.#options = options;
    const {url, clientId} = options;
    this.#client = mqtt.connect(url, {
      clientId,
      protocolVersion: 4,
      clean: false,
      reconnectPeriod: RECONNECT_MS,
      connectTimeout: CONNECT_WAIT_MS,
      keepalive: KEEPALIVE_S,
    });
    this.#client.on('error', () => undefined); // it connects again
    this.#client.on('connect', () => {
      this.#connects += 1;
      if (this.#connects > 1) this.#sendKeptAgain();
    });
  }

  get connects(): number {
    return this.#connects;
  }

  send(message: Outgoing): void {
    this.#publish(message, () => {
      this.#options.acked(message.key);
      if (this.#options.keepMs > 0) this.#kept.push({message, ackedAt: performance.now()});
    });
  }

  async close(): Promise<void> {
    await this.#client.endAsync(true);
  }

  #publish(message: Outgoing, done: () => void): void {
    this.#client.publish(message.topic, message.payload, {qos: 1}, (error) => {
      if (error) setTimeout(() => this.#publish(message, done), RECONNECT_MS);
      else done();
    });
  }

  #sendKeptAgain(): void {
    const since = performance.now() - this.#options.keepMs;
    this.#kept = this.#kept.filter(({ackedAt}) => ackedAt >= since);
    for (const {message} of this.#kept) {
      this.resent += 1;
      this.#publish(message, () => undefined);
    }
  }
}
