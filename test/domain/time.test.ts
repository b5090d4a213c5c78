import {expect, it} from 'vitest';
import {instantOf, toIso} from '../../domain/time.ts';

it('an instant is read as it is written, with seconds and fractions or without', () => {
  expect(instantOf('1970-01-02T00:30:00Z')).toBe(88_200_000);
  expect(instantOf('1970-01-02T00:30Z')).toBe(88_200_000);
  expect(toIso(instantOf('2026-08-03T06:07:08.009Z'))).toBe('2026-08-03T06:07:08.009Z');
});
