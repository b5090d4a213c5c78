import mqtt from 'mqtt';
import type {MqttClient} from 'mqtt';
import {expect, vi} from 'vitest';
import type {Engine} from '../../cli/engine.ts';

export const PATIENT = {timeout: 25_000, interval: 20};

/** Equipment with an outbox: it sends each message until its PUBACK, over as many connections as it takes. */
export class OutboxDevice {
  readonly #client: MqttClient;
  acked = 0;

  private constructor(client: MqttClient) {
    this.#client = client;
  }

  static async connect(engine: Engine): Promise<OutboxDevice> {
    const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${engine.ingest.mqttPort!}`, {
      clientId: 'outbox-device',
      protocolVersion: 4,
      clean: false,
      reconnectPeriod: 50,
    });
    return new OutboxDevice(client);
  }

  send(topic: string, payload: string): void {
    this.#client.publish(topic, payload, {qos: 1}, (error) => {
      if (!error) this.acked += 1;
    });
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

/** Numbered readings of one of the network's machines, a minute apart. */
export function numbered(
  row: Readonly<Record<string, unknown>>,
  signal: string,
  startAt: number,
): (seq: number) => [topic: string, payload: string] {
  return (seq) => [
    `telemetry/v1/${String(row['site_id'])}/${String(row['equipment_id'])}`,
    JSON.stringify({
      observedAt: new Date(startAt + seq * 60_000).toISOString(),
      boot: 1,
      seq,
      values: {[signal]: 1},
    }),
  ];
}
