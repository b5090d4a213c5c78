import {describe, expect, it} from 'vitest';
import {LifeFollower, lifeFeatures} from '../../../../predict/core/remaining-life/life-features.ts';
import {learnNormal} from '../../../../predict/core/remaining-life/normal-signals.ts';
import {cutHistory} from '../../../../predict/core/remaining-life/run-history.ts';
import {wearingFleet} from '../../wearing-fleet.ts';

const fleet = wearingFleet({units: 12, seed: 3});
const normal = learnNormal(fleet);

describe('the inputs of a remaining life', () => {
  it('B1 are the same for a unit followed live and for its history in one go', () => {
    const history = fleet[5]!;
    const follower = new LifeFollower(normal, true);
    const live = history.signals.map((row, i) => {
      follower.hear(history.settings[i]!, row);
      return follower.features();
    });
    expect(lifeFeatures(normal, history, () => true)).toEqual(live);
    const cut = cutHistory(history, 40);
    expect(lifeFeatures(normal, cut, (row) => row === 39)[0]).toEqual(live[39]);
  });

  it('B1 see nothing of what comes later', () => {
    const history = fleet[2]!;
    const signals = history.signals.map((row, i) => (i < 50 ? row : row.map(() => 1e6)));
    const at50 = (of: typeof history) => lifeFeatures(normal, of, (row) => row === 49)[0];
    expect(at50({...history, signals})).toEqual(at50(history));
  });

  it('B1 weigh the past exponentially: of 2 and 5, spans 3 and 1 say 4 and 5, the start is 2', () => {
    const plain = {
      conditions: {range: [0], centres: [[0]]},
      informative: [0],
      mean: [[0]],
      sd: [[1]],
    };
    const windows = {levels: [3, 1], trend: [1, 3], spread: 3, start: 1} as const;
    const history = {
      unit: '1',
      sinceNew: false,
      settings: [Float64Array.of(0), Float64Array.of(0)],
      signals: [Float64Array.of(2), Float64Array.of(5)],
    };
    const inputs = lifeFeatures(plain, history, (row) => row === 1, windows)[0]!;
    // levels, level since the start, trend, spread √((½·4 + 25)/1.5 − 16), cycles, ln cycles, since new, age
    expect([...inputs]).toEqual([4, 5, 3, 1, Math.SQRT2, 2, Math.log(2), 0, 0].map((x) => expect.closeTo(x, 5) as number)); // prettier-ignore
  });

  it('B1 take the signals that change along a life, in either direction, and leave noise and constants out', () => {
    expect(normal.informative).toEqual([0, 1]);
    expect(normal.conditions.centres).toHaveLength(2);
  });
});
