import {DAY_MS, HOUR_MS, YEAR_DAYS, epochMs, toIso, type EpochMs} from '../domain/time.ts';
import type {MasterData, MasterRow} from './master-data.ts';
import {BOUGHT_PARTS, PARTS, SUBSTITUTE, SUPERSEDED, type PartModel} from './parts.ts';
import {CENTRAL, REGIONS, depotIdOf, distanceKm, roadHours, type Place} from './places.ts';
import {streamOf} from './random.ts';

/** Years of demand history handed over. */
const HISTORY_YEARS = 2;
const ROAD_KM_MAX = 1500;
const DEPOTS: readonly Place[] = [CENTRAL, ...REGIONS.map((region) => region.depot)];
const OWNER = 'OWN';

/** Lanes, sources, shelves and what lies on them; adds the demand of machines that send no telemetry to the history. */
export function supplyRows(seed: number, startAt: EpochMs, machineDemand: readonly MasterRow[]): MasterData {
  const shelves = partDepots(seed);
  const unmonitored = shelves.flatMap((shelf) => backgroundDemand(seed, startAt, shelf));
  const demand_history = [...machineDemand, ...unmonitored];
  return {
    lane: lanes(),
    sourcing: [...BOUGHT_PARTS.flatMap(sourcingOf)],
    part_depot: shelves,
    opening_stock: openingStock(seed, demand_history),
    demand_history,
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
      // A past not yet filled at the start would be an open line; history holds the filled ones.
      filled_at: toIso(epochMs(Math.min(startAt, requestedAt + (2 + random.gamma(2, 7)) * HOUR_MS))),
      cause: 'unmonitored',
    }));
}

/**
 * Pieces on the shelf at the start. Regions hold three weeks' demand and one deviation more, the central warehouse its
 * suppliers' lead time and a month; two shelves in five are thin: empty, or half of that.
 */
function openingStock(seed: number, demand: readonly MasterRow[]): MasterRow[] {
  const perYear = new Map<string, number>();
  for (const {part_id, depot_id} of demand) {
    // Demand for the first series is met by the second.
    const partId = part_id === SUPERSEDED.from ? SUPERSEDED.to : String(part_id);
    for (const key of [`${partId} ${String(depot_id)}`, `${partId} ${depotIdOf(CENTRAL)}`]) {
      perYear.set(key, (perYear.get(key) ?? 0) + 1 / HISTORY_YEARS);
    }
  }
  return PARTS.flatMap((part) =>
    DEPOTS.flatMap((depot) => {
      const random = streamOf(seed, 'opening-stock', part.partId, depotIdOf(depot));
      const rate = perYear.get(`${part.partId} ${depotIdOf(depot)}`) ?? 0;
      const coverD = depot === CENTRAL ? part.leadMeanD + 30 : 21;
      const mean = (rate * coverD) / YEAR_DAYS;
      const full = Math.ceil(mean + Math.sqrt(mean));
      // The last pieces of the first series and a few of the second source lie about.
      const left = rate === 0 ? random.poisson(0.4) : full;
      const thin = random.chance(0.4);
      const qty = thin ? (random.chance(0.5) ? 0 : Math.floor(left / 2)) : left;
      if (qty === 0) return [];
      const lot = part.lotRequired ? 'OPENING' : '';
      return [
        {depot_id: depotIdOf(depot), part_id: part.partId, owner_party_id: OWNER, condition: 'new', lot, qty},
      ];
    }),
  );
}

/** One decimal: no lead time is known better. */
function tenth(value: number): number {
  return Math.round(value * 10) / 10;
}
