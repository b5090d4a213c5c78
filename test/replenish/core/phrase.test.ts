import {expect, it} from 'vitest';
import {percent, phraseReason} from '../../../replenish/core/decision/phrase.ts';

const below = (probabilityPpm: number, wantedPpm: number): string =>
  phraseReason({
    ...{code: 'position-below-target', position: 14, target: 30, leadTimeH: 912},
    ...{probabilityPpm, wantedPpm},
  });

it('B2 a probability is rounded neither to the sure nor to the impossible', () => {
  expect([123_456, 40, 999_960, 999_860].map(percent)).toEqual([
    '12.3 %',
    'less than 0.01 %',
    'more than 99.99 %',
    '99.99 %',
  ]);
});

it('B2 a shelf below its target says how far, also where both probabilities are near the end', () => {
  expect(below(3, 995_000)).toBe(
    'What is here and coming (14 pieces) covers the demand of the next 38 days with less than 0.01 % only; wanted are 99.5 %, which takes 30.',
  );
  expect(below(999_912, 999_941)).toContain('with 99.9912 % only; wanted are 99.9941 %');
  expect(below(999_912, 1_000_000)).toContain('with 99.99 % only; wanted are more than 99.99 %');
});
