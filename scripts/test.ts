import {mkdirSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {SERVICES, findService, type Service} from '../test/support/services.ts';
import {startSystemPostgres} from '../test/support/system-postgres.ts';
import {run} from './run.ts';
import {ROOT} from './source-files.ts';
import {readTotals, type TestTotals} from './vitest-report.ts';

/**
 * `npm test`: every check, then every test that this machine can run; says what it skipped and why.
 * With REQUIRE_SERVICES=1 (CI) nothing may be skipped but TimescaleDB. The last line is `N passed, N failed`.
 */
const strict = process.env['REQUIRE_SERVICES'] === '1';
const missing = (Object.keys(SERVICES) as Service[]).filter((service) => findService(service) === null);
for (const service of missing) {
  const {program, debianPackage, proves} = SERVICES[service];
  console.log(
    `${strict ? 'MISSING' : 'skipping'} ${proves}: no ${program} here; apt-get install ${debianPackage}`,
  );
}

const timescaleUrl = process.env['TIMESCALE_URL'];
if (timescaleUrl === undefined)
  console.log('skipping the schema on TimescaleDB: no TIMESCALE_URL; no package brings it (docs/testing.md)');

const check = await run('tsx scripts/check.ts', {live: true});
const embedded = await vitest('vitest', '');
const system = await onSystemPostgres();
const timescale = await onTimescale();
const skipped = [...embedded.skipped, ...system.skipped, ...timescale.skipped];
for (const test of skipped) console.log(`skipped ${test.replace(`${ROOT}/`, '')}`);

const avoidable = skipped.filter(
  (test) => timescaleUrl !== undefined || !test.includes('.timescale.test.ts:'),
);
const refusedSkips = strict ? missing.length + avoidable.length : 0;
if (refusedSkips > 0)
  console.log(`REQUIRE_SERVICES=1: ${missing.length} services missing, ${avoidable.length} tests skipped`);
if (!check.ok) console.log('npm run check failed, see above');
const failed = embedded.failed + system.failed + timescale.failed;
process.exitCode = check.ok && failed === 0 && refusedSkips === 0 ? 0 : 1;
const totals = `${embedded.passed + system.passed + timescale.passed} passed, ${failed + (check.ok ? 0 : 1)} failed`;
writeFileSync(join(ROOT, 'artifacts/totals.txt'), `${totals}\n`); // .ci/run repeats it as its last line
console.log(totals);

/** The database suites once more, on the machine's own server; the suite of the embedded server would only repeat itself. */
async function onSystemPostgres(): Promise<TestTotals> {
  const postgres = findService('postgresql');
  if (postgres === null) return {passed: 0, failed: 0, skipped: []};
  const server = await startSystemPostgres(postgres);
  console.log(`database suites on ${server.version}`);
  try {
    return await vitest(
      'vitest-system-postgres',
      '--project pg --exclude test/platform/embedded-postgres.pg.test.ts',
      {
        TEST_DATABASE_URL: server.url,
      },
    );
  } finally {
    await server.stop();
  }
}

/** And on the server of TIMESCALE_URL, where the same migrations make hypertables. */
async function onTimescale(): Promise<TestTotals> {
  if (timescaleUrl === undefined) return {passed: 0, failed: 0, skipped: []};
  console.log('database suites on TimescaleDB');
  return vitest('vitest-timescale', '--project pg', {TEST_DATABASE_URL: timescaleUrl});
}

async function vitest(report: string, flags: string, env: Record<string, string> = {}): Promise<TestTotals> {
  const path = join(ROOT, 'artifacts', `${report}.json`);
  mkdirSync(join(ROOT, 'artifacts'), {recursive: true});
  rmSync(path, {force: true});
  const {ok} = await run(`vitest run ${flags} --reporter=default --reporter=json --outputFile.json=${path}`, {
    live: true,
    env,
  });
  const totals = readTotals(path);
  return ok || totals.failed > 0 ? totals : {...totals, failed: 1};
}
