import {spawn} from 'node:child_process';
import {realpathSync} from 'node:fs';
import {createPublicKey, generateKeyPairSync} from 'node:crypto';
import path from 'node:path';
import pg from 'pg';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {readAnchors} from '../../platform/audit/anchor-file.ts';
import {readTrail, readTrailState} from '../../platform/audit/read-trail.ts';
import {Sealer} from '../../platform/audit/sealer.ts';
import {verifyTrail} from '../../platform/audit/verify.ts';
import type {Verdict} from '../../platform/audit/verify.ts';
import {silentLogger} from '../../platform/log.ts';
import {migrate} from '../../platform/migrate.ts';
import {openPool} from '../../platform/pg.ts';
import type {Pool, StageRole} from '../../platform/pg.ts';
import {installBase} from '../ingest/installed-base.ts';
import {readingOf} from '../ingest/envelopes.ts';
import {openStore} from '../ingest/store/store-world.ts';
import {onServer, withDatabase} from '../support/on-server.ts';
import {findService} from '../support/services.ts';
import {startSystemPostgres} from '../support/system-postgres.ts';
import type {SystemPostgres} from '../support/system-postgres.ts';
import {temporaryFolder} from '../support/temporary-folder.ts';

const KEYS = generateKeyPairSync('ed25519');
const postgres = findService('postgresql');

/** `npm run drill` runs this alone and prints what it measured. */
describe.skipIf(postgres === null)('the backup drill', () => {
  const folder = temporaryFolder('drill');
  const dump = path.join(folder, 'forestock.dump');
  const anchors = path.join(folder, 'anchors.ndjson');
  let server: SystemPostgres;
  let source: string;
  let restored: string;
  const pools: Pool[] = [];
  beforeAll(async () => {
    server = await startSystemPostgres(postgres!);
    for (const name of ['source', 'restored']) await onServer(server.url, `CREATE DATABASE ${name}`);
    [source, restored] = [withDatabase(server.url, 'source'), withDatabase(server.url, 'restored')];
    await migrate(source);
    await onDatabase(source, (owner) => installBase(owner, ['CH-0001', 'CH-0002']));
  });
  afterAll(async () => {
    await Promise.all(pools.map((pool) => pool.end()));
    await server.stop();
  });

  const poolOf = (url: string, role: StageRole): Pool => {
    const pool = openPool({url, role, max: 3});
    pools.push(pool);
    return pool;
  };
  const verify = async (pool: Pool): Promise<Verdict> =>
    verifyTrail({
      ...(await readTrailState(pool)),
      lines: await readTrail(pool, {after: 0, limit: 100_000, scope: {}}),
      anchors: readAnchors(anchors),
      publicKeys: [createPublicKey(KEYS.privateKey)],
    });
  const seqs = async (pool: Pool): Promise<number[]> =>
    (await pool.query<{seq: number}>('SELECT seq FROM ingest.reading ORDER BY seq')).rows.map(({seq}) => seq);

  it('K5 a backup taken while readings flow restores to what the source was at that moment, and the service goes on from it', async () => {
    const platform = poolOf(source, 'forestock_platform');
    const sealer = new Sealer({
      pool: platform,
      key: () => KEYS.privateKey,
      file: anchors,
      log: silentLogger(),
    });
    const put = openStore(poolOf(source, 'forestock_ingest'));
    let [sent, flowing] = [0, true];
    const committedAt: number[] = [];
    const flow = (async () => {
      while (flowing) {
        sent += 1;
        await put(readingOf(1, sent));
        committedAt[sent] = performance.now();
        await platform.query(
          `SELECT platform.record_audit('2026-01-05Z', 'ada', 'order.placed', $1, '{"qty": 1}')`,
          [`O-${sent}`],
        );
        if (sent % 10 === 0) await sealer.runOnce();
      }
    })();
    while (sent < 50) await new Promise((resolve) => setTimeout(resolve, 20));
    await sealer.finish(); // its anchor is older than the backup
    const before = sent - 1; // whatever was committed before the backup began
    const backupAt = performance.now();
    const checksums = await onDatabase(source, async (client) => {
      await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
      const {rows} = await client.query<{id: string}>('SELECT pg_export_snapshot() AS id');
      await command('pg_dump', ['-Fc', '-f', dump, `--snapshot=${rows[0]!.id}`, '-d', source]);
      return checksumsOf(client);
    }).finally(() => (flowing = false));
    const dumpedAt = performance.now();
    const sentMeanwhile = sent - before;
    await flow;

    const restoreAt = performance.now();
    await command('pg_restore', ['--exit-on-error', '-d', restored, dump]);
    expect(await migrate(restored)).toMatchObject({applied: []});
    const restoredAfterS = (performance.now() - restoreAt) / 1000;

    expect(await onDatabase(restored, checksumsOf)).toEqual(checksums);
    const again = poolOf(restored, 'forestock_ingest');
    const kept = await seqs(again);
    expect(kept).toEqual(kept.map((_, i) => i + 1)); // one moment of the source: no hole
    expect(kept.length).toBeGreaterThanOrEqual(before);
    expect(await verify(poolOf(restored, 'forestock_platform'))).toMatchObject({firstBad: null});

    // Devices send again what the backup has not: stored once, and the chain goes on.
    const resume = openStore(again);
    for (let seq = kept.length - 5; seq <= sent; seq += 1) await resume(readingOf(1, seq));
    expect(await seqs(again)).toEqual(Array.from({length: sent}, (_, i) => i + 1));
    expect(sentMeanwhile).toBeGreaterThan(0); // readings did flow
    console.info(
      JSON.stringify({
        readingsKept: kept.length,
        // Were the source lost at the very end of its backup: how old the newest reading of the backup is then, and what is not in it.
        recoveryPointS: (dumpedAt - committedAt[kept.length]!) / 1000,
        readingsSince: committedAt.filter((at) => at <= dumpedAt).length - kept.length,
        backupS: (dumpedAt - backupAt) / 1000,
        recoveryTimeS: restoredAfterS, // restored, migrated and ready to be written to
      }),
    );
  });

  it('K5 a restore shows what it lacks: entries that were anchored after the backup are named as gone', async () => {
    const platform = poolOf(source, 'forestock_platform');
    const sealer = new Sealer({
      pool: platform,
      key: () => KEYS.privateKey,
      file: anchors,
      log: silentLogger(),
    });
    await sealer.finish(); // the source has gone on, and its anchors are in the file
    expect((await verify(platform)).firstBad).toBeNull();
    expect((await verify(poolOf(restored, 'forestock_platform'))).firstBad).toMatchObject({
      tampering: 'cut-off',
    });
  });

  function command(program: string, args: readonly string[]): Promise<void> {
    return new Promise((resolve, reject) => {
      const child = spawn(path.join(path.dirname(realpathSync(postgres!)), program), args, {
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      let said = '';
      child.stderr.on('data', (text: Buffer) => (said += text.toString()));
      child.once('error', reject);
      child.once('close', (code) => (code === 0 ? resolve() : reject(new Error(`${program}: ${said}`))));
    });
  }
});

async function onDatabase<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({connectionString: url});
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Of every table with all its rows, in an order of their own. */
async function checksumsOf(client: pg.Client): Promise<Record<string, string>> {
  const tables = await client.query<{name: string}>(
    `SELECT format('%I.%I', n.nspname, c.relname) AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname IN ('platform', 'network', 'partners', 'ingest', 'predict', 'replenish', 'notices') AND c.relkind IN ('r', 'p') AND NOT c.relispartition ORDER BY 1`,
  );
  const sums: Record<string, string> = {};
  for (const {name} of tables.rows) {
    const {rows} = await client.query<{sum: string}>(
      `SELECT count(*) || ' ' || md5(coalesce(string_agg(t::text, E'\n' ORDER BY t::text COLLATE "C"), '')) AS sum FROM ${name} t`,
    );
    sums[name] = rows[0]!.sum;
  }
  return sums;
}
