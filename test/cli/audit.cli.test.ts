import {readFileSync, statSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {anchorFile} from '../../platform/audit/anchor-file.ts';
import {openAnchorKey, publicKeyFile} from '../../platform/audit/anchor-key.ts';
import {Sealer} from '../../platform/audit/sealer.ts';
import {silentLogger} from '../../platform/log.ts';
import {openServiceWorld} from '../console/service-world.ts';
import type {ServiceWorld} from '../console/service-world.ts';
import {temporaryFolder} from '../support/temporary-folder.ts';
import {runCli} from './run-cli.ts';
import type {Run} from './run-cli.ts';

interface Answered {
  readonly whole: boolean;
  readonly rows: number;
  readonly redacted: number;
  readonly anchors: number;
  readonly unchecked: number;
  readonly firstBad: {readonly tampering: string; readonly sealNo: number} | null;
}

describe('forestock audit', () => {
  let world: ServiceWorld;
  let before: number;
  const dataDir = temporaryFolder('audit-cli');
  beforeAll(async () => {
    world = await openServiceWorld();
    before = (await pool().query('SELECT 1 FROM platform.audit_entry')).rowCount!;
    for (let n = 0; n < 600; n += 1)
      await pool().query(
        `SELECT platform.record_audit('2026-01-05Z', 'ada', $1, 'S', '{"who": "Jane Roe"}')`,
        [n % 2 === 0 ? 'order.placed' : 'token.made'],
      );
    await seal();
  });
  afterAll(() => world.stop());

  const pool = (): ReturnType<ServiceWorld['engine']['database']['pool']> =>
    world.engine.database.pool('forestock_platform');
  const seal = (): Promise<void> =>
    new Sealer({
      pool: pool(),
      key: () => openAnchorKey({dataDir}),
      file: anchorFile(dataDir),
      log: silentLogger(),
    }).finish();
  const run = (...args: string[]): Promise<Run> =>
    runCli(['audit', ...args], {FORESTOCK_URL: world.url, FORESTOCK_DATA_DIR: dataDir});
  const verify = async (...args: string[]): Promise<Answered & {code: number | null}> => {
    const {code, stdout, stderr} = await run('verify', '--json', ...args);
    expect(stderr).toBe('');
    return {code, ...(JSON.parse(stdout) as Answered)};
  };
  const out = (name: string): string => path.join(dataDir, name);

  it('K6 verify walks the whole chain of the running service and leaves with 0', async () => {
    const rows = before + 600;
    expect(await verify()).toMatchObject({
      code: 0,
      whole: true,
      witnessed: true,
      rows,
      anchors: 2,
      unchecked: 0,
    });
    expect((await run('verify')).stdout).toMatch(/entries fit, up to seal \d+; 2 anchors agree\nwhole\n$/);
    expect((await run('anchors')).stdout).toContain(String(rows));
  });

  it('K6 a pack of a scope verifies without the service, tells nothing of the rest, and shows a change', async () => {
    const pack = out('orders.ndjson');
    const {code, stdout} = await run('export', '--out', pack, '--action', 'order.');
    expect({code, stdout}).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(`300 of ${before + 600}`) as string,
    });
    const text = readFileSync(pack, 'utf8');
    expect(text).not.toContain('token.made');
    expect(statSync(pack).mode & 0o077).toBe(0);
    const keyed = ['--file', pack, '--public-key', publicKeyFile(dataDir)];
    expect(await verify(...keyed)).toMatchObject({code: 0, whole: true, rows: before + 600, anchors: 1});
    expect(await run('export', '--out', pack)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('name a new file') as string,
    });
    writeFileSync(pack, text.replace('"actor":"ada"', '"actor":"eve"'));
    expect(await verify(...keyed)).toMatchObject({code: 1, whole: false, firstBad: {tampering: 'changed'}});
    writeFileSync(pack, `${text}{"sealNo": "no`);
    expect(await run('verify', ...keyed)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(pack) as string,
    });
  });

  it('K6 anchors are only as good as the key: without one they do not count, and another one refuses them', async () => {
    const pack = out('all.ndjson');
    await run('export', '--out', pack);
    const elsewhere = await runCli(['audit', 'verify', '--file', pack, '--json'], {
      FORESTOCK_DATA_DIR: out('nowhere'),
    });
    const unwitnessed = {whole: true, witnessed: false, anchors: 0, unchecked: 1};
    expect(JSON.parse(elsewhere.stdout)).toMatchObject(unwitnessed);
    const said = await runCli(['audit', 'verify', '--file', pack], {FORESTOCK_DATA_DIR: out('nowhere')});
    expect(said.stdout).toMatch(/whole in itself; NOT checked against its 1 anchors.*--public-key\n$/);
    openAnchorKey({dataDir: out('stranger')});
    expect(await verify('--public-key', publicKeyFile(out('stranger')))).toMatchObject({
      code: 1,
      firstBad: {tampering: 'anchor-forged'},
    });
    expect(await run('verify', '--public-key', pack)).toMatchObject({code: 2});
    expect(await run('verify', '--anchors', out('missing'))).toMatchObject({code: 2});
  });

  it('K6 redact takes a body out once, and the trail stays whole', async () => {
    const id = String(before + 1);
    expect(await run('redact', id, '--reason', 'GDPR 17', '--actor', 'dpo')).toMatchObject({code: 0});
    expect(await run('redact', id, '--reason', 'again')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('no body to take out') as string,
    });
    await seal();
    expect(await verify()).toMatchObject({code: 0, whole: true, rows: before + 601, redacted: 1});
  });
});
