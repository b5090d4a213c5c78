import {Broker} from './broker.ts';
import {sessionDoor} from './door.ts';
import {brokerFaults, clockFault, databaseFault, processFaults, toBroker} from './installation.ts';
import type {Fault, Installation} from './installation.ts';
import {Nats, jetStreamBus} from './jetstream.ts';
import {MemoryLeases} from './memory-leases.ts';
import {startDoor, startLeasedStore} from './stages.ts';
import {Supervisor} from './supervisor.ts';
import type {World} from './world.ts';

/** What a bus that syncs every now and then may lose. */
const UNSYNCED_MS_MAX = 10_000;

/** A door at a broker, a bus, and two stores that share the partitions. */
export function threeProcesses(world: World): Installation {
  const {ledger, database} = world;
  const nats = new Nats(world);
  const leases = new MemoryLeases(() => database.clock.nowMs);
  const broker = new Broker(
    (packet) => ledger.puback(packet, packet.topic.startsWith('event/') ? 'committed' : 'kept'),
    (what) => world.tell(what),
  );
  const door = new Supervisor(world, 'door', (process) =>
    startDoor(world, process, {
      door: sessionDoor(world, process, broker),
      bus: jetStreamBus(world, process, nats),
    }),
  );
  const stores = ['store-a', 'store-b'].map(
    (name) =>
      new Supervisor(world, name, (process) =>
        startLeasedStore(world, process, {bus: jetStreamBus(world, process, nats), leases}),
      ),
  );
  const all = [door, ...stores];
  return {
    take: toBroker(broker),
    answersItself: false,
    faults: [
      ...processFaults(world, 'door', door),
      ...stores.flatMap((store, i) => processFaults(world, `store ${i + 1}`, store)),
      databaseFault(world),
      ...brokerFaults(world, broker),
      ...busFaults(world, nats),
      clockFault(world),
    ],
    start: () => {
      for (const each of all) each.start();
    },
    heal: () => {
      database.server.start();
      broker.start();
      nats.server.start();
    },
    isIdle: () =>
      all.every((each) => each.running !== undefined) &&
      broker.waiting.length === 0 &&
      nats.stream.size === 0,
    overgrown: () => undefined,
  };
}

function busFaults({time, random, ledger}: World, nats: Nats): readonly Fault[] {
  const backLater = (): void => void time.after(random.between(100, 15_000), () => nats.server.start());
  return [
    {
      name: 'the bus is restarted',
      strike: () => {
        nats.server.stop();
        backLater();
      },
    },
    {
      name: 'the bus loses its power, and what it had not synced',
      strike: () => {
        nats.server.stop();
        const lost = nats.stream.cutPower(random.between(0, UNSYNCED_MS_MAX));
        // Events wait for their commit: of those nothing may be lost even so.
        const readings = lost.filter(({kind}) => kind === 'reading');
        ledger.lost(readings.map((each) => `${each.equipmentId}:${String(each.boot)}:${String(each.seq)}`));
        backLater();
      },
    },
  ];
}
