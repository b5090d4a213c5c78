import {HOUR_MS, epochMs, toIso} from '../domain/time.ts';
import type {EpochMs} from '../domain/time.ts';
import type {MasterData} from '../network/core/master-data.ts';
import {twoDepots} from '../test/support/two-depots.ts';

export const SITE = 'CHAOS';
export const SIGNAL = 'vibration_mm_s';
export const POSITION = 'bearing';
export const machineId = (i: number): string => `K-${String(i + 1).padStart(4, '0')}`;

/** Parts, each its own planning group. Few pieces at the machines' depot: replacements soon make it order. */
const PARTS = 8;

/** One class of machine with one signal, one component each, two depots. */
export function chaosNetwork(machines: number, startAt: EpochMs): MasterData {
  const at = (hours: number): string => toIso(epochMs(startAt + hours * HOUR_MS));
  const partOf = (i: number): string => `KP-${(i % PARTS) + 1}`;
  const every = <T>(count: number, make: (i: number) => T): T[] =>
    Array.from({length: count}, (_, i) => make(i));
  return {
    ...twoDepots(
      SITE,
      every(PARTS, (i) => ({partId: partOf(i), atRegional: 1, atCentral: 500})),
    ),
    equipment_class: [{equipment_class_id: 'chaos', name: 'Chaos', expected_interval_s: 600}],
    class_signal: [
      {equipment_class_id: 'chaos', signal: SIGNAL, unit: 'mm/s', min_value: 0, max_value: 100_000},
    ],
    component_class: [{class_id: 'chaos-part', name: 'Part', weibull_shape: 2.5, weibull_scale_h: 2000}],
    equipment_model: every(PARTS, (i) => ({
      model_id: `M-${partOf(i)}`,
      equipment_class_id: 'chaos',
      name: `Model ${i + 1}`,
    })),
    part: every(PARTS, (i) => ({
      part_id: partOf(i),
      group_id: `G-${partOf(i)}`,
      name: `Part ${i + 1}`,
      unit_cost_minor: 10_000,
      currency: 'EUR',
      lot_required: false,
      serial_required: false,
    })),
    bom_position: every(PARTS, (i) => ({
      model_id: `M-${partOf(i)}`,
      position_id: POSITION,
      class_id: 'chaos-part',
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
      position_id: POSITION,
      installed_at: at(-1500),
      component_id: `${machineId(i)}.1`,
      class_id: 'chaos-part',
      part_id: partOf(i),
    })),
    service_area: every(machines, (i) => ({
      equipment_id: machineId(i),
      depot_id: 'D-1',
      priority: 1,
      transit_h: 2,
    })),
  };
}
