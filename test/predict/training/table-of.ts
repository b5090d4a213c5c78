import type {FamilyRow} from '../../../predict/training/families/family.ts';
import {addRow, emptyTable, type HeadRow, type RowTable} from '../../../predict/training/row-table.ts';

/** Rows as a training holds them, their inputs as they are; `machineOf` tells whose a row is, `useOf` what it is for. */
export function tableOf(
  rows: readonly FamilyRow[],
  machineOf: (row: number) => number,
  useOf: (row: number) => HeadRow['use'] = () => 'both',
): RowTable {
  const table = emptyTable(rows[0]!.input.length, rows[0]!.labels.failed.length);
  rows.forEach((row, nth) => addRow(table, {...row, machine: machineOf(nth), use: useOf(nth)}));
  const width = rows[0]!.input.length;
  table.scaling = {mean: new Array<number>(width).fill(0), sd: new Array<number>(width).fill(1)};
  return table;
}
