import {existsSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {z} from 'zod';
import {isAllowed} from './licence-expression.ts';
import {ROOT} from './source-files.ts';

const lockSchema = z.object({
  packages: z.record(z.string(), z.object({dev: z.boolean().optional(), optional: z.boolean().optional()})),
});
const packageSchema = z.object({
  name: z.string(),
  version: z.string(),
  license: z.union([z.string(), z.object({type: z.string()})]).optional(),
  licenses: z.array(z.object({type: z.string()})).optional(),
});

const lock = lockSchema.parse(JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')));
let checked = 0;
let failed = 0;
for (const [path, {dev, optional}] of Object.entries(lock.packages)) {
  const manifest = join(ROOT, path, 'package.json');
  if (path === '' || dev === true) continue; // ourselves; what ships only
  if (!existsSync(manifest)) {
    if (optional === true) continue; // made for another platform
    console.error(`${path}: not installed; run npm ci`);
    failed += 1;
    continue;
  }
  const {name, version, license, licenses} = packageSchema.parse(JSON.parse(readFileSync(manifest, 'utf8')));
  const expression =
    typeof license === 'string' ? license : (license?.type ?? licenses?.map(({type}) => type).join(' OR '));
  checked += 1;
  if (expression !== undefined && isAllowed(expression)) continue;
  console.error(
    `${name}@${version}: licence ${expression ?? 'not stated'} is not on the allow-list (scripts/licence-expression.ts)`,
  );
  failed += 1;
}
console.log(`${checked} production packages, ${failed} with a licence that we may not ship`);
process.exitCode = failed > 0 || checked === 0 ? 1 : 0;
