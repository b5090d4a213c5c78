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
      move: [[1]],
      weight: [[1]],
    };
    const windows = {levels: [3, 1], trend: [1, 3], spread: 3, start: 1} as const;
    const history = {
      unit: '1',
      sinceNew: false,
      settings: [Float64Array.of(0), Float64Array.of(0)],
      signals: [Float64Array.of(2), Float64Array.of(5)],
    };
    const inputs = lifeFeatures(plain, history, (row) => row === 1, windows)[0]!;
    // levels, level since the start, trend, slope ½·3 / (½ + 10,000), spread √((½·4 + 25)/1.5 − 16), cycles, ln cycles, since new, age
    expect([...inputs]).toEqual([4, 5, 3, 1, 1.5 / 10_000.5, Math.SQRT2, 2, Math.log(2), 0, 0].map((x) => expect.closeTo(x, 5) as number)); // prettier-ignore
  });

  it('B1 lean on the conditions in which wear shows: a mean of 3 told twice and 0 told once is 2', () => {
    const two = {
      conditions: {range: [1], centres: [[0], [1]]},
      informative: [0],
      mean: [[10], [50]],
      move: [[2], [0.5]],
      weight: [[4 / 3], [2 / 3]],
    };
    const history = {
      unit: '1',
      sinceNew: false,
      settings: [Float64Array.of(0), Float64Array.of(1)],
      signals: [Float64Array.of(16), Float64Array.of(50)],
    };
    // Spans so long that they hardly fade
    const windows = {levels: [1e9, 1e9], trend: [1e9, 1e9], spread: 1e9, start: 2} as const;
    const inputs = lifeFeatures(two, history, (row) => row === 1, windows)[0]!;
    expect(inputs[0]).toBeCloseTo(2, 5);
    expect(inputs[2]).toBeCloseTo(0, 5); // level − start
  });

  it('B1 take the signals that change along a life, in either direction, and leave noise and constants out', () => {
    expect(normal.informative).toEqual([0, 1]);
    expect(normal.conditions.centres).toHaveLength(2);
  });

  it('B1 know how far wear moves a signal in each condition, and where it says more', () => {
    // Wear (age / life)³ is 0.01 in the first third of a life and about 0.5 in the last 30 cycles of 70 to 110: 10 of it move signal 0 by 5.
    const {centres} = normal.conditions;
    expect(centres.map(([level]) => Math.round(level!)).sort()).toEqual([0, 35]);
    for (const [rise, fall] of normal.move) {
      expect(rise).toBeGreaterThan(4);
      expect(rise).toBeLessThan(7);
      expect(fall! / rise!).toBeCloseTo(2, 0.5);
    }
    // Ten times the noise in one of two conditions: it counts a hundred times less.
    const loud = fleet.map((unit, u) => ({
      ...unit,
      signals: unit.signals.map((row, i) =>
        unit.settings[i]![0]! > 20 ? row.map((value, j) => value + (j === 0 ? 12 * ((u * 31 + i * 17) % 7) / 7 - 6 : 0)) : row), // prettier-ignore
    }));
    const heard = learnNormal(loud);
    const high = heard.conditions.centres.findIndex(([level]) => level! > 20);
    expect(heard.weight[high]![0]! / heard.weight[1 - high]![0]!).toBeLessThan(0.1);
    expect(heard.weight[high]![1]! / heard.weight[1 - high]![1]!).toBeGreaterThan(0.7);
  });
});
