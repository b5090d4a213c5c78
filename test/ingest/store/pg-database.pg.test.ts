import {claimHeads} from '../../../ingest/store/ownership.ts';
import {pgStoreDatabase} from '../../../ingest/store/pg-database.ts';
import {openTestDatabase} from '../../support/database.ts';
import {databaseContract} from './database-contract.ts';

databaseContract(async () => {
  const database = await openTestDatabase();
  const pool = database.poolFor('forestock_ingest');
  return {
    database: pgStoreDatabase(pool),
    claim: (partitions) => claimHeads(pool, partitions),
    close: () => database.close(),
  };
});
