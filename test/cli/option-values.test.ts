import {expect, it} from 'vitest';
import {instant, wholeNumber} from '../../cli/option-values.ts';

it('an option that wants a whole number refuses words, fractions and nought', () => {
  expect(wholeNumber('900')).toBe(900);
  for (const wrong of ['fast', '1.5', '0', '-3', ''])
    expect(() => wholeNumber(wrong)).toThrow(/whole number/);
});

it('an instant without a zone is refused, because it would mean another time elsewhere', () => {
  expect(instant('2015-01-12T00:00:00Z')).toBe(Date.UTC(2015, 0, 12));
  for (const wrong of ['2015-01-12', '2015-01-12T00:00:00', 'soon'])
    expect(() => instant(wrong)).toThrow(/zone/);
});
