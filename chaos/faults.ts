import type {World} from './world.ts';

/** How hard a fault is, and how long it lasts. */
export interface Effort {
  readonly outageMs: number;
}

/** One way to make trouble. It has ended, and everything is started again, when the promise resolves. */
export interface Fault {
  readonly kind: string;
  inject(world: World, effort: Effort): Promise<void>;
}

/** kill -9; the process stays down for the outage, then it is started again. */
function kill(name: string): Fault {
  return {
    kind: `kill ${name}`,
    async inject(world, {outageMs}) {
      const process = world.processes.get(name)!;
      await process.kill();
      await pause(outageMs);
      await process.start();
    },
  };
}

export const FAULTS: readonly Fault[] = [kill('store')];

export async function pause(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms));
}
