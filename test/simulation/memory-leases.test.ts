import {MemoryLeases} from '../../simulation/memory-leases.ts';
import {leaseBookContract} from '../platform/lease-book-contract.ts';
import {stillWorld} from './still-world.ts';

leaseBookContract(async () => {
  const {line, time, ...world} = stillWorld();
  const leases = new MemoryLeases(() => time.nowMs);
  return {book: leases.book(line), lapse: async (owner) => leases.lapse(owner), close: () => world.close()};
});
