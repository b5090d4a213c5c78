import {HOUR_MS} from '../../domain/time.ts';
import {STAGE_NAMES} from '../stages.ts';
import type {World} from '../world.ts';
import {pause} from './fault.ts';
import type {Fault} from './fault.ts';

const JUMP_HOURS = 6;
/** In this time the jump is made: a scaled clock is moved by its rate. */
const JUMP_MS = 1000;
/** A busy machine takes its time to answer. */
const CLOCK_OFF_MS_MAX = 60_000;
/** The row that says what time it is, in the database. */
const WORLD_CLOCK = ['world clock', 'database'];

/** World time is a row that all stages follow: it jumps, and it stands. */
const WORLD_CLOCK_FAULTS: readonly Fault[] = [
  {
    kind: 'world clock jumps',
    touches: WORLD_CLOCK,
    async inject({world}) {
      await world.time.setRate((JUMP_HOURS * HOUR_MS) / JUMP_MS);
      await pause(JUMP_MS);
      await world.time.setRate(1);
      return `about ${JUMP_HOURS} h ahead within ${JUMP_MS} ms`;
    },
  },
  {
    kind: 'world clock stands',
    touches: WORLD_CLOCK,
    async inject({world, outageMs}) {
      await world.time.setRate(0);
      await pause(outageMs);
      await world.time.setRate(1);
      return undefined;
    },
  },
];

/** The wall clock of one machine is set an hour ahead, then an hour behind, then right, while all others keep theirs. */
const CLOCK_STEPS = [...STAGE_NAMES, 'database'].map((name): Fault => ({
  kind: `clock step of ${name}`,
  touches: [name],
  unable: (world) => (world.clocks.has(name) ? undefined : whyUnset(world, name)),
  async inject({world, outageMs}) {
    const clock = world.clocks.get(name)!;
    for (const stepMs of [HOUR_MS, -HOUR_MS]) {
      clock.set(stepMs);
      await pause(outageMs / 2);
      if (name === 'database') await sayWhetherFollowed(world, stepMs);
    }
    clock.set(0);
    return '1 h ahead, then 1 h behind';
  },
}));

/** @throws Error when the database's clock is not where it was set to. */
async function sayWhetherFollowed(world: World, stepMs: number): Promise<void> {
  const {rows} = await world.db.query<{ms: number}>(
    'SELECT (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS ms',
  );
  const aheadMs = rows[0]!.ms - Date.now();
  if (Math.abs(aheadMs - stepMs) > CLOCK_OFF_MS_MAX)
    throw new Error(`the database's clock is ${Math.round(aheadMs)} ms ahead, and was set to ${stepMs}`);
}

function whyUnset(world: World, name: string): string {
  return world.processes.has(name)
    ? 'libfaketime is not installed (Debian: apt-get install libfaketime)'
    : `${name} is not ours: it was given by its URL`;
}

export const CLOCK_FAULTS: readonly Fault[] = [...WORLD_CLOCK_FAULTS, ...CLOCK_STEPS];
