import {existsSync, readFileSync} from 'node:fs';
import {z} from 'zod';

const reportSchema = z.object({
  success: z.boolean(),
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      message: z.string().optional(),
      assertionResults: z.array(
        z.object({
          fullName: z.string(),
          status: z.string(),
          failureMessages: z.array(z.string()).nullish(),
        }),
      ),
    }),
  ),
});

export type TestTotals = {
  readonly passed: number;
  /** Failed tests, and files that did not even load. */
  readonly failed: number;
  /** `file: test: the first line of what was wrong`, for each of them. */
  readonly failures: readonly string[];
  /** `file: test`, for every test that did not run. */
  readonly skipped: readonly string[];
};

/** Reads vitest's JSON report. A missing or broken report counts as one failure: silence is not success. */
export function readTotals(path: string): TestTotals {
  let report: z.infer<typeof reportSchema>;
  try {
    report = reportSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return {passed: 0, failed: 1, failures: [`${path}: no report that can be read`], skipped: []};
  }
  const tests = report.testResults.flatMap((file) =>
    file.assertionResults.map((test) => ({...test, file: file.name})),
  );
  const failedTests = tests
    .filter(({status}) => status === 'failed')
    .map(({file, fullName, failureMessages}) => `${file}: ${fullName}: ${firstLine(failureMessages?.[0])}`);
  const brokenFiles = report.testResults
    .filter(
      ({status, assertionResults}) =>
        status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
    )
    .map(({name, message}) => `${name}: ${firstLine(message)}`);
  const failures = [...failedTests, ...brokenFiles];
  if (failures.length === 0 && !report.success) failures.push(`${path}: an error outside any test`);
  return {
    passed: tests.filter(({status}) => status === 'passed').length,
    failed: failures.length,
    failures,
    skipped: tests
      .filter(({status}) => status !== 'passed' && status !== 'failed')
      .map(({file, fullName}) => `${file}: ${fullName}`),
  };
}

function firstLine(text = ''): string {
  return text.trimStart().split('\n', 1)[0] ?? '';
}

/** Each file of a report with its counts, by name; none where the report cannot be read. */
export function readSuites(
  path: string,
): {readonly name: string; readonly passed: number; readonly failed: number}[] {
  const report = reportSchema.safeParse(existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : null);
  const files = report.success ? report.data.testResults : [];
  const count = (tests: (typeof files)[number]['assertionResults'], status: string): number =>
    tests.filter((test) => test.status === status).length;
  return files
    .map(({name, status, assertionResults}) => ({
      name,
      passed: count(assertionResults, 'passed'),
      failed: count(assertionResults, 'failed') || (status === 'failed' ? 1 : 0),
    }))
    .sort((a, b) => a.name.localeCompare(b.name));
}
