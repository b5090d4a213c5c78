import {run} from './run.ts';

/** Every gate that needs no server. All run, so that one round shows all that is wrong. */
const GATES: Readonly<Record<string, string>> = {
  types: 'tsc --noEmit -p tsconfig.json',
  'console types': 'tsc -p console/web/tsconfig.json',
  'core without Node': 'tsc --noEmit -p tsconfig.core.json',
  lint: 'eslint --max-warnings 0 .',
  format: 'prettier --check .',
  boundaries: 'tsx scripts/check-boundaries.ts',
  'unused code': 'knip',
  licences: 'tsx scripts/check-licences.ts',
  'references up to date': 'tsx scripts/generate-docs.ts --check',
  ledger: 'tsx scripts/ledger.ts --check',
};

/** Two cores are what a small CI machine has, and eslint alone takes 1 GB. */
const AT_ONCE_MAX = 2;

const waiting = Object.entries(GATES);
const failed: string[] = [];

async function worker(): Promise<void> {
  for (let gate = waiting.shift(); gate !== undefined; gate = waiting.shift()) {
    const [name, command] = gate;
    const {ok, output, seconds} = await run(command);
    console.log(`${ok ? 'ok    ' : 'FAILED'} ${name} (${seconds.toFixed(1)} s)`);
    if (ok) continue;
    failed.push(name);
    console.log(output.trimEnd());
  }
}

// Several gates read the types of the routes, which are made from the API as it is now.
const client = await run('tsx console/web/generate-client.ts');
if (!client.ok) {
  failed.push('client types');
  console.log(client.output.trimEnd());
}
await Promise.all(Array.from({length: AT_ONCE_MAX}, worker));
if (failed.length > 0) console.log(`check failed: ${failed.join(', ')}`);
process.exitCode = failed.length > 0 ? 1 : 0;
