import {currency, flag, id, instant, list, oneOf, text, whole} from './cell.ts';
import {may, minor, must, ref, validity} from './master-column.ts';
import type {TableSpec} from './master-column.ts';
import {STOCKING_UNITS} from './units.ts';

const unit = oneOf(...STOCKING_UNITS);

/** What is stocked, and by which names and stand-ins. */
export const PART_TABLES = {
  part: {
    key: ['part_id'],
    columns: {
      part_id: must(id),
      group_id: must(id),
      name: must(text),
      stocking_uom: may(unit, 'EA'),
      unit_cost_minor: must(minor),
      currency: must(currency),
      criticality: may(oneOf('A', 'B', 'C')),
      repairable: may(flag, false),
      shelf_life_d: may(whole({min: 1})),
      lot_required: may(flag, false),
      serial_required: may(flag, false),
      flags: may(list, []),
      weight_g: may(whole({min: 0}), 0),
    },
  },
  lot: {
    key: ['part_id', 'lot'],
    columns: {part_id: ref('part', 'part_id'), lot: must(text), usable_until: must(instant)},
  },
  part_xref: {
    key: ['scheme', 'number', 'revision', 'part_id', 'valid_from'],
    columns: {
      scheme: must(text),
      number: must(text),
      revision: may(text, ''),
      part_id: ref('part', 'part_id'),
      ...validity,
    },
  },
  uom_conversion: {
    key: ['part_id', 'from_uom'],
    columns: {
      part_id: ref('part', 'part_id'),
      from_uom: must(unit),
      num: must(whole({min: 1})),
      den: may(whole({min: 1}), 1),
    },
  },
  part_relation: {
    key: ['from_part', 'to_part', 'kind', 'valid_from'],
    columns: {
      from_part: ref('part', 'part_id'),
      to_part: ref('part', 'part_id'),
      kind: must(oneOf('supersession', 'substitute')),
      ...validity,
      ratio: may(whole({min: 1}), 1),
      direction: may(oneOf('one-way', 'two-way'), 'one-way'),
      approval: may(oneOf('pending', 'approved', 'banned'), 'pending'),
      models: may(list, []),
    },
  },
} as const satisfies Readonly<Record<string, TableSpec>>;
