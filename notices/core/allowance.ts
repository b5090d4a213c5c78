import {HOUR_MS, plusMs} from '../../domain/time.ts';
import type {EpochMs} from '../../domain/time.ts';
import {afterOwnHours} from './recipient.ts';
import type {Recipient} from './recipient.ts';

/** A notice that its recipient may be told now or later. */
export interface WaitingNotice {
  readonly noticeId: string;
  readonly dueAt: EpochMs;
  /** Goes before any money. */
  readonly isFirst: boolean;
  readonly moneyMinor: number;
}

export interface Share<T> {
  /** Leave now, the dearest first. */
  readonly leave: readonly T[];
  /** Leave now too, together in one digest. */
  readonly digest: readonly T[];
  /** When there is something to do for this recipient next; null when nothing waits. */
  readonly lookAt: EpochMs | null;
}

export function byRank(a: WaitingNotice, b: WaitingNotice): number {
  return (
    Number(b.isFirst) - Number(a.isFirst) ||
    b.moneyMinor - a.moneyMinor ||
    a.dueAt - b.dueAt ||
    (a.noticeId < b.noticeId ? -1 : 1)
  );
}

/**
 * What leaves to one recipient now: never more than its messages an hour, counted over any 60 minutes, the dearest first. When one has found
 * no room for `digestAfterH` of the recipient's hours, everything that waits leaves in one digest.
 *
 * Example: 20 alerts due at once, 6 an hour, digest after 1 h → 6 now; an hour later 6 more and a digest of 8.
 *
 * @param sentAt  When messages left to it within the last hour.
 */
export function shareOut<T extends WaitingNotice>(
  recipient: Pick<Recipient, 'hours' | 'timeZone'>,
  waiting: readonly T[],
  sentAt: readonly EpochMs[],
  {
    perHour,
    digestAfterH,
    now,
  }: {readonly perHour: number; readonly digestAfterH: number; readonly now: EpochMs},
): Share<T> {
  const recent = sentAt.filter((at) => plusMs(at, HOUR_MS) > now).sort((a, b) => a - b);
  const due = waiting.filter(({dueAt}) => dueAt <= now).sort(byRank);
  const room = Math.max(0, perHour - recent.length);
  const leave = due.slice(0, room);
  const rest = due.slice(room);
  const overdueAt = (one: T): EpochMs => afterOwnHours(recipient, one.dueAt, digestAfterH);
  const isFull = rest.some((one) => overdueAt(one) <= now);
  const times: EpochMs[] = waiting.filter(({dueAt}) => dueAt > now).map(({dueAt}) => dueAt);
  if (rest.length > 0 && !isFull) {
    times.push(...rest.map(overdueAt));
    const frees = [...recent, ...leave.map(() => now)][0];
    if (frees !== undefined) times.push(plusMs(frees, HOUR_MS));
  }
  return {
    leave,
    digest: isFull ? rest : [],
    lookAt: times.length === 0 ? null : (Math.min(...times) as EpochMs),
  };
}
