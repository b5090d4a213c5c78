import {expect, it} from 'vitest';
import {standingOf} from '../../../replenish/core/decision/standing.ts';
import type {Policy} from '../../../replenish/core/decision/policy.ts';

const order = {action: 'order', landedMinor: 2_000_000} as const;
const policy = (mode: Policy['mode']) => ({mode, autoOrderMaxMinor: 2_000_000});

it('B5 an order goes out by itself up to the limit, and one cent more waits for a planner', () => {
  expect(standingOf(order, policy('auto'), 'B')).toEqual({state: 'executed'});
  expect(standingOf({...order, landedMinor: 2_000_001}, policy('auto'), 'B')).toEqual({
    state: 'proposed',
    limit: 'order-value',
  });
  expect(standingOf(order, policy('propose'), 'B')).toEqual({state: 'proposed', limit: 'mode'});
  expect(standingOf(order, policy('shadow'), 'B')).toEqual({state: 'recorded'});
  expect(standingOf({...order, action: 'nothing'}, policy('auto'), 'B')).toEqual({state: 'recorded'});
});

it('D5 a limit by risk stands in place of the general one for parts of its segment, lower or higher', () => {
  const byRisk = {...policy('auto'), autoOrderMaxMinorBySegment: {A: 0, C: 3_000_000}};
  const stands = (landedMinor: number, segment: 'A' | 'B' | 'C' | undefined) =>
    standingOf({...order, landedMinor}, byRisk, segment);
  expect(stands(1, 'A')).toEqual({state: 'proposed', limit: 'segment-value'});
  expect(stands(2_000_001, 'B')).toEqual({state: 'proposed', limit: 'order-value'});
  expect(stands(3_000_000, 'C')).toEqual({state: 'executed'});
  expect(stands(3_000_001, 'C')).toEqual({state: 'proposed', limit: 'segment-value'});
  expect(stands(2_000_000, undefined)).toEqual({state: 'executed'});
});
