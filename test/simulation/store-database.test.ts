import {MemoryStoreTables} from '../../simulation/memory-store.ts';
import {storeDatabase} from '../../simulation/store-database.ts';
import {databaseContract} from '../ingest/store/database-contract.ts';
import {stillWorld} from './still-world.ts';

databaseContract(async () => {
  const tables = new MemoryStoreTables();
  const {line, ...world} = stillWorld();
  return {
    database: storeDatabase(line, tables),
    claim: (partitions) => line.inTransaction((rows) => tables.claimHeads(rows, partitions, 'store')),
    close: () => world.close(),
  };
});
