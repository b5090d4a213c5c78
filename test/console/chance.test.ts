import {expect, it} from 'vitest';
import {chance, chancesApart} from '../../console/web/src/ui/chance.ts';

it('B1 a chance has one digit, near the ends two, and is rounded neither to the sure nor to the impossible', () => {
  const said = [0.6057, 0.99986, 0.00004, 0.99996, 0, 1].map(chance);
  expect(said).toEqual([
    '60.6 %',
    '99.99 %',
    'less than 0.01 %',
    'more than 99.99 %',
    'less than 0.01 %',
    'more than 99.99 %',
  ]);
});

it('B1 what is covered and what is wanted are never printed alike where they differ', () => {
  expect(chancesApart(0.99, 0.9999)).toEqual(['99.0 %', '99.99 %']);
  expect(chancesApart(0.999912, 0.999941)).toEqual(['99.9912 %', '99.9941 %']);
  expect(chancesApart(0.9, 0.9)).toEqual(['90.0 %', '90.0 %']);
});
