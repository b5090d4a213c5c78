import {beforeAll, describe, expect, it} from 'vitest';
import {KPIS, KPI_IDS} from '../../domain/kpi.ts';
import type {KpiDimension, KpiId} from '../../domain/kpi.ts';
import {readKpiRows, readKpis} from '../../replenish/api.ts';
import type {KpiScope} from '../../replenish/api.ts';
import type {Pool} from '../../platform/pg.ts';
import {jan, openKpiHistory} from './kpi-history.ts';

const SCOPE: KpiScope = {from: jan(1), to: jan(11), now: jan(11), members: {}};

describe('key figures of a golden data set', () => {
  let db: Pool;
  beforeAll(async () => {
    db = (await openKpiHistory()).database.poolFor('forestock_api');
  });

  const read = async (
    kpiId: KpiId,
    by?: KpiDimension,
    scope: Partial<KpiScope> = {},
    limit = 100,
  ): Promise<Awaited<ReturnType<typeof readKpis>>[number]> =>
    (await readKpis(db, {...SCOPE, ...scope}, {kpiId, by, limit}))[0]!;
  const total = async (kpiId: KpiId, scope: Partial<KpiScope> = {}): Promise<unknown> =>
    (await read(kpiId, undefined, scope)).figures[0];

  it('L1 fill rate: 3 of 10 pieces were handed out within an hour', async () => {
    // 2 of 2, 1 of 3, 0 of 1, 0 of 4; withdrawn and asked for twice: nothing asked for.
    expect(await total('fill-rate')).toEqual({
      ...{key: null, currency: null, rows: 4},
      ...{numerator: 3, denominator: 10, value: 0.3},
    });
    expect(await total('fill-rate', {from: jan(3), to: jan(4)})).toMatchObject({value: 1 / 3});
  });

  it('L1 stock-out duration: 71.5 h at one shelf, 72 h at the other, none before it held a piece', async () => {
    expect(await total('stock-out-hours')).toMatchObject({rows: 2, numerator: 143.5, value: 143.5});
    expect((await read('stock-out-hours', 'depot')).figures).toMatchObject([
      {key: 'D-C', value: 72},
      {key: 'D-1', value: 71.5},
    ]);
    expect(await total('stock-out-hours', {from: jan(4), to: jan(9)})).toMatchObject({value: 24 + 24});
  });

  it('L1 on-time delivery: one order of three, and one whose day is not over yet counts nowhere', async () => {
    expect(await total('on-time-delivery')).toMatchObject({numerator: 1, denominator: 3, value: 1 / 3});
    expect(await total('on-time-delivery', {now: jan(12)})).toMatchObject({numerator: 1, denominator: 4});
  });

  it('L1 open backorders at the end of the window: lines, pieces and value', async () => {
    expect(await total('backorder-lines')).toMatchObject({value: 1});
    expect(await total('backorder-pieces')).toMatchObject({value: 1});
    expect(await total('backorder-value')).toMatchObject({value: 100_000, currency: 'EUR'});
    // On the 4th two of the second line's three pieces were missing; the duplicate asks for nothing.
    expect(await total('backorder-pieces', {to: jan(4.5)})).toMatchObject({value: 2, rows: 1});
    expect(await total('backorder-value', {to: jan(8.75)})).toMatchObject({value: 3 * 900});
    expect(await total('backorder-lines', {to: jan(7)})).toMatchObject({value: 0, rows: 0});
  });

  it('L1 customer impact: 0.5 + 48 + 48 + 24 h, and 24 h of a need from before the window', async () => {
    expect(await total('customer-impact-hours')).toMatchObject({rows: 5, value: 144.5});
    expect((await read('customer-impact-hours', 'partner')).figures).toMatchObject([
      {key: null, value: 96},
      {key: 'CUS', value: 48.5},
    ]);
  });

  it('L1 backorder days per part-year: piece-days over two shelves for ten days', async () => {
    // 2 · 0.5/24 + 2 · 2 + 2 + (½ + 3 · 1) + 1 = 10.5417 days; 2 · 10/365.25 = 0.0547570 part-years.
    const {numerator, denominator, value} = (await read('backorder-days-per-part-year')).figures[0]!;
    expect(numerator).toBeCloseTo(10.5417, 4);
    expect(denominator).toBeCloseTo(0.054757, 6);
    expect(value).toBeCloseTo(192.517, 2);
  });

  it('L1 proposals accepted unchanged: two of the four that were answered', async () => {
    expect(await total('proposals-unchanged')).toMatchObject({numerator: 2, denominator: 4, value: 0.5});
  });

  it('L1 alert precision and lead time are those of the last night of the window', async () => {
    expect(await total('alarm-precision')).toMatchObject({numerator: 3, denominator: 8, value: 0.375});
    expect((await read('alarm-precision', 'depot')).figures).toMatchObject([
      {key: null, numerator: 1, denominator: 5},
      {key: 'D-1', numerator: 2, denominator: 3},
    ]);
    expect(await total('alarm-lead-hours')).toMatchObject({value: 50});
    expect(await total('alarm-precision', {to: jan(9.5)})).toMatchObject({value: 0});
  });

  it('L2 each figure is the sum of its parts by every dimension, and of its rows', async () => {
    const add = (figures: readonly {numerator: number; denominator: number | null}[]): number[] => [
      figures.reduce((sum, {numerator}) => sum + numerator, 0),
      figures.reduce((sum, {denominator}) => sum + (denominator ?? 0), 0),
    ];
    const close = (one: number[], other: number[]): void =>
      one.forEach((value, i) => expect(value).toBeCloseTo(other[i]!, 9));
    let asked = 0;
    for (const {id, dimensions} of KPIS) {
      const whole = add((await read(id)).figures);
      expect(whole[0]! + whole[1]!).toBeGreaterThan(0);
      close(add(await readKpiRows(db, SCOPE, {kpiId: id, limit: 500})), whole);
      for (const by of dimensions) {
        const {figures, rest} = await read(id, by, {}, 1);
        close(add([...figures, ...rest]), whole);
        for (const {key, numerator, denominator} of figures) {
          if (key === null) continue;
          const scope = {...SCOPE, members: {[by]: key}};
          close(add(await readKpiRows(db, scope, {kpiId: id, limit: 500})), [numerator, denominator ?? 0]);
          asked += 1;
        }
      }
    }
    expect(asked).toBeGreaterThan(20);
  });

  it('L1 region and criticality are those of depot and part', async () => {
    expect((await read('fill-rate', 'region')).figures).toMatchObject([
      {key: 'North', numerator: 3, denominator: 9},
      {key: '', numerator: 0, denominator: 1},
    ]);
    expect((await read('fill-rate', 'criticality')).figures).toMatchObject([{key: 'B', denominator: 10}]);
  });

  it('L2 rows are paged without a gap or a repeat', async () => {
    const seen: string[] = [];
    let after: {at: typeof SCOPE.from; ref: string} | undefined;
    for (let page = 0; page < 10; page += 1) {
      const rows = await readKpiRows(db, SCOPE, {kpiId: 'customer-impact-hours', after, limit: 2});
      seen.push(...rows.map(({ref}) => ref));
      after = rows.at(-1);
      if (rows.length < 2) break;
    }
    expect(new Set(seen).size).toBe(5);
    expect(seen).toHaveLength(5);
  });

  it('L3 says as of when a figure is, and that a night is overdue', async () => {
    expect((await read('fill-rate')).freshness).toEqual({asOf: jan(11), nextAt: null, stale: false});
    expect((await read('alarm-precision')).freshness).toEqual({asOf: jan(10), nextAt: jan(11), stale: false});
    const later = {to: jan(12), now: jan(12)};
    expect((await read('alarm-precision', undefined, later)).freshness).toMatchObject({stale: true});
    expect((await readKpis(db, SCOPE, {limit: 1})).map(({definition}) => definition.id)).toEqual(KPI_IDS);
  });
});
