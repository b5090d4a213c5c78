import type {PartyScope} from '../domain/party-scope.ts';
import {inTransaction, timestamp} from './pg.ts';
import type {Pool, Queryable} from './pg.ts';

/**
 * Reads in the name of a party, with one view of all rows. The database itself shows the rows of that party and no others, and no
 * table or column that parties may not see: a query that forgets its WHERE tells nothing (row-level security, migrations 10, 37 and 62).
 */
export async function inPartySession<T>(
  pool: Pool,
  {partyId, segments, at}: PartyScope,
  read: (db: Queryable) => Promise<T>,
): Promise<T> {
  return inTransaction(
    pool,
    async (client) => {
      await client.query(
        `SELECT set_config('forestock.party', $1, true), set_config('forestock.party_at', $2, true), set_config('forestock.segments', $3, true)`,
        [partyId, timestamp(at), segments === null ? '*' : segments.join(',')],
      );
      await client.query('SET LOCAL ROLE forestock_party');
      return read(client);
    },
    'repeatable read',
  );
}
