import {cdf} from './pmf.ts';
import {poissonPmf} from './poisson.ts';

/** When a unit may arrive, in hours from now, with probabilities that sum to 1. */
export type Arrival = readonly {readonly hours: number; readonly probability: number}[];

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
export interface SourceOption {
  readonly id: string;
  readonly unitPremium: number;
  readonly freight: number;
  /** Share of the unit cost. */
  readonly dutyRate: number;
  readonly handling: number;
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

/** Mean arrival, in hours. */
export function expectedArrivalHours(arrival: Arrival): number {
  return arrival.reduce((sum, {hours, probability}) => sum + hours * probability, 0);
}

/** E[(arrival − due)⁺], in hours. Example: 16 h with 0.7, else 40 h, due at 24 h → 4.8. */
export function expectedLateHours(arrival: Arrival, dueHours: number): number {
  return arrival.reduce((sum, {hours, probability}) => sum + Math.max(0, hours - dueHours) * probability, 0);
}

/**
 * Rise of the donor's expected shortage cost when it gives one unit away: EBO(s − 1) − EBO(s) = P(D ≥ s).
 * Example: 3 on hand, mean 0.5, shortage 2000 → 28.78.
 */
export function donorRisk({onHand, demandMean, shortageCost}: Donor): number {
  return shortageCost * (1 - cdf(poissonPmf(demandMean), onHand - 1));
}

/**
 * Expected landed cost of every option, and the best:
 *
 *   premium + freight + duty · unit cost + handling + downtime cost · E[late hours] + donor risk
 *
 * Lowest expected cost wins; on a tie, the earliest expected arrival.
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
    const cost = eligible ? landedCost(need, option) : null;
    return {id: option.id, eligible, cost, expectedArrivalHours: expectedArrivalHours(option.arrival)};
  });
  const ranked = costed
    .flatMap((option) => (option.cost === null ? [] : [{...option, cost: option.cost}]))
    .sort((a, b) => a.cost - b.cost || a.expectedArrivalHours - b.expectedArrivalHours);
  return {options: costed, best: ranked[0] ?? null};
}

function landedCost(need: UrgentNeed, option: SourceOption): number {
  const movement = option.unitPremium + option.freight + option.dutyRate * need.unitCost + option.handling;
  const downtime = need.downtimeCostPerHour * expectedLateHours(option.arrival, need.needByHours);
  return movement + downtime + (option.donor ? donorRisk(option.donor) : 0);
}
