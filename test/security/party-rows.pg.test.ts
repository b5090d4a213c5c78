import type pg from 'pg';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {epochMs} from '../../domain/time.ts';
import {inPartySession} from '../../platform/party-session.ts';
import type {Pool} from '../../platform/pg.ts';
import {streamOf} from '../../simulator/random.ts';
import {openTestDatabase} from '../support/database.ts';
import type {Columns, Reader} from './planted-parties.ts';
import {AFTER, READERS, WITHIN, connectOwner, openOracle, oracleOf, plantParties} from './planted-parties.ts';
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

/** Asks `count` random queries in the name of the reader and of copies of its own rows. @returns where the answers differ, at most three */
async function differences(
  {name, partyId, segments}: Reader,
  count: number,
): Promise<{found: Difference[]; answered: number}> {
  return inPartySession(pool, {partyId, segments, at: epochMs(WITHIN)}, async (db) => {
    const found: Difference[] = [];
    let answered = 0;
    for (let no = 0; no < count && found.length < 3; no += 1) {
      const query = randomQuery(readable, streamOf(SEED, name, String(no)));
      const sql = query((table) => table);
      const seen = (await db.query<{answer: string}>(sql)).rows[0]!.answer;
      const copy = query((table) => `${oracleOf(name)}.${table.replace('.', '__')}`);
      const own = (await owner.query<{answer: string}>(copy)).rows[0]!.answer;
      if (seen !== own) found.push({seed: `SECURITY_SEED=${SEED} ${name} ${no}`, sql, seen, own});
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
      for (const {name} of READERS) {
        const copy = `${oracleOf(name)}.${table.replace('.', '__')}`;
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

  for (const reader of READERS) {
    it(`K3 ${QUERIES} random queries of ${reader.name} see its own rows, all of them and no others`, async () => {
      const {found, answered} = await differences(reader, QUERIES);
      expect(found).toEqual([]);
      // Else the queries would say little; who is bound to a segment has half of the rows.
      expect(answered).toBeGreaterThan(QUERIES / (reader.segments === null ? 3 : 6));
    });
  }

  it('K3 whoever names no party, an unknown one, or another’s name in other letters sees nothing', async () => {
    for (const partyId of ['', 'NOBODY', 'sup-a', 'SUP-A ', '%', `SUP-A' OR true --`]) {
      await inPartySession(pool, {partyId, segments: null, at: epochMs(WITHIN)}, async (db) => {
        for (const table of readable.keys()) {
          const {rows} = await db.query<{n: number}>(`SELECT count(*) AS n FROM ${table}`);
          expect([table, rows[0]!.n]).toEqual([table, 0]);
        }
      });
    }
  });

  it('K3 a session whose segments nobody named sees nothing of any part', async () => {
    await inPartySession(pool, {partyId: 'SUP-A', segments: [], at: epochMs(WITHIN)}, async (db) => {
      await db.query('RESET forestock.segments');
      for (const table of ['network.part', 'network.supply_order', 'network.sourcing']) {
        const {rows} = await db.query<{n: number}>(`SELECT count(*) AS n FROM ${table}`);
        expect([table, rows[0]!.n]).toEqual([table, 0]);
      }
    });
  });

  it('K3 a service partner sees a machine under contract until the contract ends, and its own reports beyond', async () => {
    const lines = (at: number): Promise<number> =>
      inPartySession(
        pool,
        {partyId: 'SVC-A', segments: null, at: epochMs(at)},
        async (db) =>
          (await db.query<{n: number}>('SELECT count(*) AS n FROM network.demand_line')).rows[0]!.n,
      );
    expect(await lines(WITHIN)).toBe(2);
    expect(await lines(AFTER)).toBe(0);
  });

  it('K3 a mutant, any one policy opened, dropped or blind to segments, is seen by the random queries', async () => {
    const {rows: policies} = await owner.query<{table: string; name: string; qual: string}>(
      `SELECT schemaname || '.' || tablename AS table, policyname AS name, qual FROM pg_policies WHERE 'forestock_party' = ANY(roles) ORDER BY 1`,
    );
    expect(policies).toHaveLength(readable.size);
    const survivors: string[] = [];
    const isSeen = async (readers: readonly Reader[]): Promise<boolean> => {
      for (const reader of readers) if ((await differences(reader, 150)).found.length > 0) return true;
      return false;
    };
    let bounded = 0;
    for (const {table, name, qual} of policies) {
      await owner.query(`ALTER POLICY ${name} ON ${table} USING (true)`);
      if (!(await isSeen(READERS))) survivors.push(`${name} on ${table}, opened`);
      await owner.query(`ALTER POLICY ${name} ON ${table} USING (false)`);
      if (!(await isSeen(READERS))) survivors.push(`${name} on ${table}, dropped`);
      const blind = qual.replace('network.session_has_every_segment()', 'true');
      if (blind !== qual) {
        bounded += 1;
        await owner.query(`ALTER POLICY ${name} ON ${table} USING (${blind})`);
        if (!(await isSeen(READERS.toReversed()))) survivors.push(`${name} on ${table}, blind to segments`);
      }
      await owner.query(`ALTER POLICY ${name} ON ${table} USING (${qual})`);
    }
    expect(survivors).toEqual([]);
    expect(bounded).toBe(9);
  }, 180_000);
});
