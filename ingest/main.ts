import type {WorldClock} from '../platform/clock.ts';
import {wallClock} from '../platform/clock.ts';
import type {Configuration} from '../platform/configuration.ts';
import type {Logger} from '../platform/log.ts';
import type {Pool} from '../platform/pg.ts';
import {PgDeadLetterStore} from './adapters/dead-letters.ts';
import {PgEquipmentDirectory} from './adapters/directory.ts';
import {EmbeddedDoor} from './adapters/embedded-door.ts';
import {createInProcessBus} from './adapters/in-process-bus.ts';
import {ExternalMqttDoor} from './adapters/mqtt-door.ts';
import type {ReadingsBus} from './bus.ts';
import type {DoorLimits} from './core/judge.ts';
import {PROFILES} from './core/profile.ts';
import {topicFilter} from './core/topic.ts';
import {sha256Hashes} from './message-key.ts';
import type {EquipmentDirectory, MqttDoor} from './ports.ts';
import {EnvelopeSink} from './reading-sink.ts';
import {DoorService} from './service.ts';
import {startStore} from './store/store-service.ts';
import type {StoreMetrics} from './store/store-service.ts';

export interface IngestOptions {
  readonly configuration: Configuration;
  readonly pool: Pool;
  readonly clock: WorldClock;
  readonly log: Logger;
  /** Rows of these partitions were committed. */
  readonly stored: (partitions: readonly number[]) => void;
  readonly limits?: DoorLimits;
}

export interface IngestCounts {
  packets: number;
  accepted: number;
  rejected: Record<string, number>;
  refusedForNow: number;
  quarantineOverflow: number;
}

export interface Ingest {
  /** Port of the embedded listener. */
  readonly mqttPort: number | undefined;
  readonly door: MqttDoor;
  readonly doors: DoorService;
  readonly directory: EquipmentDirectory;
  readonly deadLetters: PgDeadLetterStore;
  readonly bus: ReadingsBus;
  readonly counts: IngestCounts;
  readonly store: StoreMetrics;
  stop(): Promise<void>;
}

/** How long a message may wait for company in its envelope on the way to JetStream. */
const JETSTREAM_LINGER_MS = 5;
/** Stable, so that the broker keeps the session, and what came meanwhile, over a restart. */
const CLIENT_ID = 'forestock-ingest';

/** Wires door, bus and store; the store runs before the door opens, and stops after it. */
export async function startIngest({
  configuration,
  pool,
  clock,
  log,
  stored,
  limits,
}: IngestOptions): Promise<Ingest> {
  const bus = createInProcessBus();
  const store = await startStore({pool, bus, now: () => clock.now(), log, stored});
  const sink = new EnvelopeSink(bus, {
    partitions: configuration.partitions,
    lingerMs: configuration.natsUrl === undefined ? 0 : JETSTREAM_LINGER_MS,
  });
  const counts: IngestCounts = {
    packets: 0,
    accepted: 0,
    rejected: {},
    refusedForNow: 0,
    quarantineOverflow: 0,
  };
  const directory = new PgEquipmentDirectory(pool);
  const deadLetters = new PgDeadLetterStore(pool);
  const door = openDoor(configuration, log);
  const doors = new DoorService(
    {
      door,
      sink,
      directory,
      deadLetters,
      hashes: sha256Hashes,
      clocks: {worldNow: () => clock.now(), wallNow: () => wallClock.now()},
      metrics: countInto(counts),
      log,
    },
    limits === undefined ? {} : {limits},
  );
  const {port} = await doors.start();
  return {
    mqttPort: port,
    door,
    doors,
    directory,
    deadLetters,
    bus,
    counts,
    store,
    async stop() {
      await doors.stop();
      await bus.close();
    },
  };
}

function openDoor({mqttUrl, mqttHost, mqttPort}: Configuration, log: Logger): MqttDoor {
  if (mqttUrl === undefined) return new EmbeddedDoor({port: mqttPort, host: mqttHost}, log);
  const filters = PROFILES.map((profile) => topicFilter(profile.topicTemplate));
  const isEvent = (filter: string): boolean => filter.startsWith('event/');
  return new ExternalMqttDoor(
    {
      url: mqttUrl,
      clientId: CLIENT_ID,
      eventFilters: filters.filter(isEvent),
      filters: filters.filter((filter) => !isEvent(filter)),
    },
    log,
  );
}

function countInto(counts: IngestCounts): ConstructorParameters<typeof DoorService>[0]['metrics'] {
  return {
    packet: () => (counts.packets += 1),
    accepted: (messages) => (counts.accepted += messages),
    rejected: (reason) => (counts.rejected[reason] = (counts.rejected[reason] ?? 0) + 1),
    refusedForNow: () => (counts.refusedForNow += 1),
    quarantineOverflow: (letters) => (counts.quarantineOverflow += letters),
  };
}
