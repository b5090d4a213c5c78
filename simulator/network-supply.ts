import {DAY_MS, YEAR_DAYS, epochMs, toIso, type EpochMs} from '../domain/time.ts';
import {COMPONENT_CLASSES} from './equipment-classes.ts';
import type {InstalledBase} from './installed-base.ts';
import type {MasterData, MasterRow} from './master-data.ts';
import {BOUGHT_PARTS, PARTS, SUBSTITUTE, SUPERSEDED, standardPartOf, type PartModel} from './parts.ts';
import {CENTRAL, REGIONS, depotIdOf, distanceKm, roadHours, type Place} from './places.ts';
import {streamOf, weibullMean} from './random.ts';

/** Years of demand history handed over. */
const HISTORY_YEARS = 2;
const ROAD_KM_MAX = 1500;
const DEPOTS: readonly Place[] = [CENTRAL, ...REGIONS.map((region) => region.depot)];
const OWNER = 'OWN';

/** Lanes, sources, shelves and what lies on them; adds the demand of machines that send no telemetry to the history. */
export function supplyRows(seed: number, startAt: EpochMs, base: InstalledBase): MasterData {
  const shelves = partDepots(seed);
  const unmonitored = shelves.flatMap((shelf) => backgroundDemand(seed, startAt, shelf));
  return {
    lane: lanes(),
    sourcing: [...BOUGHT_PARTS.flatMap(sourcingOf)],
    part_depot: shelves,
    opening_stock: openingStock(seed, shelves, base),
    demand_history: [...base.demand_history, ...unmonitored],
  };
}

/**
 * Between all depots: air everywhere, road where neighbours are within 1,500 km. Freight of one consignment:
 * road 45 EUR + 0.09 EUR/km, air 160 EUR + 0.22 EUR/km (assumptions, docs/simulator.md).
 */
function lanes(): MasterRow[] {
  const rows: MasterRow[] = [];
  for (const from of DEPOTS) {
    for (const to of DEPOTS) {
      if (from === to) continue;
      const km = distanceKm(from, to);
      const ends = {from_depot_id: depotIdOf(from), to_depot_id: depotIdOf(to)};
      const central = from === CENTRAL || to === CENTRAL;
      if (km <= ROAD_KM_MAX || central) {
        const hours = 5 + roadHours(km); // five hours to pick, load and book in
        rows.push({...ends, mode: 'road', transit_mean_h: tenth(hours), transit_sd_h: tenth(0.15 * hours), cost_minor: Math.round(4500 + 9 * km), cost_per_piece_minor: 300, forbidden_flags: ''}); // prettier-ignore
      }
      const hours = 11 + km / 700; // eleven hours of collection, security, waiting and delivery
      rows.push({...ends, mode: 'air', transit_mean_h: tenth(hours), transit_sd_h: tenth(0.2 * hours), cost_minor: Math.round(16_000 + 22 * km), cost_per_piece_minor: 900, forbidden_flags: 'lithium'}); // prettier-ignore
    }
  }
  return rows;
}

/** Suppliers deliver to the central warehouse, it to the regions; for critical parts a supplier ships to the region at once. */
function sourcingOf(part: PartModel): MasterRow[] {
  const price_minor = part.costEur * 100;
  const fromSupplier = {part_id: part.partId, source_kind: 'supplier', source_id: part.supplierId};
  const rows: MasterRow[] = [
    {
      ...fromSupplier,
      depot_id: depotIdOf(CENTRAL),
      kind: 'normal',
      lead_time_mean_d: part.leadMeanD,
      lead_time_sd_d: part.leadSdD,
      price_minor,
      order_cost_minor: 6000,
      moq: part.moq,
      multiple: part.multiple,
      expedite_mean_d: tenth(0.4 * part.leadMeanD),
      expedite_fee_minor: 15_000 + Math.round(0.08 * price_minor),
      crossing: true,
    },
  ];
  for (const depot of REGIONS.map((region) => region.depot)) {
    const roadD = (5 + roadHours(distanceKm(CENTRAL, depot))) / 24;
    rows.push({
      part_id: part.partId,
      depot_id: depotIdOf(depot),
      source_kind: 'depot',
      source_id: depotIdOf(CENTRAL),
      kind: 'normal',
      lead_time_mean_d: tenth(1.5 + roadD), // the weekday tour leaves every 36 hours on average
      lead_time_sd_d: tenth(0.3 * (1.5 + roadD)),
      price_minor: 0, // the company moves its own stock; the lane carries the freight
      order_cost_minor: 1500,
      moq: 1,
      multiple: 1,
      expedite_mean_d: 1,
      expedite_fee_minor: 18_000,
      crossing: true,
    });
    if (part.criticality !== 'A') continue;
    rows.push({
      ...fromSupplier,
      depot_id: depotIdOf(depot),
      kind: 'emergency',
      lead_time_mean_d: 2.5,
      lead_time_sd_d: 0.8,
      price_minor: Math.round(1.6 * price_minor),
      order_cost_minor: 35_000,
      moq: 1,
      multiple: 1,
      expedite_mean_d: '',
      expedite_fee_minor: '',
      crossing: true,
    });
  }
  return rows;
}

/** Machines without telemetry also fail: between a fifth of a piece and two pieces a year, fast movers ten times that. */
function partDepots(seed: number): MasterRow[] {
  return PARTS.flatMap((part) =>
    DEPOTS.map((depot) => {
      const random = streamOf(seed, 'background', part.partId, depotIdOf(depot));
      const used = depot !== CENTRAL && part.partId !== SUPERSEDED.from && part.partId !== SUBSTITUTE.to;
      const perYear = (part.criticality === 'C' ? 10 : 1) * random.between(0.2, 2);
      return {
        part_id: part.partId,
        depot_id: depotIdOf(depot),
        party_id: OWNER,
        background_per_year: used ? Math.round(perYear * 100) / 100 : 0,
        background_vmr: 1,
        holding_rate_per_year: 0.2,
        may_stock: true,
        must_stock: false,
        max_stock: '',
      };
    }),
  );
}

function backgroundDemand(seed: number, startAt: EpochMs, shelf: MasterRow): MasterRow[] {
  const {part_id, depot_id, background_per_year} = shelf;
  const random = streamOf(seed, 'background-demand', String(part_id), String(depot_id));
  const count = random.poisson(Number(background_per_year) * HISTORY_YEARS);
  const instants = Array.from({length: count}, () =>
    epochMs(startAt - random.uniform() * HISTORY_YEARS * YEAR_DAYS * DAY_MS),
  );
  return instants
    .sort((a, b) => a - b)
    .map((requestedAt, i) => ({
      source_key: `unmonitored:${String(part_id)}:${String(depot_id)}:${i + 1}`,
      part_id: part_id!,
      depot_id: depot_id!,
      equipment_id: '',
      customer_party_id: '',
      qty: 1,
      requested_at: toIso(requestedAt),
      filled_at: toIso(requestedAt), // as of the machines with telemetry: from the shelf, at once
      cause: 'unmonitored',
    }));
}

/** Shelves that are empty at the start, on purpose: the first decisions come from them. */
const THIN_SHELVES: readonly (readonly [partId: string, depotIndex: number])[] = [
  ['FAN-910-EC', 2],
  ['GBX-RV-40', 1],
  ['SRV-M-15', 5],
  ['UNL-50', 9],
];
/** A region is refilled within a tour and a day; the centre after its supplier's lead time, which may slip. */
const REGION_COVER_D = 6;
const centreCoverD = ({leadMeanD, leadSdD}: PartModel): number => leadMeanD + 1.5 * leadSdD + 3;

/**
 * Pieces on the shelf at the start: what the demand of the cover time exceeds once in five hundred times. The centre holds what
 * the whole network needs over its supplier's lead time, less what the regions hold.
 */
function openingStock(seed: number, shelves: readonly MasterRow[], base: InstalledBase): MasterRow[] {
  const perYear = failuresPerYear(base);
  for (const {part_id, depot_id, background_per_year} of shelves) {
    const key = `${String(part_id)} ${String(depot_id)}`;
    perYear.set(key, (perYear.get(key) ?? 0) + Number(background_per_year));
  }
  return PARTS.flatMap((part) => {
    const rates = DEPOTS.map((depot) => perYear.get(`${part.partId} ${depotIdOf(depot)}`) ?? 0);
    const total = rates.reduce((sum, rate) => sum + rate, 0);
    const regions = rates.map((rate) => exceededRarely((rate * REGION_COVER_D) / YEAR_DAYS));
    const whole = exceededRarely((total * centreCoverD(part)) / YEAR_DAYS);
    return DEPOTS.flatMap((depot, index) => {
      const central = whole - regions.reduce((sum, pieces) => sum + pieces, 0);
      const left = streamOf(seed, 'opening-stock', part.partId, depotIdOf(depot)).poisson(0.4);
      // The last pieces of the first series and a few of the second source lie about.
      const full = total === 0 ? left : depot === CENTRAL ? roundUp(Math.max(2, central), part.multiple) : regions[index]!; // prettier-ignore
      const thin = THIN_SHELVES.some(([partId, at]) => partId === part.partId && at === index);
      if (thin || full === 0) return [];
      const lot = part.lotRequired ? 'OPENING' : '';
      return [
        {depot_id: depotIdOf(depot), part_id: part.partId, owner_party_id: OWNER, condition: 'new', lot, qty: full},
      ]; // prettier-ignore
    });
  });
}

/** Expected failures a year of what is installed now, by part asked for and first serving depot. */
function failuresPerYear({installation, service_area}: InstalledBase): Map<string, number> {
  const depotOf = new Map(
    service_area.filter((row) => row['priority'] === 1).map((row) => [row['equipment_id'], row['depot_id']]),
  );
  const perYear = new Map<string, number>();
  for (const {equipment_id, class_id, removed_at} of installation) {
    if (removed_at !== '') continue;
    const {shape, scaleH} = COMPONENT_CLASSES[String(class_id)]!;
    const key = `${standardPartOf(String(class_id)).partId} ${String(depotOf.get(equipment_id))}`;
    perYear.set(key, (perYear.get(key) ?? 0) + (YEAR_DAYS * 24) / weibullMean(shape, scaleH));
  }
  return perYear;
}

/** How often demand may exceed what is on the shelf. */
const EXCEEDED = 0.002;

/** Smallest number that Poisson demand exceeds rarely enough. Example: mean 0.1 → 2 (P(D > 1) = 0.0047). */
function exceededRarely(mean: number): number {
  let density = Math.exp(-mean);
  let cumulative = density;
  let pieces = 0;
  while (cumulative < 1 - EXCEEDED) {
    pieces += 1;
    density *= mean / pieces;
    cumulative += density;
  }
  return pieces;
}

function roundUp(pieces: number, multiple: number): number {
  return Math.ceil(pieces / multiple) * multiple;
}

/** One decimal: no lead time is known better. */
function tenth(value: number): number {
  return Math.round(value * 10) / 10;
}
