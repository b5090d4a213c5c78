import {DatabaseClock} from '../../simulation/database-clock.ts';
import {MemoryDatabase} from '../../simulation/memory-database.ts';
import {MemoryOutbox} from '../../simulation/memory-outbox.ts';
import type {EffectRow} from '../../simulation/memory-outbox.ts';
import {outboxContract} from '../platform/outbox-contract.ts';
import {stillWorld} from './still-world.ts';

outboxContract(async () => {
  const {line, time, ...world} = stillWorld();
  const transactions = new MemoryDatabase();
  const clock = new DatabaseClock(time);
  const outbox = new MemoryOutbox(() => clock.nowMs);
  const rows = (): readonly EffectRow[] => [...outbox.rows.values()].sort((a, b) => a.outboxId - b.outboxId);
  const makeDue = async (): Promise<void> => {
    for (const row of rows()) Object.assign(row, {nextMs: -Infinity, leaseUntilMs: -Infinity});
  };
  return {
    book: outbox.book(line),
    async begin(key, target) {
      const transaction = transactions.begin();
      outbox.enqueue(transaction, {idempotencyKey: key, targetId: target, payload: {}});
      return async () => transactions.commit(transaction);
    },
    states: async () => rows().map(({state}) => state),
    makeDue,
    async haveWaited(hours, key) {
      for (const row of rows()) {
        if (key === undefined || row.idempotencyKey === key)
          Object.assign(row, {
            waitingSinceMs: clock.nowMs - hours * 3_600_000,
            nextMs: -Infinity,
            leaseUntilMs: -Infinity,
          });
      }
    },
    setBack: async (hours) => clock.step(-hours * 3_600_000),
    async probeNow() {
      for (const target of outbox.targets.values()) target.probeMs = -Infinity;
    },
    async target(id) {
      const target = outbox.targets.get(id);
      return target && {failures: target.failures, resting: target.restingSinceMs !== undefined};
    },
    close: () => world.close(),
  };
});
