import mqtt from 'mqtt';
import type {World} from '../world.ts';
import {pause} from './fault.ts';
import type {Fault, Target} from './fault.ts';
import {openSession} from '../mqtt-bytes.ts';

/** As many as a data centre's worth of gateways after a power failure. */
const RECONNECTS = 10_000;
const RECONNECT_WAIT_MS = 20_000;
/** The largest remaining length that MQTT has. */
const HUGE_BYTES = 268_435_455;
const CHUNK = Buffer.alloc(65_536);
const HUGE_WAIT_MS = 30_000;

const DOORS = ['broker', 'listener'] as const;
type Door = (typeof DOORS)[number];

function asked(what: 'repeat' | 'reverse' | 'strange', kind: string): Fault {
  return {
    kind,
    touches: ['equipment'],
    async inject({equipment, outageMs}: Target) {
      equipment.order({order: what, ms: outageMs});
      await pause(outageMs);
      return undefined;
    },
  };
}

/** Another client under the same id: broker and listener end the older connection, and both come back for as long as it lasts. */
const sameClientIds: Fault = {
  kind: 'duplicate client ids',
  touches: ['client ids'],
  async inject({world, equipment, outageMs}) {
    const twins = DOORS.flatMap((door, i) =>
      equipment
        .clientIds(i)
        .map((clientId) =>
          mqtt
            .connect(world.doors[door], {clientId, protocolVersion: 4, clean: false, reconnectPeriod: 500})
            .on('error', () => undefined),
        ),
    );
    await pause(outageMs);
    await Promise.all(twins.map((twin) => twin.endAsync(true)));
    return `${twins.length} ids`;
  },
};

/** Beside the equipment's own connections, past the lines: what a door does when everybody comes at once. */
function reconnects(door: Door): Fault {
  return {
    kind: `${RECONNECTS} reconnects at the ${door}`,
    touches: [door],
    async inject({world}) {
      const startedAt = performance.now();
      const sessions = await Promise.all(
        Array.from({length: RECONNECTS}, async (_, i) => {
          await pause((i / RECONNECTS) * 1000);
          return openSession(world.direct(door), `flood-${i}`, RECONNECT_WAIT_MS);
        }),
      );
      const open = sessions.filter((socket) => socket !== null);
      for (const socket of open) socket.destroy();
      const seconds = (performance.now() - startedAt) / 1000;
      return `${open.length} of ${RECONNECTS} accepted in ${seconds.toFixed(1)} s, the others refused`;
    },
  };
}

/** One packet of 256 MB: whoever collects it has that much less memory. */
function hugePacket(door: Door): Fault {
  return {
    kind: `256 MB packet at the ${door}`,
    touches: [door],
    async inject({world}) {
      const socket = await openSession(world.direct(door), 'huge', HUGE_WAIT_MS);
      if (socket === null) return 'no connection';
      const ended = new Promise<void>((resolve) => socket.once('close', () => resolve()));
      socket.write(Buffer.from([0x32, 0xff, 0xff, 0xff, 0x7f])); // PUBLISH, QoS 1
      let bytes = 0;
      for (; bytes < HUGE_BYTES && !socket.destroyed; bytes += CHUNK.length) {
        if (!socket.write(CHUNK)) {
          const drained = new Promise<void>((resolve) => socket.once('drain', () => resolve()));
          await Promise.race([ended, drained, pause(HUGE_WAIT_MS)]);
        }
      }
      socket.destroy();
      return `the connection was ended after ${Math.round(bytes / 1024)} KiB`;
    },
  };
}

/** A door of our own; a broker that was given by its URL is somebody else's. */
const own = (door: Door, fault: Fault): Fault => ({
  ...fault,
  unable: (world: World) =>
    world.processes.has(door) ? undefined : `${door} is not ours: it was given by its URL`,
});

/** What equipment does to us, or somebody who has its address. */
export const EQUIPMENT_FAULTS: readonly Fault[] = [
  asked('repeat', '100 % duplicates'),
  asked('reverse', 'reversed order'),
  asked('strange', 'schema drift and deep JSON'),
  sameClientIds,
  ...DOORS.flatMap((door) => [own(door, reconnects(door)), own(door, hugePacket(door))]),
];
