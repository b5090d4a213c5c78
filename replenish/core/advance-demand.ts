import {invariant} from '../../domain/invariant.ts';
import {convolve, type DemandPmf} from './pmf.ts';
import {poissonBinomialPmf} from './poisson-binomial.ts';
import {poissonPmf} from './poisson.ts';

/** How well alarms announce failures. */
export interface SignalQuality {
  /** Failures per day of the machines watched. */
  readonly failureRatePerDay: number;
  /** Share of failures that are announced. */
  readonly recall: number;
  /** Share of alarms that a failure follows. */
  readonly precision: number;
}

/**
 * Demand over a lead time with known and unknown failures: monitored machines by their own probabilities, everything else
 * (unmonitored machines, missed failures, other use) as background. The background must not contain the failures that the
 * probabilities already stand for.
 *
 * @param probabilities P(failure within the lead time) per monitored machine, sorted by machine id.
 */
export function advanceDemand(probabilities: ArrayLike<number>, background: DemandPmf): DemandPmf {
  return convolve(poissonBinomialPmf(probabilities), background);
}

/**
 * Mean failures over the lead time that no alarm will announce: λ · L · (1 − recall).
 * Example: 8 failures a year, 45 days, recall 0.6 → 0.3945. Using λ · L instead counts announced failures twice.
 */
export function unannouncedDemand({failureRatePerDay, recall}: SignalQuality, leadTimeDays: number): number {
  invariant(failureRatePerDay >= 0 && leadTimeDays >= 0, 'rates and lead times are not negative');
  invariant(recall >= 0 && recall <= 1, 'recall is within 0..1');
  return failureRatePerDay * leadTimeDays * (1 - recall);
}

/** Alarms per day, true and false: λ · recall / precision. */
export function alarmRatePerDay({failureRatePerDay, recall, precision}: SignalQuality): number {
  invariant(precision > 0 && precision <= 1, 'precision is within 0..1, 0 excluded');
  return (failureRatePerDay * recall) / precision;
}

/** False alarms per day: λ · recall · (1 − precision) / precision. */
export function falseAlarmRatePerDay(quality: SignalQuality): number {
  return alarmRatePerDay(quality) * (1 - quality.precision);
}

/**
 * Demand over the lead time with some alarms active, each followed by a failure with probability `precision`.
 * Assumes that alarms come at least one lead time ahead and resolve within it.
 */
export function signalledDemand(
  quality: SignalQuality,
  leadTimeDays: number,
  activeSignals: number,
): DemandPmf {
  const probabilities = new Float64Array(activeSignals).fill(quality.precision);
  return advanceDemand(probabilities, poissonPmf(unannouncedDemand(quality, leadTimeDays)));
}
