import {describe, expect, it} from 'vitest';
import {cutByLaw, heldBackRmse, scoreDraws, scoreLives, withoutBeginning} from '../../../../cli/evaluate/cmapss/measure.ts'; // prettier-ignore
import {learnCutLaw} from '../../../../cli/evaluate/cmapss/published-cuts.ts';
import {learnLifeErrors} from '../../../../predict/core/remaining-life/life-law.ts';
import {cutHistory} from '../../../../predict/core/remaining-life/run-history.ts';
import {seededGenerator} from '../../../../predict/training/seeded.ts';
import {wearingFleet} from '../../../predict/wearing-fleet.ts';

const history = wearingFleet({units: 1, seed: 5})[0]!;

describe('measuring remaining lives', () => {
  it('B1 caps the answers as the forecasts are, and counts which lie within their interval', () => {
    const forecast = (predicted: number, lower: number, upper: number) => ({unit: '1', predicted, lower, upper}); // prettier-ignore
    const score = scoreLives(
      [
        {history, left: 180, forecast: forecast(120, 110, 125)},
        {history, left: 30, forecast: forecast(35, 31, 40)},
        {history, left: undefined, forecast: forecast(9, 9, 9)},
      ],
      125,
    );
    // errors −5 and 5: score e^(5/13) − 1 + e^(5/10) − 1
    expect(score).toEqual({forecasts: 2, rmse: 5, phmScore: expect.closeTo(1.1178, 4) as number, coverage: 0.5, meanWidth: 12}); // prettier-ignore
    expect(scoreLives([], 125)).toBeUndefined();
    const errors = learnLifeErrors([{predicted: 122, left: 180}, {predicted: 30, left: 26}]); // prettier-ignore
    expect(heldBackRmse(errors, 125)).toBeCloseTo(Math.sqrt((3 ** 2 + 4 ** 2) / 2), 9);
  });

  it('B1 averages draws, with the error by draws and by engines', () => {
    const off = (by: number, width: number) => ({history, left: 50, forecast: {unit: '1', predicted: 50 + by, lower: 50 + by - width, upper: 50 + by + width}}); // prettier-ignore
    const score = scoreDraws([[off(9, 12), off(9, 12)], [off(11, 12), off(-11, 10)]], 125); // prettier-ignore
    // Both engines have the mean square (81 + 121) / 2: by them alone nothing is in doubt.
    expect(score).toMatchObject({draws: 2, forecasts: 2, rmse: 10, drawError: 1, unitError: 0, coverage: 0.75, meanWidth: 23}); // prettier-ignore
    const uneven = scoreDraws([[off(6, 5), off(8, 5)]], 125);
    // Squares 36 and 64: deviation √392, RMSE √50, so √392 / √2 / (2 √50) = 0.99
    expect(uneven.rmse).toBeCloseTo(Math.sqrt(50), 9);
    expect(uneven.unitError).toBeCloseTo(0.98995, 5);
    expect([uneven.drawError, uneven.coverage]).toEqual([0, 0]);
  });

  it('B1 cuts a life before its end, and takes its beginning away', () => {
    const random = seededGenerator(2);
    const law = learnCutLaw([140], {rows: 70, engines: 1, left: [6, 145]});
    for (let draw = 0; draw < 200; draw += 1) {
      const cut = cutByLaw(history, law, random);
      expect(cut.history.signals.length + cut.left!).toBe(history.signals.length);
      expect(cut.left).toBeGreaterThan(0);
      const [late] = withoutBeginning([cut], random);
      expect(late!.history.sinceNew).toBe(false);
      expect(late!.history.signals.length).toBeLessThan(cut.history.signals.length);
      expect(late!.history.signals.at(-1)).toBe(cut.history.signals.at(-1));
      expect(late!.left).toBe(cut.left);
    }
    // Of a unit that was heard once, that row stays.
    const once = {history: cutHistory(history, 1), left: 100};
    expect(withoutBeginning([once], random)[0]!.history.signals).toEqual([history.signals[0]]);
  });
});
