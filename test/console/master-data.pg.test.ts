import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {openConsoleWorld} from './world.ts';
import type {ConsoleWorld} from './world.ts';

type Tables = Record<string, {columns: string[]; rows: string[][]}>;

describe('master data over HTTP', () => {
  let world: ConsoleWorld;
  beforeAll(async () => {
    world = await openConsoleWorld({mode: 'shadow'});
  });
  afterAll(() => world.stop());

  const exported = async (): Promise<Tables> =>
    ((await world.get('/api/v1/master-data')).body as {tables: Tables}).tables;
  /** The table `part` with another price for its first row. */
  const priced = ({columns, rows}: Tables[string], price: string): Tables[string] => {
    const at = columns.indexOf('unit_cost_minor');
    return {columns, rows: rows.map((row, index) => (index === 0 ? row.with(at, price) : row))};
  };
  const priceOf = ({columns, rows}: Tables[string]): string => rows[0]![columns.indexOf('unit_cost_minor')]!;

  it('what is exported is imported again without a change', async () => {
    const tables = await exported();
    expect(tables['equipment']!.rows).toHaveLength(2);
    expect(await world.post('/api/v1/master-data', {tables})).toMatchObject({
      status: 200,
      body: {imported: true, mistakes: [], rows: {equipment: 2, part: 3}},
    });
    expect(await exported()).toEqual(tables);
  });

  it('a dry run changes nothing, an import does', async () => {
    const tables = {part: priced((await exported())['part']!, '120000')};
    expect(await world.post('/api/v1/master-data?dryRun=true', {tables})).toMatchObject({
      status: 200,
      body: {imported: false, mistakes: [], rows: {part: 3}},
    });
    expect(priceOf((await exported())['part']!)).toBe('100000');
    expect(await world.post('/api/v1/master-data', {tables, actor: 'ada'})).toMatchObject({
      status: 200,
      body: {imported: true},
    });
    expect(priceOf((await exported())['part']!)).toBe('120000');
  });

  it('what is wrong is listed by table, line and column, and nothing of it goes in', async () => {
    const before = await exported();
    const tables = {part: priced(before['part']!, 'dear'), site: before['site']!};
    expect(await world.post('/api/v1/master-data', {tables})).toMatchObject({
      status: 200,
      body: {imported: false, mistakes: [{file: 'part.csv', line: 2, column: 'unit_cost_minor'}]},
    });
    expect(await exported()).toEqual(before);
  });

  it('a body that is no tables is refused', async () => {
    expect(await world.post('/api/v1/master-data', {tables: {part: ['P-1']}})).toMatchObject({
      status: 400,
      body: {error: 'invalid-request'},
    });
  });
});
