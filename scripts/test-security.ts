import {mkdirSync, rmSync} from 'node:fs';
import path from 'node:path';
import {run} from './run.ts';
import {ROOT} from './source-files.ts';
import {readSuites, readTotals} from './vitest-report.ts';

/** `npm run test:security`: every suite of test/security, with its counts. The last line is `N passed, N failed`. */
const FOLDER = 'test/security';
const report = path.join(ROOT, 'artifacts', 'security.json');
mkdirSync(path.dirname(report), {recursive: true});
rmSync(report, {force: true});
const {ok} = await run(
  `vitest run ${FOLDER} --reporter=default --reporter=json --outputFile.json=${report}`,
  {
    live: true,
  },
);
for (const {name, passed, failed} of readSuites(report))
  console.log(`${path.relative(path.join(ROOT, FOLDER), name)}: ${passed} passed, ${failed} failed`);
const {passed, failed, skipped} = readTotals(report);
for (const test of skipped) console.log(`skipped ${test.replace(`${ROOT}/`, '')}`);
const failures = ok || failed > 0 ? failed : 1;
console.log(`${passed} passed, ${failures} failed`);
process.exitCode = failures === 0 ? 0 : 1;
