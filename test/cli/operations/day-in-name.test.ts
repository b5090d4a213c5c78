import {describe, expect, it} from 'vitest';
import {dayInName} from '../../../cli/operations/day-in-name.ts';

describe('the name of a file of operations', () => {
  it('says its day in the ways people write it', () => {
    for (const name of ['issues-2026-01-05.csv', 'issues_20260105.csv', '2026.12.31 AMS.csv', 'a-2026_02_28'])
      expect([name, dayInName(name)]).toEqual([name, true]);
  });

  it('says none by digits that are no day: a depot’s number, a part’s, a telephone’s', () => {
    for (const name of [
      'depot-10002000.csv',
      'part-20261305.csv',
      'issues-2026-01-32.csv',
      'x-12026-01-05',
      'issues.csv',
    ])
      expect([name, dayInName(name)]).toEqual([name, false]);
  });
});
