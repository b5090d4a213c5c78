import type {ReadingsBus} from '../ingest/bus.ts';
import type {MqttDoor} from '../ingest/ports.ts';
import {EnvelopeSink} from '../ingest/reading-sink.ts';
import {startStore} from '../ingest/store/store-service.ts';
import {PartitionLeases} from '../platform/partition-leases.ts';
import {doorService} from './door.ts';
import type {Process} from './line.ts';
import type {MemoryLeases} from './memory-leases.ts';
import {DatabaseLine, storeDatabase} from './store-database.ts';
import {BOOTS_CACHED_MAX, PARTITIONS} from './world.ts';
import type {World} from './world.ts';

/** How long a message waits for company on its way to the bus, as in ingest/main.ts. */
const LINGER_MS = 5;

/** A process of the product, as long as it runs. */
export interface Stage {
  /** Answers what is in hand, then ends. */
  stop(): Promise<void>;
}

export function lineToDatabase({line, weather, database}: World, process: Process): DatabaseLine {
  const {server, transactions} = database;
  return new DatabaseLine(transactions, {server, line, process, weather});
}

/** A process that is a door only. */
export async function startDoor(
  world: World,
  process: Process,
  {door, bus}: {readonly door: MqttDoor; readonly bus: ReadingsBus},
): Promise<Stage> {
  const sink = new EnvelopeSink(bus, {partitions: PARTITIONS, lingerMs: LINGER_MS});
  const service = doorService(world, {process, line: lineToDatabase(world, process), door, sink});
  await service.start();
  return {
    async stop() {
      await service.stop();
      await bus.close();
    },
  };
}

/** A process that is a store only: it takes its share of the partitions under leases. */
export async function startLeasedStore(
  world: World,
  process: Process,
  {bus, leases}: {readonly bus: ReadingsBus; readonly leases: MemoryLeases},
): Promise<Stage> {
  const line = lineToDatabase(world, process);
  const {tables} = world.database;
  const log = world.log(process.name);
  let forget = (): void => undefined;
  const ownership = new PartitionLeases({
    book: leases.book(line, (transaction, partitions) =>
      tables.claimHeads(transaction, partitions, process.name),
    ),
    stage: 'store',
    partitions: PARTITIONS,
    owner: process.name,
    member: world.random.integer(0, 2 ** 31 - 1),
    log,
    changed: (owned) => {
      forget();
      log.info({partitions: owned}, 'partitions of this process');
    },
  });
  process.onDeath(() => void ownership.stop());
  await ownership.start();
  const store = await startStore({
    database: storeDatabase(line, tables),
    bus,
    ownership,
    now: () => world.time.now(),
    log,
    stored: () => undefined,
    bootsCachedMax: BOOTS_CACHED_MAX,
  });
  forget = () => store.forget();
  return {
    async stop() {
      await bus.close();
      await ownership.stop();
    },
  };
}
