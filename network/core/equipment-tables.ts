import {currency, decimal, flag, id, instant, json, oneOf, text, whole} from './cell.ts';
import {HOURS_MAX, may, mayRef, minor, must, ref, validity} from './master-column.ts';
import type {TableSpec} from './master-column.ts';

/** What stands where, and what it is made of. */
export const EQUIPMENT_TABLES = {
  equipment_class: {
    key: ['equipment_class_id'],
    columns: {
      equipment_class_id: must(id),
      name: must(text),
      grid_minutes: may(whole({min: 1}), 60),
      expected_interval_s: must(whole({min: 1})),
      visit_every_days: may(decimal({above: 0})),
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
} as const satisfies Readonly<Record<string, TableSpec>>;
