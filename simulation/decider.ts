import {Loop} from '../platform/loop.ts';
import {silentLogger} from '../platform/log.ts';
import type {Process} from './line.ts';
import type {MemoryOutbox} from './memory-outbox.ts';
import {lineToDatabase} from './stages.ts';
import type {Stage} from './stages.ts';
import type {World} from './world.ts';

/** Something that is to be ordered. */
export interface Wish {
  readonly wishId: string;
  isDone: boolean;
}

/** A process that turns wishes into effects: row and effect in one transaction, the key from the wish. */
export function startDecider(
  world: World,
  process: Process,
  {outbox, wishes}: {readonly outbox: MemoryOutbox; readonly wishes: readonly Wish[]},
): Stage {
  const line = lineToDatabase(world, process);
  const loop = new Loop({
    name: process.name,
    idleMs: 60_000,
    log: silentLogger(),
    runOnce: async () => {
      const open = wishes.find(({isDone}) => !isDone);
      if (open === undefined) return 0;
      await line.inTransaction(async (transaction) => {
        await line.statement(() => transaction.lock(`wish:${open.wishId}`));
        if (open.isDone) return;
        await line.statement(() => {
          outbox.enqueue(transaction, {
            idempotencyKey: `webhook:order:${open.wishId}`,
            targetId: 'webhook',
            payload: {decisionId: open.wishId},
          });
          transaction.write(() => (open.isDone = true));
        });
      });
      return 1;
    },
  }).start();
  process.onDeath(() => void loop.stop());
  return {stop: () => loop.stop()};
}
