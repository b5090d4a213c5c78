import type {BusinessClock} from '../business-time.ts';
import {inScope} from '../contract-term.ts';
import type {SlaMetric} from '../contract-term.ts';
import {groupBy} from '../group-by.ts';
import {HOUR_MS} from '../time.ts';
import type {EpochMs} from '../time.ts';
import type {Clause} from './clause.ts';
import {upperTail} from './normal-tail.ts';
import type {ServiceCase} from './sla.ts';
import type {Window} from './window.ts';

/** Whether a clause adds up the waiting of a window, instead of judging each case by itself. */
export function addsUpWaiting(metric: SlaMetric): boolean {
  return metric === 'availability' || metric === 'backorderDays';
}

/** How long the machines of a clause waited in a window, against what the clause allows. Hours on its clock. */
export interface Waiting {
  readonly waitedH: number;
  readonly allowedH: number;
  /** Of availability the percent of hours that machines were up, of backorderDays the days; null before there is anything to measure. */
  readonly measured: number | null;
  /** Cases that wait now. */
  readonly running: number;
  /** P(more than allowed at the end of the window), the cases known by now taken as all of them. */
  readonly breachProbability: number;
}

type Judged = Pick<Clause, 'metric' | 'target' | 'machines' | 'scope' | 'from' | 'to'>;

/**
 * The waiting of a window as far as it is known. A case waits from its need until it is filled or called off; what lies outside of the
 * window, or of the time in which the clause was in force, is not the window's.
 *
 *   availability: allowed (1 − target) · hours of its machines since they were commissioned; one that waits for two parts waits once
 *   backorderDays: allowed target · 24 h, in proportion where the clause holds a part of the window; every case counts
 *
 * Example: two machines, 99 % of a June of 720 h → 14.4 h allowed; 36 h of waiting → 97.5 %.
 */
export function waitingOf(
  clause: Judged,
  clock: BusinessClock,
  cases: readonly ServiceCase[],
  {window, now}: {readonly window: Window; readonly now: EpochMs},
): Waiting {
  const from = Math.max(window.from, clause.from);
  const to = Math.min(window.to, clause.to);
  const until = Math.min(to, now);
  const own = cases
    .filter((one) => inScope(clause.scope, one))
    .map((one): Wait => ({
      machine: one.equipmentId,
      from: Math.max(from, one.neededAt),
      to: Math.min(until, endOf(one, now) ?? until),
      isRunning: one.neededAt <= now && endOf(one, now) === null,
      promise: one.promise,
    }));
  const perMachine = clause.metric === 'availability';
  const waits = perMachine ? [...groupBy(own, ({machine}) => machine).values()].map(joined).flat() : own;
  const waitedH = waits.reduce((sum, wait) => sum + clock.hoursBetween(wait.from, wait.to), 0);
  const {allowedH, measured} = scaleOf(clause, clock, {window, from, to, until, waitedH});
  const running = own.filter(({isRunning}) => isRunning);
  const waiting = perMachine ? [...groupBy(running, ({machine}) => machine).values()].map(lastOf) : running;
  const further = waiting.map((wait) => furtherHours(clock, wait, {now, to}));
  return {
    waitedH,
    allowedH,
    measured,
    running: running.length,
    breachProbability: exceeds(further, allowedH - waitedH + EXACT_H),
  };
}

/** Whether machines waited longer than the clause allows. */
export function isExceeded({waitedH, allowedH}: Pick<Waiting, 'waitedH' | 'allowedH'>): boolean {
  return waitedH > allowedH + EXACT_H;
}

/** Sums of fractions of an hour meet their bound no closer than this. */
const EXACT_H = 1e-6;

interface Wait {
  readonly machine: string;
  readonly from: number;
  readonly to: number;
  readonly isRunning: boolean;
  readonly promise: ServiceCase['promise'];
}

function endOf({filledAt, cancelledAt}: ServiceCase, now: EpochMs): EpochMs | null {
  const endAt = filledAt ?? cancelledAt;
  return endAt !== null && endAt <= now ? endAt : null;
}

function scaleOf(
  {metric, target, machines}: Judged,
  clock: BusinessClock,
  {
    window,
    from,
    to,
    until,
    waitedH,
  }: {
    readonly window: Window;
    readonly from: number;
    readonly to: number;
    readonly until: number;
    readonly waitedH: number;
  },
): Pick<Waiting, 'allowedH' | 'measured'> {
  if (metric === 'availability') {
    const upH = machineHours(machines, clock, {from, to: until});
    return {
      allowedH: (1 - target! / 100) * machineHours(machines, clock, {from, to}),
      measured: upH > 0 ? 100 * (1 - waitedH / upH) : null,
    };
  }
  const heldH = clock.hoursBetween(from, to);
  const wholeH = clock.hoursBetween(window.from, window.to);
  return {allowedH: wholeH === 0 ? 0 : (target! * 24 * heldH) / wholeH, measured: waitedH / 24};
}

/** Hours that machines stood there together. @param machines When each was commissioned, rising. */
function machineHours(
  machines: readonly number[],
  clock: BusinessClock,
  {from, to}: {readonly from: number; readonly to: number},
): number {
  const later = machines.filter((since) => since > from && since < to);
  const throughout = machines.filter((since) => since <= from).length * clock.hoursBetween(from, to);
  return later.reduce((sum, since) => sum + clock.hoursBetween(since, to), throughout);
}

/** Waits of one machine without their overlaps. */
function joined(waits: readonly Wait[]): Wait[] {
  let reached = -Infinity;
  return waits
    .toSorted((a, b) => a.from - b.from)
    .map((wait) => {
      const from = Math.max(wait.from, reached);
      reached = Math.max(reached, wait.to);
      return {...wait, from};
    });
}

/** A machine waits for the last of its pieces. */
function lastOf(waits: readonly Wait[]): Wait {
  return waits.reduce((last, wait) =>
    (wait.promise?.at ?? Infinity) > (last.promise?.at ?? Infinity) ? wait : last,
  );
}

interface Further {
  readonly meanH: number;
  readonly varianceH2: number;
  /** P(it takes longer than so many hours). */
  readonly longerThan: (hours: number) => number;
}

/** How much longer a wait takes within the window: its promise is normal, and cut off at now and at the end of the window. */
function furtherHours(
  clock: BusinessClock,
  {promise}: Wait,
  {now, to}: {readonly now: number; readonly to: number},
): Further {
  const leftH = clock.hoursBetween(now, to);
  if (leftH === 0) return {meanH: 0, varianceH2: 0, longerThan: () => 0};
  if (promise === null) return certain(leftH);
  if (promise.sdH === 0) return certain(clock.hoursBetween(now, Math.min(promise.at, to)));
  // Clock hours to the promise; beyond the window only its order counts.
  const toPromiseH = promise.at > now ? clock.hoursBetween(now, promise.at) : (promise.at - now) / HOUR_MS;
  const sdH = (promise.sdH * leftH) / ((to - now) / HOUR_MS);
  return cutNormal(toPromiseH, sdH, leftH);
}

function certain(hours: number): Further {
  return {meanH: hours, varianceH2: 0, longerThan: (than) => (hours > than ? 1 : 0)};
}

/**
 * min(max(X, 0), end) of a normal X: its moments by the tail, E = ∫ P(X > h) dh and E² = ∫ 2h · P(X > h) dh over 0..end.
 * Example: mean 0, sd 1, cut at 0 and far away → E = 1/√(2π) = 0.3989.
 */
function cutNormal(mean: number, sd: number, end: number): Further {
  const tail = (hours: number): number => upperTail((hours - mean) / sd);
  const from = Math.max(0, Math.min(end, mean - 8 * sd));
  const until = Math.max(from, Math.min(end, mean + 8 * sd));
  const step = (until - from) / STEPS;
  let [first, second] = [from, from * from];
  for (let i = 0; i < STEPS; i += 1) {
    const at = from + (i + 0.5) * step;
    first += tail(at) * step;
    second += 2 * at * tail(at) * step;
  }
  return {
    meanH: first,
    varianceH2: Math.max(0, second - first * first),
    longerThan: (hours) => (hours < 0 ? 1 : hours >= end ? 0 : tail(hours)),
  };
}
const STEPS = 64;

/** P(the waits together take longer than so many hours): exact of one or of certain ones, else by a normal sum. */
function exceeds(further: readonly Further[], hours: number): number {
  if (hours < 0) return 1;
  const [only] = further;
  if (only === undefined) return 0;
  if (further.length === 1) return only.longerThan(hours);
  const meanH = further.reduce((sum, one) => sum + one.meanH, 0);
  const variance = further.reduce((sum, one) => sum + one.varianceH2, 0);
  if (variance === 0) return meanH > hours ? 1 : 0;
  return upperTail((hours - meanH) / Math.sqrt(variance));
}
