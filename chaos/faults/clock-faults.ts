import {HOUR_MS} from '../../domain/time.ts';
import {pause} from './fault.ts';
import type {Fault} from './fault.ts';

const JUMP_HOURS = 6;
/** In this time the jump is made: a scaled clock is moved by its rate. */
const JUMP_MS = 1000;
/** The row that says what time it is, in the database. */
const WORLD_CLOCK = ['world clock', 'database'];

/** World time is a row that all stages follow: it jumps, and it stands. The machine's own clock is the same for all of its processes. */
export const CLOCK_FAULTS: readonly Fault[] = [
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
