import {expect, it} from 'vitest';
import {planDepots} from '../../../replenish/core/decision/depot-plan.ts';
import {balancedShelf} from '../../../replenish/core/plan/plan-input.ts';
import {depot, situation, source} from './situations.ts';

/** A piece costs 200.00 a year to hold. */
const sources = [source('supplier', 'SUP', {meanH: 240})];

it('D1 a piece beyond the target is held until it is used, not for an order’s time', () => {
  const slow = situation([depot('A', {sources, onHand: 3, backgroundPerYear: 1})]);
  const plan = planDepots(slow).get('A')!;
  const {costAt} = balancedShelf(slow, plan);
  const third = costAt(3) - costAt(2);
  expect(third).toBeGreaterThan(0.95 * 20_000);
  expect(plan.holdingMinorPerH * plan.tooEarlyH).toBeLessThan(610);
});
