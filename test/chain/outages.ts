import mqtt from 'mqtt';
import type {MqttClient} from 'mqtt';
import {expect, vi} from 'vitest';
import type {Engine} from '../../cli/engine.ts';
import type {Pool} from '../../platform/pg.ts';

export const PATIENT = {timeout: 50_000, interval: 20};

/** Equipment with an outbox: it sends each message until its PUBACK, over as many connections as it takes. */
export class OutboxDevice {
  /** The payloads that have their PUBACK. */
  readonly ackedPayloads: string[] = [];
  /** Connections that ended, whoever ended them. */
  disconnects = 0;
  readonly #client: MqttClient;

  private constructor(client: MqttClient) {
    this.#client = client;
    client.on('close', () => (this.disconnects += 1));
  }

  static async connect(port: number, clientId = 'outbox-device'): Promise<OutboxDevice> {
    const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${port}`, {
      clientId,
      protocolVersion: 4,
      clean: false,
      reconnectPeriod: 50,
    });
    return new OutboxDevice(client);
  }

  get acked(): number {
    return this.ackedPayloads.length;
  }

  send(topic: string, payload: string): void {
    this.#client.publish(topic, payload, {qos: 1}, (error) => {
      if (!error) this.ackedPayloads.push(payload);
    });
  }

  /** Sends without a pause, `windowMax` at a time without their PUBACK, until there is no next one. */
  stream(next: () => [topic: string, payload: string] | undefined, windowMax: number): void {
    const sendNext = (): void => {
      const message = next();
      if (message === undefined) return;
      this.#client.publish(message[0], message[1], {qos: 1}, (error) => {
        if (error) return;
        this.ackedPayloads.push(message[1]);
        sendNext();
      });
    };
    for (let i = 0; i < windowMax; i += 1) sendNext();
  }

  async hasAcked(messages: number): Promise<void> {
    await vi.waitFor(() => expect(this.acked).toBe(messages), PATIENT);
  }

  /** A question that the broker answers: it has read what came before on other connections, or does not read them. */
  async roundTrip(): Promise<void> {
    await this.#client.subscribeAsync('status/v1/nobody/nothing');
  }

  async close(): Promise<void> {
    await this.#client.endAsync(true);
  }
}

/** The door has been asked and has said "not now", several times: whoever waits for a PUBACK waits on. */
export async function refusedOften(engine: Engine): Promise<void> {
  const before = engine.ingest.counts.refusedForNow;
  await vi.waitFor(() => expect(engine.ingest.counts.refusedForNow).toBeGreaterThan(before + 2), PATIENT);
}

/** Numbered readings of one of the network's machines, a minute apart unless told otherwise. */
export function numbered(
  row: Readonly<Record<string, unknown>>,
  signal: string,
  startAt: number,
  stepMs = 60_000,
): (seq: number) => [topic: string, payload: string] {
  return (seq) => [
    `telemetry/v1/${String(row['site_id'])}/${String(row['equipment_id'])}`,
    JSON.stringify({
      observedAt: new Date(startAt + seq * stepMs).toISOString(),
      boot: 1,
      seq,
      values: {[signal]: 1},
    }),
  ];
}

/** The numbers of what is stored, of all machines, in order: each as often as it is there. */
export async function storedNumbers(pool: Pool): Promise<readonly number[]> {
  const {rows} = await pool.query<{seq: number}>('SELECT seq FROM ingest.reading ORDER BY seq');
  return rows.map(({seq}) => seq);
}

/** 1 … last. */
export function upTo(last: number): readonly number[] {
  return Array.from({length: last}, (_, i) => i + 1);
}
