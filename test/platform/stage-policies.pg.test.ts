import {afterAll, beforeAll, expect, it} from 'vitest';
import {openTestDatabase} from '../support/database.ts';
import type {TestDatabase} from '../support/database.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
});
afterAll(() => db.close());

it('I9 row-level security keeps partners apart, and no stage from rows that it was granted', async () => {
  const {rows} = await db.poolFor('forestock_platform').query<{blind: string}>(
    `SELECT r.rolname || ' on ' || c.oid::regclass AS blind
       FROM pg_class c CROSS JOIN pg_roles r
      WHERE c.relrowsecurity AND r.rolname LIKE 'forestock\\_%' AND r.rolname <> 'forestock_party' AND NOT r.rolsuper AND NOT r.rolbypassrls
        AND r.rolname IN (SELECT 'forestock_' || nspname FROM pg_namespace UNION SELECT 'forestock_api')
        AND has_table_privilege(r.oid, c.oid, 'SELECT') AND c.relowner <> r.oid
        AND NOT EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND (r.oid = ANY (p.polroles) OR p.polroles = '{0}'))
      ORDER BY 1`,
  );
  expect(rows.map(({blind}) => blind)).toEqual([]);
});
