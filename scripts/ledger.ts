import {parseArgs} from 'node:util';
import Table from 'cli-table3';
import {readLedger, type CapabilityRow} from './capabilities.ts';
import {ROOT} from './source-files.ts';

/** `npm run ledger [-- --json | --check]`: capability → its tests → which kinds. */
const {values} = parseArgs({
  options: {json: {type: 'boolean'}, check: {type: 'boolean'}, help: {type: 'boolean'}},
});
const {rows, mistakes} = readLedger(ROOT);
const core = rows.filter(({priority}) => priority === 'core');
const count = (of: readonly CapabilityRow[], standing: string): number =>
  of.filter((row) => row.standing === standing).length;

if (values.help === true)
  console.log(
    'npm run ledger [-- --json]   capability → tests → kinds of test\nnpm run ledger -- --check    only the mistakes',
  );
else if (values.json === true) console.log(JSON.stringify({rows, mistakes}, null, 2));
else if (values.check !== true) print();
for (const mistake of mistakes) console.error(mistake);
process.exitCode = mistakes.length > 0 ? 1 : 0;

function print(): void {
  const table = new Table({
    head: ['id', 'capability', 'priority', 'tests', 'kinds', ''],
    style: {head: [], border: []},
  });
  for (const {id, title, priority, tests, kinds, standing} of rows) {
    const mark = standing === 'shown' || priority !== 'core' ? '' : standing.toUpperCase();
    table.push([id, title, priority, tests.length, kinds.join(' '), mark]);
  }
  console.log(table.toString());
  for (const {id, tests} of rows.filter((row) => row.tests.length > 0)) {
    for (const {file, name, skipped} of tests)
      console.log(`${id}  ${file}: ${name}${skipped ? ' (skipped)' : ''}`);
  }
  console.log(
    `${rows.length} capabilities, ${count(rows, 'empty')} without a test; ` +
      `core: ${core.length}, ${count(core, 'shown')} shown, ${count(core, 'unit only')} unit only, ${count(core, 'empty')} empty`,
  );
}
