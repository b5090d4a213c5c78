import {stripVTControlCharacters as stripAnsi} from 'node:util';
import Table from 'cli-table3';
import {Command} from 'commander';

/** What every command that asks the service takes. */
export interface AskOptions {
  readonly url?: string;
  readonly json?: boolean;
}

/** How help speaks, also where the sentence comes from the API. Example: 'Only this part' → 'only this part'; 'MQTT logins' stays. */
export function asHelp(text: string): string {
  return text.replace(/^[A-Z](?=[a-z]* )/, (letter) => letter.toLowerCase());
}

/** A command that asks the service or the data folder; `example` is shown by --help. */
export function askCommand(name: string, description: string, example: string): Command {
  return new Command(name)
    .description(asHelp(description))
    .option(
      '--url <url>',
      'ask the service that runs there (default FORESTOCK_URL; else the data folder itself)',
    )
    .option('--json', 'print one JSON value instead of text')
    .addHelpText('after', `\nExample: ${example}`);
}

/** The answer on stdout, for a program or for a person. */
export function answer(json: boolean | undefined, value: unknown, text: () => string): void {
  process.stdout.write(`${json === true ? JSON.stringify(value) : text()}\n`);
}

/** Where the output is no terminal, lines may be this long. */
const COLUMNS_WITHOUT_TERMINAL = 160;
const GAP = 2;
const NO_LINES = Object.fromEntries(
  ['top', 'bottom', 'left', 'right', 'mid'].flatMap((side) => [
    [side, ''],
    [`${side}-mid`, ''],
    [`${side}-left`, ''],
    [`${side}-right`, ''],
  ]),
);

/** Rows under a header, without ruled lines; the widest columns wrap until it fits the terminal, and `columnsMax`. */
export function table(
  head: readonly string[],
  rows: readonly (readonly (string | number)[])[],
  columnsMax = Infinity,
): string {
  const texts = [head, ...rows].map((row) => row.map(String));
  const widths = head.map(
    (_, column) => Math.max(...texts.map((row) => stripAnsi(row[column]!).length)) + GAP,
  );
  const room = Math.min(terminalColumns(), columnsMax);
  for (let over = sum(widths) - room; over > 0; over -= 1) {
    const widest = widths.indexOf(Math.max(...widths));
    widths[widest]! -= 1;
  }
  return layOut(texts, widths, GAP).join('\n');
}

/** Lines that wrap at the terminal's width; what follows hangs under the text, right of `mark`. */
export function hanging(mark: string, texts: readonly string[]): string[] {
  const room = terminalColumns() - mark.length;
  return texts.flatMap((text) => layOut([[mark, text]], [mark.length, room], 0));
}

function terminalColumns(): number {
  return process.stdout.columns || COLUMNS_WITHOUT_TERMINAL;
}

function layOut(texts: readonly string[][], widths: readonly number[], gap: number): string[] {
  const style = {head: [], border: [], 'padding-left': 0, 'padding-right': gap};
  const made = new Table({chars: {...NO_LINES, middle: ''}, style, colWidths: [...widths], wordWrap: true});
  made.push(...texts.map((row) => [...row]));
  return made
    .toString()
    .split('\n')
    .map((line) => line.trimEnd());
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}

/** A step of long work, on stderr so that stdout stays the answer. */
export function progress(text: string): void {
  process.stderr.write(`${text}\n`);
}
