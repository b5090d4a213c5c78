import {mkdtemp, readFile, readdir, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {epochMs} from '../../domain/time.ts';
import {readCsvFolder, writeCsvFolder} from '../../network/adapters/csv-folder.ts';
import {exportFolder} from '../../network/adapters/master-books.ts';
import {openNetworkPorts} from '../../network/adapters/postgres.ts';
import {type MasterData, toRawFolder} from '../../network/core/master-data.ts';
import {mistakeText} from '../../network/core/mistake.ts';
import {importMasterData} from '../../network/import-master-data.ts';
import type {NetworkPorts} from '../../network/ports.ts';
import type {Pool} from '../../platform/pg.ts';
import {referenceNetwork} from '../../simulator/network.ts';
import {openTestDatabase} from '../support/database.ts';

const NOW = epochMs(Date.UTC(2026, 0, 5));
const NETWORK: MasterData = referenceNetwork({seed: 7, startAt: NOW, machines: 30});

async function freshPorts(): Promise<{ports: NetworkPorts; pool: Pool}> {
  const pool = (await openTestDatabase()).poolFor('forestock_network');
  return {
    pool,
    ports: openNetworkPorts(pool, {worldClock: {now: () => NOW}, partitions: 16, autoIssue: false}),
  };
}

describe('master data import', () => {
  let ports: NetworkPorts;
  let pool: Pool;
  let scratch: string;
  beforeAll(async () => {
    ({ports, pool} = await freshPorts());
    scratch = await mkdtemp(path.join(tmpdir(), 'forestock-import-'));
  });
  afterAll(() => rm(scratch, {recursive: true}));

  it('the reference network imports, and importing it again changes nothing', async () => {
    const outcome = await importMasterData(ports, toRawFolder(NETWORK), {actor: 'test'});
    expect(outcome.ok ? [] : outcome.mistakes.map(mistakeText)).toEqual([]);
    const before = await exportFolder(pool);
    const again = await importMasterData(ports, toRawFolder(NETWORK), {actor: 'test'});
    expect(again).toMatchObject({ok: true, stockKept: NETWORK['opening_stock']!.length});
    expect(await exportFolder(pool)).toEqual(before);
    const installed = await pool.query<{n: number}>('SELECT count(*) AS n FROM network.installation');
    expect(installed.rows[0]!.n).toBe(NETWORK['installation']!.length);
  });

  it('a large import leaves statistics of its tables behind, before the server looks by itself', async () => {
    const {rows} = await pool.query<{rows: number}>(
      `SELECT reltuples::int AS rows FROM pg_class WHERE oid = 'network.equipment'::regclass`,
    );
    expect(rows[0]!.rows).toBe(NETWORK['equipment']!.length); // -1: never looked at
  });

  it('export, import into an empty database and export again gives the same bytes', async () => {
    const first = path.join(scratch, 'first');
    const second = path.join(scratch, 'second');
    await writeCsvFolder(first, await exportFolder(pool));
    const other = await freshPorts();
    const {raw, mistakes} = await readCsvFolder(first);
    const outcome = await importMasterData(other.ports, raw, {actor: 'test', unreadable: mistakes});
    expect(outcome.ok ? [] : outcome.mistakes.map(mistakeText)).toEqual([]);
    await writeCsvFolder(second, await exportFolder(other.pool));
    for (const file of await readdir(first)) {
      expect(await readFile(path.join(second, file), 'utf8'), file).toBe(
        await readFile(path.join(first, file), 'utf8'),
      );
    }
  });
});
