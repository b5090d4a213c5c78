import {invariant} from '../../domain/invariant.ts';

/** One delivery, or one that is still awaited. */
export interface DelayRecord {
  /**
   * Where it belongs, one name a level, from the widest group to the narrowest: route, supplier, supplier in a country. A
   * group need not lie within the one before it.
   */
  readonly groups: readonly string[];
  /** Delivered minus promised; of an open one, how far it is past its promise by now. Whole days, negative when early. */
  readonly days: number;
  readonly open: boolean;
  /** Since it was delivered; of an open one 0. */
  readonly ageDays: number;
}

export interface DelayLearning {
  /** After how many days a delivery counts half: suppliers change. */
  readonly halfLifeDays: number;
  /** How many deliveries a group needs until it is believed as much as the group around it. */
  readonly priorDeliveries: number;
}

/** Chosen on three years of public health deliveries, each forecast from the years before it. */
export const DELAY_LEARNING: DelayLearning = {halfLifeDays: 365, priorDeliveries: 15};

/** P(delay = days), in rising order of days; the weights add up to 1. */
export type DelayLaw = readonly {readonly days: number; readonly weight: number}[];

/**
 * Learns how late deliveries are, by group. A group's law is its own record, completed by the law of the group around it as
 * if that were `priorDeliveries` more deliveries: a supplier with two deliveries is judged mostly by its route. Open
 * deliveries count as "at least so late" (the product-limit estimate of Kaplan & Meier 1958).
 *
 * Example: all deliveries on the day except one group's single one, 10 days late, with 15 prior deliveries →
 * P(10 days) = 1 / 16 there.
 */
export class DelayScorecard {
  readonly #prior: number;
  readonly #all: DelayLaw;
  /** By level and name. */
  readonly #own = new Map<string, {readonly law: DelayLaw; readonly weight: number}>();

  constructor(records: readonly DelayRecord[], learning: DelayLearning = DELAY_LEARNING) {
    invariant(records.length > 0, 'a scorecard needs a delivery');
    this.#prior = learning.priorDeliveries;
    const weighted = records.map((record) => ({
      record,
      weight: 0.5 ** (record.ageDays / learning.halfLifeDays),
    }));
    this.#all = productLimit(weighted);
    const groups = new Map<string, Weighted[]>();
    for (const one of weighted) {
      one.record.groups.forEach((name, level) => {
        const list = groups.get(groupKey(level, name));
        if (list) list.push(one);
        else groups.set(groupKey(level, name), [one]);
      });
    }
    for (const [key, list] of groups) {
      const weight = list.reduce((sum, {record, weight}) => sum + (record.open ? 0 : weight), 0);
      if (weight > 0) this.#own.set(key, {law: productLimit(list), weight});
    }
  }

  /**
   * The law of a delivery's delay.
   *
   * @param pastDays Of a delivery not yet here, how far it is past its promise: less than that is ruled out.
   */
  law(groups: readonly string[], pastDays = -Infinity): DelayLaw {
    let law = this.#all;
    groups.forEach((name, level) => {
      const own = this.#own.get(groupKey(level, name));
      if (own) law = blend(law, this.#prior, own.law, own.weight);
    });
    return atLeast(law, pastDays);
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

const ROUNDING = 1e-9;

interface Weighted {
  readonly record: DelayRecord;
  readonly weight: number;
}

/** What remains beyond the last delivery seen goes to it: nothing is known further out. */
function productLimit(records: readonly Weighted[]): DelayLaw {
  const sorted = [...records].sort((a, b) => a.record.days - b.record.days);
  let atRisk = sorted.reduce((sum, {weight}) => sum + weight, 0);
  let surviving = 1;
  const law: {days: number; weight: number}[] = [];
  for (let i = 0; i < sorted.length;) {
    const {days} = sorted[i]!.record;
    let delivered = 0;
    let gone = 0;
    for (; i < sorted.length && sorted[i]!.record.days === days; i += 1) {
      gone += sorted[i]!.weight;
      if (!sorted[i]!.record.open) delivered += sorted[i]!.weight;
    }
    const share = delivered === 0 ? 0 : Math.min(1, delivered / atRisk);
    if (share > 0) law.push({days, weight: surviving * share});
    surviving *= 1 - share;
    atRisk -= gone;
  }
  if (law.length === 0) return [{days: sorted.at(-1)!.record.days, weight: 1}];
  law.at(-1)!.weight += surviving;
  return law;
}

function blend(wide: DelayLaw, wideWeight: number, own: DelayLaw, ownWeight: number): DelayLaw {
  const total = wideWeight + ownWeight;
  const weights = new Map<number, number>();
  for (const {days, weight} of wide) weights.set(days, (weight * wideWeight) / total);
  for (const {days, weight} of own)
    weights.set(days, (weights.get(days) ?? 0) + (weight * ownWeight) / total);
  return [...weights].map(([days, weight]) => ({days, weight})).sort((a, b) => a.days - b.days);
}

function atLeast(law: DelayLaw, pastDays: number): DelayLaw {
  const left = law.filter(({days}) => days >= pastDays);
  const total = left.reduce((sum, {weight}) => sum + weight, 0);
  if (total === 0) return [{days: Math.ceil(pastDays), weight: 1}]; // later than ever seen: it may come today
  return left.map(({days, weight}) => ({days, weight: weight / total}));
}

function groupKey(level: number, name: string): string {
  return `${level} ${name}`;
}
