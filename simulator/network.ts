import {DAY_MS, YEAR_DAYS, epochMs, toIso, type EpochMs} from '../domain/time.ts';
import {COMPONENT_CLASSES, EQUIPMENT_CLASSES} from './equipment-classes.ts';
import {
  CUSTOMERS,
  TOWNS,
  addMachine,
  contractIdOf,
  customerIdOf,
  type InstalledBase,
} from './installed-base.ts';
import type {MasterData, MasterRow} from './master-data.ts';
import {supplyRows} from './network-supply.ts';
import {PARTS, SUBSTITUTE, SUPERSEDED, SUPPLIERS, standardPartOf} from './parts.ts';
import {CENTRAL, REGIONS, depotIdOf, siteIdOf, subregionOf} from './places.ts';
import {weibullMean} from './random.ts';

export interface ReferenceNetworkOptions {
  /** Any whole number; the same seed gives the same rows. */
  readonly seed: number;
  /** The instant the data stands at: installed base, stock and history are as of then. */
  readonly startAt: EpochMs;
  /** Default 300: a third each of chillers, compressors and packaging robots. */
  readonly machines?: number;
}

export const OWN_PARTY = 'OWN';
/** Ten-minute telemetry: longer silence than this is a fault of the line. */
const EXPECTED_INTERVAL_S = 600;

/**
 * The reference network: one central warehouse, nine regional depots, five suppliers, ten customers and their machines
 * with everything installed in them since commissioning. Rows are those of a CSV import folder, one file per table.
 *
 * Machine i depends on the seed and i alone; stock and demand rates follow from the machines there are.
 * Example: seed 1, 300 machines → 300 equipment rows, 10 depots, 14 parts.
 */
export function referenceNetwork(options: ReferenceNetworkOptions): MasterData {
  const {seed, startAt, machines = 300} = options;
  const base: InstalledBase = {equipment: [], installation: [], service_area: [], demand_history: []};
  for (let index = 0; index < machines; index += 1) addMachine(base, seed, index, startAt);
  return {
    party: parties(),
    contract: contracts(startAt),
    site: sites(),
    depot: depots(),
    ...equipmentTypes(),
    ...partRows(startAt),
    bom_position: bomPositions(startAt),
    ...base,
    ...supplyRows(seed, startAt, base),
  };
}

function parties(): MasterRow[] {
  const customers = Array.from({length: CUSTOMERS}, (_, i) => ({
    party_id: customerIdOf(i),
    kind: 'customer',
    name: `Reference customer ${String(i + 1).padStart(2, '0')}`,
  }));
  const suppliers = Object.entries(SUPPLIERS).map(([party_id, name]) => ({party_id, kind: 'supplier', name}));
  return [{party_id: OWN_PARTY, kind: 'own', name: 'Reference service company'}, ...suppliers, ...customers];
}

/** Three gold, three silver, four standard contracts; the penalty counts each hour of standstill. */
function contracts(startAt: EpochMs): MasterRow[] {
  return Array.from({length: CUSTOMERS}, (_, i) => {
    const [tier, penaltyEurPerH] = i < 3 ? ['gold', 500] as const : i < 6 ? ['silver', 200] as const : ['standard', 0] as const; // prettier-ignore
    return {
      contract_id: contractIdOf(customerIdOf(i)),
      version: 1,
      party_a: OWN_PARTY,
      party_b: customerIdOf(i),
      type: 'service-level',
      tier,
      valid_from: toIso(epochMs(startAt - 3 * YEAR_DAYS * DAY_MS)),
      valid_to: toIso(epochMs(startAt + 2 * YEAR_DAYS * DAY_MS)),
      status: 'active',
      penalty_minor_per_h: penaltyEurPerH * 100,
    };
  });
}

function sites(): MasterRow[] {
  const own = [CENTRAL, ...REGIONS.map((region) => region.depot)].map((at) => ({at, party_id: OWN_PARTY}));
  const theirs = TOWNS.map((at, index) => ({at, party_id: customerIdOf(index)}));
  return [...own, ...theirs].map(({at, party_id}) => ({
    site_id: siteIdOf(at),
    party_id,
    name: at.name,
    lat: at.lat,
    lon: at.lon,
    tz: at.tz,
    region: subregionOf(at),
  }));
}

function depots(): MasterRow[] {
  return [CENTRAL, ...REGIONS.map((region) => region.depot)].map((at) => ({
    depot_id: depotIdOf(at),
    site_id: siteIdOf(at),
    party_id: OWN_PARTY,
    echelon: at === CENTRAL ? 'central' : 'regional',
    parent_depot_id: at === CENTRAL ? '' : depotIdOf(CENTRAL),
    calendar_id: 'always',
  }));
}

function equipmentTypes(): MasterData {
  return {
    equipment_class: EQUIPMENT_CLASSES.map(({classId, name}) => ({
      equipment_class_id: classId,
      name,
      grid_minutes: 60,
      expected_interval_s: EXPECTED_INTERVAL_S,
    })),
    class_signal: EQUIPMENT_CLASSES.flatMap(({classId, signals}) =>
      Object.entries(signals).map(([signal, model]) => ({
        equipment_class_id: classId,
        signal,
        unit: model.unit,
        min_value: model.min,
        max_value: model.max,
        normal_low: model.normalLow,
        normal_high: model.normalHigh,
        description: model.description,
      })),
    ),
    component_class: Object.entries(COMPONENT_CLASSES).map(([class_id, model]) => ({
      class_id,
      name: model.name,
      weibull_shape: model.shape,
      weibull_scale_h: model.scaleH,
      mtbf_h: Math.round(weibullMean(model.shape, model.scaleH)),
      family: model.family,
    })),
    equipment_model: EQUIPMENT_CLASSES.flatMap(({classId, models}) =>
      models.map(({modelId, name}) => ({model_id: modelId, equipment_class_id: classId, name})),
    ),
  };
}

const seriesChange = (startAt: EpochMs): string =>
  toIso(epochMs(startAt - SUPERSEDED.daysBeforeStart * DAY_MS));

function partRows(startAt: EpochMs): MasterData {
  const robots = EQUIPMENT_CLASSES.find(({classId}) => classId === 'packaging-robot')!.models;
  return {
    part: PARTS.map((part) => ({
      part_id: part.partId,
      group_id: part.groupId,
      name: part.name,
      stocking_uom: 'EA',
      unit_cost_minor: part.costEur * 100,
      currency: 'EUR',
      criticality: part.criticality,
      repairable: part.repairable,
      lot_required: part.lotRequired,
      serial_required: false,
      flags: part.flags,
    })),
    // Two schemes: the machine maker's number, and the supplier's own.
    part_xref: PARTS.flatMap((part, index) => [
      {scheme: 'oem', number: `OEM-${String(40_100 + index * 7)}`, revision: 'A', part_id: part.partId},
      {scheme: part.supplierId, number: `${part.supplierId.slice(4)}-${String(7_000 + index * 13)}`, revision: '', part_id: part.partId}, // prettier-ignore
    ]),
    // The separator is sold by the box of twelve and stocked by the piece.
    uom_conversion: [{part_id: 'SEP-220', from_uom: 'BX', num: 12, den: 1}],
    part_relation: [
      {
        from_part: SUPERSEDED.from,
        to_part: SUPERSEDED.to,
        kind: 'supersession',
        valid_from: seriesChange(startAt),
        valid_to: '',
        ratio: 1,
        direction: 'one-way',
        approval: 'approved',
        models: '',
      },
      {
        from_part: SUBSTITUTE.from,
        to_part: SUBSTITUTE.to,
        kind: 'substitute',
        valid_from: '',
        valid_to: '',
        ratio: 1,
        direction: 'one-way',
        approval: 'approved',
        models: robots.map(({modelId}) => modelId).join('|'),
      },
    ],
  };
}

/** What each model is built of; the superseded bearing was the standard until the second series came. */
function bomPositions(startAt: EpochMs): MasterRow[] {
  return EQUIPMENT_CLASSES.flatMap(({models, positions}) =>
    models.flatMap(({modelId}) =>
      Object.entries(positions).flatMap(([position_id, {classId}]) => {
        const {partId} = standardPartOf(classId);
        const row = {model_id: modelId, position_id, class_id: classId, qty: 1};
        if (partId !== SUPERSEDED.to) return [{...row, valid_from: '', valid_to: '', part_id: partId}];
        return [
          {...row, valid_from: '', valid_to: seriesChange(startAt), part_id: SUPERSEDED.from},
          {...row, valid_from: seriesChange(startAt), valid_to: '', part_id: SUPERSEDED.to},
        ];
      }),
    ),
  );
}
