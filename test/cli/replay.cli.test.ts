import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import pg from 'pg';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {z} from 'zod';
import {traceAlert} from '../../console/api/trace.ts';
import type {Pool} from '../../platform/pg.ts';
import {openTestDatabase} from '../support/database.ts';
import type {TestDatabase} from '../support/database.ts';
import {writeSyntheticSet} from './replay/synthetic-set.ts';
import type {SyntheticSet} from './replay/synthetic-set.ts';
import {runCli} from './run-cli.ts';
import type {Run} from './run-cli.ts';

const MACHINES = 3;
const COMPONENTS = 4;
const GRID_S = 3 * 60 * 60;
const Trace = z.object({
  forecasts: z
    .array(
      z.object({
        readings: z.object({total: z.int().positive(), newest: z.array(z.object({messageKey: z.string()}))}),
      }),
    )
    .min(1),
});

describe('forestock replay azure-pdm, on a synthetic set', () => {
  let folder: string;
  let db: TestDatabase;
  let rows: SyntheticSet;
  let first: Run;
  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'forestock-replay-'));
    db = await openTestDatabase();
    rows = writeSyntheticSet(path.join(folder, 'set'));
    first = await replay();
  }, 300_000);
  afterAll(() => rmSync(folder, {recursive: true, force: true}));

  const run = (...args: string[]): Promise<Run> =>
    runCli(args, {
      DATABASE_URL: db.ownerUrl,
      FORESTOCK_DATA_DIR: path.join(folder, 'data'),
      FORESTOCK_BACKEND: 'cpu',
    });
  const replay = (): Promise<Run> => run('replay', 'azure-pdm', '--dir', path.join(folder, 'set'), '--json');
  const read = (): Pool => db.poolFor('forestock_api');
  const expectRows = async (keys: ReadonlySet<string>): Promise<void> => {
    expect(keys.size).toBeGreaterThan(0);
    const {rows: kept} = await read().query<{n: number}>(
      'SELECT count(*) AS n FROM ingest.reading WHERE message_key = ANY($1::uuid[])',
      [[...keys]],
    );
    expect(kept[0]!.n).toBe(keys.size);
  };

  it('M2 stores each row of the files once, refuses none, and decides to act', async () => {
    expect(first.code, first.stderr).toBe(0);
    expect(first.stdout.trimEnd().split('\n')).toHaveLength(1);
    const summary = JSON.parse(first.stdout) as {
      stored: SyntheticSet;
      decisions: Record<string, number>;
      rejected: number;
    };
    expect(summary.stored).toEqual(rows);
    expect(summary.rejected).toBe(0);
    const {nothing, ...acts} = summary.decisions;
    expect(nothing).toBeGreaterThan(0);
    expect(Object.values(acts).reduce((sum, n) => sum + n, 0)).toBeGreaterThan(0);
  });

  it('every component has a forecast at every grid point since the first telemetry, and at no other', async () => {
    const {rows: found} = await read().query<{equipment: number; position: string; points: number[]}>(
      `SELECT equipment_no AS equipment, position_id AS position, array_agg(DISTINCT extract(epoch FROM as_of)::int) AS points
         FROM predict.forecast WHERE cause = 'grid' AND NOT shadow GROUP BY 1, 2`,
    );
    const firstS = Date.parse('2015-01-01T06:00:00Z') / 1000;
    const grid = Array.from({length: rows.telemetry / MACHINES}, (_, step) => firstS + step * GRID_S);
    expect(found).toHaveLength(MACHINES * COMPONENTS);
    for (const {points} of found) expect(points.sort((a, b) => a - b)).toEqual(grid);
  });

  it('the trace of each act ends in readings that are rows', async () => {
    const {rows: acts} = await read().query<{id: string}>(
      `SELECT decision_id AS id FROM replenish.decision WHERE action <> 'nothing' ORDER BY decided_at`,
    );
    const keys = new Set<string>();
    for (const {id} of acts) {
      const {code, stdout} = await run('decisions', 'trace', id, '--json');
      expect(code).toBe(0);
      for (const {readings} of Trace.parse(JSON.parse(stdout)).forecasts)
        for (const {messageKey} of readings.newest) keys.add(messageKey);
    }
    await expectRows(keys);
  });

  it('the trace of an alert begins with the component that it names, and ends in readings that are rows', async () => {
    const {rows: alerts} = await read().query<{id: string}>(
      `SELECT alert_id AS id FROM replenish.alert WHERE kind = 'backorder-impact'`,
    );
    const keys = new Set<string>();
    for (const {id} of alerts) {
      const {alert, forecasts} = (await traceAlert(read(), id))!;
      const {equipmentId, positionId} = alert.body;
      // Without a position the machine stands already: the others of the depot are forecast.
      if (positionId !== null) expect(forecasts[0]!.forecast).toMatchObject({equipmentId, positionId});
      for (const {readings} of forecasts) for (const {messageKey} of readings.newest) keys.add(messageKey);
    }
    await expectRows(keys);
  });

  it('M2 a second run answers the same JSON and adds no row to any table', async () => {
    const before = await rowsByTable(db.ownerUrl);
    const second = await replay();
    expect(second).toMatchObject({code: 0, stdout: first.stdout});
    expect(await rowsByTable(db.ownerUrl)).toEqual(before);
  });

  const whatIf = (name: string, overlay: object, ...args: string[]): Promise<Run> => {
    const file = path.join(folder, `${name}.json`);
    writeFileSync(file, JSON.stringify(overlay));
    return run('replay', ...args, file);
  };

  it('M2 a what-if of nothing changes no decision of the chain, and none of its rows', async () => {
    const before = await rowsByTable(db.ownerUrl);
    const same = await whatIf('same', {}, '--json', '--what-if');
    expect(same.code, same.stderr).toBe(0);
    const {decisions, ...report} = JSON.parse(same.stdout) as Record<string, unknown>;
    expect(decisions).toBeGreaterThan(0);
    expect(report).toMatchObject({reproduced: decisions, same: decisions, changed: 0, changes: []});
    expect(await rowsByTable(db.ownerUrl)).toEqual(before);
  });

  it('M2 a what-if shows what slower suppliers would have changed, in lines of 100 columns', async () => {
    const slow = {leadTimes: {sources: [{scale: 4}]}, stock: [{onHand: 0}, {partId: 'P-0', mayStock: false}]};
    const shown = await whatIf('slow', slow, 'what-if', '--limit', '3');
    expect(shown.code, shown.stderr).toBe(0);
    expect(shown.stdout).toMatch(/\d+ decisions: \d+ the same, [1-9]\d* changed/);
    expect(shown.stdout).toContain('stock[1] found nothing to change');
    expect(Math.max(...shown.stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
  });

  it('a what-if file with mistakes leaves with 2 and names them all', async () => {
    const wrong = await whatIf('wrong', {stock: [{}], costs: {part: []}}, 'what-if');
    expect(wrong).toMatchObject({code: 2, stdout: ''});
    expect(wrong.stderr).toMatch(/stock\[0\]: changes nothing/);
    expect(wrong.stderr).toMatch(/costs: .*"part"/);
    expect((await run('replay')).code).toBe(2);
  });

  it('a file that cannot be read leaves with 2 and says where it is wrong', async () => {
    const broken = path.join(folder, 'broken');
    writeSyntheticSet(broken, {PdM_maint: (text) => text.replace('2015-01-05 06:00:00', '5 Jan 2015')});
    const {code, stdout, stderr} = await run('replay', 'azure-pdm', '--dir', broken, '--json');
    expect({code, stdout}).toEqual({code: 2, stdout: ''});
    expect(stderr).toContain('PdM_maint.csv.gz, line 2, column datetime: "5 Jan 2015" is no instant');
  });
});

/** Rows of every table of ours that is not a partition of another. */
async function rowsByTable(ownerUrl: string): Promise<Record<string, number>> {
  const db = new pg.Client({connectionString: ownerUrl});
  await db.connect();
  const {rows} = await db.query<{name: string}>(
    `SELECT format('%I.%I', n.nspname, c.relname) AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition
        AND n.nspname IN ('platform', 'network', 'ingest', 'predict', 'replenish', 'partners') ORDER BY 1`,
  );
  const counts: Record<string, number> = {};
  for (const {name} of rows)
    counts[name] = (await db.query<{n: number}>(`SELECT count(*)::int AS n FROM ${name}`)).rows[0]!.n;
  await db.end();
  return counts;
}
