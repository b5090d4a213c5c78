import path from 'node:path';
import type {Command} from 'commander';
import {readCsvFile} from '../network/main.ts';
import {withApi} from './api-client.ts';
import {mistakeTable} from './mistake-table.ts';
import {OPERATIONS} from './operations/catalogue.ts';
import {dayInName} from './operations/day-in-name.ts';
import {readOperations} from './operations/operation-file.ts';
import type {OperationLine} from './operations/operation-file.ts';
import {sendOperations} from './operations/send-operations.ts';
import type {LineOutcome} from './operations/send-operations.ts';
import {answer, askCommand, progress, table} from './output.ts';
import type {AskOptions} from './output.ts';

interface BookOptions extends AskOptions {
  readonly batch?: string;
  readonly dryRun?: boolean;
}

export function bookCommand(): Command {
  return askCommand(
    'book',
    'a CSV file of daily operations, one a line: issues, receipts, counts, steps of orders, repairs, answers to proposals',
    'forestock book operations-2026-01-05.csv --dry-run',
  )
    .argument('<file>')
    .option('--dry-run', 'check the file and send nothing')
    .option(
      '--batch <name>',
      'what the file is called when it comes again (default: its file name, where that has a date)',
    )
    .addHelpText('after', `\n${columnsText()}`)
    .action(async (file: string, {dryRun = false, batch, ...options}: BookOptions) => {
      const name = path.basename(file);
      const {table: raw, mistakes: unreadable} = await readCsvFile(file);
      const {lines, mistakes: wrong} =
        raw === null
          ? {lines: [], mistakes: []}
          : readOperations({file: name, batch: batch ?? (dayInName(name) ? name : undefined)}, raw);
      const mistakes = [...unreadable, ...wrong].sort((a, b) => a.line - b.line);
      const outcomes = mistakes.length > 0 || dryRun ? [] : await sendLines(lines, options);
      const count = (outcome: LineOutcome['outcome']): number =>
        outcomes.filter((one) => one.outcome === outcome).length;
      const counts = {booked: count('booked'), repeated: count('repeated'), refused: count('refused')};
      if (mistakes.length > 0) process.exitCode = 2;
      else if (counts.refused > 0) process.exitCode = 1;
      answer(options.json, {file: name, dryRun, lines: lines.length, ...counts, outcomes, mistakes}, () => {
        if (mistakes.length > 0) return mistakeTable(mistakes, 'nothing was sent');
        if (dryRun) return `lines: ${lines.length}, all readable; nothing was sent (--dry-run)`;
        return `${outcomeTable(outcomes)}\n${countsText(counts)}`;
      });
    });
}

async function sendLines(
  lines: readonly OperationLine[],
  options: AskOptions,
): Promise<readonly LineOutcome[]> {
  progress(`sending operations: ${lines.length} …`);
  return withApi(options, (api) => sendOperations(api, lines));
}

function outcomeTable(outcomes: readonly LineOutcome[]): string {
  const rows = outcomes.map(({line, operation, outcome, detail}) => [line, operation, outcome, detail]);
  return table(['line', 'operation', 'outcome', 'detail'], rows);
}

function countsText({booked, repeated, refused}: Record<LineOutcome['outcome'], number>): string {
  const parts = [
    `${booked} booked`,
    repeated === 0
      ? ''
      : `${repeated} booked before and not again (what has happened anew goes under its own day or source_key)`,
    refused === 0 ? '' : `${refused} refused`,
  ];
  return parts.filter((part) => part !== '').join(', ');
}

function columnsText(): string {
  const lines = Object.values(OPERATIONS).map(({name, fields}) => {
    const needed = fields.filter(({required}) => required).map(({column}) => column);
    const free = fields.filter(({required}) => !required).map(({column}) => column);
    return `  ${name}\n    needs ${needed.join(', ')}\n    takes ${free.join(', ')}`;
  });
  return [
    'Column "operation" says what a line is; an empty cell is a value left out. The API’s own names (depotId) are taken too.',
    ...lines,
    'A line without source_key is known by the batch, by its day and by what it says: the same file twice books nothing twice,',
    'and an equal line of another day is booked. So a file says its day: in its name, in a column "day" (2026-01-05), or by --batch.',
  ].join('\n');
}
