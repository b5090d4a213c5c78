import {expect, it} from 'vitest';
import {nearestName} from '../../domain/nearest-name.ts';

const KEYS = [
  'replenish.policy',
  'replenish.backorders',
  'network.share-out',
  'predict.tuning',
  'predict.watch',
];

it('a name with a letter missing, too many, or exchanged is found', () => {
  expect(nearestName('replenish.polcy', KEYS)).toBe('replenish.policy');
  expect(nearestName('predict.wattch', KEYS)).toBe('predict.watch');
  expect(nearestName('predict-tuning', KEYS)).toBe('predict.tuning');
});

it('of two that are near, the one with fewer mistakes is it, wherever it stands', () => {
  const near = ['frozenH', 'frozenDays', 'frozenHours']; // 4, 3 and 1 mistakes from what was typed
  for (const known of [near, [...near].reverse()])
    expect(nearestName('frozenHour', known)).toBe('frozenHours');
});

it('what resembles nothing is nobody, and neither is nothing', () => {
  expect(nearestName('nobody', KEYS)).toBeNull();
  expect(nearestName('', KEYS)).toBeNull();
  expect(nearestName('predict.watch'.repeat(9), KEYS)).toBeNull();
});
