import {describe, expect, it} from 'vitest';
import {expediteReport, type ExpediteSum} from '../../../replenish/core/decision/expedite-report.ts';

const sum = (change: Partial<ExpediteSum> = {}): ExpediteSum => ({
  sourceId: 'SUP',
  currency: 'EUR',
  partId: 'P1',
  depotId: 'D-1',
  expedites: 3,
  spentMinor: 90_000,
  avertedMinor: 500_000,
  holdingMinorPerYear: 40_000,
  ...change,
});

describe('speed by source', () => {
  it('F3 more stock is advised where hurrying costs more a year than a piece more on each shelf', () => {
    expect(expediteReport([sum()], 0.5)).toMatchObject([
      {sourceId: 'SUP', spentMinorPerYear: 180_000, moreStockMinorPerYear: 40_000, advice: 'more-stock'},
    ]);
    expect(expediteReport([sum({holdingMinorPerYear: 200_000})], 0.5)).toMatchObject([{advice: 'none'}]);
    expect(expediteReport([sum({holdingMinorPerYear: 200_000, avertedMinor: 80_000})], 0.5)).toMatchObject([
      {advice: 'other-source'},
    ]);
  });

  it('F3 shelves of a source add up, the dearest source first, each currency for itself', () => {
    const rows = expediteReport(
      [sum(), sum({depotId: 'D-2'}), sum({sourceId: 'B', spentMinor: 200_000}), sum({currency: 'USD'})],
      1,
    );
    expect(
      rows.map(({sourceId, currency, shelves, spentMinor}) => [sourceId, currency, shelves, spentMinor]),
    ).toEqual([
      ['B', 'EUR', 1, 200_000],
      ['SUP', 'EUR', 2, 180_000],
      ['SUP', 'USD', 1, 90_000],
    ]);
    expect(rows[1]).toMatchObject({expedites: 6, avertedMinor: 1_000_000, moreStockMinorPerYear: 80_000});
    expect(expediteReport([], 1)).toEqual([]);
  });
});
