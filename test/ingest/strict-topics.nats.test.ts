import mqtt from 'mqtt';
import type {MqttClient} from 'mqtt';
import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest';
import {openJetStreamBus} from '../../ingest/adapters/jetstream-bus.ts';
import type {ReadingsBus} from '../../ingest/bus.ts';
import {startIngest, startStoring} from '../../ingest/main.ts';
import type {Ingest, Storing} from '../../ingest/main.ts';
import {wallClock} from '../../platform/clock.ts';
import {readConfiguration} from '../../platform/configuration.ts';
import {silentLogger} from '../../platform/log.ts';
import {openNats} from '../../platform/nats.ts';
import {openPool} from '../../platform/pg.ts';
import {openTestDatabase} from '../support/database.ts';
import type {TestDatabase} from '../support/database.ts';
import {mosquittoMissing, startMosquitto} from '../support/mosquitto.ts';
import type {Mosquitto} from '../support/mosquitto.ts';
import {NatsServer, natsMissing} from '../support/nats-server.ts';
import {installBase} from './installed-base.ts';

const PATIENT = {timeout: 30_000, interval: 20};
const [TELEMETRY, EVENTS] = ['forestock-ingest-telemetry', 'forestock-ingest-event'];
const CLOCK = {mode: 'real', now: () => wallClock.now()} as const;

describe.skipIf(natsMissing || mosquittoMissing)('strict topics, with broker and bus connected', () => {
  let database: TestDatabase;
  let broker: Mosquitto;
  let nats: NatsServer;
  let equipment: MqttClient;
  const opened: (() => Promise<unknown>)[] = [];
  let seq = 0;

  beforeEach(async () => {
    [broker, nats, database] = await Promise.all([
      startMosquitto({watched: true}),
      NatsServer.start(),
      openTestDatabase(),
    ]);
    const owner = openPool({url: database.ownerUrl, role: 'forestock_network', max: 1});
    await installBase(owner, ['CH-0001']);
    await owner.end();
    equipment = await mqtt.connectAsync(`mqtt://127.0.0.1:${broker.port}`, {protocolVersion: 5});
  });
  afterEach(async () => {
    await equipment.endAsync();
    for (const close of opened.splice(0).reverse()) await close();
    await Promise.all([broker.stop(), nats.stop()]);
  });

  /** What a process opens before its stages. */
  async function open(env: Readonly<Record<string, string>>, bus: {commitWaitMs?: number} = {}) {
    const configuration = readConfiguration({
      DATABASE_URL: database.ownerUrl,
      NATS_URL: nats.url,
      MQTT_URL: `mqtt://127.0.0.1:${broker.port}`,
      FORESTOCK_PARTITIONS: '4',
      ...env,
    });
    const log = silentLogger();
    const connection = await openNats(nats.url, 'test', log);
    opened.push(() => connection.close());
    const readings: ReadingsBus = await openJetStreamBus({connection, partitions: 4, log, ...bus});
    return {configuration, pool: database.poolFor('forestock_ingest'), clock: CLOCK, log, bus: readings};
  }

  async function startDoors(
    env: Readonly<Record<string, string>> = {},
    commitWaitMs = 60_000,
  ): Promise<Ingest> {
    const base = await open(env, {commitWaitMs});
    const ingest = await startIngest(base);
    // At once: a bus that closes lets go of those who wait for a store that never came.
    opened.push(() => Promise.all([ingest.stop(), base.bus.close()]));
    return ingest;
  }

  async function startStore(): Promise<Storing> {
    const base = await open({});
    const storing = await startStoring({...base, stored: () => undefined});
    opened.push(
      () => storing.stop(),
      () => base.bus.close(),
    );
    return storing;
  }

  const send = (topic: string, body: object): Promise<unknown> =>
    equipment.publishAsync(
      `${topic}/v1/AMS/CH-0001`,
      JSON.stringify({observedAt: new Date().toISOString(), boot: 1, seq: (seq += 1), ...body}),
      {qos: 1},
    );
  const sendEvent = (): Promise<unknown> => send('event', {type: 'error', code: 'error3'});
  const sendReading = (): Promise<unknown> => send('telemetry', {values: {temperature_c: 4}});
  const pubacks = (session: string, count: number): Promise<void> =>
    vi.waitFor(() => expect(broker.pubacksFrom(session)).toBe(count), PATIENT);
  const stored = async (table: 'reading' | 'equipment_event'): Promise<number> => {
    const found = await database
      .poolFor('forestock_ingest')
      .query<{count: number}>(`SELECT count(*)::int AS count FROM ingest.${table}`);
    return found.rows[0]!.count;
  };

  it('A1 without a store an event gets no PUBACK and telemetry does; with it the event gets its own', async () => {
    const ingest = await startDoors();
    await sendEvent();
    for (let i = 0; i < 5; i += 1) await sendReading();
    await pubacks(TELEMETRY, 5); // … which came after the event
    expect(ingest.counts).toMatchObject({packets: 6, accepted: 5, refusedForNow: 0});
    expect(broker.pubacksFrom(EVENTS)).toBe(0);

    await startStore();
    await pubacks(EVENTS, 1);
    expect(await stored('equipment_event')).toBe(1);
    await vi.waitFor(async () => expect(await stored('reading')).toBe(5), PATIENT);
  });

  it('A1 an event that waited too long is asked for again, as often as it takes, and stored once', async () => {
    const ingest = await startDoors({}, 100);
    await sendEvent();
    await vi.waitFor(() => expect(ingest.counts.refusedForNow).toBeGreaterThan(1), PATIENT);
    expect(broker.pubacksFrom(EVENTS)).toBe(0);
    await sendReading();
    await pubacks(TELEMETRY, 1);

    await startStore();
    await pubacks(EVENTS, 1);
    expect(await stored('equipment_event')).toBe(1);
  });

  it('A1 strict telemetry waits for the commit as well', async () => {
    const ingest = await startDoors({FORESTOCK_STRICT_TELEMETRY: 'true'}, 100);
    await sendReading();
    await vi.waitFor(() => expect(ingest.counts.refusedForNow).toBeGreaterThan(1), PATIENT);
    expect(broker.pubacksFrom(TELEMETRY)).toBe(0);
    await startStore();
    await pubacks(TELEMETRY, 1);
    expect(await stored('reading')).toBe(1);
  });
});
