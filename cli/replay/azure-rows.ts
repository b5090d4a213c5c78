import {createReadStream} from 'node:fs';
import {pipeline} from 'node:stream';
import {createGunzip} from 'node:zlib';
import {parse} from 'csv-parse';
import {OperationalFault, messageOf} from '../../domain/fault.ts';
import {epochMs} from '../../domain/time.ts';
import type {EpochMs} from '../../domain/time.ts';

const INSTANT = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/;

/** One line of the set. Each cell is checked as it is read, and a bad one is named by file, line and column. */
export class AzureRow {
  readonly #file: string;
  readonly #line: number;
  readonly #cells: Readonly<Record<string, string>>;

  constructor(file: string, line: number, cells: Readonly<Record<string, string>>) {
    this.#file = file;
    this.#line = line;
    this.#cells = cells;
  }

  /** @param pattern what the cell must look like; `form` says it in words. */
  text(column: string, pattern: RegExp, form: string): string {
    const text = this.#cells[column]!;
    if (!pattern.test(text)) throw this.refused(column, form);
    return text;
  }

  whole(column: string): number {
    return Number(this.text(column, /^\d{1,9}$/, 'whole number'));
  }

  /** As the set has it: '172.8832'. */
  number(column: string): number {
    return Number(this.text(column, /^-?\d{1,15}(\.\d{1,15})?(e[-+]?\d{1,2})?$/i, 'number'));
  }

  /** The set's stamps are UTC without a zone: '2015-01-01 06:00:00'. */
  instant(column: string): EpochMs {
    const form = 'instant of the form 2015-01-01 06:00:00';
    const iso = `${this.text(column, INSTANT, form).replace(' ', 'T')}.000Z`;
    const at = Date.parse(iso);
    // The second look is for 2015-02-30, which some engines read as a day in March.
    if (Number.isNaN(at) || new Date(at).toISOString() !== iso) throw this.refused(column, form);
    return epochMs(at);
  }

  refused(column: string, form: string): OperationalFault {
    const found = JSON.stringify(this.#cells[column]);
    return new OperationalFault(
      'file-unreadable',
      `${this.#file}, line ${this.#line}, column ${column}: ${found} is no ${form}; correct it, or fetch the file again`,
      {retryable: false},
    );
  }
}

/**
 * The lines of a gzipped CSV file that has at least these columns, streamed: the telemetry of a year need not fit in memory twice.
 *
 * @throws OperationalFault 'file-unreadable', naming the file and, where there is one, the line
 */
export async function* azureRows(file: string, columns: readonly string[]): AsyncGenerator<AzureRow> {
  const checkHeader = (header: string[]): string[] => {
    const missing = columns.filter((column) => !header.includes(column));
    if (missing.length > 0) {
      throw new OperationalFault(
        'file-unreadable',
        `${file}, line 1: column ${missing.join(', ')} is missing, there are ${header.join(', ')}; fetch the file again`,
        {retryable: false},
      );
    }
    return header;
  };
  const parsed = parse({bom: true, columns: checkHeader, info: true});
  // A failure of the file or of gunzip ends the parser with it, and so arrives in the loop below.
  const rows = pipeline(createReadStream(file), createGunzip(), parsed, () => undefined);
  try {
    for await (const {info, record} of rows as AsyncIterable<{
      info: {lines: number};
      record: Record<string, string>;
    }>)
      yield new AzureRow(file, info.lines, record);
  } catch (cause) {
    throw cause instanceof OperationalFault ? cause : unreadable(file, cause);
  }
}

function unreadable(file: string, cause: unknown): OperationalFault {
  if ((cause as NodeJS.ErrnoException).code === 'ENOENT') {
    return new OperationalFault(
      'file-unreadable',
      `${file} is not there; name the folder of the azure-pdm set`,
      {retryable: false, cause},
    );
  }
  return new OperationalFault('file-unreadable', `${file}: ${messageOf(cause)}; fetch the file again`, {
    retryable: false,
    cause,
  });
}
