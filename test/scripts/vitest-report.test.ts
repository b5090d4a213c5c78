import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, expect, it} from 'vitest';
import {readSuites, readTotals} from '../../scripts/vitest-report.ts';

const folder = mkdtempSync(join(tmpdir(), 'forestock-report-'));
afterAll(() => rmSync(folder, {recursive: true}));

function totalsOf(report: unknown): ReturnType<typeof readTotals> {
  const path = join(folder, 'report.json');
  writeFileSync(path, JSON.stringify(report));
  return readTotals(path);
}

const file = (status: string, ...statuses: string[]): object => ({
  name: 'a.test.ts',
  status,
  message: 'Error: no such module',
  assertionResults: statuses.map((each) => ({
    fullName: each,
    status: each,
    failureMessages: each === 'failed' ? ['Error: 2 is not 3\n    at a.test.ts:1'] : [],
  })),
});

it('counts passed, failed and skipped tests, and says what was wrong', () => {
  const totals = totalsOf({
    success: false,
    testResults: [file('failed', 'passed', 'failed', 'skipped', 'todo')],
  });
  expect(totals).toEqual({
    passed: 1,
    failed: 1,
    failures: ['a.test.ts: failed: Error: 2 is not 3'],
    skipped: ['a.test.ts: skipped', 'a.test.ts: todo'],
  });
});

it('a file that does not load is a failure', () => {
  expect(totalsOf({success: false, testResults: [file('failed')]})).toMatchObject({
    failed: 1,
    failures: ['a.test.ts: Error: no such module'],
  });
});

it('an error outside any test is a failure', () => {
  expect(totalsOf({success: false, testResults: [file('passed', 'passed')]}).failed).toBe(1);
});

it('a missing report is a failure', () => {
  expect(readTotals(join(folder, 'none.json')).failed).toBe(1);
});

it('tells the counts of each file; one that does not load has a failure', () => {
  const path = join(folder, 'suites.json');
  const named = (name: string, one: object): object => ({...one, name});
  writeFileSync(
    path,
    JSON.stringify({
      success: false,
      testResults: [named('b', file('failed')), named('a', file('failed', 'passed', 'failed', 'passed'))],
    }),
  );
  expect(readSuites(path)).toEqual([
    {name: 'a', passed: 2, failed: 1},
    {name: 'b', passed: 0, failed: 1},
  ]);
  expect(readSuites(join(folder, 'missing.json'))).toEqual([]);
});
