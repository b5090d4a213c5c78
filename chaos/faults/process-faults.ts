import type {KeptProcess} from '../kept-process.ts';
import {STAGE_NAMES} from '../stages.ts';
import type {World} from '../world.ts';
import {pause} from './fault.ts';
import type {Fault, Target} from './fault.ts';

const SERVERS = ['broker', 'bus', 'database', 'receiver'];
/** A process that comes up and is killed again, this often and this far apart: no start gets through its own beginning. */
const STORM_KILLS = 5;
const STORM_EVERY_MS = 700;

type Trouble = (process: KeptProcess, target: Target) => Promise<string | undefined>;

const TROUBLES: Readonly<Record<string, Trouble>> = {
  /** kill -9; it stays down for the outage. */
  async kill(process, {outageMs}) {
    await process.kill();
    await pause(outageMs);
    await process.start();
    return undefined;
  },
  /** SIGSTOP: sockets stay open, nobody answers, and afterwards it goes on as if no time had passed. */
  async freeze(process, {freezeMs}) {
    process.freeze();
    await pause(freezeMs);
    process.thaw();
    return undefined;
  },
  async storm(process) {
    for (let kills = 0; kills < STORM_KILLS; kills += 1) {
      await process.crash();
      await pause(STORM_EVERY_MS);
    }
    await process.ready();
    return `${STORM_KILLS} kills`;
  },
};

/** Each stage and each server: killed, stopped, started and killed again and again. */
export const PROCESS_FAULTS: readonly Fault[] = [...STAGE_NAMES, ...SERVERS].flatMap((name) =>
  Object.entries(TROUBLES).map(([trouble, make]) => ({
    kind: `${trouble} ${name}`,
    touches: [name],
    unable: (world: World) =>
      world.processes.has(name) ? undefined : `${name} is not ours: it was given by its URL`,
    inject: (target: Target) => make(target.world.processes.get(name)!, target),
  })),
);
