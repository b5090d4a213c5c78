import mqtt from 'mqtt';
import type {MqttClient} from 'mqtt';
import {machineId, SITE, signalName} from './network.ts';

/** What the generator is told, as JSON in its first argument. */
export interface LoadPlan {
  readonly url: string;
  readonly connections: number;
  /** Messages without PUBACK per connection; closed loop: the next goes out as soon as one comes back. */
  readonly inFlightMax: number;
  readonly machines: number;
  readonly valuesPerMessage: number;
  readonly seconds: number;
  /** Messages of this many first seconds are sent and not counted. */
  readonly warmUpSeconds: number;
  /** Open loop: messages a second over all connections, whatever the answers do. Absent: closed loop. */
  readonly perSecond?: number;
  /** Counts machine starts up, so that a second run's messages are new. */
  readonly boot: number;
}

/** What it reports, as one JSON line. */
export interface LoadResult {
  readonly sent: number;
  readonly acked: number;
  /** PUBACKs a second between warm-up and end. */
  readonly ackedPerSecond: number;
  readonly pubackMs: {readonly p50: number; readonly p99: number};
}

const TICK_MS = 5;

/** A process of its own, so that what it costs is not measured as the service's. */
async function generate(plan: LoadPlan): Promise<LoadResult> {
  const clients = await Promise.all(
    Array.from({length: plan.connections}, (_, i) =>
      mqtt.connectAsync(plan.url, {
        protocolVersion: 4,
        clientId: `bench-${plan.boot}-${i}`,
        writeCache: false,
      }),
    ),
  );
  const seqs = new Uint32Array(plan.machines);
  const latencies: number[] = [];
  const startAt = performance.now();
  const countFrom = startAt + plan.warmUpSeconds * 1000;
  const endAt = countFrom + plan.seconds * 1000;
  let sent = 0;
  let acked = 0;
  let counted = 0;

  const publish = (client: MqttClient, then: () => void): void => {
    const machine = sent % plan.machines;
    const sentAt = performance.now();
    sent += 1;
    const payload = payloadOf(plan, (seqs[machine]! += 1), sent);
    client.publish(`telemetry/v1/${SITE}/${machineId(machine)}`, payload, {qos: 1}, () => {
      const now = performance.now();
      acked += 1;
      if (now >= countFrom && now < endAt) {
        counted += 1;
        latencies.push(now - sentAt);
      }
      then();
    });
  };
  if (plan.perSecond === undefined) await closedLoop(clients, plan.inFlightMax, endAt, publish);
  else await openLoop(clients, plan.perSecond, endAt, publish);
  while (acked < sent) await new Promise((resolve) => setTimeout(resolve, 10));
  for (const client of clients) await client.endAsync();
  latencies.sort((a, b) => a - b);
  const quantile = (q: number): number => latencies[Math.floor(q * (latencies.length - 1))] ?? NaN;
  return {
    sent,
    acked,
    ackedPerSecond: counted / plan.seconds,
    pubackMs: {p50: quantile(0.5), p99: quantile(0.99)},
  };
}

type Publish = (client: MqttClient, then: () => void) => void;

async function closedLoop(
  clients: readonly MqttClient[],
  inFlightMax: number,
  endAt: number,
  publish: Publish,
): Promise<void> {
  await Promise.all(
    clients.map(
      (client) =>
        new Promise<void>((resolve) => {
          let inFlight = inFlightMax;
          const next = (): void => {
            if (performance.now() < endAt) publish(client, next);
            else if ((inFlight -= 1) === 0) resolve();
          };
          for (let i = 0; i < inFlightMax; i += 1) publish(client, next);
        }),
    ),
  );
}

/** Sends what is due by the clock; slowness of the service does not slow the sender, so queues show in the latency. */
async function openLoop(
  clients: readonly MqttClient[],
  perSecond: number,
  endAt: number,
  publish: Publish,
): Promise<void> {
  const startAt = performance.now();
  let due = 0;
  for (let now = startAt; now < endAt; now = performance.now()) {
    const until = ((now - startAt) / 1000) * perSecond;
    for (; due < until; due += 1) publish(clients[due % clients.length]!, () => undefined);
    await new Promise((resolve) => setTimeout(resolve, TICK_MS));
  }
}

function payloadOf({valuesPerMessage, boot}: LoadPlan, seq: number, salt: number): string {
  let values = '';
  for (let i = 0; i < valuesPerMessage; i += 1) {
    values += `${i === 0 ? '' : ','}"${signalName(i)}":${((salt * 31 + i * 17) % 10_000) / 100}`;
  }
  return `{"observedAt":"${new Date().toISOString()}","boot":${boot},"seq":${seq},"values":{${values}}}`;
}

console.log(JSON.stringify(await generate(JSON.parse(process.argv[2]!) as LoadPlan)));
