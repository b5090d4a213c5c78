import type {EpochMs} from '../../domain/time.ts';
import {toIso} from '../../domain/time.ts';
import type {MasterData} from '../../network/api.ts';

export interface AzureMachine {
  readonly machineId: number;
  readonly model: string;
  readonly ageYears: number;
}

/** The set states no units; these are the usual ones of its four quantities. Limits are wide: they stop mistakes, not drift. */
const QUANTITIES = [
  {quantity: 'volt', unit: 'V', max: 400, low: 155, high: 187},
  {quantity: 'rotate', unit: 'rpm', max: 1000, low: 395, high: 500},
  {quantity: 'pressure', unit: 'psi', max: 300, low: 90, high: 112},
  {quantity: 'vibration', unit: 'mm/s', max: 150, low: 35, high: 46},
] as const;

export const SIGNALS = QUANTITIES.flatMap(({quantity, unit, max, low, high}) => [
  {name: `${quantity}_mean`, column: `${quantity}_rollingmean_3`, unit, max, low, high},
  {name: `${quantity}_sd`, column: `${quantity}_rollingstd_3`, unit, max, low: null, high: null},
]);

export const equipmentIdOf = (machineId: number): string => `PDM-${String(machineId).padStart(3, '0')}`;

interface Depot {
  readonly depotId: string;
  readonly siteId: string;
  readonly name: string;
  readonly lat: number;
  readonly lon: number;
  readonly tz: string;
}
const CENTRAL: Depot = {
  depotId: 'DFW-C',
  siteId: 'DFW',
  name: 'Dallas',
  lat: 32.9,
  lon: -97.04,
  tz: 'America/Chicago',
};
const REGIONAL: readonly Depot[] = [
  {depotId: 'SEA-1', siteId: 'SEA', name: 'Seattle', lat: 47.45, lon: -122.31, tz: 'America/Los_Angeles'},
  {depotId: 'LAX-1', siteId: 'LAX', name: 'Los Angeles', lat: 33.94, lon: -118.41, tz: 'America/Los_Angeles'},
  {depotId: 'ORD-1', siteId: 'ORD', name: 'Chicago', lat: 41.97, lon: -87.91, tz: 'America/Chicago'},
  {depotId: 'ATL-1', siteId: 'ATL', name: 'Atlanta', lat: 33.64, lon: -84.43, tz: 'America/New_York'},
  {depotId: 'EWR-1', siteId: 'EWR', name: 'Newark', lat: 40.69, lon: -74.17, tz: 'America/New_York'},
];

const depotOf = (machineId: number): Depot => REGIONAL[machineId % REGIONAL.length]!;
export const siteIdOf = (machineId: number): string => depotOf(machineId).siteId;

/** Composed planning data per component: price and downtime are round figures of the size such parts have. */
const PARTS = [
  {comp: 'comp1', priceMinor: 120_000, leadDays: 21, sdDays: 6},
  {comp: 'comp2', priceMinor: 85_000, leadDays: 14, sdDays: 4},
  {comp: 'comp3', priceMinor: 240_000, leadDays: 35, sdDays: 9},
  {comp: 'comp4', priceMinor: 60_000, leadDays: 10, sdDays: 3},
] as const;
const DOWNTIME_MINOR_PER_H = 15_000;
/** A planning figure for day one; from ten failures on, age laws are fitted to what happens. */
const MTBF_H = 4000;
const OPENING_REGIONAL = 2;
const OPENING_CENTRAL = 8;

/** A composed network of one central and five regional depots around the recorded machines; everything in it is labelled so. */
export function azureNetwork(machines: readonly AzureMachine[], startAt: EpochMs): MasterData {
  const since = toIso(startAt);
  const depots = [CENTRAL, ...REGIONAL];
  const regionalParts = PARTS.flatMap((part) => REGIONAL.map((depot) => ({part, depot})));
  return {
    party: [
      {party_id: 'OWN', kind: 'own', name: 'Composed service organisation'},
      {party_id: 'SUP', kind: 'supplier', name: 'Composed supplier'},
      {party_id: 'CUST', kind: 'customer', name: 'Composed operator'},
    ],
    site: depots.map((d) => ({
      site_id: d.siteId,
      party_id: 'OWN',
      name: d.name,
      lat: d.lat,
      lon: d.lon,
      tz: d.tz,
    })),
    depot: depots.map((d) => ({
      depot_id: d.depotId,
      site_id: d.siteId,
      party_id: 'OWN',
      echelon: d === CENTRAL ? 'central' : 'regional',
      parent_depot_id: d === CENTRAL ? '' : CENTRAL.depotId,
    })),
    equipment_class: [
      {
        equipment_class_id: 'azure-machine',
        name: 'Azure PdM machine',
        grid_minutes: 180,
        expected_interval_s: 10_800,
      },
    ],
    class_signal: SIGNALS.map((s) => ({
      equipment_class_id: 'azure-machine',
      signal: s.name,
      unit: s.unit,
      min_value: -1,
      max_value: s.max,
      normal_low: s.low ?? '',
      normal_high: s.high ?? '',
      description: `column ${s.column}`,
    })),
    component_class: PARTS.map(({comp}) => ({class_id: comp, name: comp, mtbf_h: MTBF_H})),
    equipment_model: [...new Set(machines.map((m) => m.model))].sort().map((model) => ({
      model_id: model,
      equipment_class_id: 'azure-machine',
      name: model,
    })),
    part: PARTS.map(({comp, priceMinor}) => ({
      part_id: `PART-${comp}`,
      group_id: `G-${comp}`,
      name: `replacement for ${comp}`,
      unit_cost_minor: priceMinor,
      currency: 'USD',
      criticality: 'A',
    })),
    bom_position: [...new Set(machines.map((m) => m.model))].sort().flatMap((model) =>
      PARTS.map(({comp}) => ({
        model_id: model,
        position_id: comp,
        class_id: comp,
        part_id: `PART-${comp}`,
        qty: 1,
      })),
    ),
    contract: [
      {
        contract_id: 'SLA-CUST',
        version: 1,
        party_a: 'OWN',
        party_b: 'CUST',
        type: 'service',
        tier: 'standard',
        valid_from: since,
        valid_to: '',
        status: 'active',
        penalty_minor_per_h: 5000,
      },
    ],
    equipment: machines.map((m) => ({
      equipment_id: equipmentIdOf(m.machineId),
      model_id: m.model,
      site_id: siteIdOf(m.machineId),
      customer_party_id: 'CUST',
      contract_id: 'SLA-CUST',
      downtime_minor_per_h: DOWNTIME_MINOR_PER_H,
      currency: 'USD',
      criticality: 'A',
      commissioned_at: since,
      attr_age_years: m.ageYears,
    })),
    installation: machines.flatMap((m) =>
      PARTS.map(({comp}) => ({
        equipment_id: equipmentIdOf(m.machineId),
        position_id: comp,
        installed_at: since, // the record begins here; what was installed before is not known
        component_id: `${equipmentIdOf(m.machineId)}.${comp}.0`,
        class_id: comp,
        part_id: `PART-${comp}`,
      })),
    ),
    service_area: machines.map((m) => ({
      equipment_id: equipmentIdOf(m.machineId),
      depot_id: depotOf(m.machineId).depotId,
      priority: 1,
      transit_h: 4,
    })),
    lane: depots.flatMap((from) =>
      depots
        .filter((to) => to !== from)
        .flatMap((to) => [
          lane(from, to, 'road', 60, 12, 9000, 1500),
          lane(from, to, 'air', 14, 4, 38_000, 4000),
        ]),
    ),
    sourcing: [
      ...PARTS.map(({comp, priceMinor, leadDays, sdDays}) => ({
        part_id: `PART-${comp}`,
        depot_id: CENTRAL.depotId,
        source_kind: 'supplier',
        source_id: 'SUP',
        kind: 'normal',
        lead_time_mean_d: leadDays,
        lead_time_sd_d: sdDays,
        price_minor: priceMinor,
        order_cost_minor: 15_000,
        moq: 2,
        multiple: 2,
        expedite_mean_d: leadDays / 3,
        expedite_fee_minor: Math.round(priceMinor * 0.3),
      })),
      ...regionalParts.map(({part, depot}) => ({
        part_id: `PART-${part.comp}`,
        depot_id: depot.depotId,
        source_kind: 'depot',
        source_id: CENTRAL.depotId,
        kind: 'normal',
        lead_time_mean_d: 3,
        lead_time_sd_d: 0.7,
        price_minor: part.priceMinor,
        order_cost_minor: 9000,
        moq: 1,
        multiple: 1,
        expedite_mean_d: 0.8,
        expedite_fee_minor: 32_000,
      })),
    ],
    part_depot: PARTS.flatMap(({comp}) =>
      depots.map((d) => ({
        part_id: `PART-${comp}`,
        depot_id: d.depotId,
        party_id: 'OWN',
        background_per_year: 0,
        background_vmr: 1,
        holding_rate_per_year: 0.22,
      })),
    ),
    opening_stock: PARTS.flatMap(({comp}) =>
      depots.map((d) => ({
        depot_id: d.depotId,
        part_id: `PART-${comp}`,
        owner_party_id: 'OWN',
        condition: 'new',
        lot: '',
        qty: d === CENTRAL ? OPENING_CENTRAL : OPENING_REGIONAL,
      })),
    ),
  };
}

function lane(
  from: Depot,
  to: Depot,
  mode: string,
  meanH: number,
  sdH: number,
  costMinor: number,
  perPieceMinor: number,
): MasterData[string][number] {
  return {
    from_depot_id: from.depotId,
    to_depot_id: to.depotId,
    mode,
    transit_mean_h: meanH,
    transit_sd_h: sdH,
    cost_minor: costMinor,
    cost_per_piece_minor: perPieceMinor,
  };
}
