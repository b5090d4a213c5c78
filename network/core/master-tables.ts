import {
  type Cell,
  type CellType,
  currency,
  decimal,
  flag,
  id,
  instant,
  json,
  list,
  oneOf,
  text,
  uuid,
  whole,
} from './cell.ts';
import {TERM_TYPES} from '../../domain/contract-term.ts';
import {STOCKING_UNITS} from './units.ts';

/** One column of a master-data file. Without `otherwise` the cell must be filled. */
export interface Column {
  readonly type: CellType;
  /** What an empty cell means. */
  readonly otherwise?: Cell;
  /** `table.column` that must hold the same value. */
  readonly refersTo?: {readonly table: MasterTable; readonly column: string};
}

export interface TableSpec {
  readonly key: readonly string[];
  readonly columns: Readonly<Record<string, Column>>;
  /** Columns that start so are attributes with names of the user's choice. */
  readonly attributePrefix?: string;
}

const must = (type: CellType): Column => ({type});
const may = (type: CellType, otherwise: Cell = null): Column => ({type, otherwise});
const ref = (table: MasterTable, column: string): Column => ({type: id, refersTo: {table, column}});
const mayRef = (table: MasterTable, column: string): Column => ({...ref(table, column), otherwise: null});

const minor = whole({min: 0}, 'bigint');
const validity = {valid_from: may(instant, '-infinity'), valid_to: may(instant, 'infinity')};
/** More is a wrong unit or a slipped digit, and nothing that a plan can reckon with. */
const DAYS_MAX = 3650;
const HOURS_MAX = 8760;
const duties = {duty_rate: may(decimal({min: 0, max: 10}), 0), handling_minor: may(minor, 0)};
const unit = oneOf(...STOCKING_UNITS);
const condition = may(oneOf('new', 'serviceable', 'unserviceable', 'blocked'), 'new');

/** In the order in which rows must exist: a table refers only to earlier ones and to itself. */
export const MASTER_TABLE_NAMES = [
  'party',
  'calendar',
  'contract',
  'contract_term',
  'site',
  'depot',
  'equipment_class',
  'class_signal',
  'component_class',
  'equipment_model',
  'part',
  'lot',
  'part_xref',
  'uom_conversion',
  'part_relation',
  'bom_position',
  'equipment',
  'installation',
  'service_area',
  'lane',
  'sourcing',
  'part_depot',
  'opening_stock',
  'supply_order',
  'demand_history',
] as const;
export type MasterTable = (typeof MASTER_TABLE_NAMES)[number];

/**
 * One CSV file a table; file name = table name + '.csv'. Limits are those of the schema, said before it has to.
 * All of them in one place: whoever writes a folder reads it from top to bottom.
 */
export const MASTER_TABLES: Readonly<Record<MasterTable, TableSpec>> = {
  party: {
    key: ['party_id'],
    columns: {
      party_id: must(id),
      kind: must(oneOf('own', 'supplier', 'customer', 'carrier', 'partner')),
      name: must(text),
    },
  },
  calendar: {
    key: ['calendar_id'],
    columns: {
      calendar_id: must(id),
      time_zone: must(text),
      hours: must(text),
      holidays: may(list, []),
    },
  },
  contract: {
    key: ['contract_id', 'version'],
    columns: {
      contract_id: must(id),
      version: may(whole({min: 1}), 1),
      party_a: ref('party', 'party_id'),
      party_b: ref('party', 'party_id'),
      type: must(text),
      tier: may(text, 'standard'),
      ...validity,
      status: may(oneOf('draft', 'active', 'ended'), 'active'),
      penalty_minor_per_h: may(minor, 0),
    },
  },
  contract_term: {
    key: ['contract_id', 'version', 'term_no'],
    columns: {
      contract_id: ref('contract', 'contract_id'),
      version: may(whole({min: 1}), 1),
      term_no: must(whole({min: 1})),
      type: must(oneOf(...TERM_TYPES)),
      scope: may(json, {}),
      params: must(json),
      ...validity,
      clause_ref: may(text, ''),
    },
  },
  site: {
    key: ['site_id'],
    columns: {
      site_id: must(id),
      party_id: ref('party', 'party_id'),
      name: must(text),
      lat: must(decimal({min: -90, max: 90})),
      lon: must(decimal({min: -180, max: 180})),
      tz: must(text),
    },
  },
  depot: {
    key: ['depot_id'],
    columns: {
      depot_id: must(id),
      site_id: ref('site', 'site_id'),
      party_id: ref('party', 'party_id'),
      echelon: must(oneOf('central', 'regional')),
      parent_depot_id: mayRef('depot', 'depot_id'),
      forbidden_flags: may(list, []),
      calendar_id: may(text, 'always'),
    },
  },
  equipment_class: {
    key: ['equipment_class_id'],
    columns: {
      equipment_class_id: must(id),
      name: must(text),
      grid_minutes: may(whole({min: 1}), 60),
      expected_interval_s: must(whole({min: 1})),
    },
  },
  class_signal: {
    key: ['equipment_class_id', 'signal'],
    columns: {
      equipment_class_id: ref('equipment_class', 'equipment_class_id'),
      signal: must(text),
      unit: must(text),
      min_value: must(decimal({})),
      max_value: must(decimal({})),
      normal_low: may(decimal({})),
      normal_high: may(decimal({})),
      description: may(text, ''),
    },
  },
  component_class: {
    key: ['class_id'],
    columns: {
      class_id: must(id),
      name: must(text),
      weibull_shape: may(decimal({above: 0, max: 100})),
      weibull_scale_h: may(decimal({above: 0})),
      mtbf_h: may(decimal({above: 0})),
      family: may(text, ''),
      spec: may(json, {}),
    },
  },
  equipment_model: {
    key: ['model_id'],
    columns: {
      model_id: must(id),
      equipment_class_id: ref('equipment_class', 'equipment_class_id'),
      name: must(text),
    },
  },
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
  bom_position: {
    key: ['model_id', 'position_id', 'valid_from'],
    columns: {
      model_id: ref('equipment_model', 'model_id'),
      position_id: must(text),
      ...validity,
      class_id: ref('component_class', 'class_id'),
      part_id: ref('part', 'part_id'),
      qty: may(whole({min: 1}), 1),
    },
  },
  equipment: {
    key: ['equipment_id'],
    attributePrefix: 'attr_',
    columns: {
      equipment_id: must(id),
      model_id: ref('equipment_model', 'model_id'),
      site_id: ref('site', 'site_id'),
      customer_party_id: ref('party', 'party_id'),
      contract_id: mayRef('contract', 'contract_id'),
      downtime_minor_per_h: must(minor),
      currency: must(currency),
      criticality: may(oneOf('A', 'B', 'C'), 'B'),
      commissioned_at: must(instant),
      expected_interval_s: may(whole({min: 1})),
      monitored: may(flag, true),
      state: may(oneOf('active', 'retired'), 'active'),
    },
  },
  installation: {
    key: ['equipment_id', 'position_id', 'installed_at'],
    columns: {
      equipment_id: ref('equipment', 'equipment_id'),
      position_id: must(text),
      installed_at: must(instant),
      removed_at: may(instant),
      removal_cause: may(oneOf('failure', 'planned', 'swap')),
      component_id: must(id),
      class_id: ref('component_class', 'class_id'),
      part_id: ref('part', 'part_id'),
      lot: may(text),
      inferred: may(flag, false),
    },
  },
  service_area: {
    key: ['equipment_id', 'depot_id', 'valid_from'],
    columns: {
      equipment_id: ref('equipment', 'equipment_id'),
      depot_id: ref('depot', 'depot_id'),
      ...validity,
      priority: may(whole({min: 1}), 1),
      transit_h: must(decimal({min: 0, max: HOURS_MAX})),
    },
  },
  lane: {
    key: ['from_depot_id', 'to_depot_id', 'mode', 'valid_from'],
    columns: {
      from_depot_id: ref('depot', 'depot_id'),
      to_depot_id: ref('depot', 'depot_id'),
      mode: must(oneOf('road', 'air', 'sea', 'courier')),
      valid_from: may(instant, '-infinity'),
      transit_mean_h: must(decimal({above: 0, max: HOURS_MAX})),
      transit_sd_h: must(decimal({min: 0, max: HOURS_MAX})),
      cost_minor: must(minor),
      cost_per_piece_minor: may(minor, 0),
      cost_per_kg_minor: may(minor, 0),
      ...duties,
      forbidden_flags: may(list, []),
    },
  },
  sourcing: {
    key: ['part_id', 'depot_id', 'source_kind', 'source_id', 'kind', 'valid_from'],
    columns: {
      part_id: ref('part', 'part_id'),
      depot_id: ref('depot', 'depot_id'),
      source_kind: must(oneOf('supplier', 'depot')),
      source_id: must(id),
      kind: may(oneOf('normal', 'emergency', 'repair'), 'normal'),
      valid_from: may(instant, '-infinity'),
      lead_time_mean_d: must(decimal({above: 0, max: DAYS_MAX})),
      lead_time_sd_d: must(decimal({min: 0, max: DAYS_MAX})),
      price_minor: must(minor),
      order_cost_minor: may(minor, 0),
      moq: may(whole({min: 1}), 1),
      multiple: may(whole({min: 1}), 1),
      expedite_mean_d: may(decimal({above: 0, max: DAYS_MAX})),
      expedite_fee_minor: may(minor),
      crossing: may(flag, true),
      freight_minor: may(minor, 0),
      freight_per_kg_minor: may(minor, 0),
      ...duties,
      exclusivity_waived: may(flag, false),
    },
  },
  part_depot: {
    key: ['part_id', 'depot_id'],
    columns: {
      part_id: ref('part', 'part_id'),
      depot_id: ref('depot', 'depot_id'),
      party_id: ref('party', 'party_id'),
      background_per_year: may(decimal({min: 0, max: 1_000_000}), 0),
      background_vmr: may(decimal({min: 1, max: 1000}), 1),
      holding_rate_per_year: may(decimal({min: 0, max: 10}), 0.2),
      may_stock: may(flag, true),
      must_stock: may(flag, false),
      max_stock: may(whole({min: 0})),
    },
  },
  opening_stock: {
    key: ['depot_id', 'part_id', 'owner_party_id', 'condition', 'lot'],
    columns: {
      depot_id: ref('depot', 'depot_id'),
      part_id: ref('part', 'part_id'),
      owner_party_id: ref('party', 'party_id'),
      condition,
      lot: may(text, ''),
      qty: must(whole({min: 1})),
    },
  },
  supply_order: {
    key: ['order_id'],
    columns: {
      order_id: must(uuid),
      kind: must(oneOf('purchase', 'transfer', 'expedite', 'emergency', 'repair')),
      part_id: ref('part', 'part_id'),
      from_loc: must(text),
      to_loc: must(text),
      supplier_party_id: mayRef('party', 'party_id'),
      owner_party_id: ref('party', 'party_id'),
      qty: must(whole({min: 1})),
      shipped_qty: may(whole({min: 0}), 0),
      received_qty: may(whole({min: 0}), 0),
      state: must(oneOf('proposed', 'released', 'confirmed', 'shipped', 'received', 'cancelled', 'rejected')),
      ordered_at: must(instant),
      expected_at: must(instant),
      lead_time_sd_h: may(decimal({min: 0}), 0),
      promised_at: may(instant),
      first_promised_at: may(instant),
      slips: may(whole({min: 0}), 0),
      received_at: may(instant),
      cost_minor: must(minor),
      currency: must(currency),
      mode: may(text),
    },
  },
  demand_history: {
    key: ['source', 'source_key'],
    columns: {
      source: may(text, 'history'),
      source_key: must(text),
      part_id: ref('part', 'part_id'),
      depot_id: ref('depot', 'depot_id'),
      equipment_id: mayRef('equipment', 'equipment_id'),
      customer_party_id: mayRef('party', 'party_id'),
      tier: may(text, 'standard'),
      qty: must(whole({min: 1})),
      filled_qty: may(whole({min: 0})),
      requested_at: must(instant),
      needed_at: may(instant),
      promised_at: may(instant),
      filled_at: may(instant),
      cancelled_at: may(instant),
      state: may(oneOf('open', 'filled', 'cancelled')),
      cause: may(text, 'failure'),
      predicted: may(flag, false),
    },
  },
};
