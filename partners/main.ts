import type {WorldClock} from '../platform/clock.ts';
import {inTransaction} from '../platform/pg.ts';
import type {Pool} from '../platform/pg.ts';
import {openBreaches} from './adapters/breach-desk.ts';
import {expiryBooks} from './adapters/expiry-books.ts';
import {createExpiryWatch} from './service.ts';

export {openBreaches} from './adapters/breach-desk.ts';
export {openDataShares} from './adapters/data-share-desk.ts';
export {shareUpkeep} from './adapters/share-upkeep.ts';

export interface Partners {
  readonly expiryWatch: ReturnType<typeof createExpiryWatch>;
  readonly breachWatch: {runOnce(): Promise<number>};
}

/** Wires the watches over contracts and over notices of breaches. @param pool Its connections work under the role `forestock_partners`. */
export function startPartners({pool, clock}: {readonly pool: Pool; readonly clock: WorldClock}): Partners {
  const breaches = openBreaches(pool, clock);
  return {
    breachWatch: {runOnce: () => breaches.watch()},
    expiryWatch: createExpiryWatch({
      worldClock: clock,
      transaction: (work) => inTransaction(pool, (client) => work(expiryBooks(client))),
    }),
  };
}
