import pg from 'pg';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {epochMs} from '../../domain/time.ts';
import {migrate} from '../../platform/migrate.ts';
import {inPartySession} from '../../platform/party-session.ts';
import {openPool} from '../../platform/pg.ts';
import {openTestDatabase} from '../support/database.ts';
import type {TestDatabase} from '../support/database.ts';

/** As deploy/database/10-logins.sh makes it. */
const SERVICE = 'forestock_service_test';
const STAGES = [
  'platform',
  'network',
  'ingest',
  'predict',
  'replenish',
  'partners',
  'notices',
  'api',
] as const;

let database: TestDatabase;
let owner: pg.Client;
let serviceUrl: string;

beforeAll(async () => {
  database = await openTestDatabase();
  owner = new pg.Client({connectionString: database.ownerUrl});
  await owner.connect();
  const roles = STAGES.map((stage) => `forestock_${stage}`).join(', ');
  await owner.query(`CREATE ROLE ${SERVICE} LOGIN NOINHERIT PASSWORD 'only-in-this-test'`);
  await owner.query(`GRANT ${roles} TO ${SERVICE}`);
  const url = new URL(database.ownerUrl);
  url.username = SERVICE;
  url.password = 'only-in-this-test';
  serviceUrl = url.href;
});

afterAll(async () => {
  await owner.query(`DROP ROLE IF EXISTS ${SERVICE}`);
  await owner.end();
});

describe('a service login that owns nothing', () => {
  it('starts on a migrated database and works under each stage role', async () => {
    expect(await migrate(serviceUrl)).toMatchObject({applied: []});
    for (const stage of STAGES) {
      const pool = openPool({url: serviceUrl, role: `forestock_${stage}`, max: 1});
      const {rows} = await pool.query<{role: string}>('SELECT current_user AS role');
      await pool.end();
      expect(rows).toEqual([{role: `forestock_${stage}`}]);
    }
  });

  it('A4 reads in the name of a party without a grant of its own for that role', async () => {
    const pool = openPool({url: serviceUrl, role: 'forestock_network', max: 1});
    const seen = await inPartySession(pool, {partyId: 'NOBODY', segments: null, at: epochMs(0)}, (db) =>
      db.query<{role: string; reports: number}>(
        'SELECT current_user AS role, (SELECT count(*) FROM network.repair_report) AS reports',
      ),
    );
    await pool.end();
    expect(seen.rows).toEqual([{role: 'forestock_party', reports: 0}]);
  });

  it('hears that a newer release was here, and works on while processes are replaced one by one', async () => {
    await owner.query(
      `INSERT INTO forestock_migrations.applied (name, sha256) VALUES ('9999_next.sql', 'x')`,
    );
    expect(await migrate(serviceUrl)).toMatchObject({applied: [], newer: ['9999_next.sql']});
    await owner.query(`DELETE FROM forestock_migrations.applied WHERE name = '9999_next.sql'`);
  });

  it('is told to call the owner when the schema is behind', async () => {
    await owner.query(
      'DELETE FROM forestock_migrations.applied WHERE name = (SELECT max(name) FROM forestock_migrations.applied)',
    );
    await expect(migrate(serviceUrl)).rejects.toMatchObject({
      code: 'migration-failed',
      message: expect.stringContaining('run forestock migrate with the owner') as string,
    });
  });
});
