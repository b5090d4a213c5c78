import {z} from 'zod';
import type {BusinessClock} from '../../domain/business-time.ts';
import {marginalPenaltyMinorPerH, type PenaltyFormula} from '../../domain/penalty.ts';
import {type EpochMs, HOUR_MS} from '../../domain/time.ts';
import {type DemandLine, outstanding, tierRank} from './demand-line.ts';

/** What a clause charges for a line that is late. */
export interface LineCharge {
  /** When the clause's clock began to run. */
  readonly startAt: EpochMs;
  readonly clock: BusinessClock;
  readonly limitH: number;
  readonly formula: PenaltyFormula;
}

/** A line that waits, and what its waiting costs. */
export interface WaitingLine extends DemandLine {
  /** Downtime and plain contract penalty of its machine, by the hour; 0 where no machine is known. */
  readonly perHourMinor: number;
  /** Of a contract with typed penalties. */
  readonly charges?: readonly LineCharge[];
  /** From the depot to the machine. */
  readonly transitH: number;
}

/** By what lines are weighed; versioned data (platform.parameter, key `network.share-out`). */
export const ShareRules = z.strictObject({
  /** A line whose cost nobody knows, or that costs less, counts as this much. */
  floorMinorPerH: z.int().positive().default(500),
  /** Each time a line has waited this long it counts once more, so that nobody is passed over for good. */
  ageStepDays: z.number().positive().default(30),
  /** When the next supply is not known, it is taken to be this far off. */
  supplyUnknownH: z.number().positive().default(168),
});
export type ShareRules = z.infer<typeof ShareRules>;
export const SHARE_RULES: ShareRules = ShareRules.parse({});

export interface SharePoint {
  readonly now: EpochMs;
  /** When the next pieces come; null: nobody knows. */
  readonly nextSupplyAt: EpochMs | null;
  readonly rules: ShareRules;
}

/** A waiting line with what pieces now would save against pieces with the next supply. */
export interface RankedLine {
  readonly line: WaitingLine;
  readonly open: number;
  /** Hours of lateness that pieces now take off, transit counted. */
  readonly savedH: number;
  /** The line's, and what its charges add to each of these hours; whole minor units. */
  readonly perHourMinor: number;
  /** 1, and one more for each full `ageStepDays` of waiting. */
  readonly ageFactor: number;
  /** Whole minor units that all open pieces together save. */
  readonly gainMinor: number;
  /** A machine runs again with its last piece, so part of its pieces save nothing; pieces without a machine count one by one. */
  readonly whole: boolean;
  /** The how-manieth of its customer among lines that are equal up to here. */
  readonly turn: number;
}

/** What can decide between two lines, the weightiest first. */
export const SERVICE_CRITERIA = ['money', 'tier', 'turn', 'need-date', 'distance', 'id'] as const;
export type ServiceCriterion = (typeof SERVICE_CRITERIA)[number];

/**
 * Waiting lines, the first to be served first:
 *
 *   money     max(perHour, floor) · ageFactor · hours saved / pieces;  perHour = downtime + penalty saved / hours saved
 *   tier      of the contract
 *   turn      each customer's first, then each one's second, …: equals take turns
 *   need-date, distance, id
 *
 * Example: 200.00 an hour before 50.00 an hour, whatever came first; of four equal lines, three of A's and one of B's: A B A A.
 */
export function inServiceOrder(lines: readonly WaitingLine[], point: SharePoint): readonly RankedLine[] {
  const byNeed = lines.map((line) => weighed(line, point)).sort((a, b) => compareBy(BEFORE_TURN, a, b));
  const turns = new Map<string, number>();
  let before: RankedLine | undefined;
  const withTurns = byNeed.map((ranked) => {
    if (before === undefined || !equals(before, ranked)) turns.clear();
    before = ranked;
    const customer = ranked.line.customerPartyId ?? '';
    const turn = (turns.get(customer) ?? 0) + 1;
    turns.set(customer, turn);
    return {...ranked, turn};
  });
  return withTurns.sort((a, b) => compareBy(SERVICE_CRITERIA, a, b));
}

/** By which criterion two lines stand in the order they do. Lines of one customer take no turns with each other. */
export function decidedBy(a: RankedLine, b: RankedLine): ServiceCriterion {
  const isOneCustomer = a.line.customerPartyId === b.line.customerPartyId;
  const criteria = isOneCustomer ? BEFORE_TURN : SERVICE_CRITERIA;
  return criteria.find((criterion) => BY[criterion](a, b) !== 0) ?? 'id';
}

const BY: Record<ServiceCriterion, (a: RankedLine, b: RankedLine) => number> = {
  money: (a, b) => b.gainMinor / b.open - a.gainMinor / a.open,
  tier: (a, b) => tierRank(a.line.tier) - tierRank(b.line.tier),
  turn: (a, b) => a.turn - b.turn,
  'need-date': (a, b) => a.line.neededAt - b.line.neededAt,
  distance: (a, b) => a.line.transitH - b.line.transitH,
  id: (a, b) => (a.line.demandId < b.line.demandId ? -1 : a.line.demandId > b.line.demandId ? 1 : 0),
};
const BEFORE_TURN = SERVICE_CRITERIA.filter((criterion) => criterion !== 'turn');

function compareBy(criteria: readonly ServiceCriterion[], a: RankedLine, b: RankedLine): number {
  for (const criterion of criteria) {
    const order = BY[criterion](a, b);
    if (order !== 0) return order;
  }
  return 0;
}

/** Nothing weightier than the turn tells them apart. */
function equals(a: RankedLine, b: RankedLine): boolean {
  return BY.money(a, b) === 0 && BY.tier(a, b) === 0;
}

function weighed(line: WaitingLine, {now, nextSupplyAt, rules}: SharePoint): RankedLine {
  const open = outstanding(line);
  const lateH = (at: number): number => Math.max(0, (at - line.neededAt) / HOUR_MS + line.transitH);
  const next = nextSupplyAt ?? now + rules.supplyUnknownH * HOUR_MS;
  const savedH = lateH(Math.max(now, next)) - lateH(now);
  const waitedDays = Math.max(0, now - line.neededAt) / (24 * HOUR_MS);
  const ageFactor = 1 + Math.floor(waitedDays / rules.ageStepDays);
  const whole = line.equipmentNo !== null;
  const charged = savedH > 0 ? penaltySaved(line, now, Math.max(now, next)) / savedH : 0;
  const perHourMinor = Math.round(line.perHourMinor + charged);
  const perHour = Math.max(rules.floorMinorPerH, perHourMinor) * (whole ? 1 : open);
  const gainMinor = Math.round(perHour * ageFactor * savedH);
  return {line, open, savedH, perHourMinor, ageFactor, gainMinor, whole, turn: 1};
}

/** What the line's charges come to more by the next supply than now: the slope that a decision reckons with, times its hours. */
function penaltySaved({charges = []}: WaitingLine, now: number, next: number): number {
  return charges.reduce((sum, {startAt, clock, limitH, formula}) => {
    const hours = Math.max(0, next - Math.max(now, startAt)) / HOUR_MS;
    const clockedH = clock.hoursBetween(startAt, now);
    const wait = [{hours, weight: 1}];
    const slope = marginalPenaltyMinorPerH(formula, {
      clockedH,
      limitH,
      clockShare: clock.shareFrom(now),
      wait,
    });
    return sum + slope * hours;
  }, 0);
}
