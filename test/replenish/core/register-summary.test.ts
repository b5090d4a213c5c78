import {describe, expect, it} from 'vitest';
import {byAge, byCause} from '../../../replenish/core/backorder/register-summary.ts';
import type {SummarisedLine} from '../../../replenish/core/backorder/register-summary.ts';

const line = (openQty: number, impactH: number, more: Partial<SummarisedLine> = {}): SummarisedLine => ({
  openQty,
  impactH,
  causes: [],
  correction: null,
  ...more,
});

describe('the backorder register in sums', () => {
  it('E1 has every line in one bucket of age: a day, three, a week, thirty days, and older', () => {
    const ages = byAge([line(1, 0), line(2, 23.9), line(1, 24), line(4, 100), line(1, 719), line(3, 720)]);
    expect(ages.map(({fromH, toH, lines, pieces}) => [fromH, toH, lines, pieces])).toEqual([
      [0, 24, 2, 3],
      [24, 72, 1, 1],
      [72, 168, 1, 4],
      [168, 720, 1, 1],
      [720, null, 1, 3],
    ]);
  });

  it('E2 gives each cause the pieces that it answers for: 2, and half of 2, are 75 %', () => {
    const late = line(2, 1, {causes: [{cause: 'supplier-late', percent: 100}]});
    const both = line(2, 1, {
      causes: [
        {cause: 'supplier-late', percent: 50},
        {cause: 'demand-spike', percent: 50},
      ],
    });
    expect(byCause([late, both, line(1, 1)])).toEqual({
      causes: [
        {cause: 'supplier-late', pieces: 3, percent: 75},
        {cause: 'demand-spike', pieces: 1, percent: 25},
      ],
      notLookedAt: 1,
    });
  });

  it('E2 what a person says it was counts instead, and shares sum to 100 whatever they are', () => {
    const corrected = line(1, 1, {
      causes: [{cause: 'supplier-late', percent: 100}],
      correction: {cause: 'end-of-life'},
    });
    const {causes} = byCause([
      corrected,
      line(1, 1, {causes: [{cause: 'demand-spike', percent: 100}]}),
      line(1, 1, {causes: [{cause: 'planned-risk', percent: 100}]}),
    ]);
    expect(causes.map(({cause}) => cause)).toEqual(['demand-spike', 'end-of-life', 'planned-risk']);
    expect(causes.map(({percent}) => percent)).toEqual([34, 33, 33]);
  });
});
