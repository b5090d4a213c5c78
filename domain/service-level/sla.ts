import type {BusinessClock} from '../business-time.ts';
import {inScope} from '../contract-term.ts';
import {HOUR_MS, epochMs} from '../time.ts';
import type {EpochMs} from '../time.ts';
import type {Clause} from './clause.ts';
import {upperTail} from './normal-tail.ts';
import {addsUpWaiting, isExceeded, waitingOf} from './waiting.ts';
import type {Window} from './window.ts';

/** One need of a machine under a contract, as the books tell it. */
export interface ServiceCase {
  readonly contractId: string;
  readonly demandId: string;
  readonly equipmentId: string;
  readonly partId: string;
  readonly depotId: string;
  readonly requestedAt: EpochMs;
  readonly neededAt: EpochMs;
  readonly firstFilledAt: EpochMs | null;
  readonly filledAt: EpochMs | null;
  readonly cancelledAt: EpochMs | null;
  /** When the rest is expected; null: nothing that anybody promised. */
  readonly promise: {readonly at: EpochMs; readonly sdH: number} | null;
}

/** on-time, late: for good · running: the clock still runs, and has not passed the limit · void: called off in time. */
export type CaseState = 'on-time' | 'late' | 'running' | 'void';

export interface Verdict {
  readonly case: ServiceCase;
  readonly state: CaseState;
  readonly startAt: EpochMs;
  readonly dueAt: EpochMs;
  /** When the clock stopped; null while it runs. */
  readonly endAt: EpochMs | null;
  /** Hours past the limit, on the clause's clock, until the end or now. */
  readonly lateH: number;
  /** Of a running case; 1 or 0 of one that is decided. */
  readonly lateProbability: number;
}

/** When a case's clock begins. */
function startOf(metric: Clause['metric'], {requestedAt, neededAt}: ServiceCase): EpochMs {
  return metric === 'responseH' ? requestedAt : neededAt;
}

/**
 * How a clause judges one case at an instant. What happened later is not known yet. A case that is called off stops the clock.
 * It is late once the clock runs past the limit: hours that end at closing time are kept until the clock runs again.
 *
 * Example: 8 h in Mon-Fri 08:00-17:00, needed Friday 15:00 and filled Monday 16:00 → due Monday 14:00, 2 h late.
 */
export function judgeCase(
  {metric, limitH}: Pick<Clause, 'metric' | 'limitH'>,
  clock: BusinessClock,
  one: ServiceCase,
  now: EpochMs,
): Verdict {
  const responds = metric === 'responseH';
  const startAt = startOf(metric, one);
  const filledAt = responds ? (one.firstFilledAt ?? one.filledAt) : one.filledAt;
  const stopAt = filledAt ?? one.cancelledAt;
  const endAt = stopAt !== null && stopAt <= now ? stopAt : null;
  const dueAt = clock.after(startAt, limitH);
  const lastAt = epochMs(clock.after(dueAt, 1 / HOUR_MS) - 1);
  const late = (endAt ?? now) > lastAt;
  const calledOff = filledAt === null && endAt !== null;
  const state = late ? 'late' : calledOff ? 'void' : endAt === null ? 'running' : 'on-time';
  return {
    case: one,
    state,
    startAt,
    dueAt,
    endAt,
    lateH: late ? clock.hoursBetween(dueAt, endAt ?? now) : 0,
    lateProbability: late ? 1 : state === 'running' ? lateProbability(one.promise, lastAt) : 0,
  };
}

/** P(arrival > last) of a normal arrival; what nobody promised is expected to be late. */
function lateProbability(promise: ServiceCase['promise'], lastAt: EpochMs): number {
  if (promise === null) return 1;
  const slackH = (lastAt - promise.at) / HOUR_MS;
  if (promise.sdH === 0) return slackH < 0 ? 1 : 0;
  return upperTail(slackH / promise.sdH);
}

/** How a clause stands in one window. */
export interface Standing {
  readonly window: Window;
  readonly onTime: number;
  readonly late: number;
  readonly running: number;
  /** Percent of the decided cases that were on time; null before the first, and where waiting is added up. */
  readonly compliancePct: number | null;
  /** Where waiting is added up: percent of hours up, or days of waiting, by now; else null. */
  readonly measured: number | null;
  /** Breached whatever becomes of the cases that run. */
  readonly breached: boolean;
  /** P(breached at the end of the window), the cases known by now taken as all of them. */
  readonly breachProbability: number;
  readonly verdicts: readonly Verdict[];
}

/**
 * The clause over the cases that began in a window while it was in force: each case belongs to the version of its first instant.
 * Where waiting is added up, over the hours that fall into the window; no case is late by itself then.
 *
 * Example: 95 % must be on time; 18 on time, 1 late, 1 running that is late with 30 % → compliance 94.7 %, breached with 30 %.
 */
export function standingOf(
  clause: Clause,
  clock: BusinessClock,
  cases: readonly ServiceCase[],
  {window, now}: {readonly window: Window; readonly now: EpochMs},
): Standing {
  if (addsUpWaiting(clause.metric)) {
    const {waitedH, allowedH, measured, running, breachProbability} = waitingOf(clause, clock, cases, {
      window,
      now,
    });
    const counts = {onTime: 0, late: 0, running, compliancePct: null, verdicts: []};
    return {window, ...counts, measured, breached: isExceeded({waitedH, allowedH}), breachProbability};
  }
  const from = Math.max(window.from, clause.from);
  const to = Math.min(window.to, clause.to, now + 1);
  // Judging is dear, and most cases are another window's.
  const verdicts = cases
    .filter((one) => {
      const startAt = startOf(clause.metric, one);
      return startAt >= from && startAt < to && inScope(clause.scope, one);
    })
    .map((one) => judgeCase(clause, clock, one, now));
  const count = (state: CaseState): number => verdicts.filter((verdict) => verdict.state === state).length;
  const [onTime, late, running] = [count('on-time'), count('late'), count('running')];
  const cases_ = onTime + late + running;
  const open = verdicts.filter(({state}) => state === 'running').map((verdict) => verdict.lateProbability);
  const breachedWith = (more: number): boolean => tooMany(late + more, cases_, clause.sharePct);
  return {
    window,
    onTime,
    late,
    running,
    compliancePct: onTime + late === 0 ? null : (100 * onTime) / (onTime + late),
    measured: null,
    breached: breachedWith(0),
    breachProbability: successes(open).reduce((sum, p, more) => sum + (breachedWith(more) ? p : 0), 0),
    verdicts,
  };
}

/** More late cases than the share lets pass. Shares like 97.5 % of 40 meet whole numbers: not to be missed by rounding. */
function tooMany(late: number, cases: number, sharePct: number): boolean {
  return late * 100 > (100 - sharePct) * cases + 1e-9;
}

/** Counts less likely than this are left out: of a million cases all of them together change nothing. */
const NEGLIGIBLE = 1e-30;

/** P(k of them) of independent cases. Example: 0.5 and 0.5 → 0.25, 0.5, 0.25. */
function successes(probabilities: readonly number[]): Float64Array {
  const pmf = new Float64Array(probabilities.length + 1);
  pmf[0] = 1;
  let [low, high] = [0, 0];
  for (const p of probabilities) {
    high += 1;
    for (let k = high; k > low; k -= 1) pmf[k] = pmf[k]! * (1 - p) + pmf[k - 1]! * p;
    pmf[low]! *= 1 - p;
    while (low < high && pmf[high]! < NEGLIGIBLE) pmf[high--] = 0;
    while (low < high && pmf[low]! < NEGLIGIBLE) pmf[low++] = 0;
  }
  return pmf;
}

/** Windows in a row that were breached, up to the newest of them; one that still runs counts only once it is breached. */
export function breachedInARow(
  standings: readonly Pick<Standing, 'breached' | 'window'>[],
  now: EpochMs,
): number {
  let row = 0;
  for (const {breached, window} of standings.toReversed()) {
    if (breached) row += 1;
    else if (window.to <= now || row > 0) break;
  }
  return row;
}
