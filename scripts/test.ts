import {mkdirSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {SERVICES, findService, type Service} from '../test/support/services.ts';
import {startSystemPostgres} from '../test/support/system-postgres.ts';
import {PROJECT_NAMES} from '../vitest.config.ts';
import {run} from './run.ts';
import {ROOT} from './source-files.ts';
import {readTotals, type TestTotals} from './vitest-report.ts';

/**
 * `npm test`: every check, then every test that this machine can run; says what it skipped and why.
 * With REQUIRE_SERVICES=1 (CI) nothing may be skipped but TimescaleDB. The last line is `N passed, N failed`.
 */
const CHAIN_PROJECTS = ['sim', 'cli'];
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
// A suite keeps about one core busy. Each lane has a database server of its own, so they share nothing.
const [lane, wholeChain] = await Promise.all([componentLane(), chainLane()]);
console.log(wholeChain.output.trimEnd());
const suites = [...lane, wholeChain];
const skipped = suites.flatMap((suite) => suite.skipped);
for (const test of skipped) console.log(`skipped ${test.replace(`${ROOT}/`, '')}`);
for (const failure of suites.flatMap((suite) => suite.failures))
  console.log(`failed ${failure.replaceAll(`${ROOT}/`, '')}`);

const avoidable = skipped.filter(
  (test) => timescaleUrl !== undefined || !test.includes('.timescale.test.ts:'),
);
const refusedSkips = strict ? missing.length + avoidable.length : 0;
if (refusedSkips > 0)
  console.log(`REQUIRE_SERVICES=1: ${missing.length} services missing, ${avoidable.length} tests skipped`);
if (!check.ok) console.log('npm run check failed, see above');
const failed = suites.reduce((sum, suite) => sum + suite.failed, 0);
const passed = suites.reduce((sum, suite) => sum + suite.passed, 0);
process.exitCode = check.ok && failed === 0 && refusedSkips === 0 ? 0 : 1;
const totals = `${passed} passed, ${failed + (check.ok ? 0 : 1)} failed`;
writeFileSync(join(ROOT, 'artifacts/totals.txt'), `${totals}\n`); // .ci/run repeats it as its last line
console.log(totals);

/** Every suite but those of the other lane, and the database suites on every other server there is. */
async function componentLane(): Promise<readonly TestTotals[]> {
  const others = PROJECT_NAMES.filter((name) => ![...CHAIN_PROJECTS, 'pg'].includes(name));
  return [await vitest('vitest', flagsOf(others)), ...(await onPostgres()), await onTimescale()];
}

/** The suites that run the whole program; shown when they are done. */
async function chainLane(): Promise<TestTotals & {readonly output: string}> {
  return vitest('vitest-chain', flagsOf(CHAIN_PROJECTS), {live: false});
}

function flagsOf(projects: readonly string[]): string {
  return projects.map((project) => `--project ${project}`).join(' ');
}

/** The database suites on the machine's own server if there is one, as all other suites have the embedded one; else on that. */
async function onPostgres(): Promise<readonly TestTotals[]> {
  const postgres = findService('postgresql');
  if (postgres === null) return [await vitest('vitest-pg', flagsOf(['pg']))];
  const server = await startSystemPostgres(postgres);
  console.log(`database suites on ${server.version}`);
  try {
    return [
      await vitest('vitest-pg', flagsOf(['pg']), {env: {TEST_DATABASE_URL: server.url}}),
      await vitest('vitest-embedded', `${flagsOf(['pg'])} test/platform/embedded-postgres`),
    ];
  } finally {
    await server.stop();
  }
}

/** And on the server of TIMESCALE_URL, where the same migrations make hypertables. */
async function onTimescale(): Promise<TestTotals> {
  if (timescaleUrl === undefined) return {passed: 0, failed: 0, failures: [], skipped: []};
  console.log('database suites on TimescaleDB');
  return vitest('vitest-timescale', flagsOf(['pg']), {env: {TEST_DATABASE_URL: timescaleUrl}});
}

async function vitest(
  report: string,
  flags: string,
  {env = {}, live = true}: {readonly env?: Record<string, string>; readonly live?: boolean} = {},
): Promise<TestTotals & {readonly output: string}> {
  const path = join(ROOT, 'artifacts', `${report}.json`);
  mkdirSync(join(ROOT, 'artifacts'), {recursive: true});
  rmSync(path, {force: true});
  const command = `vitest run ${flags} --reporter=default --reporter=json --outputFile.json=${path}`;
  const {ok, output} = await run(command, {live, env});
  const totals = readTotals(path);
  if (ok || totals.failed > 0) return {...totals, output};
  return {...totals, failed: 1, failures: [`${report}: ended wrongly with no test that failed`], output};
}
