import {expect, it} from 'vitest';
import {poolOf, type TrainingTarget} from '../../../predict/training/training-target.ts';

const signal = (name: string, unit: string, normalHigh: number): TrainingTarget['signals'][number] => ({
  name,
  label: name,
  unit,
  normalLow: 0,
  normalHigh,
});

it('a pool reads what all its classes send in the same unit, and calls a band normal only where they agree', () => {
  const pool = poolOf([
    {
      equipmentClassId: 'pump',
      gridH: 3,
      signals: [signal('vibration', 'mm/s', 4), signal('load', '%', 90), signal('oil', 'degC', 70)],
    },
    {
      equipmentClassId: 'fan',
      gridH: 3,
      signals: [signal('oil', 'K', 343), signal('load', '%', 90), signal('vibration', 'mm/s', 3)],
    },
  ]);
  expect(pool.equipmentClassId).toBe('pool-fan-pump');
  expect(pool.gridH).toBe(3);
  expect(pool.pools).toEqual(['fan', 'pump']);
  expect(pool.signals).toEqual([
    signal('load', '%', 90),
    {...signal('vibration', 'mm/s', 3), normalLow: null, normalHigh: null},
  ]);
});
