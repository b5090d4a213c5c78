import {expect, it} from 'vitest';
import {axisTimes} from '../../console/web/src/ui/axis-times.ts';

const at = (...time: [number, number, number, number]): number => new Date(...time).getTime() / 1000;

it('marks of a day carry times, with the day under the first of each', () => {
  const marks = axisTimes([at(2026, 0, 5, 22), at(2026, 0, 5, 23), at(2026, 0, 6, 0)]);
  expect(marks.map((mark) => mark.includes('\n'))).toEqual([true, false, true]);
  expect(marks[2]).toMatch(/00.*\n.*6/);
});

it('marks a day or more apart carry days alone', () => {
  const marks = axisTimes([at(2026, 0, 5, 0), at(2026, 0, 7, 0)]);
  expect(marks.every((mark) => !mark.includes(':'))).toBe(true);
  expect(marks[1]).toMatch(/7/);
});
