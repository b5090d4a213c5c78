import type {TakePacket} from './device-link.ts';
import type {SentPacket} from './device.ts';
import {Broker} from './broker.ts';
import {Listener, sessionDoor} from './door.ts';
import {Engine} from './engine.ts';
import {Supervisor} from './supervisor.ts';
import type {World} from './world.ts';

/** Something that goes wrong at a moment of the story. */
export interface Fault {
  readonly name: string;
  strike(): void;
}

/** What runs behind the devices. */
export interface Installation {
  /** Where devices send to. */
  readonly take: TakePacket;
  /** Whether the PUBACK of a device is the promise itself, or only a broker's. */
  readonly answersItself: boolean;
  readonly faults: readonly Fault[];
  start(): void;
  /** Ends what still is out of order. */
  heal(): void;
  /** Nothing is under way any more. */
  isIdle(): boolean;
  /** What has grown beyond its limit. */
  overgrown(): string | undefined;
}

/** Everything in one process: devices connect to it, or to a broker before it. */
export function oneProcess(world: World, door: 'listener' | 'broker'): Installation {
  let listener: Listener | undefined;
  const broker = new Broker(
    (packet) => world.ledger.puback(packet, 'committed'),
    (what) => world.tell(what),
  );
  const engine = new Supervisor(world, 'engine', (process) => {
    listener = new Listener(process);
    return Engine.start(world, process, door === 'listener' ? listener : sessionDoor(world, process, broker));
  });
  const listening = (): Listener => {
    if (listener === undefined) throw new Error('nobody listens');
    return listener;
  };
  return {
    take: door === 'listener' ? async (packet) => listening().take(packet) : toBroker(broker),
    answersItself: door === 'listener',
    faults: [
      ...processFaults(world, 'engine', engine),
      databaseFault(world),
      ...(door === 'broker' ? brokerFaults(world, broker) : []),
    ],
    start: () => engine.start(),
    heal: () => {
      world.database.server.start();
      broker.start();
    },
    isIdle: () => engine.running !== undefined && broker.waiting.length === 0,
    overgrown: () => (engine.running?.isBounded() === false ? 'the bus in the process' : undefined),
  };
}

export function toBroker(broker: Broker): (packet: SentPacket) => Promise<void> {
  return async (packet) => {
    if (!broker.up || !broker.publish(packet)) throw new Error('the broker does not take it');
  };
}

export function processFaults<T extends {stop(): Promise<void>}>(
  world: World,
  name: string,
  supervisor: Supervisor<T>,
): readonly Fault[] {
  return [
    {name: `${name} is killed`, strike: () => supervisor.kill(world.random.between(0, 20_000))},
    {name: `${name} is restarted`, strike: () => supervisor.restart()},
  ];
}

/** How far the database's clock is set at once: within leases and pauses, and beyond them. */
const CLOCK_STEPS_MS_MAX = [20_000, 2 * 3_600_000, 48 * 3_600_000];

export function clockFault({database, random}: World, set?: () => void): Fault {
  return {
    name: "the database's clock is set",
    strike: () => {
      const mostMs = random.pick(CLOCK_STEPS_MS_MAX);
      database.clock.step(random.between(-mostMs, mostMs));
      set?.();
    },
  };
}

export function databaseFault({database, time, random}: World): Fault {
  return {
    name: 'the database crashes',
    strike: () => {
      database.server.stop();
      database.transactions.crash();
      time.after(random.between(100, 15_000), () => database.server.start());
    },
  };
}

export function brokerFaults({time, random, ledger}: World, broker: Broker): readonly Fault[] {
  const later = (): void => void time.after(random.between(100, 10_000), () => broker.start());
  return [
    {
      name: 'the broker is restarted',
      strike: () => {
        broker.stop();
        later();
      },
    },
    {
      name: 'the broker loses its power, and its sessions',
      strike: () => {
        ledger.lost(broker.waiting.flatMap(({messages}) => messages.map(({key}) => key)));
        broker.cutPower();
        later();
      },
    },
  ];
}
