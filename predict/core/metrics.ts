import type {Probability} from '../../domain/quantity.ts';

/** One judged forecast: what was said, what came, and how much it counts (censoring makes some count more). */
export interface Judged {
  readonly probability: Probability;
  readonly failed: boolean;
  readonly weight: number;
}

/** Of a set of judged forecasts at one horizon. */
export interface Metrics {
  readonly rows: number;
  readonly failures: number;
  /** Weighted share that failed. */
  readonly prevalence: Probability;
  /** Mean squared error of the probability; 0 is perfect. */
  readonly brier: number;
  /** Mean negative log likelihood, natural logarithm. */
  readonly logLoss: number;
  /** Area under the precision-recall curve; a coin that knows the prevalence scores the prevalence. */
  readonly averagePrecision: number;
  /** Weighted mean distance between said and seen over the bins of RELIABILITY_EDGES. */
  readonly calibrationError: number;
}

/** Bin borders: finer where service parts live. */
export const RELIABILITY_EDGES = [0, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1] as const;

export interface ReliabilityBin {
  readonly from: Probability;
  readonly to: Probability;
  readonly rows: number;
  readonly weight: number;
  readonly said: Probability;
  readonly seen: Probability;
}

/**
 * Example: said [0.9, 0.1], failed [yes, no] → Brier 0.01, log loss 0.10536, average precision 1, calibration error 0.1.
 */
export function judge(rows: readonly Judged[]): Metrics {
  let weight = 0;
  let failed = 0;
  let brier = 0;
  let logLoss = 0;
  for (const row of rows) {
    weight += row.weight;
    failed += row.failed ? row.weight : 0;
    brier += row.weight * (row.probability - Number(row.failed)) ** 2;
    const given = row.failed ? row.probability : 1 - row.probability;
    logLoss -= row.weight * Math.log(Math.max(1e-6, given)); // a ppm is the finest step a forecast states
  }
  const bins = reliability(rows);
  return {
    rows: rows.length,
    failures: rows.filter((row) => row.failed).length,
    prevalence: failed / weight,
    brier: brier / weight,
    logLoss: logLoss / weight,
    averagePrecision: averagePrecision(rows),
    calibrationError: bins.reduce((sum, bin) => sum + bin.weight * Math.abs(bin.said - bin.seen), 0) / weight,
  };
}

/** Said against seen, bin by bin; empty bins are left out. */
export function reliability(rows: readonly Judged[]): ReliabilityBin[] {
  const bins = RELIABILITY_EDGES.slice(1).map((to, i) => ({
    from: RELIABILITY_EDGES[i]!,
    to,
    rows: 0,
    weight: 0,
    said: 0,
    seen: 0,
  }));
  for (const {probability, failed, weight} of rows) {
    const bin = bins.find(({to}) => probability < to) ?? bins[bins.length - 1]!;
    bin.rows += 1;
    bin.weight += weight;
    bin.said += weight * probability;
    bin.seen += failed ? weight : 0;
  }
  return bins
    .filter((bin) => bin.weight > 0)
    .map((bin) => ({...bin, said: bin.said / bin.weight, seen: bin.seen / bin.weight}));
}

/**
 * Mean precision at each failure, ranked by probability; ties share one threshold.
 *
 * Source: Davis & Goadrich (2006); the step-wise sum, without interpolation.
 * Example: ranked failed, not, failed → (1/1 + 2/3) / 2 = 0.8333.
 */
export function averagePrecision(rows: readonly Judged[]): number {
  const ranked = [...rows].sort((a, b) => b.probability - a.probability);
  const positives = ranked.reduce((sum, row) => sum + (row.failed ? row.weight : 0), 0);
  let flagged = 0;
  let hits = 0;
  let area = 0;
  for (let i = 0; i < ranked.length;) {
    const threshold = ranked[i]!.probability;
    const before = hits;
    for (; i < ranked.length && ranked[i]!.probability === threshold; i += 1) {
      flagged += ranked[i]!.weight;
      hits += ranked[i]!.failed ? ranked[i]!.weight : 0;
    }
    area += flagged > 0 ? ((hits - before) / positives) * (hits / flagged) : 0;
  }
  return positives > 0 ? area : NaN;
}

/** How much of the baseline's squared error is gone: 1 − Brier / baseline Brier. Example: 0.06 against 0.08 → 0.25. */
export function brierSkill(model: Metrics, baseline: Metrics): number {
  return 1 - model.brier / baseline.brier;
}
