import {TERM_TYPES} from '../../domain/contract-term.ts';
import {id, json, list, oneOf, text, whole} from './cell.ts';
import {may, minor, must, ref, validity} from './master-column.ts';
import type {TableSpec} from './master-column.ts';

/** Who works together, and what they agreed. */
export const AGREEMENT_TABLES = {
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
} as const satisfies Readonly<Record<string, TableSpec>>;
