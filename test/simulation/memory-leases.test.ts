import {DatabaseClock} from '../../simulation/database-clock.ts';
import {MemoryLeases} from '../../simulation/memory-leases.ts';
import {leaseBookContract} from '../platform/lease-book-contract.ts';
import {stillWorld} from './still-world.ts';

leaseBookContract(async () => {
  const {line, time, ...world} = stillWorld();
  const clock = new DatabaseClock(time);
  const leases = new MemoryLeases(() => clock.nowMs);
  return {
    book: leases.book(line),
    lapse: async (owner) => leases.lapse(owner),
    setBack: async (hours) => clock.step(-hours * 3_600_000),
    close: () => world.close(),
  };
});
