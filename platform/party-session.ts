import {inTransaction} from './pg.ts';
import type {Pool, Queryable} from './pg.ts';

/**
 * Reads in the name of a party. The database itself shows the rows of that party and no others, and no table that parties may
 * not see: a query that forgets its WHERE tells nothing (row-level security, migration 10).
 */
export async function inPartySession<T>(
  pool: Pool,
  partyId: string,
  read: (db: Queryable) => Promise<T>,
): Promise<T> {
  return inTransaction(pool, async (client) => {
    await client.query(`SELECT set_config('forestock.party', $1, true)`, [partyId]);
    await client.query('SET LOCAL ROLE forestock_party');
    return read(client);
  });
}
