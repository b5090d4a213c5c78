import {describe, expect, it} from 'vitest';
import {z} from 'zod';
import {csvColumns} from '../../../console/api/csv-columns.ts';
import {csvFile, csvLimit, csvListOf, prefersCsv} from '../../../console/api/csv-list.ts';
import {ROUTES} from '../../../console/api/routes.ts';
import {Instant} from '../../../console/api/wire.ts';
import {ok} from '../../../domain/result.ts';
import {csvText} from '../../../platform/csv.ts';

const row = z.object({
  partId: z.string(),
  qty: z.int(),
  ageH: z.number(),
  openValueMinor: z.int(),
  waitingMinorPerH: z.number().nullable(),
  currency: z.string(),
  neededAt: Instant.nullable(),
  reasons: z.array(z.looseObject({code: z.string(), text: z.string()})),
  models: z.array(z.string()),
  body: z.looseObject({}),
  route: z.object({mode: z.string().nullable()}).nullable(),
});

const list = {name: 'rows', columns: csvColumns(row), hasLimit: true, hasCursor: true};

describe('a list as CSV', () => {
  it('K1 has the unit of each column in its header', () => {
    expect(csvColumns(row).map(({header}) => header)).toEqual([
      'partId',
      'qty [pieces]',
      'age [h]',
      'openValue [currency]',
      'waiting [currency/h]',
      'currency',
      'neededAt [UTC]',
      'reasons',
      'models',
      'body',
      'route.mode',
    ]);
  });

  it('writes times and money as a spreadsheet reads them, sentences as text, and holes as nothing', () => {
    const cells = (value: object): unknown[] => csvColumns(row).map((column) => column.cellOf(value));
    const full = {
      partId: 'A',
      qty: 2,
      ageH: 1.5,
      openValueMinor: 1203,
      waitingMinorPerH: 5,
      currency: 'EUR',
      neededAt: '2026-01-05T10:00:00.000Z',
      reasons: [
        {code: 'a', text: 'One.'},
        {code: 'b', text: 'Two.'},
      ],
      models: ['m1', 'm2'],
      body: {depotId: 'D-1'},
      route: {mode: 'road'},
    };
    expect(cells(full)).toEqual([
      'A',
      2,
      1.5,
      '12.03',
      '0.05',
      'EUR',
      '2026-01-05 10:00:00',
      'One.; Two.',
      'm1; m2',
      '{"depotId":"D-1"}',
      'road',
    ]);
    expect(cells({...full, neededAt: null, waitingMinorPerH: null, route: null}).slice(4, 7)).toEqual([
      null,
      'EUR',
      null,
    ]);
    expect(cells({...full, route: null}).at(-1)).toBeNull();
  });

  it('is RFC 4180: quotes doubled, line breaks inside quotes, lines ended by CRLF', () => {
    expect(csvText([['say "no"', 'a,b', 'two\nlines', null]], 'windows')).toBe(
      '"say ""no""","a,b","two\nlines",\r\n',
    );
  });

  it('goes on page by page to the end, and says when its limit came first', async () => {
    const all = Array.from({length: 1200}, (_, index) => ({partId: `P-${index}`}));
    const asked: number[] = [];
    const page = (limit: number, cursor: unknown): Promise<ReturnType<typeof ok<object>>> => {
      const from = (cursor as number | undefined) ?? 0;
      asked.push(limit);
      const next = from + limit < all.length ? from + limit : null;
      return Promise.resolve(ok({rows: all.slice(from, from + limit), next}));
    };
    const whole = await csvFile(list, 10_000, page as never);
    expect(asked).toEqual([500, 500, 500]);
    const lines = (file: typeof whole): string[] => (file.ok ? file.value.text.trim().split('\r\n') : []);
    expect(lines(whole)).toHaveLength(1 + 1200);
    expect(lines(whole).at(-1)).toMatch(/^P-1199,/);
    expect(whole).toMatchObject({ok: true, value: {isCut: false}});
    const cut = await csvFile(list, 700, page as never);
    expect(lines(cut)).toHaveLength(1 + 700);
    expect(cut).toMatchObject({ok: true, value: {isCut: true}});
    const exact = await csvFile(list, 1200, page as never);
    expect(exact).toMatchObject({ok: true, value: {isCut: false}});
  });

  it('is had by asking for it before JSON', () => {
    expect(prefersCsv('text/csv')).toBe(true);
    expect(prefersCsv('text/csv;q=1, application/json')).toBe(true);
    expect(prefersCsv('application/json, text/csv')).toBe(false);
    expect(prefersCsv('*/*')).toBe(false);
    expect(prefersCsv(undefined)).toBe(false);
  });

  it('takes a limit of 1 to 10,000 rows', () => {
    expect([csvLimit(undefined), csvLimit('1'), csvLimit('10000')]).toEqual([10_000, 1, 10_000]);
    expect([csvLimit('0'), csvLimit('10001'), csvLimit('ten'), csvLimit(['1', '2'])]).toEqual([
      null,
      null,
      null,
      null,
    ]);
  });

  it('K1 is there for every list that planners work with', () => {
    const names = ROUTES.filter((one) => csvListOf(one) !== null && !one.path.endsWith('}')).map(
      ({path}) => path,
    );
    expect(names).toEqual(
      expect.arrayContaining([
        '/api/v1/stock',
        '/api/v1/orders',
        '/api/v1/backorders',
        '/api/v1/decisions',
        '/api/v1/alerts',
        '/api/v1/demand',
        '/api/v1/demand/forecasts',
      ]),
    );
  });
});
