/** One thing wrong in an import: where it stands, what it is, and what to do about it. */
export interface Mistake {
  readonly file: string;
  /** As an editor counts: the header is line 1. 0 when the whole file is meant. */
  readonly line: number;
  readonly column: string;
  readonly what: string;
  readonly nextStep: string;
}

/** Example: 'sourcing.csv line 14: part_id "P-99" is not in part.csv; add it there or correct the id'. */
export function mistakeText({file, line, what, nextStep}: Mistake): string {
  return `${file}${line > 0 ? ` line ${line}` : ''}: ${what}; ${nextStep}`;
}

/** In the order in which someone repairs them: file by file, line by line. */
export function compareMistakes(a: Mistake, b: Mistake): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  if (a.line !== b.line) return a.line - b.line;
  return a.column < b.column ? -1 : a.column > b.column ? 1 : 0;
}
