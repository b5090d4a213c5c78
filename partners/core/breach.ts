import {z} from 'zod';
import {HOUR_MS, plusMs} from '../../domain/time.ts';
import type {EpochMs} from '../../domain/time.ts';

/** Whom a notice goes to: the supervisory authority, or a party as 'party:SUP-07'. */
export const AUTHORITY = 'authority';
export const partyDuty = (partyId: string): string => `party:${partyId}`;

/** Hours from the discovery in which a notice is due; a month at most: more is a typing mistake. */
export const noticeHours = z.int().min(1).max(720);

/** What ops say about notices (platform.parameter, key 'partners.breaches'). */
export const BreachRules = z.object({
  authorityH: noticeHours.describe('Hours from the discovery in which the authority is told'),
  partyH: noticeHours.describe(
    'Hours from the discovery in which a party is told with which none were agreed',
  ),
});
export type BreachRules = z.output<typeof BreachRules>;

/** The authority within 72 h of becoming aware: Regulation (EU) 2016/679 (GDPR), Art. 33(1). Parties no later, unless otherwise agreed. */
export const DEFAULT_BREACH_RULES: BreachRules = {authorityH: 72, partyH: 72};

/** One notice that is owed. */
export interface NoticeDuty {
  readonly to: string;
  readonly hours: number;
  /** Who says so: a share, a term of a contract, or the rule in force. */
  readonly basis: string;
}

/** One notice that was sent. */
export interface BreachNotice {
  readonly to: string;
  readonly sentAt: EpochMs;
  readonly sentBy: string;
  readonly reference: string;
  readonly note: string | null;
  readonly recordedAt: EpochMs;
  readonly recordedBy: string;
}

export const NOTICE_STATES = ['open', 'overdue', 'done'] as const;
export type NoticeState = (typeof NOTICE_STATES)[number];

export interface DutyStanding extends NoticeDuty {
  readonly dueAt: EpochMs;
  /** From here on people are told: a quarter of its time is left. */
  readonly alertAt: EpochMs;
  readonly state: NoticeState;
  /** When the first notice was sent; null: none was. */
  readonly sentAt: EpochMs | null;
  /** Sent after it was due. */
  readonly isLate: boolean;
}

/**
 * How one notice stands by the clock.
 *
 * Example: 72 h from 2026-01-05 06:00 → due 2026-01-08 06:00, an alert from 2026-01-07 12:00 on (18 h before).
 */
export function standingOf(
  duty: NoticeDuty,
  {discoveredAt, notices}: {readonly discoveredAt: EpochMs; readonly notices: readonly BreachNotice[]},
  now: EpochMs,
): DutyStanding {
  const dueAt = plusMs(discoveredAt, duty.hours * HOUR_MS);
  const sent = notices.filter(({to}) => to === duty.to).map((notice) => notice.sentAt);
  const sentAt = sent.length === 0 ? null : (Math.min(...sent) as EpochMs);
  const unsent = now > dueAt ? 'overdue' : 'open';
  return {
    ...duty,
    dueAt,
    alertAt: plusMs(dueAt, (-duty.hours * HOUR_MS) / 4),
    state: sentAt === null ? unsent : 'done',
    sentAt,
    isLate: sentAt !== null && sentAt > dueAt,
  };
}

/** Of all its notices: overdue as soon as one is, done when all are. */
export function stateOf(duties: readonly Pick<DutyStanding, 'state'>[]): NoticeState {
  for (const state of ['overdue', 'open'] as const)
    if (duties.some((duty) => duty.state === state)) return state;
  return 'done';
}

/** When time alone changes how a notice stands the next time; null: it does not any more. */
export function nextChange(duties: readonly DutyStanding[], now: EpochMs): EpochMs | null {
  const coming = duties
    .filter(({state}) => state === 'open')
    // Due at an instant is overdue after it.
    .flatMap(({alertAt, dueAt}) => [alertAt, plusMs(dueAt, 1)])
    .filter((at) => at > now);
  return coming.length === 0 ? null : (Math.min(...coming) as EpochMs);
}
