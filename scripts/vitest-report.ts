import {existsSync, readFileSync} from 'node:fs';
import {z} from 'zod';

const reportSchema = z.object({
  success: z.boolean(),
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      message: z.string().optional(),
      assertionResults: z.array(z.object({fullName: z.string(), status: z.string()})),
    }),
  ),
});

export type TestTotals = {
  readonly passed: number;
  /** Failed tests, and files that did not even load. */
  readonly failed: number;
  /** `file: test`, for every test that did not run. */
  readonly skipped: readonly string[];
};

/** Reads vitest's JSON report. A missing or broken report counts as one failure: silence is not success. */
export function readTotals(path: string): TestTotals {
  let report: z.infer<typeof reportSchema>;
  try {
    report = reportSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return {passed: 0, failed: 1, skipped: []};
  }
  const tests = report.testResults.flatMap((file) =>
    file.assertionResults.map((test) => ({...test, file: file.name})),
  );
  const failedTests = tests.filter(({status}) => status === 'failed').length;
  const brokenFiles = report.testResults.filter(
    ({status, assertionResults}) =>
      status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  ).length;
  const failed = failedTests + brokenFiles;
  return {
    passed: tests.filter(({status}) => status === 'passed').length,
    failed: failed === 0 && !report.success ? 1 : failed, // an error outside any test
    skipped: tests
      .filter(({status}) => status !== 'passed' && status !== 'failed')
      .map(({file, fullName}) => `${file}: ${fullName}`),
  };
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
