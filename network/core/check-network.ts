import {calendarsReadable, termsReadable} from './check-contracts.ts';
import {afterImport, unknownReference} from './check-keys.ts';
import {type Cell, cellText} from './cell.ts';
import type {MasterFolder, MasterRow} from './master-data.ts';
import type {MasterTable} from './master-tables.ts';
import type {Mistake} from './mistake.ts';
import {cycleFrom} from './supersession.ts';

/** All that the rules look at: the folder's rows, and every table as it will stand after the import. */
export interface Look {
  readonly folder: MasterFolder;
  readonly after: (table: MasterTable) => readonly MasterRow[];
}
type Rule = (look: Look) => Mistake[];

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

const str = (cell: Cell | undefined): string => (typeof cell === 'string' ? cell : '');

function mistake(
  table: MasterTable,
  row: MasterRow,
  column: string,
  what: string,
  nextStep: string,
): Mistake {
  return {file: `${table}.csv`, line: row.line, column, what, nextStep};
}

const orderedRange =
  (table: MasterTable, low: string, high: string): Rule =>
  ({folder}) =>
    folder[table]
      .filter(
        ({cells}) => cells[low] !== null && cells[high] !== null && !isBefore(cells[low]!, cells[high]!),
      )
      .map((row) =>
        mistake(
          table,
          row,
          high,
          `${high} ${cellText(row.cells[high])} is not after ${low} ${cellText(row.cells[low])}`,
          'correct one of the two',
        ),
      );

/** Instants have one spelling, so text order is time order; ±infinity stand outside of it. */
function isBefore(a: Cell, b: Cell): boolean {
  if (typeof a === 'number' && typeof b === 'number') return a < b;
  if (a === '-infinity' || b === 'infinity') return true;
  if (b === '-infinity' || a === 'infinity') return false;
  return str(a) < str(b);
}

/** A part that replaces itself through others would be looked for without end. */
const noSupersessionCycle: Rule = ({folder, after}) => {
  const successors = successorsBy(after('part_relation').filter(isSupersession), 'from_part', 'to_part');
  return reportCycles(
    'part_relation',
    folder.part_relation.filter(isSupersession),
    'from_part',
    'to_part',
    successors,
    'supersession',
  );
};

const noDepotCycle: Rule = ({folder, after}) => {
  const parents = successorsBy(after('depot'), 'depot_id', 'parent_depot_id');
  return reportCycles('depot', folder.depot, 'depot_id', 'parent_depot_id', parents, 'parent depots');
};

function isSupersession({cells}: MasterRow): boolean {
  return cells['kind'] === 'supersession';
}

function successorsBy(rows: readonly MasterRow[], from: string, to: string): Map<string, string[]> {
  const edges = new Map<string, string[]>();
  for (const {cells} of rows) {
    if (cells[to] === null) continue;
    edges.set(str(cells[from]), [...(edges.get(str(cells[from])) ?? []), str(cells[to])]);
  }
  return edges;
}

function reportCycles(
  table: MasterTable,
  rows: readonly MasterRow[],
  from: string,
  to: string,
  edges: ReadonlyMap<string, readonly string[]>,
  name: string,
): Mistake[] {
  const mistakes: Mistake[] = [];
  const told = new Set<string>();
  for (const row of rows) {
    const start = str(row.cells[from]);
    if (row.cells[to] === null || told.has(start)) continue;
    const cycle = cycleFrom(start, edges);
    if (cycle === null) continue;
    for (const member of cycle) told.add(member); // one mistake a cycle, at its first row
    mistakes.push(
      mistake(table, row, to, `${name} form a circle: ${cycle.join(' → ')}`, 'take one of these rows out'),
    );
  }
  return mistakes;
}

/** Stock that nobody refills runs out for good. What is being used up may do so, once its successor has a source. */
const everyStockedPartHasASource: Rule = ({folder, after}) => {
  const sourced = new Set(
    after('sourcing').map(({cells}) => `${str(cells['part_id'])} ${str(cells['depot_id'])}`),
  );
  const successors = successorsBy(after('part_relation').filter(isSupersession), 'from_part', 'to_part');
  const isSourced = (part: string, depot: string, seen: ReadonlySet<string>): boolean =>
    sourced.has(`${part} ${depot}`) ||
    (successors.get(part) ?? []).some(
      (next) => !seen.has(next) && isSourced(next, depot, new Set([...seen, next])),
    );
  return folder.part_depot.flatMap((row) => {
    const part = str(row.cells['part_id']);
    const depot = str(row.cells['depot_id']);
    if (row.cells['may_stock'] !== true || isSourced(part, depot, new Set([part]))) return [];
    const what = `depot ${depot} stocks part ${part} but has no source for it`;
    return [
      mistake('part_depot', row, 'part_id', what, 'add a row to sourcing.csv or set may_stock to false'),
    ];
  });
};

const sourceExists: Rule = ({folder, after}) => {
  const suppliers = new Set(
    after('party')
      .filter(({cells}) => cells['kind'] === 'supplier')
      .map(({cells}) => cells['party_id']),
  );
  const depots = new Set(after('depot').map(({cells}) => cells['depot_id']));
  return folder.sourcing.flatMap((row) => {
    const {source_kind: kind, source_id: source, depot_id: depot} = row.cells;
    if (kind === 'depot' && source === depot) {
      return [
        mistake(
          'sourcing',
          row,
          'source_id',
          `depot ${str(depot)} is its own source`,
          'name another depot or a supplier',
        ),
      ];
    }
    if (kind === 'depot' && row.cells['kind'] === 'repair') {
      return [
        mistake(
          'sourcing',
          row,
          'source_kind',
          `depot ${str(source)} is no workshop`,
          'enter the workshop in party.csv as a supplier and name it with source_kind supplier',
        ),
      ];
    }
    if (kind === 'depot')
      return depots.has(source)
        ? []
        : [unknownReference('sourcing', row.line, 'source_id', source!, 'depot')];
    if (suppliers.has(source)) return [];
    return [
      mistake(
        'sourcing',
        row,
        'source_id',
        `source_id "${str(source)}" is no party of kind supplier`,
        'add it to party.csv or correct the id',
      ),
    ];
  });
};

const sourceDeliversInMultiples: Rule = ({folder}) =>
  folder.sourcing
    .filter(({cells}) => (cells['expedite_mean_d'] === null) !== (cells['expedite_fee_minor'] === null))
    .map((row) =>
      mistake(
        'sourcing',
        row,
        'expedite_fee_minor',
        'expedite_mean_d and expedite_fee_minor come together',
        'fill both or neither',
      ),
    );

const noSelfLoop =
  (table: MasterTable, from: string, to: string): Rule =>
  ({folder}) =>
    folder[table]
      .filter(({cells}) => cells[from] === cells[to])
      .map((row) =>
        mistake(table, row, to, `${from} and ${to} are both "${str(row.cells[to])}"`, 'take the row out'),
      );

const noConversionOfTheStockingUnit: Rule = ({folder, after}) => {
  const unit = new Map(after('part').map(({cells}) => [cells['part_id'], cells['stocking_uom']]));
  return folder.uom_conversion
    .filter(({cells}) => unit.get(cells['part_id']) === cells['from_uom'] && cells['num'] !== cells['den'])
    .map((row) => {
      const what = `part ${str(row.cells['part_id'])} is stocked in ${str(row.cells['from_uom'])}, which is 1 to 1`;
      return mistake('uom_conversion', row, 'from_uom', what, 'take the row out or correct the unit');
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
      mistake(
        'opening_stock',
        row,
        'lot',
        `part ${str(row.cells['part_id'])} is kept by lot`,
        'name the lot',
      ),
    );
};

/** Lifetime of what an installation row claims. Half open: removed at T and installed at T do not overlap. */
function overlaps(a: MasterRow, b: MasterRow): boolean {
  const end = (row: MasterRow): Cell => row.cells['removed_at'] ?? 'infinity';
  return isBefore(a.cells['installed_at']!, end(b)) && isBefore(b.cells['installed_at']!, end(a));
}

const noOverlappingInstallations: Rule = ({folder, after}) => {
  const claims = (name: string, keyOfRow: (row: MasterRow) => string): Mistake[] => {
    const groups = groupBy(after('installation'), keyOfRow);
    const fresh = new Set(folder.installation);
    return [...groups.values()].flatMap((rows) => {
      const sorted = rows.toSorted((a, b) =>
        str(a.cells['installed_at']) < str(b.cells['installed_at']) ? -1 : 1,
      );
      return sorted.slice(1).flatMap((row, index) => {
        const before = sorted[index]!;
        if (!overlaps(before, row) || !(fresh.has(row) || fresh.has(before))) return [];
        const where = before.line > 0 ? `line ${before.line}` : 'the database';
        const what = `overlaps ${where}: ${name} ${keyOfRow(row)} is taken from ${str(before.cells['installed_at'])}`;
        return [
          mistake(
            'installation',
            row.line > 0 ? row : before,
            'installed_at',
            what,
            'fill removed_at of the earlier one or correct the instants',
          ),
        ];
      });
    });
  };
  return [
    ...claims('position', ({cells}) => `${str(cells['equipment_id'])} ${str(cells['position_id'])}`),
    ...claims('component', ({cells}) => str(cells['component_id'])),
  ];
};

const componentsKeepTheirKind: Rule = ({folder, after}) => {
  const kinds = new Map<Cell, MasterRow>();
  for (const row of after('installation'))
    if (!kinds.has(row.cells['component_id']!)) kinds.set(row.cells['component_id']!, row);
  return folder.installation.flatMap((row) => {
    const first = kinds.get(row.cells['component_id']!)!;
    const same =
      first.cells['class_id'] === row.cells['class_id'] && first.cells['part_id'] === row.cells['part_id'];
    if (same) return [];
    const what = `component ${str(row.cells['component_id'])} is a ${str(first.cells['part_id'])} of class ${str(first.cells['class_id'])} elsewhere`;
    return [
      mistake(
        'installation',
        row,
        'component_id',
        what,
        'a serial has one part and one class: correct one of the rows',
      ),
    ];
  });
};

function groupBy(rows: readonly MasterRow[], keyOfRow: (row: MasterRow) => string): Map<string, MasterRow[]> {
  const groups = new Map<string, MasterRow[]>();
  for (const row of rows) {
    const group = groups.get(keyOfRow(row));
    if (group === undefined) groups.set(keyOfRow(row), [row]);
    else group.push(row);
  }
  return groups;
}

const positionsExist: Rule = ({folder, after}) => {
  const model = new Map(after('equipment').map(({cells}) => [cells['equipment_id'], str(cells['model_id'])]));
  const positions = new Set(
    after('bom_position').map(({cells}) => `${str(cells['model_id'])} ${str(cells['position_id'])}`),
  );
  return folder.installation.flatMap((row) => {
    const modelId = model.get(row.cells['equipment_id']);
    if (modelId === undefined || positions.has(`${modelId} ${str(row.cells['position_id'])}`)) return [];
    const what = `model ${modelId} has no position "${str(row.cells['position_id'])}"`;
    return [
      mistake('installation', row, 'position_id', what, 'add it to bom_position.csv or correct the position'),
    ];
  });
};

const quantitiesAddUp: Rule = ({folder}) => [
  ...folder.demand_history
    .filter(({cells}) => cells['filled_qty'] !== null && Number(cells['filled_qty']) > Number(cells['qty']))
    .map((row) =>
      mistake('demand_history', row, 'filled_qty', 'filled_qty is more than qty', 'correct one of the two'),
    ),
  ...folder.demand_history
    .filter(({cells}) => cells['cancelled_at'] !== null && (cells['state'] ?? 'cancelled') !== 'cancelled')
    .map((row) =>
      mistake(
        'demand_history',
        row,
        'cancelled_at',
        'the line is not cancelled',
        'correct its state, or leave it out',
      ),
    ),
  ...folder.supply_order
    .filter(
      ({cells}) =>
        Number(cells['received_qty']) > Number(cells['shipped_qty']) ||
        Number(cells['shipped_qty']) > Number(cells['qty']),
    )
    .map((row) =>
      mistake(
        'supply_order',
        row,
        'shipped_qty',
        'received_qty ≤ shipped_qty ≤ qty does not hold',
        'correct the quantities',
      ),
    ),
];

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
  sourceExists,
  sourceDeliversInMultiples,
  noConversionOfTheStockingUnit,
  lotsWhereRequired,
  noOverlappingInstallations,
  componentsKeepTheirKind,
  positionsExist,
  quantitiesAddUp,
];
