import {expect, it} from 'vitest';
import {standingOf} from '../../../replenish/core/decision/standing.ts';
import type {Policy} from '../../../replenish/core/decision/situation.ts';

const order = {action: 'order', landedMinor: 2_000_000} as const;
const policy = (mode: Policy['mode']) => ({mode, autoOrderMaxMinor: 2_000_000});

it('B5 an order goes out by itself up to the limit, and one cent more waits for a planner', () => {
  expect(standingOf(order, policy('auto'))).toEqual({state: 'executed'});
  expect(standingOf({...order, landedMinor: 2_000_001}, policy('auto'))).toEqual({
    state: 'proposed',
    limit: 'order-value',
  });
  expect(standingOf(order, policy('propose'))).toEqual({state: 'proposed', limit: 'mode'});
  expect(standingOf(order, policy('shadow'))).toEqual({state: 'recorded'});
  expect(standingOf({...order, action: 'nothing'}, policy('auto'))).toEqual({state: 'recorded'});
});
