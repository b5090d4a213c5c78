import {invariant} from '../../domain/invariant.ts';
import {toIso} from '../../domain/time.ts';
import {causeId} from '../../platform/ids.ts';
import {timestamp} from '../../platform/pg.ts';
import type {Queryable} from '../../platform/pg.ts';
import type {ExpiryBooks} from '../ports.ts';
import {expiringContracts} from './contract-rows.ts';

const ALERT = 'contract-expiring';
const TIMER = 'contract-expiry';

export function expiryBooks(db: Queryable): ExpiryBooks {
  return {
    async isDue(now) {
      const {rows} = await db.query<{due_at: number}>(
        `SELECT due_at FROM platform.world_timer WHERE kind = '${TIMER}'`,
      );
      return rows.every(({due_at: dueAt}) => dueAt <= now);
    },
    async lookAgain(at) {
      await db.query(
        `INSERT INTO platform.world_timer (kind, key, due_at) VALUES ('${TIMER}', '*', $1)
         ON CONFLICT (kind, key) DO UPDATE SET due_at = excluded.due_at`,
        [timestamp(at)],
      );
    },
    expiring: (span) => expiringContracts(db, span),
    async alerted() {
      const {rows} = await db.query<{subject: string}>(
        `SELECT subject FROM replenish.alert WHERE kind = '${ALERT}' AND state <> 'cleared'`,
      );
      return new Set(rows.map(({subject}) => subject));
    },
    async openAlert({contractId, version, partyA, partyB, validTo}, now) {
      invariant(validTo !== null, 'a contract that expires has an end');
      await db.query(`SELECT replenish.open_alert($1, '${ALERT}', $2, $3, $4, 1, 0, NULL, NULL, $5)`, [
        causeId('alert', ALERT, contractId, now),
        contractId,
        partyB,
        timestamp(now),
        JSON.stringify({contractId, version, partyA, partyB, endsAt: toIso(validTo)}),
      ]);
    },
    async clearAlert(contractId, now) {
      await db.query(`SELECT replenish.clear_alert('${ALERT}', $1, $2, '{}')`, [contractId, timestamp(now)]);
    },
  };
}
