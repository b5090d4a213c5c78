import {describe, expect, it} from 'vitest';
import {criticalities, exposureOf, type Exposure} from '../../../replenish/core/plan/criticality.ts';
import {plannedPart} from '../../../replenish/core/plan/plan-input.ts';
import {component, depot, situation} from './situations.ts';

const part = (partId: string, exposureMinor: number, change: Partial<Exposure> = {}) => ({
  partId,
  exposure: {
    perYear: 1,
    shortageMinorPerH: exposureMinor,
    machines: 1,
    exposureMinor,
    hasSubstitute: false,
    ...change,
  },
});
const classes = (...parts: Parameters<typeof criticalities>[0]) =>
  Object.fromEntries([...criticalities(parts)].map(([id, {criticality}]) => [id, criticality]));

describe('the class of a part', () => {
  it('D7 follows from its share of what waiting costs, the largest first', () => {
    expect(classes(part('d', 2), part('b', 20), part('a', 70), part('c', 8))).toEqual({
      a: 'A',
      b: 'A',
      c: 'B',
      d: 'C',
    });
    expect(classes(part('dear', 96), part('cheap', 4))).toEqual({dear: 'A', cheap: 'C'});
  });

  it('D7 is one lower with an approved substitute, and C where nobody asks', () => {
    expect(classes(part('a', 70, {hasSubstitute: true}), part('b', 30))).toEqual({a: 'B', b: 'A'});
    expect(classes(part('a', 10), part('idle', 0))).toEqual({a: 'A', idle: 'C'});
    expect(classes(part('idle', 0))).toEqual({idle: 'C'});
  });

  it('D7 weighs how often by what an hour costs, contract included, and counts machines', () => {
    const world = situation([
      depot('R1', {components: [component('a', 100_000), component('b', 100_000, {equipmentId: 'EQ-a'})]}),
      depot('R2', {components: [component('c', 100_000, {shortageMinorPerH: 40_000})]}),
    ]);
    const exposure = exposureOf(world, plannedPart(world));
    expect(exposure).toMatchObject({machines: 2, shortageMinorPerH: 20_000, hasSubstitute: false});
    expect(exposure.exposureMinor).toBe(Math.round(exposure.perYear * 20_000));
  });
});
