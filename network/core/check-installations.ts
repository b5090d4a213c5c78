import {groupBy} from '../../domain/group-by.ts';
import type {Cell} from './cell.ts';
import type {MasterRow} from './master-data.ts';
import type {Mistake} from './mistake.ts';
import {isBefore, mistakeAt, textIn} from './rule.ts';
import type {Rule} from './rule.ts';

/** Lifetime of what an installation row claims. Half open: removed at T and installed at T do not overlap. */
function overlaps(a: MasterRow, b: MasterRow): boolean {
  const end = (row: MasterRow): Cell => row.cells['removed_at'] ?? 'infinity';
  return isBefore(a.cells['installed_at']!, end(b)) && isBefore(b.cells['installed_at']!, end(a));
}

export const noOverlappingInstallations: Rule = ({folder, after}) => {
  const claims = (name: string, keyOfRow: (row: MasterRow) => string): Mistake[] => {
    const groups = groupBy(after('installation'), keyOfRow);
    const fresh = new Set(folder.installation);
    return [...groups.values()].flatMap((rows) => {
      const sorted = rows.toSorted((a, b) =>
        textIn(a.cells['installed_at']) < textIn(b.cells['installed_at']) ? -1 : 1,
      );
      return sorted.slice(1).flatMap((row, index) => {
        const before = sorted[index]!;
        if (!overlaps(before, row) || !(fresh.has(row) || fresh.has(before))) return [];
        const where = before.line > 0 ? `line ${before.line}` : 'the database';
        const what = `overlaps ${where}: ${name} ${keyOfRow(row)} is taken from ${textIn(before.cells['installed_at'])}`;
        return [
          mistakeAt(
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
    ...claims('position', ({cells}) => `${textIn(cells['equipment_id'])} ${textIn(cells['position_id'])}`),
    ...claims('component', ({cells}) => textIn(cells['component_id'])),
  ];
};

export const componentsKeepTheirKind: Rule = ({folder, after}) => {
  const kinds = new Map<Cell, MasterRow>();
  for (const row of after('installation'))
    if (!kinds.has(row.cells['component_id']!)) kinds.set(row.cells['component_id']!, row);
  return folder.installation.flatMap((row) => {
    const first = kinds.get(row.cells['component_id']!)!;
    const same =
      first.cells['class_id'] === row.cells['class_id'] && first.cells['part_id'] === row.cells['part_id'];
    if (same) return [];
    const what = `component ${textIn(row.cells['component_id'])} is a ${textIn(first.cells['part_id'])} of class ${textIn(first.cells['class_id'])} elsewhere`;
    return [
      mistakeAt(
        'installation',
        row,
        'component_id',
        what,
        'a serial has one part and one class: correct one of the rows',
      ),
    ];
  });
};

export const positionsExist: Rule = ({folder, after}) => {
  const model = new Map(
    after('equipment').map(({cells}) => [cells['equipment_id'], textIn(cells['model_id'])]),
  );
  const positions = new Set(
    after('bom_position').map(({cells}) => `${textIn(cells['model_id'])} ${textIn(cells['position_id'])}`),
  );
  return folder.installation.flatMap((row) => {
    const modelId = model.get(row.cells['equipment_id']);
    if (modelId === undefined || positions.has(`${modelId} ${textIn(row.cells['position_id'])}`)) return [];
    const what = `model ${modelId} has no position "${textIn(row.cells['position_id'])}"`;
    return [
      mistakeAt(
        'installation',
        row,
        'position_id',
        what,
        'add it to bom_position.csv or correct the position',
      ),
    ];
  });
};
