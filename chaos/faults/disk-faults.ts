import type {World} from '../world.ts';
import {pause} from './fault.ts';
import type {Fault} from './fault.ts';

const unable =
  (name: string) =>
  (world: World): string | undefined => {
    const volume = world.volumes.get(name);
    return volume === undefined
      ? `${name} is not ours: it was given by its URL`
      : typeof volume === 'string'
        ? volume
        : undefined;
  };

/** Disks of the servers that keep something. */
export const DISK_FAULTS: readonly Fault[] = ['broker', 'bus', 'database'].flatMap((name): Fault[] => [
  {
    kind: `disk full under the ${name}`,
    touches: [name],
    unable: unable(name),
    async inject({world, outageMs}) {
      const volume = world.volumes.get(name);
      if (volume === undefined || typeof volume === 'string') return undefined;
      const empty = await volume.fill();
      await pause(outageMs);
      empty();
      if (name !== 'bus') return undefined;
      // Room alone does not help it: with a disk that was full, the JetStream of nats-server 2.9.10 answers nobody until it is restarted.
      await world.processes.get(name)!.crash();
      await world.processes.get(name)!.ready();
      return 'restarted, as its operator has to';
    },
  },
  {
    kind: `power cut of the ${name}`,
    touches: [name],
    unable: unable(name),
    async inject({world, outageMs}) {
      const volume = world.volumes.get(name);
      if (volume === undefined || typeof volume === 'string') return undefined;
      const process = world.processes.get(name)!;
      await process.kill();
      await volume.cutPower();
      await pause(outageMs);
      await process.start();
      return undefined;
    },
  },
]);
