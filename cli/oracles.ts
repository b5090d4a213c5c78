import {readFileSync} from 'node:fs';
import {basename} from 'node:path';
import {z} from 'zod';
import {OracleFile, type OracleCase} from './oracle-kinds/oracle.ts';
import {judge} from './oracle-kinds/verdict.ts';

/** `npm run oracles -- FILE…`: one JSON line a case, then `N passed, N failed`; exit code 1 on any failure, 2 on misuse. */
function main(files: readonly string[]): number {
  if (files.length === 0) {
    console.error('usage: npm run oracles -- FILE…   (each: {cases: [{id, kind, input, expected, tol}]})');
    return 2;
  }
  let passed = 0;
  let failed = 0;
  for (const file of files) {
    const cases = readCases(file);
    if (typeof cases === 'string') {
      console.error(cases);
      return 2;
    }
    for (const one of cases) {
      const verdict = judge(one);
      if (verdict.passed) passed += 1;
      else failed += 1;
      console.log(JSON.stringify({file: basename(file), ...verdict}));
    }
  }
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

function readCases(file: string): readonly OracleCase[] | string {
  try {
    const parsed = OracleFile.safeParse(JSON.parse(readFileSync(file, 'utf8')));
    return parsed.success
      ? parsed.data.cases
      : `${file}: not an oracle table: ${z.prettifyError(parsed.error)}`;
  } catch (error) {
    return `${file}: cannot be read as JSON: ${error instanceof Error ? error.message : String(error)}`;
  }
}

process.exitCode = main(process.argv.slice(2));
