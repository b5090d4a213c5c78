import {baseLogit} from './families/logistic-family.ts';
import type {FamilyLesson, FamilyRow} from './families/family.ts';
import type {FoldRows} from './fold-rows.ts';

/** What every family must beat to be of use: an answer from age alone, or from nothing. */
export interface Baseline {
  readonly name: string;
  /** Logits of each held-out row, by its number. */
  readonly logits: ReadonlyMap<number, readonly number[]>;
}

/** The age law, where the fits start from it; and the share that failed at a place, of the rows that teach its fold. */
export function baselinesOf(
  rows: readonly FamilyRow[],
  folds: readonly FoldRows[],
  start: FamilyLesson['start'],
): Baseline[] {
  const base = new Map<number, readonly number[]>();
  const age = new Map<number, readonly number[]>();
  for (const {teach, heldOut} of folds) {
    const teaching = Array.from(teach, (row) => rows[row]!);
    const places = new Map<number, readonly number[]>();
    for (const row of heldOut) {
      const {place, input} = rows[row]!;
      let logits = places.get(place);
      if (logits === undefined) {
        const here = teaching.filter((one) => one.place === place);
        logits = start.intercepts.map((_, output) => baseLogit(here, output));
        places.set(place, logits);
      }
      base.set(row, logits);
      age.set(
        row,
        start.intercepts.map((intercept) => intercept + start.slope * input[start.input]!),
      );
    }
  }
  return [...(start.slope === 0 ? [] : [{name: 'age law', logits: age}]), {name: 'base rate', logits: base}];
}
