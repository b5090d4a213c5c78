import type pg from 'pg';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {epochMs} from '../../domain/time.ts';
import {inPartySession} from '../../platform/party-session.ts';
import type {Pool} from '../../platform/pg.ts';
import {streamOf} from '../../simulator/random.ts';
import {openTestDatabase} from '../support/database.ts';
import type {Columns} from './planted-parties.ts';
import {AFTER, PARTIES, WITHIN, connectOwner, openOracle, oracleOf, plantParties} from './planted-parties.ts';
import {randomQuery} from './random-queries.ts';

const SEED = Number(process.env['SECURITY_SEED'] ?? 6);
const QUERIES = 1000;

let owner: pg.Client;
let pool: Pool;
let readable: ReadonlyMap<string, Columns>;

beforeAll(async () => {
  const database = await openTestDatabase();
  owner = await connectOwner(database);
  pool = database.poolFor('forestock_api');
  readable = await openOracle(owner, await plantParties(owner));
});
afterAll(() => owner.end());

interface Difference {
  readonly seed: string;
  readonly sql: string;
  readonly seen: string;
  readonly own: string;
}

/** Asks `count` random queries in the name of the party and of copies of its own rows. @returns where the answers differ, at most three */
async function differences(partyId: string, count: number): Promise<{found: Difference[]; answered: number}> {
  return inPartySession(pool, {partyId, at: epochMs(WITHIN)}, async (db) => {
    const found: Difference[] = [];
    let answered = 0;
    for (let no = 0; no < count && found.length < 3; no += 1) {
      const query = randomQuery(readable, streamOf(SEED, partyId, String(no)));
      const sql = query((table) => table);
      const seen = (await db.query<{answer: string}>(sql)).rows[0]!.answer;
      const copy = query((table) => `${oracleOf(partyId)}.${table.replace('.', '__')}`);
      const own = (await owner.query<{answer: string}>(copy)).rows[0]!.answer;
      if (seen !== own) found.push({seed: `SECURITY_SEED=${SEED} ${partyId} ${no}`, sql, seen, own});
      if (own !== '[]') answered += 1;
    }
    return {found, answered};
  });
}

describe('row-level security', () => {
  it('K3 every table that a party may read has a policy for it, is read only, and has rows of every kind of party planted', async () => {
    const {rows} = await owner.query<{table: string; guarded: boolean; privileges: string}>(
      `SELECT g.table_schema || '.' || g.table_name AS table, string_agg(DISTINCT g.privilege_type, ',') AS privileges,
              bool_and(c.relrowsecurity AND EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND 'forestock_party'::regrole = ANY(p.polroles))) AS guarded
         FROM information_schema.column_privileges g
         JOIN pg_class c ON c.oid = (g.table_schema || '.' || g.table_name)::regclass
        WHERE g.grantee = 'forestock_party' AND c.relkind <> 'v' GROUP BY 1 ORDER BY 1`,
    );
    expect(rows.map(({table}) => table)).toEqual([...readable.keys()]);
    for (const row of rows) expect(row).toEqual({table: row.table, privileges: 'SELECT', guarded: true});
    for (const table of readable.keys()) {
      let planted = 0;
      for (const partyId of PARTIES) {
        const copy = `${oracleOf(partyId)}.${table.replace('.', '__')}`;
        planted += Number((await owner.query<{n: string}>(`SELECT count(*) AS n FROM ${copy}`)).rows[0]!.n);
      }
      expect([table, planted > 0]).toEqual([table, true]);
    }
  });

  it('K3 nothing else is granted to a party: neither by name, nor to everybody', async () => {
    const {rows} = await owner.query<{object: string}>(
      `SELECT n.nspname || '.' || c.relname AS object FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname IN ('platform', 'network', 'partners', 'ingest', 'predict', 'replenish') AND c.relkind IN ('r', 'p', 'v', 'm', 'S')
          AND CASE WHEN c.relkind = 'S' THEN has_sequence_privilege('forestock_party', c.oid, 'USAGE, SELECT, UPDATE')
                 ELSE has_any_column_privilege('forestock_party', c.oid, 'SELECT, INSERT, UPDATE')
                   OR has_table_privilege('forestock_party', c.oid, 'DELETE, TRUNCATE') END
        ORDER BY 1`,
    );
    expect(rows.map(({object}) => object)).toEqual([...readable.keys()]);
  });

  for (const partyId of PARTIES) {
    it(`K3 ${QUERIES} random queries of ${partyId} see its own rows, all of them and no others`, async () => {
      const {found, answered} = await differences(partyId, QUERIES);
      expect(found).toEqual([]);
      expect(answered).toBeGreaterThan(QUERIES / 3); // else the queries would say little
    });
  }

  it('K3 whoever names no party, an unknown one, or another’s name in other letters sees nothing', async () => {
    for (const partyId of ['', 'NOBODY', 'sup-a', 'SUP-A ', '%', `SUP-A' OR true --`]) {
      await inPartySession(pool, {partyId, at: epochMs(WITHIN)}, async (db) => {
        for (const table of readable.keys()) {
          const {rows} = await db.query<{n: number}>(`SELECT count(*) AS n FROM ${table}`);
          expect([table, rows[0]!.n]).toEqual([table, 0]);
        }
      });
    }
  });

  it('K3 a service partner sees a machine under contract until the contract ends, and its own reports beyond', async () => {
    const lines = (at: number): Promise<number> =>
      inPartySession(
        pool,
        {partyId: 'SVC-A', at: epochMs(at)},
        async (db) =>
          (await db.query<{n: number}>('SELECT count(*) AS n FROM network.demand_line')).rows[0]!.n,
      );
    expect(await lines(WITHIN)).toBe(1);
    expect(await lines(AFTER)).toBe(0);
  });

  it('K3 a mutant, any one policy opened or dropped, is seen by the random queries', async () => {
    const {rows: policies} = await owner.query<{table: string; name: string; qual: string}>(
      `SELECT schemaname || '.' || tablename AS table, policyname AS name, qual FROM pg_policies WHERE 'forestock_party' = ANY(roles) ORDER BY 1`,
    );
    expect(policies).toHaveLength(readable.size);
    const survivors: string[] = [];
    const isSeen = async (): Promise<boolean> => {
      for (const partyId of PARTIES) if ((await differences(partyId, 150)).found.length > 0) return true;
      return false;
    };
    for (const {table, name, qual} of policies) {
      await owner.query(`ALTER POLICY ${name} ON ${table} USING (true)`);
      if (!(await isSeen())) survivors.push(`${name} on ${table}, opened`);
      await owner.query(`ALTER POLICY ${name} ON ${table} USING (false)`);
      if (!(await isSeen())) survivors.push(`${name} on ${table}, dropped`);
      await owner.query(`ALTER POLICY ${name} ON ${table} USING (${qual})`);
    }
    expect(survivors).toEqual([]);
  });
});
