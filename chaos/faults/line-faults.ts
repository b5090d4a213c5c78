import type {LineTrouble} from '../line.ts';
import {LINE_NAMES} from '../world.ts';
import {pause} from './fault.ts';
import type {Fault} from './fault.ts';

const TROUBLES: readonly LineTrouble[] = [
  {kind: 'refuse'},
  {kind: 'half-open'},
  {kind: 'one-way'},
  // Enough for a login and some work, and in the middle of a batch.
  {kind: 'drop', afterBytes: 20_011},
  {kind: 'delay', delayMs: 200},
  {kind: 'byte-by-byte'},
];
const RESET_EVERY_MS = 500;

/** Each line between two processes: broken, refused, silent in one or both directions, cut in mid-packet, slow, and one byte at a time. */
export const LINE_FAULTS: readonly Fault[] = LINE_NAMES.flatMap((name) => [
  ...TROUBLES.map((trouble): Fault => ({
    kind: `${trouble.kind} ${name} line`,
    touches: [`${name} line`],
    async inject({world, outageMs}) {
      const line = world.lines.get(name)!;
      line.trouble(trouble);
      if (trouble.kind === 'refuse') line.reset();
      await pause(outageMs);
      line.heal();
      return undefined;
    },
  })),
  {
    kind: `reset ${name} line`,
    touches: [`${name} line`],
    async inject({world, outageMs}) {
      const line = world.lines.get(name)!;
      let resets = 0;
      for (; resets * RESET_EVERY_MS < outageMs; resets += 1) {
        line.reset();
        await pause(RESET_EVERY_MS);
      }
      return `${resets} resets`;
    },
  },
]);
