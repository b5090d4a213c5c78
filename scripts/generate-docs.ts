import {existsSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {parseArgs} from 'node:util';
import {glossaryModule} from './glossary-source.ts';
import {readErrorCodes} from './error-codes.ts';
import {configurationReference, errorReference, kpiReference} from './reference-docs.ts';
import {ROOT} from './source-files.ts';

/** `npm run docs` writes the references; with --check it only says which are stale. */
const {values} = parseArgs({options: {check: {type: 'boolean'}}});
const pages = {
  'docs/configuration.md': configurationReference(),
  'console/api/glossary-terms.ts': glossaryModule(readFileSync(join(ROOT, 'docs/glossary.md'), 'utf8')),
  'docs/errors.md': errorReference(readErrorCodes(ROOT)),
  'docs/kpis.md': kpiReference(),
};

for (const [name, text] of Object.entries(pages)) {
  const path = join(ROOT, name);
  if (existsSync(path) && readFileSync(path, 'utf8') === text) continue;
  if (values.check === true) {
    console.error(`${name} is stale; run npm run docs`);
    process.exitCode = 1;
  } else {
    writeFileSync(path, text);
    console.log(`${name} written`);
  }
}
