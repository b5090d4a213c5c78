import {openBackend, type BackendName} from '../adapters/backend.ts';
import {fitFamily, type Family, type FamilyLesson, type FamilyRow, type Fitted} from './families/family.ts';
import type {FoldRows} from './fold-rows.ts';
import {inSinglePrecision, rowsOf, type RowTable} from './row-table.ts';
import {serveFits} from './serve-fits.ts';

/** What a fit of a family knows of its head. */
export interface HeadFitData extends Pick<FamilyLesson, 'start' | 'view'> {
  readonly table: RowTable;
  readonly backend: BackendName;
}

/** Fit a family on some of the rows, and ask it about others. */
export interface HeadFitJob extends FoldRows {
  readonly family: Family;
  readonly seed: number;
}

serveFits(async ({table, start, view, backend}: HeadFitData) => {
  const {tf} = await openBackend({choice: backend, strict: true});
  const rows = rowsOf(inSinglePrecision(table));
  const of = (numbers: Uint32Array): FamilyRow[] => Array.from(numbers, (row) => rows[row]!);
  return async ({family, seed, teach, heldOut}: HeadFitJob): Promise<Fitted> =>
    fitFamily(tf, family, {training: of(teach), heldOut: of(heldOut), seed, start, view});
});
