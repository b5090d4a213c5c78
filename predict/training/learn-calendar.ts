import {OperationalFault} from '../../domain/fault.ts';
import {HOUR_MS} from '../../domain/time.ts';
import {isVisit} from '../core/visit-calendar.ts';
import type {TrainingMachine} from './dataset.ts';

/** A period that was found in the visits of machines, or is planned. */
export interface LearntPeriod {
  readonly everyH: number;
  /** Quantiles of how far visits lie from where the one before let them be expected, in hours. */
  readonly deviationsH: readonly number[];
  /** 1: to the hour; 0: as good as any moment. */
  readonly sharpness: number;
}

/** Fewer gaps could look regular by chance. */
const GAPS_MIN = 30;
/** Below, visits lie further off than an eighth of the period on average: hazards over intervals say as much. */
const SHARPNESS_MIN = 0.5;
/** Half a period explains what a period explains: the longer one is believed unless it is clearly worse. */
const TIE = 0.02;
const QUANTILES = 41;

/**
 * The period at which machines are visited, from the gaps between the visits of each; undefined when there is none. A visit
 * that left no record makes a gap of several periods. Sharpness is 1 − mean |gap − nearest multiple| / (period / 4): 0 for
 * gaps that know no period, 1 for a clock.
 *
 * Example: gaps 360, 360, 720, 1080 h → 360 h, sharpness 1.
 *
 * @param visitsH instants of visits in hours, machine by machine, each rising.
 */
export function learnPeriod(visitsH: readonly (readonly number[])[]): LearntPeriod | undefined {
  const gaps = gapsOf(visitsH);
  if (gaps.length < GAPS_MIN) return undefined;
  const sorted = Float64Array.from(gaps).sort();
  const candidates = Array.from({length: 19}, (_, i) => refined(quantile(sorted, (i + 1) / 20), gaps));
  const judged = candidates.map((everyH) => ({everyH, sharpness: sharpnessOf(everyH, gaps)}));
  const sharpest = judged.reduce((a, b) => (b.sharpness > a.sharpness ? b : a)).sharpness;
  const {everyH, sharpness} = judged
    .filter((one) => one.sharpness >= sharpest - TIE)
    .reduce((a, b) => (b.everyH > a.everyH ? b : a));
  if (sharpness < SHARPNESS_MIN) return undefined;
  return {everyH, sharpness, deviationsH: deviationsOf(everyH, gaps)};
}

/**
 * A period that is planned, and how visits keep to it; of fewer gaps than it takes to tell, to the hour.
 *
 * @throws OperationalFault 'calendar-not-kept' where visits lie so far off that the plan tells nothing of them
 */
export function plannedPeriod(
  everyH: number,
  visitsH: readonly (readonly number[])[],
  equipmentClassId: string,
): LearntPeriod {
  const gaps = gapsOf(visitsH);
  if (gaps.length < GAPS_MIN) return {everyH, sharpness: 1, deviationsH: [0]};
  const sharpness = sharpnessOf(everyH, gaps);
  if (sharpness >= SHARPNESS_MIN) return {everyH, sharpness, deviationsH: deviationsOf(everyH, gaps)};
  const off = ((1 - sharpness) * everyH) / 4;
  throw new OperationalFault(
    'calendar-not-kept',
    `${equipmentClassId}: visits are planned every ${everyH / 24} days, but those on record lie ${(off / 24).toFixed(1)} days from it on average; ` +
      'correct visit_every_days, or leave it empty and training looks for a period itself',
    {retryable: false},
  );
}

function gapsOf(visitsH: readonly (readonly number[])[]): number[] {
  return visitsH.flatMap((visits) => visits.slice(1).map((at, i) => at - visits[i]!));
}

/** Quantiles of how far gaps lie from whole periods, or one number where all lie alike. */
function deviationsOf(everyH: number, gaps: readonly number[]): number[] {
  const deviations = Float64Array.from(gaps, (gap) => gap - multiple(gap, everyH)).sort();
  const spread = Array.from({length: QUANTILES}, (_, i) => quantile(deviations, quantileShare(i)));
  return spread[0] === spread.at(-1) ? [spread[0]!] : spread;
}

/** From 1 % to 99 %: a visit that kept to no calendar must not make all others seem that late. */
function quantileShare(i: number): number {
  return 0.01 + (0.98 * i) / (QUANTILES - 1);
}

/** Distinct instants at which a machine was visited since its telemetry began, in hours, up to `knownUntil`. */
export function visitsOf(machine: TrainingMachine, knownUntil: number): number[] {
  const instants = machine.events.filter((event) => isVisit(event) && event.at <= knownUntil);
  return [...new Set(instants.map(({at}) => at / HOUR_MS))].sort((a, b) => a - b);
}

function sharpnessOf(everyH: number, gaps: readonly number[]): number {
  const off = gaps.reduce((sum, gap) => sum + Math.abs(gap - multiple(gap, everyH)), 0) / gaps.length;
  return 1 - off / (everyH / 4);
}

/** The nearest whole number of periods, in hours. */
function multiple(gap: number, everyH: number): number {
  return Math.round(gap / everyH) * everyH;
}

/** Least squares of the period over gaps that are k of it: Σ k·gap / Σ k². */
function refined(everyH: number, gaps: readonly number[]): number {
  let [kGap, kk] = [0, 0];
  for (const gap of gaps) {
    const k = Math.round(gap / everyH);
    kGap += k * gap;
    kk += k * k;
  }
  return kGap / kk;
}

function quantile(sorted: Float64Array, share: number): number {
  return sorted[Math.round(share * (sorted.length - 1))]!;
}
