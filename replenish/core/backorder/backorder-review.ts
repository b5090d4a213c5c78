import {ok, refused} from '../../../domain/result.ts';
import type {Result} from '../../../domain/result.ts';
import {DAY_MS, plusMs} from '../../../domain/time.ts';
import type {EpochMs} from '../../../domain/time.ts';

/** What the review of a long backorder must say before it can be closed (E8). */
export interface ReviewWords {
  readonly cause: string | null;
  readonly resolution: string | null;
  readonly preventiveAction: string | null;
  /** Who sees to the preventive action, */
  readonly owner: string | null;
  /** and by when. */
  readonly actionDueAt: EpochMs | null;
}

export interface BackorderReview extends ReviewWords {
  readonly demandId: string;
  readonly openedAt: EpochMs;
  /** By when the review itself shall be closed. */
  readonly dueAt: EpochMs;
  readonly closedAt: EpochMs | null;
  readonly closedBy: string | null;
}

const WANTED = {
  cause: 'cause',
  resolution: 'resolution',
  preventiveAction: 'preventive action',
  owner: 'owner',
  actionDueAt: 'due date of the action',
} as const satisfies Record<keyof ReviewWords, string>;

/**
 * The review with what was said now; closing one that still has a gap is refused with the gaps named. What says nothing new gives the
 * very same review back, also when it is closed.
 */
export function fillReview(
  review: BackorderReview,
  said: {readonly [K in keyof ReviewWords]?: ReviewWords[K] | undefined},
  closing: {readonly by: string; readonly at: EpochMs} | null,
): Result<BackorderReview> {
  const {demandId} = review;
  const isClosed = review.closedAt !== null;
  const news = Object.entries(said).filter(
    ([field, value]) => value !== undefined && value !== review[field as keyof ReviewWords],
  );
  if (news.length === 0 && (isClosed || closing === null)) return ok(review);
  if (isClosed)
    return refused(
      'review-closed',
      `the review of ${demandId} was closed by ${String(review.closedBy)}; it stays as it is`,
    );
  const filled: BackorderReview = {...review, ...Object.fromEntries(news)};
  if (closing === null) return ok(filled);
  const missing = (Object.keys(WANTED) as (keyof ReviewWords)[]).filter((field) => isBlank(filled[field]));
  if (missing.length > 0) {
    const names = missing.map((field) => WANTED[field]).join(', ');
    return refused(
      'review-incomplete',
      `the review of ${demandId} says nothing about: ${names}; fill it in, then close`,
    );
  }
  return ok({...filled, closedAt: closing.at, closedBy: closing.by});
}

function isBlank(value: string | number | null): boolean {
  return value === null || (typeof value === 'string' && value.trim() === '');
}

/**
 * Red: a backorder older than the days after which it has to be reviewed, and nobody has closed its review.
 *
 * Example: 31 days old, 30 allowed, review open → red; closed → not.
 */
export function isRed(
  neededAt: EpochMs,
  review: Pick<BackorderReview, 'closedAt'> | null,
  reviewAfterDays: number,
  now: EpochMs,
): boolean {
  return plusMs(neededAt, reviewAfterDays * DAY_MS) < now && (review?.closedAt ?? null) === null;
}
