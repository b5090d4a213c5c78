import {HOUR_MS, epochMs, toIso} from '../../domain/time.ts';
import type {EpochMs} from '../../domain/time.ts';
import type {MasterData} from '../../network/core/master-data.ts';
import {twoDepots} from './two-depots.ts';
import type {SuppliedPart} from './two-depots.ts';

export interface FleetPlan {
  /** Names the site of the machines and, in small letters, their class. */
  readonly name: string;
  readonly signals: readonly {
    readonly signal: string;
    readonly unit: string;
    readonly min: number;
    readonly max: number;
  }[];
  /** Each its own planning group, so that decisions of different groups do not wait for each other; machines take them in turn. */
  readonly parts: readonly SuppliedPart[];
  readonly unitCostMinor: number;
  readonly weibullScaleH: number;
  /** Where the part sits in each machine, and since how many hours. */
  readonly positionId: string;
  readonly installedH: number;
  /** Their ids. */
  readonly machines: readonly string[];
}

/** The plainest network that uses every stage: one class of machine, one component each, two depots (twoDepots). */
export function plainFleet(plan: FleetPlan, startAt: EpochMs): MasterData {
  const {name, signals, parts, machines, positionId} = plan;
  const equipment_class_id = name.toLowerCase();
  const class_id = `${equipment_class_id}-part`;
  const before = (hours: number): string => toIso(epochMs(startAt - hours * HOUR_MS));
  const partIds = parts.map(({partId}) => partId);
  const modelOf = (partId: string): string => `M-${partId}`;
  const each = machines.map((equipment_id, i) => ({equipment_id, part_id: partIds[i % partIds.length]!}));
  return {
    ...twoDepots(name, parts),
    equipment_class: [{equipment_class_id, name, expected_interval_s: 600}],
    class_signal: signals.map(({signal, unit, min, max}) => ({
      ...{equipment_class_id, signal, unit, min_value: min, max_value: max},
    })),
    component_class: [{class_id, name: 'Part', weibull_shape: 2.5, weibull_scale_h: plan.weibullScaleH}],
    equipment_model: partIds.map((partId) => ({
      ...{model_id: modelOf(partId), equipment_class_id, name: `Model of ${partId}`},
    })),
    part: partIds.map((part_id) => ({
      part_id,
      group_id: `G-${part_id}`,
      name: `Part ${part_id}`,
      unit_cost_minor: plan.unitCostMinor,
      currency: 'EUR',
      lot_required: false,
      serial_required: false,
    })),
    bom_position: partIds.map((part_id) => ({
      ...{model_id: modelOf(part_id), position_id: positionId, class_id, part_id},
    })),
    equipment: each.map(({equipment_id, part_id}) => ({
      equipment_id,
      model_id: modelOf(part_id),
      site_id: name,
      customer_party_id: 'CUS',
      downtime_minor_per_h: 20_000,
      currency: 'EUR',
      commissioned_at: before(9000),
    })),
    installation: each.map(({equipment_id, part_id}) => ({
      equipment_id,
      position_id: positionId,
      installed_at: before(plan.installedH),
      component_id: `${equipment_id}.${positionId}.1`,
      class_id,
      part_id,
    })),
    service_area: machines.map((equipment_id) => ({
      equipment_id,
      depot_id: 'D-1',
      priority: 1,
      transit_h: 2,
    })),
  };
}
