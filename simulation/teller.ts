import {simulate} from './simulate.ts';

/**
 * A process that tells stories for simulation/many.ts: each message is a seed, each answer its outcome. A process and no thread, because a
 * story puts itself in the place of the clocks of all that runs beside it, and tsx reads TypeScript in the main thread only (Node 20).
 */
process.on('message', (seed: number) => {
  void simulate(seed).then((outcome) => process.send!(outcome));
});
