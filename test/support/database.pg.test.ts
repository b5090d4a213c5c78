import {beforeAll, describe, expect, it} from 'vitest';
import {openTestDatabase, type TestDatabase} from './database.ts';

describe('the test database', () => {
  let first: TestDatabase;
  let second: TestDatabase;
  beforeAll(async () => {
    first = await openTestDatabase();
    second = await openTestDatabase();
  });

  it('is migrated, and a stage works under its own role', async () => {
    const {rows} = await first
      .poolFor('forestock_network')
      .query<{role: string; tables: number}>(
        `SELECT current_user AS role, count(*) AS tables FROM pg_tables WHERE schemaname = 'network'`,
      );
    expect(rows[0]?.role).toBe('forestock_network');
    expect(rows[0]?.tables).toBeGreaterThan(0);
  });

  it('is shared with no other', async () => {
    const insert = `INSERT INTO platform.installation VALUES ('partitions', '16')`;
    await first.poolFor('forestock_platform').query(insert);
    await expect(second.poolFor('forestock_platform').query(insert)).resolves.toMatchObject({rowCount: 1});
  });
});
