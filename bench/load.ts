import {setTimeout as pause} from 'node:timers/promises';
import {MqttSender} from './mqtt-sender.ts';
import {machineId, SITE, signalName} from './network.ts';
import {quantile} from './quantiles.ts';

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
  /** Closed loop: ends after this many messages, however long they take; without it, after `seconds`. */
  readonly messages?: number;
  /** Counts machine starts up, so that a second run's messages are new. */
  readonly boot: number;
}

/** What it reports, as one JSON line. */
export interface LoadResult {
  /** Epoch milliseconds of the first message. */
  readonly startedAt: number;
  readonly sent: number;
  readonly acked: number;
  /** PUBACKs a second between warm-up and end. */
  readonly ackedPerSecond: number;
  readonly pubackMs: {readonly p50: number; readonly p99: number};
}

const TICK_MS = 5;

/** A process of its own, so that what it costs is not measured as the service's. */
async function generate(plan: LoadPlan): Promise<LoadResult> {
  const senders = await Promise.all(
    Array.from({length: plan.connections}, (_, i) => MqttSender.connect(plan.url, `bench-${plan.boot}-${i}`)),
  );
  const seqs = new Uint32Array(plan.machines);
  const latencies: number[] = [];
  const startedAt = Date.now();
  const countFrom = performance.now() + plan.warmUpSeconds * 1000;
  const endAt = plan.messages === undefined ? countFrom + plan.seconds * 1000 : Infinity;
  const most = plan.messages ?? Infinity;
  let sent = 0;
  let acked = 0;

  const publish = (sender: MqttSender): void => {
    const machine = sent % plan.machines;
    sent += 1;
    const payload = payloadOf(plan, (seqs[machine]! += 1), sent);
    sender.publish(`telemetry/v1/${SITE}/${machineId(machine)}`, payload);
  };
  const closed = plan.perSecond === undefined;
  for (const sender of senders) {
    sender.acked = (ms) => {
      const now = performance.now();
      acked += 1;
      if (now >= countFrom && now < endAt) latencies.push(ms);
      if (closed && now < endAt && sent < most) publish(sender);
    };
    if (closed) for (let i = 0; i < plan.inFlightMax && sent < most; i += 1) publish(sender);
  }
  if (plan.perSecond !== undefined) await openLoop(senders, plan.perSecond, endAt, publish);
  else if (plan.messages === undefined) await pause(endAt - performance.now());
  else while (sent < most) await pause(10);
  while (acked < sent) await pause(10);
  for (const sender of senders) sender.close();
  return {
    startedAt,
    sent,
    acked,
    ackedPerSecond: latencies.length / plan.seconds,
    pubackMs: {p50: quantile(latencies, 0.5), p99: quantile(latencies, 0.99)},
  };
}

/** Sends what is due by the clock; slowness of the service does not slow the sender, so queues show in the latency. */
async function openLoop(
  senders: readonly MqttSender[],
  perSecond: number,
  endAt: number,
  publish: (sender: MqttSender) => void,
): Promise<void> {
  const startAt = performance.now();
  let due = 0;
  for (let now = startAt; now < endAt; now = performance.now()) {
    const until = ((now - startAt) / 1000) * perSecond;
    for (; due < until; due += 1) publish(senders[due % senders.length]!);
    await pause(TICK_MS);
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
