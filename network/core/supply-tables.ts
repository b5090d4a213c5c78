import {decimal, flag, id, instant, list, oneOf, text, whole} from './cell.ts';
import {HOURS_MAX, duties, may, mayRef, minor, must, ref} from './master-column.ts';
import type {TableSpec} from './master-column.ts';

/** More is a wrong unit or a slipped digit, and nothing that a plan can reckon with. */
const DAYS_MAX = 3650;

/** Where pieces lie, and on which ways they come. */
export const SUPPLY_TABLES = {
  site: {
    key: ['site_id'],
    columns: {
      site_id: must(id),
      party_id: ref('party', 'party_id'),
      name: must(text),
      lat: must(decimal({min: -90, max: 90})),
      lon: must(decimal({min: -180, max: 180})),
      tz: must(text),
      region: may(text, ''),
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
  sourcing_express: {
    key: ['part_id', 'depot_id', 'source_kind', 'source_id', 'mode'],
    columns: {
      part_id: ref('part', 'part_id'),
      depot_id: ref('depot', 'depot_id'),
      source_kind: must(oneOf('supplier', 'depot')),
      source_id: must(id),
      mode: must(oneOf('road', 'air', 'sea', 'courier')),
      lead_time_mean_d: must(decimal({above: 0, max: DAYS_MAX})),
      fee_minor: must(minor),
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
} as const satisfies Readonly<Record<string, TableSpec>>;
