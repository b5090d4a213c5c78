import {createPublicKey} from 'node:crypto';
import {appendFileSync, readFileSync, rmSync, statSync} from 'node:fs';
import {mkdtemp} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import pg from 'pg';
import {afterAll, afterEach, beforeEach, describe, expect, it} from 'vitest';
import type {EpochMs} from '../../../domain/time.ts';
import {epochMs} from '../../../domain/time.ts';
import {anchorFile, readAnchors} from '../../../platform/audit/anchor-file.ts';
import {openAnchorKey} from '../../../platform/audit/anchor-key.ts';
import {readAnchorPage, readTrail, readTrailState} from '../../../platform/audit/read-trail.ts';
import {Sealer} from '../../../platform/audit/sealer.ts';
import {verifyTrail} from '../../../platform/audit/verify.ts';
import type {Verdict} from '../../../platform/audit/verify.ts';
import {silentLogger} from '../../../platform/log.ts';
import {inTransaction} from '../../../platform/pg.ts';
import type {Pool, Queryable, StageRole} from '../../../platform/pg.ts';
import {openTestDatabase} from '../../support/database.ts';
import type {TestDatabase} from '../../support/database.ts';

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
const folder = await mkdtemp(path.join(tmpdir(), 'forestock-audit-'));
const key = openAnchorKey({dataDir: folder});
afterAll(() => rmSync(folder, {recursive: true}));

describe('the sealed audit trail', () => {
  let database: TestDatabase;
  let pool: Pool;
  let owner: pg.Client;
  let wallNow: EpochMs;
  beforeEach(async () => {
    database = await openTestDatabase();
    pool = database.poolFor('forestock_platform');
    owner = new pg.Client({connectionString: database.ownerUrl});
    await owner.connect();
    wallNow = epochMs(Date.UTC(2026, 0, 5));
    rmSync(anchorFile(folder), {force: true});
  });
  afterEach(() => owner.end());

  const record = (subject: string, db: Queryable = pool, body = '{"qty": 2}'): Promise<unknown> =>
    db.query(`SELECT platform.record_audit('2026-01-05Z', 'ada', 'order.placed', $1, $2)`, [subject, body]);
  const sealerOn = (db: Pool): Sealer =>
    new Sealer({
      pool: db,
      key: () => key,
      file: anchorFile(folder),
      log: silentLogger(),
      wall: {now: () => wallNow},
    });
  const verify = async (): Promise<Verdict> => {
    const state = await readTrailState(pool);
    const lines = await readTrail(pool, {after: 0, limit: 10_000, scope: {}});
    const anchors = [...readAnchors(anchorFile(folder)), ...(await readAnchorPage(pool, 0, 1000))];
    return verifyTrail({...state, lines, anchors, publicKeys: [createPublicKey(key)]});
  };
  /** What only the owner can do, and only after taking the trigger away. */
  const tamper = async (...statements: string[]): Promise<void> => {
    const tables = ['audit_entry', 'audit_seal', 'audit_anchor'];
    for (const table of tables)
      await owner.query(`ALTER TABLE platform.${table} DISABLE TRIGGER append_only`);
    for (const statement of statements) await owner.query(statement);
    for (const table of tables) await owner.query(`ALTER TABLE platform.${table} ENABLE TRIGGER append_only`);
  };

  it('K6 what the database seals the verifier computes alike, whatever stands in an entry', async () => {
    const texts = fc.sample(
      fc.tuple(
        fc.string({unit: 'binary', maxLength: 12}).map((text) => text.replaceAll('\0', '').toWellFormed()),
        fc.json(),
      ),
      {numRuns: 60, seed: 7},
    );
    const odd = ['a\u001fb', '"\\\n\t\b\f\r', '\u2028\u2029', '\u007f', 'é 🔧', '</script>'];
    for (const [text, json] of [...texts, ...odd.map((text) => [text, JSON.stringify(text)] as const)])
      await record(text, pool, json.includes('\\u0000') ? 'null' : json);
    expect(await sealerOn(pool).runOnce()).toBe(texts.length + odd.length);
    expect(await verify()).toMatchObject({rows: texts.length + odd.length, firstBad: null});
  });

  it('K6 a rolled-back transaction leaves no hole, and a late commit is sealed when it comes', async () => {
    await record('first');
    await expect(
      inTransaction(pool, async (client) => {
        await record('rolled back', client);
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    const late = await pool.connect();
    await late.query('BEGIN');
    await record('late', late);
    await record('third');
    await sealerOn(pool).runOnce();
    await late.query('COMMIT');
    late.release();
    expect((await readTrailState(pool)).unsealed).toBe(1);
    await sealerOn(pool).runOnce();
    const lines = await readTrail(pool, {after: 0, limit: 10, scope: {}});
    expect(lines.map(({sealNo, entry}) => [sealNo, (entry as {subject: string}).subject])).toEqual([
      [1, 'first'],
      [2, 'third'],
      [3, 'late'],
    ]);
    expect((await verify()).firstBad).toBeNull();
  });

  it('K6 two sealers at once never fork the chain, and one that stalls holds nobody up', async () => {
    for (let n = 0; n < 200; n += 1) await record(`S-${n}`);
    const other = database.poolFor('forestock_platform');
    const stalled = await pool.connect();
    await stalled.query('BEGIN');
    await stalled.query('SELECT platform.seal_audit(10)');
    expect(await sealerOn(pool).runOnce()).toBe(0); // does not wait
    await record('meanwhile');
    await stalled.query('ROLLBACK'); // killed: its rows are sealed by the next
    stalled.release();
    const seal = (db: Pool): Promise<unknown> =>
      Promise.all(Array.from({length: 10}, () => db.query('SELECT platform.seal_audit(20)')));
    await Promise.all([seal(pool), seal(other)]);
    await sealerOn(pool).finish();
    expect(await verify()).toMatchObject({rows: 201, firstBad: null});
  });

  it('K6 a sealer that works on an old view is refused by the key of the seal numbers', async () => {
    await record('first');
    await record('second');
    const stale = await pool.connect();
    await stale.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
    await stale.query('SELECT count(*) FROM platform.audit_seal'); // its view is from now
    await sealerOn(pool).runOnce();
    await expect(stale.query('SELECT platform.seal_audit(10)')).rejects.toThrow(/audit_seal_pkey|concurrent/);
    await stale.query('ROLLBACK');
    stale.release();
    expect(await verify()).toMatchObject({rows: 2, firstBad: null});
  });

  it('K6 no stage may change or remove what stands in the trail, nor seal by hand', async () => {
    await record('first');
    await sealerOn(pool).finish();
    const attempts = ['audit_entry', 'audit_seal', 'audit_anchor'].flatMap((table) => [
      `DELETE FROM platform.${table}`,
      `TRUNCATE platform.${table}`,
      `UPDATE platform.${table} SET ${table === 'audit_entry' ? `actor = 'eve'` : `seal = sha256('x')`}`,
    ]);
    const byHand = [
      `INSERT INTO platform.audit_seal VALUES (2, 2, sha256('x'))`,
      'DELETE FROM platform.audit_unsealed',
    ];
    for (const stage of STAGES) {
      const role: StageRole = `forestock_${stage}`;
      for (const attempt of [...attempts, ...byHand])
        await expect(database.poolFor(role).query(attempt)).rejects.toThrow('permission denied');
    }
    for (const attempt of attempts)
      await expect(owner.query(attempt)).rejects.toThrow('appended to, never changed');
    expect((await verify()).firstBad).toBeNull();
  });

  describe('tampering by the owner of the database', () => {
    beforeEach(async () => {
      for (let n = 1; n <= 6; n += 1) await record(`S-${n}`);
      await sealerOn(pool).finish();
    });
    const idOf = (sealNo: number): string =>
      `(SELECT audit_id FROM platform.audit_seal WHERE seal_no = ${sealNo})`;
    const copy = `INSERT INTO platform.audit_entry (world_at, wall_at, actor, action, subject, body, body_sha256)
      SELECT world_at, wall_at, 'eve', action, subject, body, body_sha256 FROM platform.audit_entry WHERE audit_id = ${idOf(1)}`;
    const REWRITE = [
      `UPDATE platform.audit_entry SET actor = 'eve' WHERE audit_id = ${idOf(2)}`,
      'DELETE FROM platform.audit_seal',
      'INSERT INTO platform.audit_unsealed SELECT audit_id FROM platform.audit_entry',
      'SELECT platform.seal_audit(1000)',
    ];
    it.each([
      [
        'I6 a changed exception',
        {tampering: 'changed', sealNo: 3},
        [`UPDATE platform.audit_entry SET actor = 'eve' WHERE audit_id = ${idOf(3)}`],
      ],
      [
        'I6 a changed body with its hash',
        {tampering: 'changed', sealNo: 4},
        [
          `UPDATE platform.audit_entry SET body = '{}', body_sha256 = sha256('{}') WHERE audit_id = ${idOf(4)}`,
        ],
      ],
      [
        'K6 a removed entry',
        {tampering: 'removed', sealNo: 2},
        [`DELETE FROM platform.audit_entry WHERE audit_id = ${idOf(2)}`],
      ],
      [
        'K6 an entry removed with its seal',
        {tampering: 'removed', sealNo: 5},
        [
          `DELETE FROM platform.audit_entry WHERE audit_id = ${idOf(5)}`,
          'DELETE FROM platform.audit_seal WHERE seal_no = 5',
        ],
      ],
      ['K6 an inserted entry', {tampering: 'inserted', sealNo: null}, [copy]],
      [
        'K6 seals of two entries exchanged',
        {tampering: 'reordered', sealNo: 2},
        [
          `UPDATE platform.audit_seal SET audit_id = -audit_id WHERE seal_no IN (2, 5)`,
          `UPDATE platform.audit_seal s SET audit_id = -o.audit_id FROM platform.audit_seal o
          WHERE s.seal_no + o.seal_no = 7 AND s.seal_no IN (2, 5)`,
        ],
      ],
      [
        'K6 a cut-off tail',
        {tampering: 'cut-off', sealNo: 5},
        [
          'DELETE FROM platform.audit_entry WHERE audit_id >= ' + idOf(5),
          'DELETE FROM platform.audit_seal WHERE seal_no >= 5',
        ],
      ],
      ['K6 a chain sealed anew', {tampering: 'rewritten', sealNo: 1}, REWRITE],
      [
        'K6 a chain and its anchors written anew',
        {tampering: 'rewritten', sealNo: 1},
        [
          ...REWRITE,
          'UPDATE platform.audit_anchor a SET seal = s.seal FROM platform.audit_seal s WHERE s.seal_no = a.seal_no',
        ],
      ],
      [
        'K6 a body taken out behind the back of redaction',
        {tampering: 'changed', sealNo: 6},
        [`UPDATE platform.audit_entry SET body = 'null' WHERE audit_id = ${idOf(6)}`],
      ],
    ] as const)('%s is found, and where', async (_what, found, statements) => {
      expect((await verify()).firstBad).toBeNull();
      if (statements.at(-1)!.startsWith('UPDATE platform.audit_anchor')) {
        await tamper(...statements);
        // The signature does not fit the new seal, and only the file still has the old anchor.
        expect((await verify()).firstBad).toMatchObject({tampering: 'anchor-forged'});
        await tamper('DELETE FROM platform.audit_anchor');
      } else await tamper(...statements);
      expect((await verify()).firstBad).toMatchObject(found);
    });
  });

  it('K6 redaction takes a body out, says who did it and why, and keeps the chain', async () => {
    await record('with a name', pool, '{"technician": "Jane Roe"}');
    await sealerOn(pool).finish();
    const redact = (id: number): Promise<unknown> =>
      pool
        .query<{done: boolean}>(`SELECT platform.redact_audit($1, '2026-01-06Z', 'dpo', 'GDPR 17') AS done`, [
          id,
        ])
        .then(({rows}) => rows[0]!.done);
    expect(await redact(1)).toBe(true);
    expect(await redact(1)).toBe(false);
    expect(await redact(99)).toBe(false);
    await sealerOn(pool).runOnce();
    expect(await verify()).toMatchObject({rows: 2, redacted: 1, firstBad: null});
    const lines = await readTrail(pool, {after: 0, limit: 10, scope: {}});
    expect(JSON.stringify(lines)).not.toContain('Jane');
    expect(lines[1]!.entry).toMatchObject({actor: 'dpo', action: 'audit.redacted', subject: '1'});
  });

  it('K6 a pack of a scope shows its entries alone, and verifies with all the others', async () => {
    await record('S-1');
    await pool.query(
      `SELECT platform.record_audit('2026-01-06Z', 'bob', 'token.made', 'T', '{"secret": true}')`,
    );
    await record('S-2');
    await sealerOn(pool).finish();
    const scope = {action: 'order.', from: epochMs(Date.UTC(2026, 0, 5)), to: epochMs(Date.UTC(2026, 0, 6))};
    const lines = await readTrail(pool, {after: 0, limit: 10, scope});
    expect(lines.map(({entry}) => Object.keys(entry!).length)).toEqual([8, 1, 8]);
    expect(JSON.stringify(lines)).not.toMatch(/bob|secret|token/);
    const {firstBad, rows} = await verifyTrail({
      ...(await readTrailState(pool)),
      lines,
      anchors: readAnchors(anchorFile(folder)),
      publicKeys: [createPublicKey(key)],
    });
    expect({firstBad, rows}).toEqual({firstBad: null, rows: 3});
  });

  it('K6 anchors come by age and by rows, and reach the file once, also after a torn line', async () => {
    const sealer = sealerOn(pool);
    await record('first');
    await sealer.runOnce();
    expect(readAnchors(anchorFile(folder)).map(({sealNo}) => sealNo)).toEqual([1]);
    await record('second');
    wallNow = epochMs(wallNow + 599_999);
    await sealer.runOnce();
    expect(readAnchors(anchorFile(folder))).toHaveLength(1);
    wallNow = epochMs(wallNow + 1);
    await sealer.runOnce();
    expect(readAnchors(anchorFile(folder)).map(({sealNo}) => sealNo)).toEqual([1, 2]);
    appendFileSync(anchorFile(folder), '{"sealNo": 3, "se'); // a crash
    for (let n = 0; n < 1000; n += 1) await record(`S-${n}`);
    await sealerOn(pool).runOnce();
    expect(readAnchors(anchorFile(folder)).map(({sealNo}) => sealNo)).toEqual([1, 2, 1002]);
    expect(await verify()).toMatchObject({rows: 1002, anchors: 6, firstBad: null});
  });

  it('K6 the key is made once, for its owner alone, and one that others can read is refused', async () => {
    const made = await mkdtemp(path.join(tmpdir(), 'forestock-key-'));
    const file = path.join(made, 'audit', 'anchor-key.pem');
    const first = openAnchorKey({dataDir: made});
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(openAnchorKey({dataDir: made}).equals(first)).toBe(true);
    const text = first.export({type: 'pkcs8', format: 'der'}).toString('base64');
    expect(openAnchorKey({dataDir: made, auditKey: text}).equals(first)).toBe(true);
    expect(readFileSync(path.join(made, 'audit', 'anchor-key.pub.pem'), 'utf8')).toContain(
      'BEGIN PUBLIC KEY',
    );
    const {chmodSync, writeFileSync} = await import('node:fs');
    chmodSync(file, 0o644);
    expect(() => openAnchorKey({dataDir: made})).toThrow(/can be read by others.*chmod 600/);
    writeFileSync(file, 'no key');
    chmodSync(file, 0o600);
    expect(() => openAnchorKey({dataDir: made})).toThrow(/is no private key/);
    rmSync(made, {recursive: true});
  });
});
