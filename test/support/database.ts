import {randomBytes} from 'node:crypto';
import {inject} from 'vitest';
import {openPool, type Pool, type StageRole} from '../../platform/pg.ts';
import {onServer, withDatabase} from './on-server.ts';

export type TestDatabase = {
  /** Connects as the owner, to this test file's own database, migrated. */
  readonly ownerUrl: string;
  /** A pool under a stage's role; the same pool for the same role. */
  poolFor(role: StageRole): Pool;
  /** Ends the pools and drops the database. Happens by itself after the file's tests. */
  close(): Promise<void>;
};

/**
 * A database of its own for a test file: a copy of the migrated template, so it costs a file copy and no migration.
 * The server is the run's embedded one, or TEST_DATABASE_URL. Call it in `beforeAll` or at the file's top level.
 */
export async function openTestDatabase(): Promise<TestDatabase> {
  const {adminUrl, template} = inject('testDatabase');
  const name = `test_${randomBytes(6).toString('hex')}`;
  await onServer(adminUrl, `CREATE DATABASE ${name} TEMPLATE ${template}`);
  const ownerUrl = withDatabase(adminUrl, name);
  const pools = new Map<StageRole, Pool>();
  let closed: Promise<void> | undefined;
  const drop = async (): Promise<void> => {
    await Promise.all([...pools.values()].map((pool) => pool.end()));
    await onServer(adminUrl, `DROP DATABASE ${name} WITH (FORCE)`);
  };
  const close = (): Promise<void> => (closed ??= drop());
  openDatabases.push(close);
  return {
    ownerUrl,
    close,
    poolFor(role) {
      const pool = pools.get(role) ?? openPool({url: ownerUrl, role, max: 4});
      pools.set(role, pool);
      return pool;
    },
  };
}

const openDatabases: (() => Promise<void>)[] = [];

/** Drops the databases of a test file; `close-databases.ts` calls it after each. */
export async function closeTestDatabases(): Promise<void> {
  for (const close of openDatabases.splice(0)) await close();
}
