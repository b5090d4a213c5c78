import {createHash, randomBytes} from 'node:crypto';
import {readFileSync, readdirSync} from 'node:fs';
import path from 'node:path';
import pg from 'pg';
import {afterAll, beforeAll, describe, expect, inject, it} from 'vitest';
import {readTrail, readTrailState} from '../../platform/audit/read-trail.ts';
import {verifyTrail} from '../../platform/audit/verify.ts';
import {migrate, repositoryRoot} from '../../platform/migrate.ts';
import {openPool} from '../../platform/pg.ts';
import {installBase} from '../ingest/installed-base.ts';
import {onServer, withDatabase} from '../support/on-server.ts';

const FOLDER = path.join(repositoryRoot(), 'deploy', 'migrations');
const FILES = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.sql'))
  .sort();
/** The first release in which every stage had its tables. */
const OLD = '0005_replenish.sql';

describe('an upgrade from an older schema', () => {
  const {adminUrl} = inject('testDatabase');
  const name = `test_upgrade_${randomBytes(4).toString('hex')}`;
  const url = withDatabase(adminUrl, name);
  let owner: pg.Client;
  beforeAll(async () => {
    await onServer(adminUrl, `CREATE DATABASE ${name}`);
    owner = new pg.Client({connectionString: url});
    await owner.connect();
  });
  afterAll(async () => {
    await owner.end();
    await onServer(adminUrl, `DROP DATABASE ${name} WITH (FORCE)`);
  });

  /** As an older release left it. */
  async function applyThrough(last: string): Promise<void> {
    await owner.query(`CREATE SCHEMA forestock_migrations; CREATE TABLE forestock_migrations.applied (
      name text PRIMARY KEY, sha256 text NOT NULL, applied_wall timestamptz NOT NULL DEFAULT clock_timestamp())`);
    for (const file of FILES.filter((each) => each <= last)) {
      const sql = readFileSync(path.join(FOLDER, file), 'utf8');
      await owner.query('BEGIN');
      await owner.query(sql);
      await owner.query('INSERT INTO forestock_migrations.applied (name, sha256) VALUES ($1, $2)', [
        file,
        createHash('sha256').update(sql).digest('hex'),
      ]);
      await owner.query('COMMIT');
    }
  }

  async function fill(): Promise<void> {
    await installBase(owner, ['CH-0001']);
    for (let n = 1; n <= 3; n += 1)
      await owner.query(
        `SELECT platform.record_audit('2026-01-05Z', 'ada', 'order.placed', 'O-${n}', '{"qty": ${n}}')`,
      );
    await owner.query(`
      INSERT INTO platform.parameter (key, effective_from, value, changed_by) VALUES ('replenish.policy', '2026-01-01Z', '{"marginShare": 0.1}', 'ada');
      SELECT platform.enqueue_effect('webhook:order:1', 'decision', 'd', 'webhook', '{"type": "order.released"}', '2026-01-05Z');
      SELECT ingest.ensure_partitions('2026-01-05Z', '2026-01-05Z');
      INSERT INTO ingest.signal_set (sha256, names, units) VALUES ('x', '{temperature_c}', '{°C}');
      INSERT INTO ingest.partition_head (partition_no, epoch, last_log_seq) VALUES (3, 1, 1);
      INSERT INTO ingest.reading (equipment_no, observed_at, message_key, partition_no, log_seq, received_at, wall_received_at, boot, seq, content_hash, signal_set_id, "values")
        VALUES (1, '2026-01-05Z', gen_random_uuid(), 3, 1, '2026-01-05Z', '2026-01-05Z', 1, 1, 7, 1, '{5.5}');
      INSERT INTO ingest.dead_letter (dead_letter_id, received_at, topic, raw, reason, detail) VALUES (gen_random_uuid(), '2026-01-05Z', 't', 'x', 'r', 'd');
      INSERT INTO network.supply_order (order_id, kind, part_id, from_loc, to_loc, owner_party_id, qty, state, ordered_at, expected_at, cost_minor, currency)
        VALUES (gen_random_uuid(), 'purchase', 'P-1', 'supplier:SUP', 'depot:D', 'customer-1', 2, 'released', '2026-01-05Z', '2026-01-09Z', 100, 'EUR');`);
  }

  /** Rows of every table that has some, by the columns it has now. */
  async function rowsNow(): Promise<Map<string, {columns: string; rows: unknown[]}>> {
    const tables = await owner.query<{name: string; columns: string}>(
      `SELECT format('%I.%I', n.nspname, c.relname) AS name, string_agg(format('t.%I', a.attname), ', ' ORDER BY a.attnum) AS columns
         FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        WHERE n.nspname IN ('platform', 'network', 'partners', 'ingest', 'predict', 'replenish', 'notices') AND c.relkind IN ('r', 'p') AND NOT c.relispartition
        GROUP BY 1`,
    );
    const found = new Map<string, {columns: string; rows: unknown[]}>();
    for (const table of tables.rows) {
      const rows = await read(table.name, table.columns);
      if (rows.length > 0) found.set(table.name, {columns: table.columns, rows});
    }
    return found;
  }
  const read = async (table: string, columns: string): Promise<unknown[]> =>
    (
      await owner.query<{row: unknown}>(
        `SELECT to_jsonb(r) AS row FROM (SELECT ${columns} FROM ${table} t) r ORDER BY r::text`,
      )
    ).rows.map(({row}) => row);

  it('keeps every row, and seals the audit entries that older releases wrote', async () => {
    await applyThrough(OLD);
    await fill();
    const before = await rowsNow();
    expect([...before.keys()]).toEqual(
      expect.arrayContaining([
        'ingest.reading',
        'platform.audit_entry',
        'platform.outbox',
        'network.equipment',
      ]),
    );
    const {applied} = await migrate(url);
    expect(applied).toEqual(FILES.filter((file) => file > OLD));
    for (const [table, {columns, rows}] of before) expect(await read(table, columns), table).toEqual(rows);

    const pool = openPool({url, role: 'forestock_platform', max: 1});
    await pool.query('SELECT platform.seal_audit(100)');
    const lines = await readTrail(pool, {after: 0, limit: 10, scope: {}});
    const verdict = await verifyTrail({...(await readTrailState(pool)), lines, anchors: [], publicKeys: []});
    await pool.end();
    expect(verdict).toMatchObject({rows: 3, firstBad: null});
  });
});
