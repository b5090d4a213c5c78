import type {HeadRow} from './row-table.ts';

/** What the fits of one fold learn from and are held to, by numbers of rows. */
export interface FoldRows {
  readonly teach: Uint32Array;
  readonly heldOut: Uint32Array;
}

/**
 * Deals machines into folds in turn: those of a fold are held out of its fits, all others teach them; each by the rows that
 * are for it.
 *
 * Example: machines 0, 1, 2 in two folds → fold 0 learns from machine 1 and is held to 0 and 2.
 */
export function foldRows(rows: readonly Pick<HeadRow, 'machine' | 'use'>[], folds: number): FoldRows[] {
  return Array.from({length: folds}, (_, fold) => {
    const numbers = (use: 'teach' | 'judge'): Uint32Array =>
      Uint32Array.from(
        rows.flatMap((row, number) =>
          row.use !== other(use) && (row.machine % folds === fold) === (use === 'judge') ? [number] : [],
        ),
      );
    return {teach: numbers('teach'), heldOut: numbers('judge')};
  });
}

function other(use: 'teach' | 'judge'): 'teach' | 'judge' {
  return use === 'teach' ? 'judge' : 'teach';
}
