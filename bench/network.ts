import {HOUR_MS, epochMs, toIso} from '../domain/time.ts';
import type {EpochMs} from '../domain/time.ts';
import type {MasterData} from '../network/core/master-data.ts';

export const SIGNALS_MAX = 20;
export const SITE = 'BENCH';
export const signalName = (i: number): string => `signal_${String(i + 1).padStart(2, '0')}`;
export const machineId = (i: number): string => `B-${String(i + 1).padStart(6, '0')}`;

/** Parts, each its own planning group, so that decisions of different groups do not wait for each other. */
const PARTS = 40;

/** The plainest network that uses every stage: one class of machine with twenty signals, one component each, two depots. */
export function benchNetwork(machines: number, startAt: EpochMs): MasterData {
  const at = (hours: number): string => toIso(epochMs(startAt + hours * HOUR_MS));
  const partOf = (i: number): string => `P-${String((i % PARTS) + 1).padStart(3, '0')}`;
  const every = <T>(count: number, make: (i: number) => T): T[] =>
    Array.from({length: count}, (_, i) => make(i));
  return {
    party: [
      {party_id: 'OWN', kind: 'own', name: 'Own'},
      {party_id: 'SUP', kind: 'supplier', name: 'Supplier'},
      {party_id: 'CUS', kind: 'customer', name: 'Customer'},
    ],
    site: [
      {site_id: 'OWN-1', party_id: 'OWN', name: 'Warehouse', lat: 52.37, lon: 4.9, tz: 'Europe/Amsterdam'},
      {site_id: SITE, party_id: 'CUS', name: 'Plant', lat: 52.1, lon: 5.1, tz: 'Europe/Amsterdam'},
    ],
    depot: [
      {depot_id: 'D-1', site_id: 'OWN-1', party_id: 'OWN', echelon: 'regional', parent_depot_id: 'D-C'},
      {depot_id: 'D-C', site_id: 'OWN-1', party_id: 'OWN', echelon: 'central', parent_depot_id: ''},
    ],
    equipment_class: [{equipment_class_id: 'bench', name: 'Bench', expected_interval_s: 600}],
    class_signal: every(SIGNALS_MAX, (i) => ({
      equipment_class_id: 'bench',
      signal: signalName(i),
      unit: '1',
      min_value: -1000,
      max_value: 1000,
    })),
    component_class: [{class_id: 'bench-part', name: 'Part', weibull_shape: 2.5, weibull_scale_h: 9000}],
    equipment_model: every(PARTS, (i) => ({
      model_id: `M-${partOf(i)}`,
      equipment_class_id: 'bench',
      name: `Model ${i + 1}`,
    })),
    part: every(PARTS, (i) => ({
      part_id: partOf(i),
      group_id: `G-${partOf(i)}`,
      name: `Part ${i + 1}`,
      unit_cost_minor: 100_000,
      currency: 'EUR',
      lot_required: false,
      serial_required: false,
    })),
    bom_position: every(PARTS, (i) => ({
      model_id: `M-${partOf(i)}`,
      position_id: 'main',
      class_id: 'bench-part',
      part_id: partOf(i),
    })),
    equipment: every(machines, (i) => ({
      equipment_id: machineId(i),
      model_id: `M-${partOf(i)}`,
      site_id: SITE,
      customer_party_id: 'CUS',
      downtime_minor_per_h: 20_000,
      currency: 'EUR',
      commissioned_at: at(-9000),
    })),
    installation: every(machines, (i) => ({
      equipment_id: machineId(i),
      position_id: 'main',
      installed_at: at(-9000),
      component_id: `${machineId(i)}.main.1`,
      class_id: 'bench-part',
      part_id: partOf(i),
    })),
    service_area: every(machines, (i) => ({
      equipment_id: machineId(i),
      depot_id: 'D-1',
      priority: 1,
      transit_h: 2,
    })),
    sourcing: every(PARTS, (i) => [
      {
        part_id: partOf(i),
        depot_id: 'D-1',
        source_kind: 'depot',
        source_id: 'D-C',
        lead_time_mean_d: 2,
        lead_time_sd_d: 0.5,
        price_minor: 0,
      },
      {
        part_id: partOf(i),
        depot_id: 'D-C',
        source_kind: 'supplier',
        source_id: 'SUP',
        lead_time_mean_d: 20,
        lead_time_sd_d: 5,
        price_minor: 90_000,
      },
    ]).flat(),
    part_depot: every(PARTS, (i) =>
      ['D-1', 'D-C'].map((depot_id) => ({part_id: partOf(i), depot_id, party_id: 'OWN'})),
    ).flat(),
    opening_stock: every(PARTS, (i) => [
      {depot_id: 'D-1', part_id: partOf(i), owner_party_id: 'OWN', qty: 20},
      {depot_id: 'D-C', part_id: partOf(i), owner_party_id: 'OWN', qty: 50},
    ]).flat(),
  };
}
