import {beforeAll, describe, expect, it} from 'vitest';
import {openTestDatabase, type TestDatabase} from '../support/database.ts';

describe('the test database', () => {
  let db: TestDatabase;
  beforeAll(async () => {
    db = await openTestDatabase();
  });

  it('is migrated, and a stage works under its own role', async () => {
    const {rows} = await db
      .poolFor('forestock_network')
      .query<{role: string; tables: number}>(
        `SELECT current_user AS role, count(*) AS tables FROM pg_tables WHERE schemaname = 'network'`,
      );
    expect(rows[0]?.role).toBe('forestock_network');
    expect(rows[0]?.tables).toBeGreaterThan(0);
  });
});
