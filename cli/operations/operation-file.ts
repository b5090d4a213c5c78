import {z} from 'zod';
import type {Mistake, RawTable} from '../../network/main.ts';
import {canonicalJson, sha256} from '../../platform/ids.ts';
import {OPERATIONS, operationNamed} from './catalogue.ts';
import type {Operation} from './catalogue.ts';
import {readFields, snakeCase} from './fields.ts';

/** One line of a file of operations, ready to be sent. */
export interface OperationLine {
  readonly line: number;
  readonly operation: Operation;
  readonly values: Readonly<Record<string, unknown>> & {readonly sourceKey: string};
}

/** Operations at most in one file: each is a request and a transaction of its own. */
const LINES_MAX = 50_000;
/** Who is speaking, when a line does not say. */
const SOURCE = 'csv';
const KEY_BATCH_CHARS = 120;
const KEY_DIGEST_CHARS = 32;

/** Columns of the file itself, which no request takes. */
const OWN = ['operation', 'day'];
const COLUMNS: ReadonlySet<string> = new Set([
  ...OWN,
  ...Object.values(OPERATIONS).flatMap(({fields}) => fields.map(({column}) => column)),
]);

/**
 * Checks every line of a file against the API's own schemas, and says everything that is wrong at once.
 *
 * A line without `source_key` gets one from the batch, from its day, from what it says and from how many equal lines stand above
 * it. So the same batch sent again books nothing twice, in whatever order and also when some of its lines were corrected meanwhile;
 * two equal lines are two operations; and the same line of another day or batch is a new one.
 *
 * @param batch  What the file is called when it comes again. Without it, the file's name, and the lines must say their day: two
 *   days' files of one name would be taken for the same.
 */
export function readOperations(
  {file, batch}: {readonly file: string; readonly batch?: string | undefined},
  {columns, rows}: RawTable,
): {readonly lines: readonly OperationLine[]; readonly mistakes: readonly Mistake[]} {
  const mistakes: Mistake[] = [];
  const note = (line: number, column: string, what: string, nextStep: string): void => {
    mistakes.push({file, line, column, what, nextStep});
  };
  const names = columns.map(snakeCase);
  names.forEach((name, index) => {
    if (!COLUMNS.has(name)) note(1, columns[index]!, 'is no column of any operation', nextStepFor(columns));
    else if (names.indexOf(name) !== index)
      note(1, columns[index]!, 'stands there twice', 'keep one of the two');
  });
  if (!names.includes('operation')) {
    note(1, 'operation', 'is missing', `say in it what each line is: ${Object.keys(OPERATIONS).join(', ')}`);
    return {lines: [], mistakes};
  }
  if (rows.length > LINES_MAX) note(0, '', `has ${rows.length} lines, more than ${LINES_MAX}`, 'split it');
  const keyOf = keyMaker(batch ?? file);
  let dayAsked = false;
  const keyLines = new Map<string, number>();
  const lines: OperationLine[] = [];
  for (const {line, cells} of rows) {
    const texts = Object.fromEntries(names.map((name, index) => [name, cells[columns[index]!]!.trim()]));
    const operation = operationNamed(texts['operation'] ?? '');
    if (operation === null) {
      const what = `${JSON.stringify(texts['operation'])} is no operation`;
      note(line, 'operation', what, `write one of ${Object.keys(OPERATIONS).join(', ')}`);
      continue;
    }
    const taken = new Set(operation.fields.map(({column}) => column));
    for (const [column, text] of Object.entries(texts)) {
      if (text !== '' && !OWN.includes(column) && COLUMNS.has(column) && !taken.has(column))
        note(line, column, `is nothing that ${operation.name} takes`, 'leave the cell empty');
    }
    const read = readFields(operation.schema, operation.fields, {source: SOURCE, ...withoutBlanks(texts)});
    if (!read.ok) {
      for (const {field, what, nextStep} of read.problems) note(line, field.column, what, nextStep);
      continue;
    }
    const told = read.values['sourceKey'] as string | undefined;
    const day = texts['day'] ?? '';
    if (day !== '' && !z.iso.date().safeParse(day).success)
      note(line, 'day', `${JSON.stringify(day)} is no day`, 'write it as 2026-01-05');
    if (told === undefined && day === '' && batch === undefined && !dayAsked) {
      dayAsked = true;
      const nextStep = 'write it as 2026-01-05 in every line, put it into the file’s name, or give --batch';
      note(line, 'day', 'is missing: an equal line of another day could not be told from this one', nextStep);
    }
    const sourceKey = told ?? keyOf(operation, day, read.values);
    const before = keyLines.get(canonicalJson([read.values['source'], sourceKey]));
    if (before !== undefined)
      note(
        line,
        'source_key',
        `${JSON.stringify(sourceKey)} stands in line ${before} already`,
        'give each line its own',
      );
    keyLines.set(canonicalJson([read.values['source'], sourceKey]), line);
    lines.push({line, operation, values: {...read.values, sourceKey}});
  }
  return {lines, mistakes};
}

function nextStepFor(columns: readonly string[]): string {
  const [only] = columns;
  return columns.length === 1 && only!.includes(';')
    ? 'separate the columns by commas'
    : 'remove it, or correct its name: forestock book --help lists all';
}

function withoutBlanks(texts: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(texts).filter(([, text]) => text !== ''));
}

/** Example: 'issues-0105.csv:9b74…:1' for the first of the equal lines of a batch. */
function keyMaker(batch: string): (operation: Operation, day: string, values: object) => string {
  const seen = new Map<string, number>();
  return ({name}, day, values) => {
    const said = canonicalJson([batch, name, values, ...(day === '' ? [] : [day])]);
    const digest = sha256(said).toString('hex').slice(0, KEY_DIGEST_CHARS);
    const nth = (seen.get(digest) ?? 0) + 1;
    seen.set(digest, nth);
    return `${batch.slice(-KEY_BATCH_CHARS)}:${digest}:${nth}`;
  };
}
