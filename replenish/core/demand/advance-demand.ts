import {invariant} from '../../../domain/invariant.ts';
import {convolve, type DemandPmf} from '../probability/pmf.ts';
import {poissonBinomialPmf} from '../probability/poisson-binomial.ts';
import {poissonPmf} from '../probability/poisson.ts';

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

/** When the failure follows a true alarm: any whole day of the window, each as likely. */
export interface WarningWindow {
  readonly fromDays: number;
  readonly toDays: number;
}

/**
 * P(a failure follows within `aheadDays` | the alarm is `ageDays` old and nothing has happened since). Old alarms count for
 * less: the longer the machine runs on, the likelier the alarm was false.
 *
 *   π · P(a < τ ≤ a + L) / (π · P(τ > a) + 1 − π),  π the precision
 *
 * Example: precision 0.8, window 30–60 days, 30 days ahead: new 0.8 · 1/31 = 0.0258; 40 days old 0.7207.
 */
export function alarmProbability(
  precision: number,
  window: WarningWindow,
  ageDays: number,
  aheadDays: number,
): number {
  invariant(precision > 0 && precision <= 1, 'precision is within 0..1, 0 excluded');
  const longer = shareLongerThan(window, ageDays);
  const within = longer - shareLongerThan(window, ageDays + aheadDays);
  const alive = precision * longer + 1 - precision;
  return alive === 0 ? 0 : Math.min(1, (precision * within) / alive); // rounding may end above 1
}

/**
 * Mean failures over the lead time whose alarm is still to come: λ · recall · E[(L − τ)⁺]. Nothing when every warning is at
 * least a lead time long.
 *
 * Example: 12 failures a year, recall 1, 30 days, window 10–36 → 12/365 · 210/27 = 0.2557.
 */
export function alarmStillToCome(
  {failureRatePerDay, recall}: SignalQuality,
  window: WarningWindow,
  leadTimeDays: number,
): number {
  let days = 0;
  for (let tau = window.fromDays; tau <= window.toDays; tau += 1) days += Math.max(0, leadTimeDays - tau);
  return (failureRatePerDay * recall * days) / (window.toDays - window.fromDays + 1);
}

/** P(τ > days). */
function shareLongerThan({fromDays, toDays}: WarningWindow, days: number): number {
  return Math.min(1, Math.max(0, (toDays - days) / (toDays - fromDays + 1)));
}
