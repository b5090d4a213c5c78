import {cellText} from './cell.ts';
import {ordersGoFromPlaceToPlace, quantitiesAddUp, receiptsAreTrue} from './check-books.ts';
import {calendarsReadable, termsReadable} from './check-contracts.ts';
import {componentsKeepTheirKind, noOverlappingInstallations, positionsExist} from './check-installations.ts';
import {afterImport} from './check-keys.ts';
import {
  everyStockedPartHasASource,
  expeditesHaveTheirFee,
  mustStockMayStock,
  noDepotCycle,
  noSupersessionCycle,
  sourceExists,
  speedsHaveTheirSource,
} from './check-sourcing.ts';
import type {MasterFolder, MasterRow} from './master-data.ts';
import type {MasterTable} from './master-tables.ts';
import type {Mistake} from './mistake.ts';
import {isBefore, mistakeAt, textIn} from './rule.ts';
import type {Rule} from './rule.ts';

/** Rules that span rows and files. Each looks only at rows of the folder: what the database holds has passed before. */
export function brokenRules(folder: MasterFolder, existing: MasterFolder): Mistake[] {
  const cache = new Map<MasterTable, readonly MasterRow[]>();
  const after = (table: MasterTable): readonly MasterRow[] => {
    let rows = cache.get(table);
    if (rows === undefined) {
      rows = afterImport(table, folder, existing);
      cache.set(table, rows);
    }
    return rows;
  };
  return RULES.flatMap((rule) => rule({folder, after}));
}

const orderedRange =
  (table: MasterTable, low: string, high: string): Rule =>
  ({folder}) =>
    folder[table]
      .filter(
        ({cells}) => cells[low] !== null && cells[high] !== null && !isBefore(cells[low]!, cells[high]!),
      )
      .map((row) =>
        mistakeAt(
          table,
          row,
          high,
          `${high} ${cellText(row.cells[high])} is not after ${low} ${cellText(row.cells[low])}`,
          'correct one of the two',
        ),
      );

const noSelfLoop =
  (table: MasterTable, from: string, to: string): Rule =>
  ({folder}) =>
    folder[table]
      .filter(({cells}) => cells[from] === cells[to])
      .map((row) =>
        mistakeAt(
          table,
          row,
          to,
          `${from} and ${to} are both "${textIn(row.cells[to])}"`,
          'take the row out',
        ),
      );

const noConversionOfTheStockingUnit: Rule = ({folder, after}) => {
  const unit = new Map(after('part').map(({cells}) => [cells['part_id'], cells['stocking_uom']]));
  return folder.uom_conversion
    .filter(({cells}) => unit.get(cells['part_id']) === cells['from_uom'] && cells['num'] !== cells['den'])
    .map((row) => {
      const what = `part ${textIn(row.cells['part_id'])} is stocked in ${textIn(row.cells['from_uom'])}, which is 1 to 1`;
      return mistakeAt('uom_conversion', row, 'from_uom', what, 'take the row out or correct the unit');
    });
};

const lotsWhereRequired: Rule = ({folder, after}) => {
  const lotted = new Set(
    after('part')
      .filter(({cells}) => cells['lot_required'] === true)
      .map(({cells}) => cells['part_id']),
  );
  return folder.opening_stock
    .filter(({cells}) => lotted.has(cells['part_id']) && cells['lot'] === '')
    .map((row) =>
      mistakeAt(
        'opening_stock',
        row,
        'lot',
        `part ${textIn(row.cells['part_id'])} is kept by lot`,
        'name the lot',
      ),
    );
};

const RULES: readonly Rule[] = [
  orderedRange('class_signal', 'min_value', 'max_value'),
  orderedRange('class_signal', 'normal_low', 'normal_high'),
  orderedRange('contract', 'valid_from', 'valid_to'),
  orderedRange('contract_term', 'valid_from', 'valid_to'),
  calendarsReadable,
  termsReadable,
  orderedRange('part_xref', 'valid_from', 'valid_to'),
  orderedRange('part_relation', 'valid_from', 'valid_to'),
  orderedRange('bom_position', 'valid_from', 'valid_to'),
  orderedRange('service_area', 'valid_from', 'valid_to'),
  orderedRange('installation', 'installed_at', 'removed_at'),
  noSelfLoop('part_relation', 'from_part', 'to_part'),
  noSelfLoop('lane', 'from_depot_id', 'to_depot_id'),
  noSupersessionCycle,
  noDepotCycle,
  everyStockedPartHasASource,
  mustStockMayStock,
  sourceExists,
  expeditesHaveTheirFee,
  speedsHaveTheirSource,
  noConversionOfTheStockingUnit,
  lotsWhereRequired,
  noOverlappingInstallations,
  componentsKeepTheirKind,
  positionsExist,
  quantitiesAddUp,
  ordersGoFromPlaceToPlace,
  receiptsAreTrue,
];
