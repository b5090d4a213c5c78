import {DAY_MS, HOUR_MS, epochMs, toIso, type EpochMs} from '../domain/time.ts';
import {EQUIPMENT_CLASSES} from './equipment-classes.ts';
import type {MasterRow} from './master-data.ts';
import {PARTS, SUPERSEDED, standardPartOf} from './parts.ts';
import {REGIONS, depotIdOf, distanceKm, roadHours, siteIdOf} from './places.ts';
import {streamOf} from './random.ts';
import {Timeline, type MachineSpec} from './timeline.ts';

export interface InstalledBase {
  readonly equipment: MasterRow[];
  readonly installation: MasterRow[];
  readonly service_area: MasterRow[];
  readonly demand_history: MasterRow[];
}

/** Towns in the order of their customers: neighbours in the list belong to different customers. */
export const TOWNS = REGIONS.flatMap((region) => region.towns);
export const CUSTOMERS = 10;
export const customerIdOf = (townIndex: number): string =>
  `CUST-${String((townIndex % CUSTOMERS) + 1).padStart(2, '0')}`;
export const contractIdOf = (customerId: string): string => `SLA-${customerId}`;

/** Demand further back than this is not handed over: two years, as a planner would export it. */
const DEMAND_DAYS = 730;

/** Machine `index` (0, 1, …) with all it went through until `startAt`; it depends on the seed and the index alone. */
export function addMachine(base: InstalledBase, seed: number, index: number, startAt: EpochMs): void {
  const random = streamOf(seed, 'equipment', index);
  const equipmentClass = EQUIPMENT_CLASSES[index % EQUIPMENT_CLASSES.length]!;
  const equipmentId = `${equipmentClass.prefix}-${String(index + 1).padStart(4, '0')}`;
  const model = random.pick(equipmentClass.models);
  const townIndex = random.integer(0, TOWNS.length - 1);
  const town = TOWNS[townIndex]!;
  const customerId = customerIdOf(townIndex);
  const [lowEur, highEur] = equipmentClass.downtimeEurPerH;
  const downtimeEur = Math.round(random.between(lowEur, highEur) / 10) * 10;
  const spec: MachineSpec = {
    equipmentId,
    siteId: siteIdOf(town),
    classId: equipmentClass.classId,
    modelId: model.modelId,
    commissionedAt: epochMs(startAt - Math.round(random.between(0.3, 6) * 8766) * HOUR_MS),
    attributes: {
      load_factor: Math.round(random.between(0.85, 1.15) * 1000) / 1000,
      ambient_offset_k: Math.round(random.between(-3, 6) * 10) / 10,
      rated_kw: model.ratedKw,
    },
    longitude: town.lon,
    positions: Object.entries(equipmentClass.positions).map(([positionId, component]) => ({
      positionId,
      componentClassId: component.classId,
    })),
  };
  base.equipment.push({
    equipment_id: equipmentId,
    model_id: spec.modelId,
    site_id: spec.siteId,
    customer_party_id: customerId,
    contract_id: contractIdOf(customerId),
    downtime_minor_per_h: downtimeEur * 100,
    currency: 'EUR',
    criticality: downtimeEur > (lowEur + highEur) / 2 ? 'A' : 'B',
    commissioned_at: toIso(spec.commissionedAt),
    monitored: true,
    state: 'active',
    ...Object.fromEntries(Object.entries(spec.attributes).map(([name, value]) => [`attr_${name}`, value])),
  });

  const depots = REGIONS.map((region) => ({depot: region.depot, km: distanceKm(region.depot, town)}))
    .sort((a, b) => a.km - b.km)
    .slice(0, 2);
  depots.forEach(({depot, km}, rank) => {
    const transit_h = Math.round((1 + roadHours(km)) * 10) / 10; // one hour to pick and load
    base.service_area.push({
      equipment_id: equipmentId,
      depot_id: depotIdOf(depot),
      priority: rank + 1,
      transit_h,
    });
  });

  addPast(base, seed, spec, startAt, {depotId: depotIdOf(depots[0]!.depot), customerId});
}

function addPast(
  base: InstalledBase,
  seed: number,
  spec: MachineSpec,
  startAt: EpochMs,
  served: {readonly depotId: string; readonly customerId: string},
): void {
  const timeline = new Timeline(seed, spec);
  timeline.advance(startAt);
  const secondSeriesFrom = startAt - SUPERSEDED.daysBeforeStart * DAY_MS;
  const partOf = (componentClassId: string, installedAt: EpochMs): string => {
    const standard = standardPartOf(componentClassId).partId;
    return standard === SUPERSEDED.to && installedAt < secondSeriesFrom ? SUPERSEDED.from : standard;
  };
  for (const life of timeline.lives) {
    const partId = partOf(life.componentClassId, life.installedAt);
    const lotted = PARTS.some((part) => part.partId === partId && part.lotRequired);
    base.installation.push({
      equipment_id: spec.equipmentId,
      position_id: life.positionId,
      installed_at: toIso(life.installedAt),
      removed_at: life.endedAt === null ? '' : toIso(life.endedAt),
      removal_cause: life.end === 'running' ? '' : life.end,
      component_id: life.componentId,
      class_id: life.componentClassId,
      part_id: partId,
      lot: lotted ? `L${toIso(life.installedAt).slice(0, 7)}` : '',
    });
    // A replacement is demand of the day its predecessor ended; the first component came with the machine.
    const before = timeline.lives.findLast(
      (earlier) => earlier.positionId === life.positionId && earlier.installedAt < life.installedAt,
    );
    if (!before?.endedAt || before.endedAt < startAt - DEMAND_DAYS * DAY_MS) continue;
    base.demand_history.push({
      source_key: `past:${life.componentId}`,
      part_id: partId,
      depot_id: served.depotId,
      equipment_id: spec.equipmentId,
      customer_party_id: served.customerId,
      qty: 1,
      requested_at: toIso(before.endedAt),
      // The past never ran out: the piece left the shelf at once, and what lies between it and the repair are travel and hands.
      filled_at: toIso(before.endedAt),
      cause: before.end,
    });
  }
}
