import {rmSync} from 'node:fs';
import {setTimeout as pause} from 'node:timers/promises';
import {startEmbeddedPostgres} from '../platform/embedded-postgres.ts';
import {silentLogger} from '../platform/log.ts';
import {openFolder} from '../test/support/open-folder.ts';
import {NatsServer} from '../test/support/nats-server.ts';
import {startMosquitto} from '../test/support/mosquitto.ts';
import {load, repeat} from './measure.ts';
import type {Effort, Figure} from './measure.ts';
import {startService} from './service.ts';
import type {Service} from './service.ts';

const MACHINES = 2000;

/** QoS 1 messages of 4 values, PUBACK after the commit, all stages running, everything in one process but PostgreSQL. */
export async function embedded({runs, seconds}: Effort): Promise<Figure[]> {
  const service = await startService(MACHINES);
  try {
    return await repeat(
      'embedded',
      runs,
      (nth) => measure(service, {values: 4, connections: 8, inFlightMax: 500, seconds, nth}),
      {
        messages: {unit: 'messages/s, PUBACK after commit', goal: {atLeast: 8000}},
        pubackP50: {unit: 'ms'},
        pubackP99: {unit: 'ms'},
      },
    );
  } finally {
    await service.stop();
  }
}

/** QoS 1 messages of 20 values through mosquitto, JetStream and a durable PostgreSQL, all on this machine. */
export async function connected({runs, seconds}: Effort): Promise<Figure[]> {
  const dataDir = openFolder('bench-postgres');
  const [broker, nats, database] = await Promise.all([
    startMosquitto(),
    NatsServer.start(),
    startEmbeddedPostgres({dataDir, log: silentLogger()}),
  ]);
  const service = await startService(MACHINES, {
    MQTT_URL: `mqtt://127.0.0.1:${broker.port}`,
    NATS_URL: nats.url,
    DATABASE_URL: database.ownerUrl,
  });
  try {
    return await repeat('connected', runs, (nth) => through(service, seconds, nth), {
      accepted: {unit: "messages/s, our PUBACK after the bus's promise", goal: {atLeast: 6000}},
      stored: {unit: 'messages/s committed, until the last one sent'},
    });
  } finally {
    await service.stop();
    await database.stop();
    await Promise.all([broker.stop(), nats.stop()]);
    rmSync(dataDir, {recursive: true, force: true});
  }
}

/** The broker answers the sender by itself, so what counts is when the last message sent has passed us. */
async function through(service: Service, seconds: number, nth: number): Promise<Record<string, number>> {
  const {counts} = service.engine.ingest;
  const {metrics} = service.engine.storing;
  const before = {accepted: counts.accepted, stored: metrics.stored};
  const startedAt = performance.now();
  const {sent = 0} = await measure(service, {values: 20, connections: 8, inFlightMax: 200, seconds, nth});
  const rateOnce = async (done: () => number): Promise<number> => {
    while (done() < sent) await pause(10);
    return Math.round((1000 * sent) / (performance.now() - startedAt));
  };
  const accepted = await rateOnce(() => counts.accepted - before.accepted);
  return {accepted, stored: await rateOnce(() => metrics.stored - before.stored)};
}

async function measure(
  {mqttUrl}: Service,
  plan: {
    readonly values: number;
    readonly connections: number;
    readonly inFlightMax: number;
    readonly seconds: number;
    readonly nth: number;
  },
): Promise<Record<string, number>> {
  const result = await load({
    url: mqttUrl,
    connections: plan.connections,
    inFlightMax: plan.inFlightMax,
    machines: MACHINES,
    valuesPerMessage: plan.values,
    seconds: plan.seconds,
    warmUpSeconds: 3,
    boot: plan.nth,
  });
  return {
    sent: result.sent,
    messages: Math.round(result.ackedPerSecond),
    pubackP50: Math.round(result.pubackMs.p50),
    pubackP99: Math.round(result.pubackMs.p99),
  };
}
