import {describe, expect, it} from 'vitest';
import {cappedSalesRate, exposureRate} from '../../../replenish/core/demand/censored-demand.ts';

describe('demand behind stock-outs', () => {
  it('C2 counts only the time with stock', () => {
    const seen = [2, 1, 0, 3].map((pieces, i) => ({pieces, inStockShare: [1, 1, 0.3, 0.9][i]!}));
    expect(exposureRate(seen)).toBeCloseTo(1.875, 14);
    expect(exposureRate([{pieces: 0, inStockShare: 0}])).toBeNull();
  });

  it('C2 is higher than the sales of periods that sold out', () => {
    const sales = [4, 4, 2, 3].map((sold, i) => ({sold, stock: [4, 4, 6, 6][i]!}));
    expect(cappedSalesRate(sales)?.rate).toBeCloseTo(3.9185, 4);
    expect(cappedSalesRate(sales)?.logLikelihood).toBeCloseTo(-4.6874092, 6);
  });

  it('C2 is the plain average when nothing sold out, and unknown when everything did', () => {
    expect(cappedSalesRate([0, 3, 6].map((sold) => ({sold, stock: 99})))?.rate).toBeCloseTo(3, 12);
    expect(cappedSalesRate([{sold: 4, stock: 4}])).toBeNull();
    expect(cappedSalesRate([{sold: 0, stock: 5}])?.rate).toBeCloseTo(0, 12);
  });
});
