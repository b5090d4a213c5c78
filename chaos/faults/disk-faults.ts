import {STAGE_NAMES} from '../stages.ts';
import type {Volume} from '../volume.ts';
import type {World} from '../world.ts';
import {pause} from './fault.ts';
import type {Fault} from './fault.ts';
import {takesMessages} from './jetstream-probe.ts';

const DISKS = ['broker', 'bus', 'database'] as const;

/** Why a server's disk cannot be troubled, else undefined. */
function unable(world: World, name: string): string | undefined {
  const volume = world.volumes.get(name);
  if (volume === undefined) return `${name} is not ours: it was given by its URL`;
  return typeof volume === 'string' ? volume : undefined;
}

/** Of a server that is able. */
const volumeOf = (world: World, name: string): Volume => world.volumes.get(name) as Volume;

const fullDisk = (name: (typeof DISKS)[number]): Fault => ({
  kind: `disk full under the ${name}`,
  touches: [name],
  unable: (world) => unable(world, name),
  async inject({world, outageMs}) {
    const empty = await volumeOf(world, name).fill();
    await pause(outageMs);
    empty();
    return name === 'bus' ? wakeBus(world) : undefined;
  },
});

/** Room alone may not help it: with a disk that was full, the JetStream of nats-server 2.9.10 answers nobody until it is restarted. */
async function wakeBus(world: World): Promise<string> {
  if (await takesMessages(world.direct('bus'))) return 'took messages again once there was room';
  const bus = world.processes.get('bus')!;
  await bus.crash();
  await bus.ready();
  return 'took no message although there was room; restarted, as its operator has to';
}

const powerCut = (name: (typeof DISKS)[number]): Fault => ({
  kind: `power cut of the ${name}`,
  touches: [name],
  unable: (world) => unable(world, name),
  async inject({world, outageMs}) {
    const process = world.processes.get(name)!;
    await process.kill();
    await volumeOf(world, name).cutPower();
    await pause(outageMs);
    await process.start();
    return undefined;
  },
});

/** Servers and stages at once; only the equipment and the receiver of webhooks stand elsewhere. */
const powerCutOfAll: Fault = {
  kind: 'power cut of the machine',
  touches: [...DISKS, ...STAGE_NAMES],
  unable: (world) => DISKS.map((name) => unable(world, name)).find((reason) => reason !== undefined),
  async inject({world, outageMs}) {
    const servers = DISKS.map((name) => world.processes.get(name)!);
    const stages = STAGE_NAMES.map((name) => world.processes.get(name)!);
    await Promise.all([...servers, ...stages].map((each) => each.kill()));
    await Promise.all(DISKS.map((name) => volumeOf(world, name).cutPower()));
    await pause(outageMs);
    // As the machine boots: all at once, and who needs another that is not up yet is started again.
    await Promise.all([...servers, ...stages].map((each) => each.start()));
    return `${servers.length + stages.length} processes, ${servers.length} disks`;
  },
};

/** Disks of the servers that keep something. */
export const DISK_FAULTS: readonly Fault[] = [
  ...DISKS.flatMap((name) => [fullDisk(name), powerCut(name)]),
  powerCutOfAll,
];

/** Whether the bus forgets what it had not synced. */
export const cutsPowerOfBus = (kind: string): boolean =>
  kind === powerCut('bus').kind || kind === powerCutOfAll.kind;
