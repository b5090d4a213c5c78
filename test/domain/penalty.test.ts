import {describe, expect, it} from 'vitest';
import {
  formulaBeyond,
  marginalPenaltyMinorPerH,
  PenaltyFormula,
  penaltyMinor,
  underWindowCap,
} from '../../domain/penalty.ts';

const formula = (more: Partial<PenaltyFormula>): PenaltyFormula => PenaltyFormula.parse(more);

describe('the penalty of one late case', () => {
  it('I2 in time costs nothing, late the event at once', () => {
    const flat = formula({perEventMinor: 50_000});
    expect([-3, 0, 0.01, 500].map((late) => penaltyMinor(flat, late))).toEqual([0, 0, 50_000, 50_000]);
  });

  it('I2 per hour in proportion, to the cent', () => {
    // 7 h 20 min at 123.45 an hour: 905.30
    expect(penaltyMinor(formula({perHourMinor: 12_345}), 7 + 20 / 60)).toBe(90_530);
  });

  it('I2 grace is never charged, also when it is exceeded', () => {
    const graced = formula({perHourMinor: 10_000, graceH: 2});
    expect([1.9, 2, 5].map((late) => penaltyMinor(graced, late))).toEqual([0, 0, 30_000]);
  });

  it('I2 tiers by duration: 24 h at 100.00, then 200.00, and 500.00 on passing 72 h with nothing more', () => {
    const tiered = formula({
      perHourMinor: 10_000,
      tiers: [
        {afterH: 24, perHourMinor: 20_000, perEventMinor: 0},
        {afterH: 72, perHourMinor: 0, perEventMinor: 50_000},
      ],
    });
    expect(penaltyMinor(tiered, 30)).toBe(24 * 10_000 + 6 * 20_000);
    expect(penaltyMinor(tiered, 72)).toBe(24 * 10_000 + 48 * 20_000);
    expect(penaltyMinor(tiered, 100)).toBe(24 * 10_000 + 48 * 20_000 + 50_000);
  });

  it('I2 a cap ends it', () => {
    const capped = formula({perEventMinor: 20_000, perHourMinor: 10_000, capMinor: 65_000});
    expect([4, 4.5, 400].map((late) => penaltyMinor(capped, late))).toEqual([60_000, 65_000, 65_000]);
  });

  it('I2 a floor is the least that a late case costs, and a cap below it the most', () => {
    const floored = formula({perHourMinor: 10_000, graceH: 1, floorMinor: 25_000});
    expect([1, 1.1, 3.5, 4.5].map((late) => penaltyMinor(floored, late))).toEqual([
      0, 25_000, 25_000, 35_000,
    ]);
    expect(penaltyMinor({...floored, capMinor: 20_000}, 9)).toBe(20_000);
  });

  it('I2 a share of the fee is an event: 10 % of 5,000.00 at once, 15 % more beyond 24 h', () => {
    const credit = formula({
      feeMinor: 500_000,
      pctOfFee: 10,
      perHourMinor: 100,
      tiers: [{afterH: 24, perHourMinor: 0, perEventMinor: 0, pctOfFee: 15}],
    });
    expect([0, 1, 24, 25].map((late) => penaltyMinor(credit, late))).toEqual([0, 50_100, 52_400, 127_400]);
  });

  it('I2 a window shares out its cap in the order of the cases', () => {
    expect(underWindowCap([30_000, 50_000, 40_000], 90_000)).toEqual([30_000, 50_000, 10_000]);
    expect(underWindowCap([30_000], null)).toEqual([30_000]);
  });
});

describe('a penalty from a point on', () => {
  const tiered = formula({
    perEventMinor: 5_000,
    perHourMinor: 10_000,
    graceH: 2,
    tiers: [
      {afterH: 4, perHourMinor: 20_000, perEventMinor: 700},
      {afterH: 10, perHourMinor: 0, perEventMinor: 0},
    ],
    capMinor: 150_000,
  });

  it('I2 is what each further hour adds: 50.00 once and 100.00 an hour, 300.00 at most, after 2 h', () => {
    const one = formula({perEventMinor: 5_000, perHourMinor: 10_000, capMinor: 30_000});
    expect(formulaBeyond(one, 2)).toEqual(formula({perHourMinor: 10_000, capMinor: 5_000}));
  });

  it('I2 with a floor is nothing until the hours have caught up: 250.00 paid, 100.00 an hour, after 1 h', () => {
    const floored = formula({perHourMinor: 10_000, floorMinor: 25_000});
    expect(formulaBeyond(floored, 1)).toEqual(formula({perHourMinor: 10_000, graceH: 1.5}));
    expect(formulaBeyond(formula({perEventMinor: 900, floorMinor: 25_000}), 1)).toEqual(formula({}));
  });

  it('I2 with a floor and shares of a fee adds up to the whole, wherever it is cut', () => {
    const one = formula({
      ...tiered,
      feeMinor: 40_000,
      pctOfFee: 5,
      floorMinor: 45_000,
      tiers: tiered.tiers.map((tier) => ({...tier, pctOfFee: 25})),
    });
    for (const late of [-1, 0, 1, 2, 3.5, 6, 7, 12, 30])
      for (const more of [0.5, 1, 2, 6, 40])
        expect(penaltyMinor(formulaBeyond(one, late), more), `${late} + ${more}`).toBe(
          penaltyMinor(one, Math.max(0, late) + more) - penaltyMinor(one, late),
        );
  });

  it('I2 adds up to the whole, wherever it is cut: within the grace, at a tier, beyond the cap', () => {
    for (const late of [-1, 0, 1, 2, 3.5, 6, 7, 12, 30])
      for (const more of [0.5, 1, 2, 6, 40])
        expect(penaltyMinor(formulaBeyond(tiered, late), more), `${late} + ${more}`).toBe(
          penaltyMinor(tiered, Math.max(0, late) + more) - penaltyMinor(tiered, late),
        );
  });
});

describe('the penalty that an hour of waiting is expected to cost', () => {
  const hourly = formula({perHourMinor: 10_000, capMinor: 100_000});
  const ahead = {clockedH: 0, limitH: 8, clockShare: 1, wait: [{hours: 24, weight: 1}]};

  it('I2 is the slope of the formula over the wait: ten capped hours of the 24', () => {
    expect(marginalPenaltyMinorPerH(hourly, ahead)).toBeCloseTo(100_000 / 24, 9);
  });

  it('I2 is nothing while the wait keeps the limit, and nothing once the cap is reached', () => {
    expect(marginalPenaltyMinorPerH(hourly, {...ahead, limitH: 24})).toBe(0);
    expect(marginalPenaltyMinorPerH(hourly, {...ahead, clockedH: 18})).toBe(0);
  });

  it('I2 a clock that runs a quarter of the time reaches the limit four times as late', () => {
    expect(
      marginalPenaltyMinorPerH(hourly, {...ahead, clockShare: 0.25, wait: [{hours: 32, weight: 1}]}),
    ).toBe(0);
    expect(
      marginalPenaltyMinorPerH(hourly, {...ahead, clockShare: 0.25, wait: [{hours: 40, weight: 1}]}),
    ).toBeCloseTo(20_000 / 40, 9);
  });

  it('I2 is expected over uncertain waits, not taken at their mean', () => {
    const wait = [
      {hours: 4, weight: 0.5},
      {hours: 12, weight: 0.5},
    ];
    expect(marginalPenaltyMinorPerH(hourly, {...ahead, wait})).toBeCloseTo((0.5 * 40_000) / 8, 9);
  });
});
