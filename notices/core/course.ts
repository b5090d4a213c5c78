import {HOUR_MS, MINUTE_MS, plusMs} from '../../domain/time.ts';
import type {EpochMs} from '../../domain/time.ts';
import {pathOf} from './alert-rules.ts';
import type {AlertFacts, AlertRules} from './alert-rules.ts';

/** An alert as the look at it finds it. */
export interface StandingAlert extends AlertFacts {
  readonly alertId: string;
  readonly subject: string;
  readonly openedAt: EpochMs;
  readonly state: 'open' | 'acknowledged' | 'cleared';
  /** Null: until its cause is gone. */
  readonly acknowledgedUntil: EpochMs | null;
  readonly snoozedUntil: EpochMs | null;
  /** The role that its level names; null where the path says it. */
  readonly tell: string | null;
}

/** How far the telling of one problem has got. */
export interface Course {
  readonly stage: 'open' | 'acknowledged' | 'calming' | 'ended';
  readonly levelTold: number;
  /** The step of its path that was told last. */
  readonly step: number;
  readonly walkedSince: EpochMs;
  readonly calmUntil: EpochMs | null;
  /** How often the path was begun: once, and after each acknowledgement or snooze that ended. */
  readonly rounds: number;
}

/** Something to tell. `follow-up` goes to those systems only that keep the state of what they were told. */
export interface Tell {
  readonly reason: string;
  readonly role: string;
  readonly isFollowUp: boolean;
}

export interface CourseVerdict {
  /** Null: nothing to keep, nobody was told. */
  readonly course: Course | null;
  readonly tells: readonly Tell[];
  /** The acknowledgement or the snooze is over. */
  readonly wakes: boolean;
  /** When to look again; null: when it changes. */
  readonly lookAt: EpochMs | null;
}

const NOTHING = {tells: [], wakes: false, lookAt: null};
const followUp = (reason: string): Tell => ({reason, role: '*', isFollowUp: true});

/**
 * What is to be told of an alert now (E7): once when it opens, at each level that it climbs, and, while nobody acknowledges, at each step of
 * its path. One that clears and comes back within the calm time is the same problem. A clock that jumped passes every step on its way.
 *
 * Example: steps after 0, 60 and 240 min, opened at 10:00 → told at 10:00, 11:00 and 14:00; acknowledged at 11:30 → not at 14:00.
 */
export function judgeCourse(
  rules: AlertRules,
  alert: StandingAlert,
  before: Course | null,
  now: EpochMs,
): CourseVerdict {
  const course = before?.stage === 'ended' ? null : before;
  if (alert.state === 'cleared') return cleared(rules, course, now);
  const until = alert.state === 'acknowledged' ? (alert.acknowledgedUntil ?? Infinity) : alert.snoozedUntil;
  if (until !== null) {
    if (until <= now) return {...NOTHING, course, wakes: true, lookAt: now};
    const lookAt = until === Infinity ? null : (until as EpochMs);
    if (course === null) return {...NOTHING, course: null, lookAt};
    const says = alert.state === 'acknowledged' && course.stage !== 'acknowledged';
    return {
      course: {...course, stage: 'acknowledged', calmUntil: null},
      tells: says ? [followUp(`acknowledged-${course.rounds}`)] : [],
      wakes: false,
      lookAt,
    };
  }
  const standsAt = plusMs(alert.openedAt, rules.standMin * MINUTE_MS);
  if (course === null && standsAt > now) return {...NOTHING, course: null, lookAt: standsAt};
  return walk(rules, alert, course, now);
}

function cleared({calmH}: AlertRules, course: Course | null, now: EpochMs): CourseVerdict {
  if (course === null) return {...NOTHING, course: null};
  const calmUntil = course.calmUntil ?? plusMs(now, calmH * HOUR_MS);
  // Who had acknowledged is left alone until the calm time is over: a return within it walks the path from there.
  const rest = course.stage === 'acknowledged' ? {step: 0, walkedSince: calmUntil} : {};
  if (calmUntil > now)
    return {...NOTHING, course: {...course, ...rest, stage: 'calming', calmUntil}, lookAt: calmUntil};
  return {...NOTHING, course: {...course, stage: 'ended', calmUntil}, tells: [followUp('cleared')]};
}

/** The path of an open alert, from where it was left. */
function walk(rules: AlertRules, alert: StandingAlert, course: Course | null, now: EpochMs): CourseVerdict {
  const {steps} = pathOf(rules, alert);
  const first = alert.tell ?? steps[0]!.role;
  const isWoken = course?.stage === 'acknowledged';
  const rounds = (course?.rounds ?? 0) + (course === null || isWoken ? 1 : 0);
  const begins = course === null || isWoken;
  const walkedSince = begins ? now : course.walkedSince;
  const tells: Tell[] = [];
  const tell = (reason: string, role: string): number => tells.push({reason, role, isFollowUp: false});
  if (course === null) tell('opened', first);
  else if (isWoken) tell(`woken-${rounds}`, first);
  else if (alert.level > course.levelTold) tell(`level-${alert.level}`, first);
  let step = begins ? 0 : course.step;
  const dueAt = (nth: number): EpochMs => plusMs(walkedSince, steps[nth]!.afterMin * MINUTE_MS);
  while (step + 1 < steps.length && dueAt(step + 1) <= now) {
    step += 1;
    tell(`step-${step}${rounds === 1 ? '' : `-${rounds}`}`, steps[step]!.role);
  }
  return {
    course: {
      stage: 'open',
      levelTold: Math.max(alert.level, course?.levelTold ?? 0),
      step,
      walkedSince,
      calmUntil: null,
      rounds,
    },
    tells,
    wakes: false,
    lookAt: step + 1 < steps.length ? dueAt(step + 1) : null,
  };
}
