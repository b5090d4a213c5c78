import type {Command} from 'commander';
import {z} from 'zod';
import {FIRST_LINE, WireTables, fromRaw, toRaw} from '../console/api/wire-tables.ts';
import {readCsvFolder, writeCsvFolder} from '../network/main.ts';
import {withApi} from './api-client.ts';
import {mistakeTable} from './mistake-table.ts';
import {answer, askCommand, progress, table} from './output.ts';
import type {AskOptions} from './output.ts';

const Mistake = z.object({
  file: z.string(),
  line: z.int(),
  column: z.string(),
  what: z.string(),
  nextStep: z.string(),
});
const Imported = z.object({
  imported: z.boolean(),
  rows: z.record(z.string(), z.int()),
  stockKept: z.int(),
  mistakes: z.array(Mistake),
});
const Exported = z.object({tables: WireTables});

export function importCommand(): Command {
  return askCommand(
    'import',
    'a folder of CSV files into the installed base, network and stock: all of it, or nothing and every mistake',
    'forestock import master-data --dry-run',
  )
    .argument('<folder>')
    .option('--dry-run', 'say what would happen and change nothing')
    .action(async (folder: string, {dryRun = false, ...options}: AskOptions & {dryRun?: boolean}) => {
      progress(`reading ${folder} …`);
      const {raw, mistakes: unreadable} = await readCsvFolder(folder);
      const rowCount = Object.values(raw).reduce((sum, {rows}) => sum + rows.length, 0);
      progress(`checking ${rowCount} rows of ${Object.keys(raw).length} files …`);
      // A file that cannot be read leaves a gap that the check would take for missing rows: then nothing is imported.
      const query = dryRun || unreadable.length > 0 ? '?dryRun=true' : '';
      const done = Imported.parse(
        await withApi(options, (api) =>
          api.post(`/api/v1/master-data${query}`, {tables: fromRaw(raw), actor: 'cli'}),
        ),
      );
      const mistakes = [
        ...unreadable,
        ...done.mistakes.map((mistake) => ({...mistake, line: lineOf(raw, mistake)})),
      ];
      if (mistakes.length > 0) process.exitCode = 2;
      const outcome = {...done, imported: done.imported && mistakes.length === 0, mistakes};
      answer(options.json, outcome, () =>
        mistakes.length > 0 ? mistakeTable(mistakes, 'nothing was imported') : importedText(outcome, dryRun),
      );
    });
}

/** The line as the file has it: blank lines and cells over several lines count there. */
function lineOf(
  raw: Awaited<ReturnType<typeof readCsvFolder>>['raw'],
  {file, line}: z.infer<typeof Mistake>,
): number {
  return raw[file.replace(/\.csv$/, '')]?.rows[line - FIRST_LINE]?.line ?? line;
}

function importedText({rows, stockKept}: z.infer<typeof Imported>, dryRun: boolean): string {
  const filled = Object.entries(rows).filter(([, n]) => n > 0);
  const kept =
    stockKept === 0
      ? ''
      : `\n${stockKept} rows of opening_stock left alone: their part has moved there before`;
  return `${table(['table', 'rows'], filled)}${kept}\n${dryRun ? 'all right; nothing was imported (--dry-run)' : 'imported'}`;
}

export function exportCommand(): Command {
  return askCommand(
    'export',
    'the installed base, network and stock as a folder of CSV files; it imports to the same state',
    'forestock export backup',
  )
    .argument('<folder>')
    .action(async (folder: string, options: AskOptions) => {
      const {tables} = Exported.parse(await withApi(options, (api) => api.get('/api/v1/master-data')));
      await writeCsvFolder(folder, toRaw(tables));
      const rows = Object.fromEntries(Object.entries(tables).map(([name, one]) => [name, one.rows.length]));
      answer(
        options.json,
        {folder, rows},
        () => `${table(['table', 'rows'], Object.entries(rows))}\nwritten to ${folder}`,
      );
    });
}
