import {expect, it} from 'vitest';
import {trimEquipment} from '../../predict/equipment-cache.ts';
import type {EquipmentCache} from '../../predict/equipment-cache.ts';

it('what is remembered of equipment is limited between runs, the first ones go first', () => {
  const cache: EquipmentCache = new Map();
  for (const no of [1, 2, 3, 4, 5]) cache.set(no, {} as never);
  trimEquipment(cache, 3);
  expect([...cache.keys()]).toEqual([3, 4, 5]);
  trimEquipment(cache, 3);
  expect(cache.size).toBe(3);
});
