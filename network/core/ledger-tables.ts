import {currency, decimal, flag, instant, oneOf, text, uuid, whole} from './cell.ts';
import {may, mayRef, minor, must, ref} from './master-column.ts';
import type {TableSpec} from './master-column.ts';

/** What there was, was ordered and was asked for on the first day. */
export const LEDGER_TABLES = {
  opening_stock: {
    key: ['depot_id', 'part_id', 'owner_party_id', 'condition', 'lot'],
    columns: {
      depot_id: ref('depot', 'depot_id'),
      part_id: ref('part', 'part_id'),
      owner_party_id: ref('party', 'party_id'),
      condition: may(oneOf('new', 'serviceable', 'unserviceable', 'blocked'), 'new'),
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
} as const satisfies Readonly<Record<string, TableSpec>>;
