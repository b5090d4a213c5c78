import type {Probability} from '../../domain/quantity.ts';
import type {Judged} from './metrics.ts';

/** A yes-or-no alert judged at one threshold. */
export interface AlertScore {
  /** Share of alerts that a failure followed; 0 without alerts. */
  readonly precision: number;
  /** Share of failures that were alerted; 0 without failures. */
  readonly recall: number;
  readonly f1: number;
}

/** Alerts at p ≥ threshold. Example: said [0.9, 0.6, 0.2], failed [yes, no, yes], threshold 0.5 → precision ½, recall ½, F1 ½. */
export function alertScore(rows: readonly Judged[], threshold: Probability): AlertScore {
  let hits = 0;
  let alerts = 0;
  let failures = 0;
  for (const {probability, failed, weight} of rows) {
    if (failed) failures += weight;
    if (probability < threshold) continue;
    alerts += weight;
    if (failed) hits += weight;
  }
  return {
    precision: alerts > 0 ? hits / alerts : 0,
    recall: failures > 0 ? hits / failures : 0,
    f1: alerts + failures > 0 ? (2 * hits) / (alerts + failures) : 0,
  };
}

/**
 * Chance that a failed machine was ranked above a sound one, ties counting half (Mann–Whitney).
 * Says little where failures are rare; average precision goes with it. Example: failed ranked 1st and 3rd of 3 → ½.
 */
export function rocAuc(rows: readonly Judged[]): number {
  const ranked = [...rows].sort((a, b) => a.probability - b.probability);
  let soundBelow = 0;
  let failures = 0;
  let won = 0;
  for (let i = 0; i < ranked.length;) {
    let sound = 0;
    let failed = 0;
    for (const tie = ranked[i]!.probability; i < ranked.length && ranked[i]!.probability === tie; i += 1) {
      if (ranked[i]!.failed) failed += ranked[i]!.weight;
      else sound += ranked[i]!.weight;
    }
    won += failed * (soundBelow + sound / 2);
    soundBelow += sound;
    failures += failed;
  }
  return won / (failures * soundBelow);
}

/**
 * Weighted mean distance between said and seen over equally wide bins [from, to), the last one closed.
 * Example: ten bins, said [0.15, 0.15], failed [yes, no] → 0.35.
 */
export function equalWidthCalibrationError(rows: readonly Judged[], bins: number): number {
  const said = new Float64Array(bins);
  const seen = new Float64Array(bins);
  let total = 0;
  for (const {probability, failed, weight} of rows) {
    const bin = Math.min(bins - 1, Math.floor(probability * bins));
    said[bin]! += weight * probability;
    seen[bin]! += failed ? weight : 0;
    total += weight;
  }
  return said.reduce((sum, s, bin) => sum + Math.abs(s - seen[bin]!), 0) / total;
}

/** What a false alert and a missed failure cost. */
export interface AlertCosts {
  readonly falseAlert: number;
  readonly missed: number;
}

/** The threshold of least expected cost, if probabilities are calibrated: c_fa / (c_fa + c_miss). Example: 15, 400 → 0.0361. */
export function costThreshold({falseAlert, missed}: AlertCosts): Probability {
  return falseAlert / (falseAlert + missed);
}

/** Total cost at the best threshold in hindsight, including never and always alerting: what a perfect choice could have saved. */
export function leastAlertCost(rows: readonly Judged[], {falseAlert, missed}: AlertCosts): number {
  const ranked = [...rows].sort((a, b) => b.probability - a.probability);
  let cost = ranked.reduce((sum, {failed, weight}) => sum + (failed ? missed * weight : 0), 0);
  let least = cost;
  ranked.forEach(({probability, failed, weight}, i) => {
    cost += failed ? -missed * weight : falseAlert * weight;
    if (ranked[i + 1]?.probability !== probability) least = Math.min(least, cost); // a threshold cannot split a tie
  });
  return least;
}
