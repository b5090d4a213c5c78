import {BusinessClock} from '../../domain/business-time.ts';
import {HOUR_MS, plusMs} from '../../domain/time.ts';
import type {EpochMs} from '../../domain/time.ts';
import type {Tell} from './course.ts';

export const CHANNELS = ['installation', 'webhook', 'email', 'slack', 'teams', 'pagerduty', 'mqtt'] as const;
export type Channel = (typeof CHANNELS)[number];

/** Those that keep the state of what they were told, and want to hear that it was acknowledged or is over. */
const KEEPS_STATE: readonly Channel[] = ['webhook', 'pagerduty', 'mqtt'];

/** Who is told, and when it may be. */
export interface Recipient {
  readonly recipientId: string;
  /** '*': whatever the role, except what is for one role alone. */
  readonly role: string;
  /** Null: our own people. */
  readonly partyId: string | null;
  readonly channel: Channel;
  readonly address: string;
  /** Null: all. */
  readonly kinds: readonly string[] | null;
  readonly depots: readonly string[] | null;
  readonly levelMin: number;
  readonly language: string;
  readonly timeZone: string;
  /** When it may be reached: 'Mon-Fri 07:00-19:00'. */
  readonly hours: string;
  /** From this level on it is reached at any time; null: never outside its hours. */
  readonly quietBelow: number | null;
  /** Messages about alerts within any hour; null: as the rules say. */
  readonly perHour: number | null;
  readonly active: boolean;
}

/** Whether a recipient is to hear of it. Steps of a path reach the role they name; what opened reaches the watchers of everything too. */
export function hears(
  recipient: Recipient,
  {role, reason, isFollowUp}: Tell,
  about: {
    readonly kind: string;
    readonly depotId: string | null;
    readonly level: number;
    readonly partyId: string | null;
  },
): boolean {
  if (isFollowUp) return KEEPS_STATE.includes(recipient.channel);
  const isForAll = recipient.role === '*' && !reason.startsWith('step-');
  return (
    recipient.active &&
    (isForAll || recipient.role === role) &&
    (recipient.partyId ?? about.partyId) === about.partyId &&
    (recipient.kinds?.includes(about.kind) ?? true) &&
    (recipient.depots === null || (about.depotId !== null && recipient.depots.includes(about.depotId))) &&
    about.level >= recipient.levelMin
  );
}

const clocks = new Map<string, BusinessClock>();
/** Distinct hours and zones whose clocks are kept. */
const CLOCKS_MAX = 200;

function clockOf({hours, timeZone}: Pick<Recipient, 'hours' | 'timeZone'>): BusinessClock {
  const key = `${timeZone} ${hours}`;
  const known = clocks.get(key);
  if (known !== undefined) return known;
  if (clocks.size >= CLOCKS_MAX) clocks.clear();
  const clock = new BusinessClock({calendarId: key, timeZone, hours, holidays: []});
  clocks.set(key, clock);
  return clock;
}

/**
 * The first instant from `at` on at which a recipient may be told.
 *
 * Example: Mon-Fri 07:00-19:00 in Warsaw, level 1, on Friday 2026-01-09 at 21:00 UTC → Monday 06:00 UTC; with quiet below 3 and level 3 → at once.
 */
export function reachableAt(
  recipient: Pick<Recipient, 'hours' | 'timeZone' | 'quietBelow'>,
  level: number,
  at: EpochMs,
): EpochMs {
  if (recipient.quietBelow !== null && level >= recipient.quietBelow) return at;
  return plusMs(clockOf(recipient).after(at, 1 / HOUR_MS), -1); // where the clock has run a millisecond, it ran from the one before
}

/** So many of the recipient's own hours after an instant. */
export function afterOwnHours(
  recipient: Pick<Recipient, 'hours' | 'timeZone'>,
  at: EpochMs,
  hours: number,
): EpochMs {
  return clockOf(recipient).after(at, hours);
}
