import {Socket} from 'node:net';
import {setTimeout as pause} from 'node:timers/promises';
import mqtt, {type IClientOptions, type MqttClient} from 'mqtt';
import type {EpochMs} from '../domain/time.ts';
import {partitionOf} from '../domain/partition.ts';
import type {Emission} from './uplink.ts';

/** World time as the sender feels it: real, scaled or stepped is the caller's choice. */
export interface DeviceClock {
  now(): EpochMs;
  /** Resolves once the clock has reached `at`. */
  until(at: EpochMs): Promise<void>;
}

export interface GatewayOptions {
  /** mqtt://host:port, mqtts://… */
  readonly url: string;
  readonly clock: DeviceClock;
  /** Connections that the fleet shares; default 4. A machine always uses the same one, so its messages keep their order. */
  readonly connections?: number;
  /** Messages without PUBACK per connection; default 200. The sender waits beyond. */
  readonly inFlightMax?: number;
  /** Client ids are `<clientId>-0`, `<clientId>-1`, …; default 'forestock-fleet'. */
  readonly clientId?: string;
  /** Credentials, TLS, protocol version; default MQTT 3.1.1, which every broker speaks. */
  readonly mqtt?: IClientOptions;
}

export interface GatewayCounts {
  /** Handed to a connection, each message once however often it was retried. */
  sent: number;
  /** PUBACK received. */
  acked: number;
  /** Publishing failed and was tried again. */
  retried: number;
  /** The broker answered with an MQTT 5 refusal (reason code from 0x80 up): not repeated, it would refuse again. */
  refused: number;
}

export interface Gateways {
  readonly counts: Readonly<GatewayCounts>;
  /** Last connection trouble, for a log line; null while all is well. */
  readonly trouble: string | null;
  /** Sends in the given order, each message at its arrival time; resolves when the last is with a connection. */
  send(emissions: Iterable<Emission>): Promise<void>;
  /** Resolves when nothing waits for a PUBACK any more, or nobody waits for it. */
  drained(): Promise<void>;
  /** Waits for `drained`, then disconnects. */
  close(): Promise<void>;
  /** Disconnects at once; what has no PUBACK yet is dropped, and a running `send` returns. */
  abandon(): Promise<void>;
}

/** Between tries of a message that no connection would take, ms; reconnecting itself is the client's. */
const RETRY_MS = 500;

/**
 * Connects a fleet to a broker as equipment would: QoS 1, a bounded number of messages in flight, and an outbox that
 * keeps each message until its PUBACK, through reconnects. The broker may see a message twice; it never misses one.
 */
export function connectGateways(options: GatewayOptions): Gateways {
  const {url, clock, connections = 4, inFlightMax = 200, clientId = 'forestock-fleet'} = options;
  const counts: GatewayCounts = {sent: 0, acked: 0, retried: 0, refused: 0};
  let trouble: string | null = null;
  const lines = Array.from({length: connections}, (_, i) => {
    const client = mqtt.connect(url, {
      clientId: `${clientId}-${i}`,
      protocolVersion: 4,
      reconnectPeriod: RETRY_MS,
      ...options.mqtt,
    });
    client.on('error', (error) => (trouble = error.message));
    client.on('connect', () => {
      trouble = null;
      if (client.stream instanceof Socket) client.stream.setNoDelay(true); // or a burst's last packets wait 40 ms (Nagle)
    });
    return new Line(client, inFlightMax, counts);
  });
  const drained = async (): Promise<void> => {
    await Promise.all(lines.map((line) => line.drained()));
  };

  return {
    counts,
    get trouble() {
      return trouble;
    },
    async send(emissions) {
      for (const emission of emissions) {
        if (emission.arrivesAt > clock.now()) await clock.until(emission.arrivesAt);
        const line = lines[partitionOf(emission.equipmentId, connections)]!;
        if (line.isFull) await line.room();
        if (line.isClosed) return;
        line.publish(emission);
      }
    },
    drained,
    async close() {
      await drained();
      await Promise.all(lines.map((line) => line.end()));
    },
    async abandon() {
      await Promise.all(lines.map((line) => line.end({atOnce: true})));
    },
  };
}

/** One connection with its window of unacknowledged messages. */
class Line {
  readonly #client: MqttClient;
  readonly #max: number;
  readonly #counts: GatewayCounts;
  #inFlight = 0;
  #closed = false;
  #waiting: (() => void)[] = [];

  constructor(client: MqttClient, max: number, counts: GatewayCounts) {
    this.#client = client;
    this.#max = max;
    this.#counts = counts;
  }

  get isFull(): boolean {
    return this.#inFlight >= this.#max && !this.#closed;
  }

  get isClosed(): boolean {
    return this.#closed;
  }

  async room(): Promise<void> {
    while (this.isFull) await this.#change();
  }

  async drained(): Promise<void> {
    while (this.#inFlight > 0 && !this.#closed) await this.#change();
  }

  publish(emission: Emission): void {
    this.#inFlight += 1;
    this.#counts.sent += 1;
    this.#attempt(emission);
  }

  async end({atOnce = false} = {}): Promise<void> {
    this.#closed = true;
    this.#wake();
    await this.#client.endAsync(atOnce);
  }

  /** mqtt.js repeats what was in flight after a reconnect by itself; what it gives back with an error is tried again here. */
  #attempt(emission: Emission): void {
    this.#client.publish(emission.topic, emission.payload, {qos: 1}, (error) => {
      if (!error) this.#counts.acked += 1;
      else if (isRefusal(error)) this.#counts.refused += 1;
      else if (!this.#closed) {
        this.#counts.retried += 1;
        void pause(RETRY_MS).then(() => this.#attempt(emission));
        return;
      }
      this.#inFlight -= 1;
      this.#wake();
    });
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resume of waiting) resume();
  }

  #change(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}

function isRefusal(error: Error): boolean {
  return 'code' in error && typeof error.code === 'number' && error.code >= 0x80;
}
