import {execFileSync} from 'node:child_process';
import {join} from 'node:path';
import {z} from 'zod';
import {ROOT, sourceFiles} from './source-files.ts';

const cruiseSchema = z.object({
  modules: z.array(z.object({source: z.string()})),
  summary: z.object({
    violations: z.array(
      z.object({
        from: z.string(),
        to: z.string(),
        rule: z.object({name: z.string()}),
        comment: z.string().optional(),
      }),
    ),
  }),
});

export type BoundaryReport = {
  readonly filesCruised: number;
  /** Source files the tool never looked at: with a compiler it cannot use, it reports no violations in no modules. */
  readonly filesMissed: readonly string[];
  /** One line each: rule, who, whom, and why not. */
  readonly violations: readonly string[];
};

/** Draws the import table of `.dependency-cruiser.cjs` over a source tree. */
export function checkBoundaries(root = ROOT): BoundaryReport {
  const files = sourceFiles(root);
  const program = join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const config = join(ROOT, '.dependency-cruiser.cjs');
  // Exit code 0 also with violations, because the report is JSON.
  const output = execFileSync(
    process.execPath,
    [program, '--config', config, '--output-type', 'json', ...topLevel(files)],
    {
      cwd: root,
      encoding: 'utf8',
      maxBuffer: 256 * 1024 * 1024,
    },
  );
  const {modules, summary} = cruiseSchema.parse(JSON.parse(output));
  const cruised = new Set(modules.map(({source}) => source));
  const filesMissed = files.filter((file) => !cruised.has(file));
  return {
    filesCruised: files.length - filesMissed.length,
    filesMissed,
    violations: summary.violations.map(({from, to, rule, comment}) =>
      `${rule.name}: ${from} → ${to}. ${comment ?? ''}`.trim(),
    ),
  };
}

/** Folders and files at the root that together hold every source file. */
function topLevel(files: readonly string[]): string[] {
  return [...new Set(files.map((file) => file.split('/')[0]!))];
}
