import type {EpochMs} from '../../domain/time.ts';

/** A bucket holds at most `burst` tokens and gains one every `refillMs`. */
export interface BucketRule {
  readonly burst: number;
  readonly refillMs: number;
}

export interface Bucket {
  readonly tokens: number;
  readonly at: EpochMs;
  /** Asked for and not given since the last token was. */
  readonly refused: number;
}

/**
 * Takes one token, if there is one.
 *
 * Example: {burst: 2, refillMs: 1000}, three takes at t = 0 → given, given, refused; at t = 1000 → given, with refused 1.
 */
export function takeToken(
  bucket: Bucket | undefined,
  rule: BucketRule,
  now: EpochMs,
): {readonly given: boolean; readonly bucket: Bucket} {
  const held = bucket ?? {tokens: rule.burst, at: now, refused: 0};
  const elapsed = Math.max(0, now - held.at);
  const tokens = Math.min(rule.burst, held.tokens + elapsed / rule.refillMs);
  if (tokens < 1) return {given: false, bucket: {tokens, at: now, refused: held.refused + 1}};
  return {given: true, bucket: {tokens: tokens - 1, at: now, refused: 0}};
}
