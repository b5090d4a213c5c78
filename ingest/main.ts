import {readFile} from 'node:fs/promises';
import {OperationalFault, messageOf} from '../domain/fault.ts';
import {DAY_MS} from '../domain/time.ts';
import type {EpochMs} from '../domain/time.ts';
import type {WorldClock} from '../platform/clock.ts';
import {wallClock} from '../platform/clock.ts';
import type {Configuration} from '../platform/configuration.ts';
import type {Logger} from '../platform/log.ts';
import {isLoopback} from '../platform/loopback.ts';
import {Maintenance} from '../platform/maintenance.ts';
import type {NatsConnection} from '../platform/nats.ts';
import {pgLeaseBook} from '../platform/lease-book.ts';
import {parameterInForce} from '../platform/parameters.ts';
import {PartitionLeases, processName} from '../platform/partition-leases.ts';
import type {Pool} from '../platform/pg.ts';
import {PgDeadLetterStore} from './adapters/dead-letters.ts';
import {PgEquipmentDirectory} from './adapters/directory.ts';
import {DeviceGuard} from './adapters/device-guard.ts';
import {openDeviceLogins} from './adapters/device-logins.ts';
import {EmbeddedDoor} from './adapters/embedded-door.ts';
import type {EmbeddedDoorOptions} from './adapters/embedded-door.ts';
import {createInProcessBus} from './adapters/in-process-bus.ts';
import {openJetStreamBus} from './adapters/jetstream-bus.ts';
import {ExternalMqttDoor} from './adapters/mqtt-door.ts';
import {PgSilenceStore} from './adapters/silence-store.ts';
import {PgSparkplugBirths} from './adapters/sparkplug-births.ts';
import type {IngestApiPorts} from './api.ts';
import type {ReadingsBus} from './bus.ts';
import {DOOR_LIMITS} from './core/judge.ts';
import type {DoorLimits} from './core/judge.ts';
import {PROFILES} from './core/profile.ts';
import type {Profile} from './core/profile.ts';
import {readOwnProfiles} from './core/own-profile.ts';
import {isEventTopic, topicFilter} from './core/topic.ts';
import {sha256Key} from './message-key.ts';
import type {DeviceLogins, EquipmentDirectory, MqttDoor} from './ports.ts';
import {EnvelopeSink} from './reading-sink.ts';
import {DoorService} from './service.ts';
import {SilenceService} from './silence-service.ts';
import {SparkplugRegistry} from './sparkplug-registry.ts';
import {claimHeads} from './store/ownership.ts';
import type {Ownership} from './store/ownership.ts';
import {pgStoreDatabase} from './store/pg-database.ts';
import {storeUpkeep} from './store/upkeep.ts';
import {startStore} from './store/store-service.ts';
import type {StoreMetrics} from './store/store-service.ts';

export interface IngestOptions {
  readonly configuration: Configuration;
  readonly pool: Pool;
  readonly clock: WorldClock;
  readonly log: Logger;
  /** Where readings go; the store, here or elsewhere, takes them from there. */
  readonly bus: ReadingsBus;
  readonly limits?: DoorLimits;
}

export interface StoreOptions extends IngestOptions {
  /** Rows of these partitions were committed. */
  readonly stored: (partitions: readonly number[]) => void;
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
  readonly counts: IngestCounts;
  /** What the commands and queries of api.ts work on. */
  readonly api: IngestApiPorts;
  /** Looks for equipment that says nothing, by world time, and for profiles that have been stated since. */
  watch(): Promise<void>;
  stop(): Promise<void>;
}

/** The store's side of the bus. */
export interface Storing {
  readonly metrics: StoreMetrics;
  /** The nightly round of the store's tables, if it is due. @returns 1 when it was. */
  maintain(): Promise<number>;
  /** Gives its partitions back; after the bus has closed. */
  stop(): Promise<void>;
}

/** How long a message may wait for company in its envelope on the way to JetStream. */
const JETSTREAM_LINGER_MS = 5;
/** Messages that may wait for their commit when telemetry does, too: what the embedded door takes in hand, in packets of 16. */
const STRICT_MESSAGES_MAX = 65_536;
/** Stable, so that the broker keeps the session, and what came meanwhile, over a restart. */
const CLIENT_ID = 'forestock-ingest';
/** Several processes share each topic but Sparkplug's; a message goes to one of them. */
const SHARE_NAME = 'forestock';
const SPARKPLUG_FILTER = 'spBv1.0/#';

/** The bus between doors and store: in the process, or the JetStream behind the connection. Close it after its users. */
export async function openReadingsBus(
  {partitions, strictTelemetry}: Configuration,
  nats: NatsConnection | undefined,
  log: Logger,
): Promise<ReadingsBus> {
  if (nats === undefined) return createInProcessBus();
  const strict = strictTelemetry ? {commitMessagesMax: STRICT_MESSAGES_MAX} : {};
  return openJetStreamBus({connection: nats, partitions, log, ...strict});
}

/** Wires the store to its side of the bus. Start it before a door opens. */
export async function startStoring(options: StoreOptions): Promise<Storing> {
  const {configuration, pool, clock, log, bus, stored} = options;
  const {partitions, natsUrl} = configuration;
  let forget = (): void => undefined;
  const ownership =
    natsUrl === undefined
      ? await ownEverything(pool, partitions)
      : new PartitionLeases({
          book: pgLeaseBook(pool, claimHeads),
          stage: 'store',
          partitions,
          owner: processName(),
          log,
          changed: (owned) => {
            forget();
            log.info({stage: 'store', partitions: owned}, 'partitions of this process');
          },
        });
  if (ownership instanceof PartitionLeases) await ownership.start();
  const store = await startStore({
    database: pgStoreDatabase(pool),
    bus,
    ownership,
    now: () => clock.now(),
    log,
    stored,
  });
  forget = () => store.forget();
  const upkeeps = storeUpkeep(pool, configuration);
  const maintenance = new Maintenance(pool, {stage: 'store', upkeeps, log});
  return {
    metrics: store.metrics,
    maintain: () => maintenance.runOnce(clock.now()),
    async stop() {
      if (ownership instanceof PartitionLeases) await ownership.stop();
    },
  };
}

/** With the bus inside there is one store: the process that started last takes over, and the one before it writes no more. */
async function ownEverything(pool: Pool, partitions: number): Promise<Ownership> {
  const owned = await claimHeads(
    pool,
    Array.from({length: partitions}, (_, no) => no),
  );
  return {owned: () => owned};
}

/** Wires door and sink. */
export async function startIngest({
  configuration,
  pool,
  clock,
  log,
  bus,
  limits,
}: IngestOptions): Promise<Ingest> {
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
  const profiles = new StatedProfiles(pool, log);
  await profiles.read(clock.now());
  const door = await openDoor(configuration, {logins: openDeviceLogins(pool, clock), profiles, log});
  const doors = new DoorService(
    {
      door,
      sink,
      directory,
      deadLetters,
      keyOf: sha256Key,
      clocks: {worldNow: () => clock.now(), wallNow: () => wallClock.now()},
      metrics: countInto(counts),
      log,
    },
    {
      strictTelemetry: configuration.strictTelemetry,
      sparkplug: new SparkplugRegistry(new PgSparkplugBirths(pool), door, log),
      limits: limits ?? keptLimits(configuration),
      profiles: profiles.all,
    },
  );
  const silence = new SilenceService(new PgSilenceStore(pool), door, clock.now());
  const {port} = await doors.start();
  return {
    mqttPort: port,
    door,
    doors,
    directory,
    deadLetters,
    counts,
    api: {deadLetters, directory, sink, service: doors},
    watch: async () => {
      const before = profiles.all;
      const now = await profiles.read(clock.now());
      if (now !== before) doors.useProfiles(now);
      await silence.runOnce(clock.now());
    },
    stop: () => doors.stop(),
  };
}

/** A message older than what is kept would be judged without its neighbours, and dropped the next night. */
function keptLimits({keepReadingsDays}: Configuration): DoorLimits {
  return {...DOOR_LIMITS, ageMsMax: Math.min(DOOR_LIMITS.ageMsMax, keepReadingsDays * DAY_MS)};
}

/** The profiles that come with the product, and those that the installation has stated. */
class StatedProfiles {
  readonly #pool: Pool;
  readonly #log: Logger;
  #stated = '{}';
  #all: readonly Profile[] = PROFILES;

  constructor(pool: Pool, log: Logger) {
    this.#pool = pool;
    this.#log = log;
  }

  get all(): readonly Profile[] {
    return this.#all;
  }

  /** @returns the same list as before where nothing has changed. */
  async read(now: EpochMs): Promise<readonly Profile[]> {
    const stated = await parameterInForce(this.#pool, 'ingest.profiles', now);
    const text = JSON.stringify(stated);
    if (text === this.#stated) return this.#all;
    this.#stated = text;
    const own = readOwnProfiles(stated, (problem) =>
      this.#log.error({problem}, 'a profile cannot be read and is left out; correct it'),
    );
    this.#log.info({profiles: own.map(({name}) => name)}, 'own profiles in force');
    this.#all = [...PROFILES, ...own];
    return this.#all;
  }
}

async function openDoor(
  configuration: Configuration,
  {
    logins,
    profiles,
    log,
  }: {readonly logins: DeviceLogins; readonly profiles: StatedProfiles; readonly log: Logger},
): Promise<MqttDoor> {
  const {mqttUrl, mqttHost, mqttPort, mqttAnonymous, instance} = configuration;
  if (mqttUrl === undefined) {
    const guard = new DeviceGuard({
      logins,
      anonymous: mqttAnonymous ?? isLoopback(mqttHost),
      templates: () => profiles.all.map(({topicTemplate}) => topicTemplate),
    });
    const tls = await readTls(configuration);
    return new EmbeddedDoor({port: mqttPort, host: mqttHost, guard, ...(tls && {tls})}, log);
  }
  const filters = profiles.all.map((profile) => topicFilter(profile.topicTemplate));
  return new ExternalMqttDoor(
    {
      url: mqttUrl,
      clientId: instance === undefined ? CLIENT_ID : `${CLIENT_ID}-${instance}`,
      ...(instance === undefined ? {} : {shareName: SHARE_NAME}),
      eventFilters: filters.filter(isEventTopic),
      filters: filters.filter((filter) => !isEventTopic(filter)),
      // Half of a node's messages would be a sequence of holes. Each process stores them all, under the same keys.
      wholeFilters: [SPARKPLUG_FILTER],
    },
    log,
  );
}

async function readTls({
  mqttTlsCert,
  mqttTlsKey,
  mqttTlsClientCa,
}: Configuration): Promise<EmbeddedDoorOptions['tls']> {
  if (mqttTlsCert === undefined || mqttTlsKey === undefined) return undefined;
  const read = (file: string): Promise<Buffer> =>
    readFile(file).catch((cause: unknown) => {
      const message = `file ${file}: ${messageOf(cause)}; name a PEM file in MQTT_TLS_…`;
      throw new OperationalFault('file-unreadable', message, {retryable: false, cause});
    });
  const [cert, key] = await Promise.all([read(mqttTlsCert), read(mqttTlsKey)]);
  return {cert, key, ...(mqttTlsClientCa !== undefined && {ca: await read(mqttTlsClientCa)})};
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

export {openDeviceLogins} from './adapters/device-logins.ts';
export type {ReadingsBus} from './bus.ts';
export {importHistory} from './store/import-history.ts';
export type {PastEntry} from './store/import-history.ts';
