/** What came of one component after an instant. */
export interface Outcome {
  /** Hours until watching ended: by failure, planned removal or the end of the record. */
  readonly watchedH: number;
  readonly failed: boolean;
}

/** Per interval between horizons: did it fail in it, and which share of it was watched alive. */
export interface HazardLabels {
  readonly failed: readonly (0 | 1)[];
  readonly exposure: readonly number[];
}

/**
 * Splits an outcome over the intervals (0, h₁], (h₁, h₂], … A removal before failure is a censored life: it counts as
 * survival for as long as it was watched, and says nothing after.
 *
 * Example: horizons [24, 72], removed after 48 h → failed [0, 0], exposure [1, 0.5]; failed after 48 h → [0, 1], [1, 1].
 */
export function hazardLabels({watchedH, failed}: Outcome, horizonsH: readonly number[]): HazardLabels {
  const starts = [0, ...horizonsH];
  const inInterval = horizonsH.map((end, i) => failed && watchedH > starts[i]! && watchedH <= end);
  return {
    failed: inInterval.map((here) => (here ? 1 : 0)),
    exposure: horizonsH.map((end, i) => {
      if (inInterval[i]!) return 1;
      return Math.max(0, Math.min(1, (watchedH - starts[i]!) / (end - starts[i]!)));
    }),
  };
}

/**
 * The share still uncensored after a time: Kaplan–Meier with removals as the event. A forecast judged at a horizon is
 * weighted by one over it, so that those who were removed early are spoken for by those who were not.
 *
 * Source: Graf, Schmoor, Sauerbrei & Schumacher (1999), the inverse-probability-of-censoring weighted Brier score.
 * Example: outcomes removed at 10 h, failed at 20 h → 1 before 10 h, 0.5 from 10 h on.
 */
export function uncensoredShare(outcomes: readonly Outcome[]): (afterH: number) => number {
  const ordered = [...outcomes].sort((a, b) => a.watchedH - b.watchedH);
  const times: number[] = [];
  const shares: number[] = [];
  let share = 1;
  ordered.forEach(({watchedH, failed}, i) => {
    if (failed) return;
    share *= 1 - 1 / (ordered.length - i);
    times.push(watchedH);
    shares.push(share);
  });
  return (afterH) => {
    let low = 0;
    let high = times.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (times[middle]! <= afterH) low = middle + 1;
      else high = middle;
    }
    return low === 0 ? 1 : shares[low - 1]!;
  };
}

/** No survivor speaks for more than twenty. */
const SHARE_MIN = 0.05;

/** The weight with which an outcome is judged at a horizon; 0 when it was censored before. */
export function judgedWeight(outcome: Outcome, horizonH: number, share: (afterH: number) => number): number {
  const failedInside = outcome.failed && outcome.watchedH <= horizonH;
  if (!failedInside && outcome.watchedH < horizonH) return 0;
  const knownAtH = Math.min(outcome.watchedH, horizonH);
  return 1 / Math.max(SHARE_MIN, share(knownAtH - 1e-6)); // just before: a removal at that very hour comes after
}
