import {DAY_MS, HOUR_MS, epochMs} from '../../../domain/time.ts';
import type {EpochMs} from '../../../domain/time.ts';
import {arrivalMoments} from './awaited-order.ts';
import type {ArrivalLaw} from './awaited-order.ts';

/** Pieces on their way, and when they will be here. */
export interface Incoming {
  /** An order's id, or 'supplier:SUP' of an order that is still to be placed. */
  readonly ref: string;
  readonly quantity: number;
  readonly arrival: ArrivalLaw;
}

/** Who waits at one depot for one part, the first to be served first, and what will serve them. */
export interface Waiting {
  readonly lines: readonly {readonly demandId: string; readonly quantity: number}[];
  readonly onHand: number;
  readonly incoming: readonly Incoming[];
  /** What an order placed now would bring, and when; null: nobody can deliver. */
  readonly refill: Omit<Incoming, 'quantity'> | null;
}

/** By when a line has all its pieces with the confidence asked for. */
export interface PromisedHours {
  readonly demandId: string;
  readonly hours: number;
  /** 'shelf', or the supply that brings its last piece when all come in the order expected. */
  readonly by: string;
}

/**
 * Promised dates. Whichever supply comes first serves the first in line, so what counts is when enough pieces have come, not when a
 * particular order has:
 *
 *   promise(k) = min { t : P(pieces here by t ≥ k) ≥ confidence },  k = pieces owed to the line and all before it
 *
 * Supplies come independently of each other. What the shelf and all that is on order leave open waits for an order placed now. A line that
 * nobody can fill gets no date.
 *
 * Example: one line, one order due in 10 h or 20 h, even odds → 10 h with confidence 0.5, 20 h with 0.9; a second order like it →
 * 10 h with 0.75.
 */
export function promisedHours(
  {lines, onHand, incoming, refill}: Waiting,
  confidence: number,
): PromisedHours[] {
  const owed = lines.reduce((sum, {quantity}) => sum + quantity, 0);
  const coming = incoming.reduce((sum, {quantity}) => sum + quantity, 0);
  const missing = owed - onHand - coming;
  const ordered = missing > 0 && refill !== null ? [{...refill, quantity: missing}] : [];
  const supplies = [...incoming].sort(bySoonest).concat(ordered);
  const times = [...new Set(supplies.flatMap(({arrival}) => arrival.map(({hours}) => hours)))].sort(
    (a, b) => a - b,
  );
  const promises: PromisedHours[] = [];
  let upTo = 0;
  for (const {demandId, quantity} of lines) {
    upTo += quantity;
    const wanted = upTo - onHand;
    if (wanted <= 0) promises.push({demandId, hours: 0, by: 'shelf'});
    else {
      const hours = earliest(times, (at) => hereBy(supplies, at, wanted) >= confidence - ROUNDING);
      if (hours === undefined) break; // nor for anybody behind it
      promises.push({demandId, hours, by: bringing(supplies, wanted)});
    }
  }
  return promises;
}

/** A promise moves when it moves by a day or more. */
const MOVE_MIN_MS = DAY_MS;
const ROUNDING = 1e-9;

export interface StandingPromise {
  readonly at: EpochMs;
  readonly by: string;
}

/**
 * The date to promise now, on the full hour and never before the need; null: what was promised stands. A date moves when supply has
 * moved it by a day or more either way, or when it is past and the line still open, so that a customer is not told another hour
 * with every message.
 *
 * Example: promised for the 10th, supply now says the 10th at night → stands; the 12th → the 12th.
 */
export function renewedPromise(
  standing: StandingPromise | null,
  {hours, by}: PromisedHours,
  {neededAt, now}: {readonly neededAt: EpochMs; readonly now: EpochMs},
): StandingPromise | null {
  const ready = Math.max(now + hours * HOUR_MS, neededAt);
  const fresh = {at: epochMs(Math.ceil(ready / HOUR_MS) * HOUR_MS), by};
  if (standing === null) return fresh;
  if (standing.by === 'shelf' && by === 'shelf') return null; // it lies there: what it waits for is not supply
  if (standing.at > now && Math.abs(fresh.at - standing.at) < MOVE_MIN_MS) return null;
  return fresh;
}

function bySoonest(a: Incoming, b: Incoming): number {
  return arrivalMoments(a.arrival).meanH - arrivalMoments(b.arrival).meanH || (a.ref < b.ref ? -1 : 1);
}

/** P(at least `wanted` pieces are here by then). */
function hereBy(supplies: readonly Incoming[], atH: number, wanted: number): number {
  // p[k] = P(k pieces), everything from `wanted` on in the last.
  let p = new Float64Array(wanted + 1);
  p[0] = 1;
  for (const {quantity, arrival} of supplies) {
    let share = 0;
    for (const {hours, weight} of arrival) if (hours <= atH) share += weight;
    if (share === 0) continue;
    const next = new Float64Array(wanted + 1);
    for (let k = 0; k <= wanted; k += 1) {
      next[k]! += p[k]! * (1 - share);
      next[Math.min(wanted, k + quantity)]! += p[k]! * share;
    }
    p = next;
  }
  return p[wanted]!;
}

/** The first of rising times at which something holds that holds ever after. */
function earliest(times: readonly number[], holds: (at: number) => boolean): number | undefined {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(times[middle]!)) high = middle;
    else low = middle + 1;
  }
  return times[low];
}

function bringing(supplies: readonly Incoming[], wanted: number): string {
  let pieces = 0;
  return supplies.find(({quantity}) => (pieces += quantity) >= wanted)!.ref; // it has come to be here
}
