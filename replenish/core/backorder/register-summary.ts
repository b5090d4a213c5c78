import {percentages, type BackorderCause} from './root-cause.ts';

/** Where one bucket of age ends and the next begins, in hours: a day, three, a week, thirty days. */
const AGE_BOUNDS_H = [24, 72, 168, 720] as const;

export interface SummarisedLine {
  readonly openQty: number;
  /** Hours past its need. */
  readonly impactH: number;
  readonly causes: readonly {readonly cause: BackorderCause; readonly percent: number}[];
  /** What a person says it was counts instead. */
  readonly correction: {readonly cause: BackorderCause} | null;
}

export interface AgeBucket {
  readonly fromH: number;
  /** Null: and older. */
  readonly toH: number | null;
  readonly lines: number;
  readonly pieces: number;
}

export interface CauseTotal {
  readonly cause: BackorderCause;
  /** Missing pieces that it answers for. */
  readonly pieces: number;
  /** Those of all causes sum to 100. */
  readonly percent: number;
}

/** Lines by how long they have been late; every line is in one bucket. */
export function byAge(lines: readonly SummarisedLine[]): readonly AgeBucket[] {
  return [0, ...AGE_BOUNDS_H].map((fromH, place) => {
    const toH = AGE_BOUNDS_H[place] ?? null;
    const own = lines.filter(({impactH}) => impactH >= fromH && (toH === null || impactH < toH));
    return {fromH, toH, lines: own.length, pieces: own.reduce((sum, {openQty}) => sum + openQty, 0)};
  });
}

/**
 * How much of what is missing each cause answers for, the most first: a line's open pieces go to its causes by their shares.
 *
 * Example: 2 pieces all for a late supplier, 2 pieces half each for it and a spike → late supplier 3 (75 %), spike 1 (25 %).
 */
export function byCause(lines: readonly SummarisedLine[]): {
  readonly causes: readonly CauseTotal[];
  /** Lines that nobody has looked into yet. */
  readonly notLookedAt: number;
} {
  const pieces = new Map<BackorderCause, number>();
  let notLookedAt = 0;
  for (const {openQty, causes, correction} of lines) {
    const shares = correction === null ? causes : [{cause: correction.cause, percent: 100}];
    if (shares.length === 0) notLookedAt += 1;
    for (const {cause, percent} of shares)
      pieces.set(cause, (pieces.get(cause) ?? 0) + (openQty * percent) / 100);
  }
  const totals = [...pieces]
    .filter(([, count]) => count > 0)
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  const percents = totals.length === 0 ? [] : percentages(totals.map(([, count]) => count));
  return {
    causes: totals.map(([cause, count], i) => ({
      cause,
      pieces: Math.round(count * 100) / 100,
      percent: percents[i]!,
    })),
    notLookedAt,
  };
}
