import {describe, expect, it} from 'vitest';
import {cutAtRandom, heldBackRmse, scoreLives, withoutBeginning} from '../../../../cli/evaluate/cmapss/measure.ts'; // prettier-ignore
import {learnLifeErrors} from '../../../../predict/core/remaining-life/life-law.ts';
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

  it('B1 cuts a life before its end, and takes its beginning away', () => {
    const random = seededGenerator(2);
    for (let draw = 0; draw < 200; draw += 1) {
      const cut = cutAtRandom(history, random);
      expect(cut.history.signals.length + cut.left!).toBe(history.signals.length);
      expect(cut.left).toBeGreaterThan(0);
      const [late] = withoutBeginning([cut], random);
      expect(late!.history.sinceNew).toBe(false);
      expect(late!.history.signals.length).toBeLessThan(cut.history.signals.length);
      expect(late!.history.signals.at(-1)).toBe(cut.history.signals.at(-1));
      expect(late!.left).toBe(cut.left);
    }
  });
});
