import {groupBy} from '../../domain/group-by.ts';
import {unknownReference} from './check-keys.ts';
import type {MasterRow} from './master-data.ts';
import type {MasterTable} from './master-tables.ts';
import type {Mistake} from './mistake.ts';
import {mistakeAt, textIn} from './rule.ts';
import type {Rule} from './rule.ts';
import {cycleFrom} from './supersession.ts';

/** A part that replaces itself through others would be looked for without end. */
export const noSupersessionCycle: Rule = ({folder, after}) => {
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

export const noDepotCycle: Rule = ({folder, after}) => {
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
    edges.set(textIn(cells[from]), [...(edges.get(textIn(cells[from])) ?? []), textIn(cells[to])]);
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
    const start = textIn(row.cells[from]);
    if (row.cells[to] === null || told.has(start)) continue;
    const cycle = cycleFrom(start, edges);
    if (cycle === null) continue;
    for (const member of cycle) told.add(member); // one mistake a cycle, at its first row
    mistakes.push(
      mistakeAt(table, row, to, `${name} form a circle: ${cycle.join(' → ')}`, 'take one of these rows out'),
    );
  }
  return mistakes;
}

/**
 * Stock that nobody refills runs out for good: behind each shelf stands a supplier, directly or through depots that fill one another.
 * What is being used up may do so, once its successor has a source.
 */
export const everyStockedPartHasASource: Rule = ({folder, after}) => {
  const sources = groupBy(
    after('sourcing').filter(({cells}) => cells['kind'] === 'normal'),
    ({cells}) => `${textIn(cells['part_id'])} ${textIn(cells['depot_id'])}`,
  );
  const successors = successorsBy(after('part_relation').filter(isSupersession), 'from_part', 'to_part');
  const supplied = new Set<string>();
  const isSourced = (part: string, depot: string, seen: ReadonlySet<string>): boolean => {
    const shelf = `${part} ${depot}`;
    if (supplied.has(shelf)) return true;
    if (seen.has(shelf)) return false;
    const passed = new Set([...seen, shelf]);
    const found =
      (sources.get(shelf) ?? []).some(
        ({cells}) =>
          cells['source_kind'] === 'supplier' || isSourced(part, textIn(cells['source_id']), passed),
      ) || (successors.get(part) ?? []).some((next) => isSourced(next, depot, passed));
    if (found) supplied.add(shelf);
    return found;
  };
  return folder.part_depot.flatMap((row) => {
    const part = textIn(row.cells['part_id']);
    const depot = textIn(row.cells['depot_id']);
    if (row.cells['may_stock'] !== true || isSourced(part, depot, new Set())) return [];
    const stocks = `depot ${depot} stocks part ${part} but`;
    const what = sources.has(`${part} ${depot}`)
      ? `${stocks} no supplier stands behind its sources`
      : `${stocks} has no source for it`;
    return [
      mistakeAt(
        'part_depot',
        row,
        'part_id',
        what,
        'add a row of kind normal to sourcing.csv or set may_stock to false',
      ),
    ];
  });
};

export const mustStockMayStock: Rule = ({folder}) =>
  folder.part_depot
    .filter(
      ({cells}) => cells['must_stock'] === true && (cells['may_stock'] === false || cells['max_stock'] === 0),
    )
    .map((row) => {
      const column = row.cells['may_stock'] === false ? 'may_stock' : 'max_stock';
      const place = `part ${textIn(row.cells['part_id'])} must lie at depot ${textIn(row.cells['depot_id'])}`;
      return mistakeAt(
        'part_depot',
        row,
        column,
        `${place}, which ${column} does not let it`,
        'correct one of the two',
      );
    });

export const sourceExists: Rule = ({folder, after}) => {
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
        mistakeAt(
          'sourcing',
          row,
          'source_id',
          `depot ${textIn(depot)} is its own source`,
          'name another depot or a supplier',
        ),
      ];
    }
    if (kind === 'depot' && row.cells['kind'] === 'repair') {
      return [
        mistakeAt(
          'sourcing',
          row,
          'source_kind',
          `depot ${textIn(source)} is no workshop`,
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
      mistakeAt(
        'sourcing',
        row,
        'source_id',
        `source_id "${textIn(source)}" is no party of kind supplier`,
        'add it to party.csv or correct the id',
      ),
    ];
  });
};

export const expeditesHaveTheirFee: Rule = ({folder}) =>
  folder.sourcing
    .filter(({cells}) => (cells['expedite_mean_d'] === null) !== (cells['expedite_fee_minor'] === null))
    .map((row) =>
      mistakeAt(
        'sourcing',
        row,
        'expedite_fee_minor',
        'expedite_mean_d and expedite_fee_minor come together',
        'fill both or neither',
      ),
    );

/** A speed is that of a source: without its usual row nobody would know what is hurried. */
export const speedsHaveTheirSource: Rule = ({folder, after}) => {
  const keyOf = ({cells}: MasterRow): string =>
    ['part_id', 'depot_id', 'source_kind', 'source_id'].map((column) => textIn(cells[column])).join('|');
  const usual = new Set(
    after('sourcing').flatMap((row) => (row.cells['kind'] === 'normal' ? [keyOf(row)] : [])),
  );
  return folder.sourcing_express
    .filter((row) => !usual.has(keyOf(row)))
    .map((row) =>
      mistakeAt(
        'sourcing_express',
        row,
        'source_id',
        `${textIn(row.cells['source_id'])} is no usual source of ${textIn(row.cells['part_id'])} at ${textIn(row.cells['depot_id'])}`,
        'add a row of kind normal to sourcing.csv or take this one out',
      ),
    );
};
