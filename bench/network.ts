import {HOUR_MS, epochMs, toIso} from '../domain/time.ts';
import type {EpochMs} from '../domain/time.ts';
import type {MasterData} from '../network/core/master-data.ts';
import {twoDepots} from '../test/support/two-depots.ts';

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
    ...twoDepots(
      SITE,
      every(PARTS, (i) => ({partId: partOf(i), atRegional: 20, atCentral: 50})),
    ),
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
  };
}
