import {cdf} from '../probability/pmf.ts';
import {poissonPmf} from '../probability/poisson.ts';

/** When a unit may arrive, in hours from now, with probabilities that sum to 1. */
export type Arrival = readonly {readonly hours: number; readonly probability: number}[];

/** What a way charges for bringing pieces. Costs in one money unit. */
export interface Tariff {
  readonly freight: number;
  readonly freightPerPiece?: number;
  readonly freightPerKg?: number;
  /** Share of the unit cost. */
  readonly dutyRate: number;
  /** Per consignment. */
  readonly handling: number;
}

/** What is brought. */
interface Goods {
  readonly pieces: number;
  readonly unitCost: number;
  readonly unitKg: number;
}

/** What bringing it costs, apart from what it does. */
export interface Movement {
  /** Beyond the usual price; negative when it is cheaper. */
  readonly premium: number;
  /** Of ordering, hurrying or repairing. */
  readonly fee: number;
  readonly freight: number;
  readonly duty: number;
  readonly handling: number;
}

/** Everything that an option is expected to cost, with what it does to receiver and donor. */
interface LandedCost {
  readonly movement: Movement;
  /** Downtime and penalty of the machines that wait, after the option. */
  readonly downtime: number;
  /** Holding what arrives until it is used. */
  readonly holding?: number;
  /** What the donor's own machines risk. */
  readonly donorRisk?: number;
}

/**
 * Freight, duty and handling of pieces by a tariff.
 *
 *   freight = fixed + per piece · n + per kg · kg · n;   duty = rate · unit cost · n
 *
 * Source: the tariff's own terms. Example: 2 pieces of 3 kg worth 900, freight 100 + 5 a piece + 2 a kg, 4 % duty, 30 handling → 122, 72, 30.
 */
export function movementOf(
  {freight, freightPerPiece = 0, freightPerKg = 0, dutyRate, handling}: Tariff,
  {pieces, unitCost, unitKg}: Goods,
  {premium = 0, fee = 0}: {readonly premium?: number; readonly fee?: number} = {},
): Movement {
  return {
    premium,
    fee,
    freight: freight + (freightPerPiece + freightPerKg * unitKg) * pieces,
    duty: dutyRate * unitCost * pieces,
    handling,
  };
}

/** What bringing it costs in all. Example: premium 50, fee 10, freight 122, duty 72, handling 30 → 284. */
export function outlay({premium, fee, freight, duty, handling}: Movement): number {
  return premium + fee + freight + duty + handling;
}

/**
 * What options are compared by: premium + fee + freight + duty + handling + downtime and penalty + holding + donor risk.
 *
 * Source: a sum of expected costs. Example: freight 150, no downtime, donor risk 28.78 → 178.78.
 */
export function landedCost({movement, downtime, holding = 0, donorRisk = 0}: LandedCost): number {
  return outlay(movement) + downtime + holding + donorRisk;
}

/** One urgent need of one unit. Costs in one money unit. */
export interface UrgentNeed {
  readonly needByHours: number;
  readonly downtimeCostPerHour: number;
  readonly unitCost: number;
}

/** A depot that would give a unit away. */
export interface Donor {
  readonly onHand: number;
  /** Units it keeps for itself; at or below this it gives none. */
  readonly reserve: number;
  /** Its own mean demand until it is replenished, Poisson. */
  readonly demandMean: number;
  /** What one unit short costs it. */
  readonly shortageCost: number;
}

/** One way to meet the need. */
export interface SourceOption extends Tariff {
  readonly id: string;
  readonly unitPremium: number;
  readonly arrival: Arrival;
  /** False if a rule forbids it (export control, contract, certificate). */
  readonly compliant: boolean;
  /** Only for a transshipment. */
  readonly donor?: Donor;
}

export interface CostedOption {
  readonly id: string;
  readonly eligible: boolean;
  /** Expected landed cost; null if not eligible. */
  readonly cost: number | null;
  readonly expectedArrivalHours: number;
}

/** What two ways are ranked by. */
export interface Ranked {
  readonly cost: number;
  readonly expectedArrivalHours: number;
}

/** The cheaper first; of equally dear ones the sooner. Example: 660 in 30 h before 946 in 16 h, and 660 in 16 h before both. */
export function cheaperThenSooner(a: Ranked, b: Ranked): number {
  return a.cost - b.cost || a.expectedArrivalHours - b.expectedArrivalHours;
}

/** Mean arrival, in hours. Example: 16 h with 0.7, else 40 h → 23.2. */
export function expectedArrivalHours(arrival: Arrival): number {
  return arrival.reduce((sum, {hours, probability}) => sum + hours * probability, 0);
}

/** E[(arrival − due)⁺], in hours. Source: its definition. Example: 16 h with 0.7, else 40 h, due at 24 h → 4.8. */
export function expectedLateHours(arrival: Arrival, dueHours: number): number {
  return arrival.reduce((sum, {hours, probability}) => sum + Math.max(0, hours - dueHours) * probability, 0);
}

/**
 * Rise of the donor's expected shortage cost when it gives one unit away: EBO(s − 1) − EBO(s) = P(D ≥ s). Reference
 * function: decisions take the donor's whole outlook (unaided.ts).
 *
 * Source: Sherbrooke (2004), Optimal Inventory Modeling of Systems, ch. 2. Example: 3 on hand, mean 0.5, shortage 2000 → 28.78.
 */
export function donorRisk({onHand, demandMean, shortageCost}: Donor): number {
  return shortageCost * (1 - cdf(poissonPmf(demandMean), onHand - 1));
}

/**
 * Expected landed cost of every option for one urgent need, and the best. Lowest expected cost wins; on a tie, the earliest
 * expected arrival. Decisions do the same over the whole demand of a depot (costed-option.ts), by the same `movementOf`, `landedCost` and
 * `cheaperThenSooner`.
 *
 * Source: a sum of expected costs. Example: due at 24 h, 100 an hour: road 60 in 30 h → 660; air 400, 4 % duty on 900, 30 handling, in 16 h
 * with 0.7, else 40 h → 946: road.
 */
export function landedCosts(
  need: UrgentNeed,
  options: readonly SourceOption[],
): {
  readonly options: readonly CostedOption[];
  readonly best: (CostedOption & {readonly cost: number}) | null;
} {
  const costed = options.map((option): CostedOption => {
    const eligible = option.compliant && (!option.donor || option.donor.onHand > option.donor.reserve);
    const cost = eligible ? urgentCost(need, option) : null;
    return {id: option.id, eligible, cost, expectedArrivalHours: expectedArrivalHours(option.arrival)};
  });
  const ranked = costed
    .flatMap((option) => (option.cost === null ? [] : [{...option, cost: option.cost}]))
    .sort(cheaperThenSooner);
  return {options: costed, best: ranked[0] ?? null};
}

function urgentCost(need: UrgentNeed, option: SourceOption): number {
  const goods = {pieces: 1, unitCost: need.unitCost, unitKg: 0};
  return landedCost({
    movement: movementOf(option, goods, {premium: option.unitPremium}),
    downtime: need.downtimeCostPerHour * expectedLateHours(option.arrival, need.needByHours),
    donorRisk: option.donor ? donorRisk(option.donor) : 0,
  });
}
