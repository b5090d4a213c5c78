import {epochMs, HOUR_MS, toIso} from '../../domain/time.ts';
import type {MasterData} from '../../network/core/master-data.ts';
import {twoDepots} from '../support/two-depots.ts';

export const START = epochMs(Date.UTC(2026, 0, 5));
const at = (hours: number): string => toIso(epochMs(START + hours * HOUR_MS));

/** Two machines with one position, a regional depot with two pieces behind a central one with ten: small enough to count by hand. */
export function tinyNetwork(): MasterData {
  return {
    ...twoDepots('SITE-2', [{partId: 'P-1', atRegional: 2, atCentral: 10}]),
    contract: [
      {
        contract_id: 'K-1',
        party_a: 'OWN',
        party_b: 'CUS',
        type: 'service',
        tier: 'gold',
        penalty_minor_per_h: 5000,
      },
    ],
    equipment_class: [{equipment_class_id: 'chiller', name: 'Chiller', expected_interval_s: 600}],
    class_signal: [
      {equipment_class_id: 'chiller', signal: 'vibration', unit: 'mm/s', min_value: 0, max_value: 50},
    ],
    component_class: [{class_id: 'compressor', name: 'Compressor', weibull_shape: 2, weibull_scale_h: 8000}],
    equipment_model: [{model_id: 'CH-100', equipment_class_id: 'chiller', name: 'CH 100'}],
    part: [
      {part_id: 'P-1', group_id: 'G-1', name: 'Compressor', unit_cost_minor: 100_000, currency: 'EUR'},
      {
        part_id: 'P-2',
        group_id: 'G-2',
        name: 'Oil',
        unit_cost_minor: 900,
        currency: 'EUR',
        lot_required: true,
      },
      {
        part_id: 'P-3',
        group_id: 'G-3',
        name: 'Drive',
        unit_cost_minor: 90_000,
        currency: 'EUR',
        serial_required: true,
      },
    ].map((part) => ({lot_required: false, serial_required: false, ...part})),
    part_xref: [
      {scheme: 'MPN', number: '6205', part_id: 'P-1'},
      {scheme: 'MPN', number: '77', part_id: 'P-1'},
      {scheme: 'MPN', number: '77', part_id: 'P-2'},
    ],
    uom_conversion: [{part_id: 'P-1', from_uom: 'BX', num: 12, den: 1}],
    bom_position: [{model_id: 'CH-100', position_id: 'compressor', class_id: 'compressor', part_id: 'P-1'}],
    equipment: ['M-1', 'M-2'].map((equipment_id) => ({
      equipment_id,
      model_id: 'CH-100',
      site_id: 'SITE-2',
      customer_party_id: 'CUS',
      contract_id: 'K-1',
      downtime_minor_per_h: 20_000,
      currency: 'EUR',
      commissioned_at: at(-1000),
    })),
    installation: [
      {
        equipment_id: 'M-1',
        position_id: 'compressor',
        installed_at: at(-1000),
        component_id: 'S-1',
        class_id: 'compressor',
        part_id: 'P-1',
      },
      {
        equipment_id: 'M-2',
        position_id: 'compressor',
        installed_at: at(-500),
        component_id: 'S-2',
        class_id: 'compressor',
        part_id: 'P-1',
      },
    ],
    service_area: ['M-1', 'M-2'].flatMap((equipment_id) => [
      {equipment_id, depot_id: 'D-1', priority: 1, transit_h: 2},
      {equipment_id, depot_id: 'D-C', priority: 2, transit_h: 20},
    ]),
  };
}
