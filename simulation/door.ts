import {MqttClient} from 'mqtt';
import type {IClientOptions} from 'mqtt';
import {ExternalMqttDoor} from '../ingest/adapters/mqtt-door.ts';
import {sha256Key} from '../ingest/message-key.ts';
import type {DeadLetterStore, MqttDoor, PacketHandler, ReadingSink} from '../ingest/ports.ts';
import {DoorService} from '../ingest/service.ts';
import type {Broker} from './broker.ts';
import type {SentPacket} from './device.ts';
import type {Process} from './line.ts';
import type {DatabaseLine} from './store-database.ts';
import {Wire} from './wire.ts';
import type {World} from './world.ts';

/** Small, so that the limits of the door are reached. */
const RECEIVE_MAXIMUM = 8;

/** A door in the process that devices connect to: the listener's part of the contract, without its sockets. */
export class Listener implements MqttDoor {
  readonly #process: Process;
  #handle: PacketHandler | undefined;

  constructor(process: Process) {
    this.#process = process;
  }

  async start(handle: PacketHandler): Promise<object> {
    this.#handle = handle;
    return {};
  }

  async take({topic, payload}: SentPacket): Promise<void> {
    const handle = this.#handle;
    if (handle === undefined || !this.#process.isAlive()) throw new Error('nobody listens');
    await new Promise<void>((resolve, reject) => {
      this.#process.onDeath(() => reject(new Error('the connection is lost')));
      handle({topic, payload, retain: false}).then(resolve, reject);
    });
  }

  async publish(): Promise<void> {
    // the status line is best effort
  }

  state(): 'up' {
    return 'up';
  }

  async stop(): Promise<void> {
    this.#handle = undefined;
  }
}

/** A door of a process at the broker: the product's own session and mqtt.js, over connections of the world. */
export function sessionDoor(world: World, process: Process, broker: Broker): MqttDoor {
  const {time, weather} = world;
  const connect = (options: IClientOptions): MqttClient => {
    const client = new MqttClient(() => {
      const [ours, theirs] = Wire.pair(time, weather);
      if (process.isAlive()) broker.accept(theirs);
      process.onDeath(() => ours.destroy());
      return ours;
    }, options);
    process.onDeath(() => client.end(true));
    return client;
  };
  return new ExternalMqttDoor(
    {
      url: 'mqtt://broker',
      clientId: 'forestock-ingest',
      filters: ['telemetry/v1/+/+'],
      eventFilters: ['event/v1/+/+'],
      receiveMaximum: RECEIVE_MAXIMUM,
      connect,
    },
    world.log(process.name),
  );
}

/** The product's door, with its letters in the world's database. */
export function doorService(
  world: World,
  {
    process,
    line,
    door,
    sink,
  }: {
    readonly process: Process;
    readonly line: DatabaseLine;
    readonly door: MqttDoor;
    readonly sink: ReadingSink;
  },
): DoorService {
  return new DoorService({
    door,
    sink,
    directory: {
      find: (equipmentId) => world.equipment.get(equipmentId),
      lookup: async () => undefined,
      refresh: () => line.statement(() => undefined),
    },
    deadLetters: deadLetters(world, line),
    keyOf: sha256Key,
    clocks: {worldNow: () => world.time.now(), wallNow: () => world.time.now()},
    metrics: {
      packet: () => undefined,
      accepted: () => undefined,
      rejected: () => undefined,
      refusedForNow: () => undefined,
      quarantineOverflow: () => undefined,
    },
    log: world.log(process.name),
  });
}

/** The door writes letters only; who reads them is another story. */
function deadLetters({ledger}: World, line: DatabaseLine): DeadLetterStore {
  const unread = async (): Promise<never> => {
    throw new Error('nobody reads letters here');
  };
  return {
    add: (letters) =>
      line.statement(() => {
        for (const {raw, equipmentId} of letters) ledger.letter(raw, equipmentId);
        return {kept: letters.length, dropped: 0};
      }),
    list: unread,
    get: unread,
    quarantined: unread,
    close: unread,
  };
}
