import {Loop} from '../platform/loop.ts';
import {silentLogger} from '../platform/log.ts';
import type {Policy} from '../replenish/core/decision/policy.ts';
import {decideDirtyGroups} from '../replenish/service.ts';
import {decideGroup} from '../replenish/settle-group.ts';
import type {Process} from './line.ts';
import type {MemoryGroups} from './memory-groups.ts';
import {lineToDatabase} from './stages.ts';
import type {Stage} from './stages.ts';
import type {World} from './world.ts';

/** Signals of one group within this time are one decision, as in replenish/main.ts. */
export const COALESCE_MS = 100;
/** Small, so that groups wait for their turn. */
const GROUPS_MAX = 1;
/** How often it looks by itself, long enough for days to pass in few steps. */
const IDLE_MS = 60_000;

/** A process that decides. */
export interface Decider extends Stage {
  wake(): void;
}

/** The product's loop, its decisions and how they are settled, over rows of the world. */
export function startDecider(
  world: World,
  process: Process,
  {groups, policy}: {readonly groups: MemoryGroups; readonly policy: Policy},
): Decider {
  const line = lineToDatabase(world, process);
  const book = groups.book(line);
  const loop = new Loop({
    name: process.name,
    idleMs: IDLE_MS,
    log: silentLogger(),
    runOnce: () =>
      decideDirtyGroups(
        {
          now: () => world.time.now(),
          store: {
            signalDue: () => line.statement(() => undefined),
            dirtyGroups: (max, coalesceMs) => line.statement(() => groups.dirty(max, coalesceMs)),
            policy: () => line.statement(() => policy),
            decideGroup: (groupId, now, inForce, settle) =>
              decideGroup(book, {groupId, now, policy: inForce, settle, targets: ['webhook']}),
          },
          decided: ({decisionId, state, written}) =>
            world.tell(`${process.name}: decision ${decisionId} is ${written ? state : 'as before'}`),
          setAside: ({groupId, reason}) => world.ledger.fail(`group ${groupId} is not planned: ${reason}`),
        },
        {groupsMax: GROUPS_MAX, coalesceMs: COALESCE_MS},
      ),
  }).start();
  process.onDeath(() => void loop.stop());
  return {stop: () => loop.stop(), wake: () => loop.wake()};
}
