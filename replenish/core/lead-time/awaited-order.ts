import {DAY_MS, HOUR_MS} from '../../../domain/time.ts';
import type {EpochMs} from '../../../domain/time.ts';
import {atLeast, seeing} from './delay-law.ts';
import type {DelayLaw} from './delay-law.ts';
import {plannedDelays} from './lead-time-law.ts';

/** What is known of an order under way. */
export interface AwaitedOrder {
  /** Of an order that met its supplier's shutdown: when that was over. */
  readonly orderedAt: EpochMs;
  /** When it was to be here as it was ordered, or as last confirmed. */
  readonly expectedAt: EpochMs;
  /** Standard deviation of the lead time that it was ordered with, hours. */
  readonly sdH: number;
  readonly firstPromisedAt: EpochMs | null;
  readonly promisedAt: EpochMs | null;
  /** How often its source has moved the promised date back. */
  readonly slips: number;
}

/** What the lane's deliveries have taught. */
export interface LearnedDelays {
  /** Lead time of the master data when this was learnt, days. */
  readonly planDays: number;
  readonly lead: DelayLaw;
  readonly promise: DelayLaw;
}

/** When something is here, in hours from now: rising, weights add up to 1. */
export type ArrivalLaw = readonly {readonly hours: number; readonly weight: number}[];

/** An order that is overdue has at least this much longer to come. */
export const OVERDUE_MIN_H = 6;
/** A source's record weighs as much against this order's own slips as two slips do: Laplace's rule of succession where it is late half the time. */
const RECORD_WEIGHT = 2;

interface Due {
  readonly at: number;
  readonly delays: DelayLaw;
}

/**
 * How late an order will be against its date, days. Every date that its source took back is an observation of this very order: it
 * counts as one more delivery, late by the mean slip so far, beside the source's record, which counts as two.
 *
 *   P(late | k slips) = (2 · P(late) + k) / (2 + k)
 *
 * Source: rule of succession (Laplace 1774), as the mean of a beta posterior of prior weight 2.
 * Example: a source late once in four, one slip → (2 · ¼ + 1) / 3 = ½.
 */
function delaysOf(order: AwaitedOrder, learned: LearnedDelays | null): Due {
  const {orderedAt, expectedAt, promisedAt, sdH} = order;
  const usual = (): DelayLaw => plannedDelays(Math.max(1 / 24, (expectedAt - orderedAt) / DAY_MS), sdH / 24);
  if (promisedAt === null) {
    if (learned === null) return {at: expectedAt, delays: usual()};
    return {at: orderedAt + learned.planDays * DAY_MS, delays: learned.lead};
  }
  const delays = learned?.promise ?? usual();
  if (order.slips === 0) return {at: promisedAt, delays};
  const slipDays = (promisedAt - (order.firstPromisedAt ?? promisedAt)) / DAY_MS / order.slips;
  return {at: promisedAt, delays: seeing(delays, RECORD_WEIGHT, Math.max(1, slipDays), order.slips)};
}

/** When an order will be here; that it is not here yet is taken into account. */
export function arrivalOfOrder(order: AwaitedOrder, learned: LearnedDelays | null, now: EpochMs): ArrivalLaw {
  const {at, delays} = delaysOf(order, learned);
  const left = atLeast(delays, (now - at) / DAY_MS);
  return left.map(({days, weight}) => ({
    hours: Math.max(OVERDUE_MIN_H, (at - now) / HOUR_MS + days * 24),
    weight,
  }));
}

/** P(an order comes a day or more after its promised, else expected, date), that it is not here yet taken into account. */
export function lateRisk(order: AwaitedOrder, learned: LearnedDelays | null, now: EpochMs): number {
  const due = (order.promisedAt ?? order.expectedAt) - now;
  const late = arrivalOfOrder(order, learned, now).filter(({hours}) => hours * HOUR_MS >= due + DAY_MS);
  return Math.min(
    1,
    late.reduce((sum, {weight}) => sum + weight, 0),
  );
}

/** When an order placed now will be here. */
export function arrivalOfNewOrder(delays: DelayLaw, planDays: number): ArrivalLaw {
  return delays.map(({days, weight}) => ({hours: Math.max(planDays / 10, planDays + days) * 24, weight}));
}

/** Mean and standard deviation, hours. */
export function arrivalMoments(law: ArrivalLaw): {meanH: number; sdH: number} {
  const meanH = law.reduce((sum, {hours, weight}) => sum + weight * hours, 0);
  const variance = law.reduce((sum, {hours, weight}) => sum + weight * (hours - meanH) ** 2, 0);
  return {meanH, sdH: Math.sqrt(Math.max(0, variance))};
}
