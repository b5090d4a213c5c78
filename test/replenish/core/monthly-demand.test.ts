import {describe, expect, it} from 'vitest';
import {epochMs} from '../../../domain/time.ts';
import {monthlyDemand} from '../../../replenish/core/forecast/monthly-demand.ts';

const FROM = epochMs(Date.UTC(2026, 0, 5));

describe('demand by month', () => {
  it('C8 is the worked example, the first month from its fifth day on', () => {
    expect(monthlyDemand({perYear: 12, season: null}, FROM, 2)).toEqual([
      {month: '2026-01', pieces: expect.closeTo(0.8871, 4) as number},
      {month: '2026-02', pieces: expect.closeTo(0.9199, 4) as number},
    ]);
  });

  it('C8 follows the season, and adds up to a year', () => {
    const season = [2, ...Array.from({length: 11}, () => 10 / 11)];
    const [january, february] = monthlyDemand({perYear: 365.25, season}, FROM, 2);
    expect(january!.pieces).toBeCloseTo(2 * 27, 6);
    expect(february!.pieces).toBeCloseTo((28 * 10) / 11, 6);
    const flat = monthlyDemand({perYear: 365.25, season: null}, epochMs(Date.UTC(2026, 0, 1)), 12);
    expect(flat.reduce((sum, {pieces}) => sum + pieces, 0)).toBeCloseTo(365, 6);
    expect(flat.at(-1)!.month).toBe('2026-12');
  });
});
