import {execFileSync} from 'node:child_process';
import {cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {parseArgs} from 'node:util';
import Table from 'cli-table3';
import {applyMutant, changedFiles} from './mutants/apply.ts';
import {MUTANTS} from './mutants/catalogue.ts';
import type {Mutant, NamedTest} from './mutants/mutant.ts';
import {run} from './run.ts';
import {ROOT} from './source-files.ts';
import {readTotals} from './vitest-report.ts';

/**
 * `npm run mutants [-- --only <part of a name>]`: brings each known bug back in a copy of this checkout and runs the tests that are
 * there because of it. They must be green without the bug and red with it: exit code 0 only then.
 */
const {values} = parseArgs({options: {only: {type: 'string', default: ''}}});
const chosen = MUTANTS.filter(({name}) => name.includes(values.only));
if (chosen.length === 0) throw new Error(`no mutant is called ${values.only}`);
for (const mutant of chosen) changedFiles(ROOT, mutant); // all that does not apply is said before anything runs

const copy = mkdtempSync(join(tmpdir(), 'forestock-mutants-'));
const table = new Table({head: ['mutant', 'without it', 'with it', 'caught'], style: {head: [], border: []}});
let caught = 0;
/** Without any bug, by test: many mutants share one. */
const health: Record<string, Promise<TestOutcome>> = {};
try {
  copyCheckout(copy);
  for (const mutant of chosen) caught += (await judge(mutant)) ? 1 : 0;
} finally {
  rmSync(copy, {recursive: true, force: true});
}
console.log(table.toString());
console.log(`${caught} of ${chosen.length} mutants caught`);
process.exitCode = caught === chosen.length ? 0 : 1;

type TestOutcome = 'green' | 'red' | 'absent';

async function judge(mutant: Mutant): Promise<boolean> {
  const healthy = await all(mutant.tests, (test) => (health[keyOf(test)] ??= outcomeOf(test)));
  const takeOut = applyMutant(copy, mutant);
  const sick = await all(mutant.tests, outcomeOf);
  takeOut();
  const good = healthy.every((each) => each === 'green') && sick.every((each) => each === 'red');
  table.push([mutant.name, healthy.join(', '), sick.join(', '), good ? 'yes' : 'NO']);
  console.log(`${good ? 'caught ' : 'MISSED '} ${mutant.name}: ${mutant.bug}`);
  return good;
}

/** One after the other: each wants the machine for itself. */
async function all(
  tests: readonly NamedTest[],
  run: (test: NamedTest) => Promise<TestOutcome>,
): Promise<readonly TestOutcome[]> {
  const outcomes: TestOutcome[] = [];
  for (const test of tests) outcomes.push(await run(test));
  return outcomes;
}

/** 'absent': the test is not there, or was skipped. */
async function outcomeOf({project, file, name}: NamedTest): Promise<TestOutcome> {
  const report = join(copy, 'mutant-report.json');
  rmSync(report, {force: true});
  const pattern = name.replace(/[^\w ]/g, '.');
  await run(
    `vitest run --root "${copy}" --project ${project} ${file} -t "${pattern}" --reporter=json --outputFile.json="${report}"`,
    {cwd: copy},
  );
  const {passed, failed} = readTotals(report);
  if (passed + failed === 0) return 'absent';
  return failed > 0 ? 'red' : 'green';
}

function keyOf({project, file, name}: NamedTest): string {
  return `${project} ${file} ${name}`;
}

/** What git knows or would take, with this checkout's packages. */
function copyCheckout(to: string): void {
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: ROOT,
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  for (const file of listed.split('\0').filter((name) => name !== '' && name !== 'node_modules')) {
    mkdirSync(dirname(join(to, file)), {recursive: true});
    cpSync(join(ROOT, file), join(to, file));
  }
  symlinkSync(join(ROOT, 'node_modules'), join(to, 'node_modules'), 'dir');
}
