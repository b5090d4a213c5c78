import {invariant} from '../../../domain/invariant.ts';

/** One delivery, or one that is still awaited. */
export interface DelayRecord {
  /**
   * Where it belongs, one name a level, from the widest group to the narrowest: route, supplier, supplier in a country. A
   * group need not lie within the one before it.
   */
  readonly groups: readonly string[];
  /** Delivered minus due; of an open one, how far it is past its due date by now. Days, negative when early. */
  readonly days: number;
  /** Not here yet, or never to be: all that is known is that it takes longer than this. */
  readonly open: boolean;
}

/**
 * Deliveries of so many days are learnt from, all of them alike: to count older ones less was no better on a public history, a
 * quarter ahead or a year ahead (docs/evaluation.md).
 */
export const LOOK_BACK_DAYS = 5 * 365;

/** How many deliveries a group needs until it is believed as much as the group around it; chosen on the same history. */
export const PRIOR_DELIVERIES = 5;

/** P(delay = days), in rising order of days; the weights add up to 1. */
export type DelayLaw = readonly {readonly days: number; readonly weight: number}[];

/**
 * Learns how late deliveries are, by group. A group's law is its own record, completed by the law of the group around it as
 * if that were PRIOR_DELIVERIES more deliveries: a supplier with two deliveries is judged mostly by its route. Open
 * deliveries count as "at least so late".
 *
 * Source: Kaplan & Meier (1958) for the widest group; within it the posterior mean of a Dirichlet process prior under right
 * censoring, Susarla & Van Ryzin (1976), JASA 71.
 *
 * Example: all deliveries on the day, many of them, except one group's single one, 10 days late, with 5 prior deliveries →
 * P(10 days) = 1 / 6 there.
 */
export class DelayScorecard {
  readonly #prior: number;
  readonly #all: DelayLaw;
  /** By level and name. */
  readonly #own = new Map<string, readonly Tally[]>();

  constructor(records: readonly DelayRecord[], priorDeliveries = PRIOR_DELIVERIES) {
    invariant(records.length > 0, 'a scorecard needs a delivery');
    this.#prior = priorDeliveries;
    this.#all = productLimit(tallied(records));
    const groups = new Map<string, DelayRecord[]>();
    for (const record of records) {
      record.groups.forEach((name, level) => {
        const list = groups.get(groupKey(level, name));
        if (list) list.push(record);
        else groups.set(groupKey(level, name), [record]);
      });
    }
    for (const [key, list] of groups) this.#own.set(key, tallied(list));
  }

  /**
   * The law of a delivery's delay.
   *
   * @param pastDays Of a delivery not yet here, how far it is past its due date: less than that is ruled out.
   * @param around   What is believed before any delivery is seen; all records together where nothing is.
   */
  law(groups: readonly string[], pastDays = -Infinity, around: DelayLaw = this.#all): DelayLaw {
    let law = around;
    groups.forEach((name, level) => {
      const own = this.#own.get(groupKey(level, name));
      if (own) law = productLimit(joined(law, this.#prior, own));
    });
    return atLeast(law, pastDays);
  }

  /** How much is known of a group: its deliveries, and those that are late by now and not here. */
  evidence(level: number, name: string): number {
    const own = this.#own.get(groupKey(level, name)) ?? [];
    return own.reduce((sum, {days, delivered, open}) => sum + delivered + (days > 0 ? open : 0), 0);
  }
}

/** P(delay > 0). */
export function lateProbability(law: DelayLaw): number {
  return law.reduce((sum, {days, weight}) => sum + (days > 0 ? weight : 0), 0);
}

/** Smallest delay with P(delay ≤ days) ≥ level. */
export function delayQuantile(law: DelayLaw, level: number): number {
  let sum = 0;
  for (const {days, weight} of law) {
    sum += weight;
    if (sum >= level - ROUNDING) return days;
  }
  return law.at(-1)!.days;
}

/** A law that has seen `count` more deliveries, all with this delay, and is itself worth `weight` deliveries. */
export function seeing(law: DelayLaw, weight: number, days: number, count: number): DelayLaw {
  return productLimit(joined(law, weight, [{days, delivered: count, open: 0}]));
}

/** Of a delivery that is `pastDays` past its due date and not here: less than that is ruled out. */
export function atLeast(law: DelayLaw, pastDays: number): DelayLaw {
  const left = law.filter(({days}) => days >= pastDays);
  const total = left.reduce((sum, {weight}) => sum + weight, 0);
  if (total === 0) return [{days: Math.ceil(pastDays), weight: 1}]; // later than ever seen: it may come today
  return left.map(({days, weight}) => ({days, weight: weight / total}));
}

const ROUNDING = 1e-9;

/** What became of the deliveries with one delay: how many came, and how many were still awaited. */
interface Tally {
  readonly days: number;
  readonly delivered: number;
  readonly open: number;
}

/** In rising order of days. */
function tallied(records: readonly DelayRecord[]): Tally[] {
  const byDays = new Map<number, {days: number; delivered: number; open: number}>();
  for (const {days, open} of records) {
    const tally = byDays.get(days) ?? {days, delivered: 0, open: 0};
    tally[open ? 'open' : 'delivered'] += 1;
    byDays.set(days, tally);
  }
  return [...byDays.values()].sort((a, b) => a.days - b.days);
}

/** The law around a group, as so many deliveries, among the group's own. */
function joined(law: DelayLaw, weight: number, own: readonly Tally[]): Tally[] {
  const prior = law.map((point) => ({days: point.days, delivered: point.weight * weight, open: 0}));
  return [...prior, ...own].sort((a, b) => a.days - b.days);
}

/** What remains beyond the last delivery seen goes to the last day anybody waited: nothing is known further out. */
function productLimit(tallies: readonly Tally[]): DelayLaw {
  let atRisk = tallies.reduce((sum, {delivered, open}) => sum + delivered + open, 0);
  let surviving = 1;
  const law: {days: number; weight: number}[] = [];
  for (let i = 0; i < tallies.length;) {
    const {days} = tallies[i]!;
    let delivered = 0;
    let gone = 0;
    for (; i < tallies.length && !(tallies[i]!.days > days); i += 1) {
      delivered += tallies[i]!.delivered;
      gone += tallies[i]!.delivered + tallies[i]!.open;
    }
    const share = delivered === 0 ? 0 : Math.min(1, delivered / atRisk);
    if (share > 0) law.push({days, weight: surviving * share});
    surviving *= 1 - share;
    atRisk -= gone;
  }
  const last = tallies.at(-1)!.days;
  if (law.at(-1)?.days === last) law.at(-1)!.weight += surviving;
  else if (surviving > ROUNDING || law.length === 0) law.push({days: last, weight: surviving});
  return law;
}

function groupKey(level: number, name: string): string {
  return `${level} ${name}`;
}
