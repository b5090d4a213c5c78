import {DAY_MS, plusMs} from '../domain/time.ts';
import {NOTICE_DAYS} from './core/contract.ts';
import type {PartnersPorts} from './ports.ts';

/**
 * Watches the ends of contracts: one that ends within the notice and is not renewed is one alert, cleared by a renewal and by the end.
 *
 * `runOnce` looks once a day of world time, and returns 1 when it has looked.
 */
export function createExpiryWatch(ports: PartnersPorts): {runOnce(): Promise<number>} {
  return {
    runOnce: () =>
      ports.transaction(async (books) => {
        const now = ports.worldClock.now();
        if (!(await books.isDue(now))) return 0;
        const expiring = await books.expiring({now, withinDays: NOTICE_DAYS});
        const alerted = await books.alerted();
        const opened = expiring.filter(({contractId}) => !alerted.has(contractId));
        const names = new Set(expiring.map(({contractId}) => contractId));
        const cleared = [...alerted].filter((contractId) => !names.has(contractId));
        for (const contract of opened) await books.openAlert(contract, now);
        for (const contractId of cleared) await books.clearAlert(contractId, now);
        await books.lookAgain(plusMs(now, DAY_MS));
        return 1;
      }),
  };
}
