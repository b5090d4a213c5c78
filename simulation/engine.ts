import {createInProcessBus} from '../ingest/adapters/in-process-bus.ts';
import type {ReadingsBus} from '../ingest/bus.ts';
import type {MqttDoor} from '../ingest/ports.ts';
import {EnvelopeSink} from '../ingest/reading-sink.ts';
import type {DoorService} from '../ingest/service.ts';
import {startStore} from '../ingest/store/store-service.ts';
import {doorService} from './door.ts';
import type {Process} from './line.ts';
import {DatabaseLine, storeDatabase} from './store-database.ts';
import {BOOTS_CACHED_MAX, PARTITIONS} from './world.ts';
import type {World} from './world.ts';

/** Small, so that queues fill up. */
const ENVELOPES_MAX = 8;
const BATCH_MESSAGES_MAX = 6;
const ALL_PARTITIONS = Array.from({length: PARTITIONS}, (_, no) => no);

/** Door, bus and store in one process, as a small installation runs them. */
export class Engine {
  readonly #bus: ReadingsBus;
  readonly #service: DoorService;

  private constructor(bus: ReadingsBus, service: DoorService) {
    this.#bus = bus;
    this.#service = service;
  }

  /** Rejects, like a process that ends with an error, when it cannot take the partitions over or open its door. */
  static async start(world: World, process: Process, door: MqttDoor): Promise<Engine> {
    const {line, weather, database, time} = world;
    const {server, tables, transactions} = database;
    const toDatabase = new DatabaseLine(transactions, {server, line, process, weather});
    const owned = await toDatabase.inTransaction((transaction) =>
      tables.claimHeads(transaction, ALL_PARTITIONS, process.name),
    );
    const bus = createInProcessBus({envelopesMax: ENVELOPES_MAX, batchMessagesMax: BATCH_MESSAGES_MAX});
    process.onDeath(() => void bus.close());
    await startStore({
      database: storeDatabase(toDatabase, tables),
      bus,
      ownership: {owned: () => owned},
      now: () => time.now(),
      log: world.log(process.name),
      stored: () => undefined,
      bootsCachedMax: BOOTS_CACHED_MAX,
    });
    const sink = new EnvelopeSink(bus, {partitions: PARTITIONS, lingerMs: 0});
    const service = doorService(world, {process, line: toDatabase, door, sink});
    await service.start();
    return new Engine(bus, service);
  }

  /** Envelopes in memory: never more than the bus allows. */
  isBounded(): boolean {
    return this.#bus.pending() <= ENVELOPES_MAX + BATCH_MESSAGES_MAX;
  }

  /** Answers what is in hand, then ends. */
  async stop(): Promise<void> {
    await this.#service.stop();
    await this.#bus.close();
  }
}
