import {describe, expect, it} from 'vitest';
import {conditionOf, findConditions} from '../../../../predict/core/remaining-life/operating-conditions.ts';
import {seededGenerator} from '../../../../predict/training/seeded.ts';

const rows = (...settings: readonly (readonly number[])[]) => settings.map((row) => Float64Array.from(row));

describe('operating conditions', () => {
  it('B1 finds the groups of settings and puts a row into the nearest', () => {
    const found = findConditions(rows([0], [0.1], [35], [35.1]));
    expect(found.centres.map(([centre]) => centre)).toEqual([0.05, expect.closeTo(35.05)]);
    expect([conditionOf(found, [3]), conditionOf(found, [30])]).toEqual([0, 1]);
  });

  it('B1 finds six flight levels in any order of rows, and none in noise alone', () => {
    const random = seededGenerator(4);
    const levels = [[0, 0, 100], [10, 0.25, 100], [20, 0.7, 100], [25, 0.62, 60], [35, 0.84, 100], [42, 0.84, 100]]; // prettier-ignore
    const flown = Array.from({length: 600}, () => {
      const [altitude, mach, throttle] = levels[Math.floor(6 * random())]!;
      return Float64Array.of(altitude! + 0.01 * random(), mach! + 0.002 * random(), throttle!);
    });
    const sorted = (of: readonly Float64Array[]) =>
      findConditions(of).centres.map(([altitude]) => Math.round(altitude!)).sort((a, b) => a - b); // prettier-ignore
    expect(sorted(flown)).toEqual([0, 10, 20, 25, 35, 42]);
    expect(sorted(flown.toReversed())).toEqual([0, 10, 20, 25, 35, 42]);
    const noise = Array.from({length: 600}, () => Float64Array.of(0.004 * random(), 0.0006 * random(), 100));
    expect(findConditions(noise).centres).toHaveLength(1);
  });

  it('B1 takes the number of groups that is given, and as many as there are rows apart at most', () => {
    expect(findConditions(rows([0], [1], [2], [3]), 2).centres).toHaveLength(2);
    expect(findConditions(rows([7], [7], [7]), 3).centres).toEqual([[7]]);
  });
});
