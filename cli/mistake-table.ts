import type {Mistake} from '../network/main.ts';
import {table} from './output.ts';

/** Everything that is wrong in files, for a person. `consequence` says what was therefore not done. */
export function mistakeTable(mistakes: readonly Mistake[], consequence: string): string {
  const rows = mistakes.map(({file, line, column, what, nextStep}) => [file, line, column, what, nextStep]);
  const listed = table(['file', 'line', 'column', 'what is wrong', 'next step'], rows);
  return `${listed}\n${mistakes.length} ${mistakes.length === 1 ? 'mistake' : 'mistakes'}; ${consequence}`;
}
