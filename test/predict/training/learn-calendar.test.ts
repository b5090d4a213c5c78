import {describe, expect, it} from 'vitest';
import {learnPeriod, plannedPeriod} from '../../../predict/training/learn-calendar.ts';
import {visitLabels} from '../../../predict/training/visit-labels.ts';
import {seededGenerator} from '../../../predict/training/seeded.ts';

/** Twelve machines on phases of their own, some visits without a record; `jitterH` is how far a visit may lie off. */
function fleet(everyH: number, jitterH: number): number[][] {
  const random = seededGenerator(7);
  return Array.from({length: 12}, (_, machine) => {
    const visits = Array.from(
      {length: 20},
      (__, k) => 31 * machine + k * everyH + (random() * 2 - 1) * jitterH,
    );
    return visits.filter(() => random() > 0.1);
  });
}

describe('the period of visits', () => {
  it('B1 is found by hand: gaps of 360, 720 and 1080 h are one, two and three of 360 h', () => {
    const visits = Array.from({length: 12}, (_, machine) =>
      [0, 360, 720, 1440, 2520].map((at) => at + 17 * machine),
    );
    expect(learnPeriod(visits)).toMatchObject({everyH: 360, sharpness: 1, deviationsH: [0]});
  });

  it('is found where visits are moved by a day or two, and says how far they lie off', () => {
    const {everyH, sharpness, deviationsH} = learnPeriod(fleet(360, 30))!;
    expect(Math.abs(everyH - 360)).toBeLessThan(6);
    expect(sharpness).toBeGreaterThan(0.6);
    expect(deviationsH[0]).toBeLessThan(-30);
    expect(deviationsH.at(-1)).toBeGreaterThan(30);
    expect(Math.abs(deviationsH[20]!)).toBeLessThan(10);
  });

  it('is not made up where visits come at any time, or are too few to tell', () => {
    const random = seededGenerator(3);
    const anyTime = Array.from({length: 20}, () => {
      let at = 0;
      return Array.from({length: 20}, () => (at += -400 * Math.log(1 - random())));
    });
    expect(learnPeriod(anyTime)).toBeUndefined();
    expect(learnPeriod([[0, 360, 720]])).toBeUndefined();
  });
});

describe('a planned period', () => {
  it('B1 is taken as stated, with how visits keep to it; of few visits to the hour', () => {
    const planned = plannedPeriod(360, fleet(360, 30), 'pump');
    expect(planned.everyH).toBe(360);
    expect(planned.deviationsH[0]).toBeLessThan(-30);
    expect(planned.deviationsH.at(-1)).toBeGreaterThan(30);
    expect(plannedPeriod(360, [[0, 370]], 'pump')).toEqual({everyH: 360, sharpness: 1, deviationsH: [0]});
  });

  it('B1 that machines do not keep to is refused with how far they lie off, and what to correct', () => {
    expect(() => plannedPeriod(500, fleet(360, 0), 'pump')).toThrow(
      expect.objectContaining({
        code: 'calendar-not-kept',
        message: expect.stringMatching(
          /^pump: visits are planned every 20\.8\d* days, .*visit_every_days/,
        ) as string,
      }),
    );
  });
});

describe('labels of a visit expected in 100 h', () => {
  const on = {deviationsH: [0]};
  it('say what it found, and nothing of a life that it did not see', () => {
    expect(visitLabels({watchedH: 100, failed: true}, 100, on)).toEqual({failed: [1], exposure: [1]});
    expect(visitLabels({watchedH: 100, failed: false}, 100, on)).toEqual({failed: [0], exposure: [1]});
    expect(visitLabels({watchedH: 460, failed: true}, 100, on)).toEqual({failed: [0], exposure: [1]});
    expect(visitLabels({watchedH: 40, failed: true}, 100, on)).toEqual({failed: [0], exposure: [0]});
    expect(visitLabels({watchedH: 60, failed: false}, 100, on)).toEqual({failed: [0], exposure: [0]});
  });

  it('of a blurred calendar allow for a visit that came early or late', () => {
    const blurred = {deviationsH: [-24, 24]};
    expect(visitLabels({watchedH: 80, failed: true}, 100, blurred).failed).toEqual([1]);
    expect(visitLabels({watchedH: 120, failed: true}, 100, blurred).failed).toEqual([1]);
  });
});
