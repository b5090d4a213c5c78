import {DAY_MS, HOUR_MS, plusMs} from '../../domain/time.ts';
import type {EpochMs} from '../../domain/time.ts';
import {calibrationEvidence} from './calibration-evidence.ts';
import {kolmogorovSmirnov, populationStability} from './drift.ts';
import {countInterval, failureCount} from './failure-count.ts';
import type {Breach, WatchRules} from './watch-rules.ts';
import {midnight, windowStart} from './watch-tally.ts';
import type {SliceTally, WatchWindow} from './watch-tally.ts';

/** Stated against seen at one horizon. */
export interface HorizonCalibration {
  readonly horizonH: number;
  readonly forecasts: number;
  /** Sum of the stated probabilities. */
  readonly expected: number;
  readonly observed: number;
  /** Failures lie here with INTERVAL if the stated probabilities are right. */
  readonly low: number;
  readonly high: number;
  /** See calibrationEvidence: nights that pass on average until a right model gets there. */
  readonly evidence: number;
}

export interface AlarmFigures {
  readonly failures: number;
  readonly foreseen: number;
  /** Median; null where none was foreseen. */
  readonly leadHours: number | null;
  readonly trueAlarms: number;
  readonly falseAlarms: number;
  readonly machineYears: number;
  /** null where nobody was watched. */
  readonly falseAlarmsPerMachineYear: number | null;
}

/** One distribution against what it was. */
export interface Drift {
  readonly of: string;
  readonly before: number;
  readonly now: number;
  readonly psi: number;
  readonly ks: number;
  readonly pValue: number;
}

export interface WatchFigures {
  readonly calibration: readonly HorizonCalibration[];
  readonly alarms: AlarmFigures;
  /** null: there are too few to compare, or the first four weeks are not over. */
  readonly scores: Drift | null;
  readonly inputs: readonly Drift[];
}

/** One value a machine or component, as it was in the first four weeks of what is watched. */
export interface Reference {
  readonly scores: readonly number[];
  readonly inputs: Readonly<Record<string, readonly number[]>>;
}

export const INTERVAL = 0.99;
/** What a model said in its first weeks is what it is held against. */
export const REFERENCE_DAYS = 28;
/** What it says now is what it said within these days. */
export const RECENT_DAYS = 7;
/** Members of a sample at most: an exact comparison of more takes minutes. */
export const SAMPLES_MAX = 1000;
const BINS = 10;
/** No bin counts as emptier: a sample of a thousand cannot tell. */
const SHARE_MIN = 0.001;
const MACHINE_YEAR_DAYS = 365;

/** @param since Forecasts from before it do not count. */
export function calibrationOf(
  tally: SliceTally,
  window: WatchWindow,
  since = -Infinity,
): HorizonCalibration[] {
  const nights = {from: windowStart(window) / DAY_MS, to: midnight(window.now) / DAY_MS};
  return [...tally.resolved].map(([horizonH, all]) => {
    const rows = all.filter(({night}) => night * DAY_MS - horizonH * HOUR_MS >= since);
    const {low, high} = countInterval(failureCount(rows.map(({probability}) => probability)), INTERVAL);
    return {
      horizonH,
      forecasts: rows.length,
      expected: rows.reduce((sum, {probability}) => sum + probability, 0),
      observed: rows.filter(({failed}) => failed).length,
      low,
      high,
      evidence: calibrationEvidence(rows, nights),
    };
  });
}

export function alarmsOf({
  failures,
  foreseen,
  leadHours,
  trueAlarms,
  falseAlarms,
  machineDays,
}: SliceTally): AlarmFigures {
  const machineYears = machineDays / MACHINE_YEAR_DAYS;
  return {
    failures,
    foreseen,
    leadHours: leadHours.length === 0 ? null : [...leadHours].sort((a, b) => a - b)[leadHours.length >> 1]!,
    trueAlarms,
    falseAlarms,
    machineYears,
    falseAlarmsPerMachineYear: machineYears === 0 ? null : falseAlarms / machineYears,
  };
}

/** What was said first of each component that was there in the first weeks. */
export function firstScores({scores}: SliceTally, firstAt: EpochMs): number[] {
  return thinned(
    scores.filter((one) => one.firstAt < plusMs(firstAt, REFERENCE_DAYS * DAY_MS)).map(({first}) => first),
  );
}

/** What was said last of each component, where it was said within the last days. */
export function recentScores({scores}: SliceTally, now: EpochMs): number[] {
  return thinned(scores.filter(({lastAt}) => lastAt > now - RECENT_DAYS * DAY_MS).map(({last}) => last));
}

/** null where either side has fewer than it takes. */
export function driftOf(
  of: string,
  reference: readonly number[],
  current: readonly number[],
  {samplesMin}: WatchRules['drift'],
): Drift | null {
  if (reference.length < samplesMin || current.length < samplesMin) return null;
  const {statistic, pValue} = kolmogorovSmirnov(reference, current);
  return {
    of,
    before: reference.length,
    now: current.length,
    psi: populationStability(reference, current, edgesOf(reference), SHARE_MIN),
    ks: statistic,
    pValue,
  };
}

/** Deciles of what was, each once. */
function edgesOf(reference: readonly number[]): number[] {
  const sorted = [...reference].sort((a, b) => a - b);
  const edges = Array.from(
    {length: BINS - 1},
    (_, i) => sorted[Math.floor(((i + 1) * sorted.length) / BINS)]!,
  );
  return [...new Set(edges)];
}

/** At most SAMPLES_MAX of them, evenly over the list. */
export function thinned(values: readonly number[]): number[] {
  if (values.length <= SAMPLES_MAX) return [...values];
  return Array.from({length: SAMPLES_MAX}, (_, i) => values[Math.floor((i * values.length) / SAMPLES_MAX)]!);
}

/**
 * What is out of bounds. Each calibration is one of `tests` that may raise a false alarm, so its evidence must be as many times what
 * is asked for: the mean of all of them is evidence itself, and reaches that no sooner. A drift must be unlikely among all the tests
 * of a year of nights (Bonferroni).
 */
export function breachesOf(
  {calibration, scores, inputs}: WatchFigures,
  {calibration: asked, drift}: WatchRules,
  tests: number,
): Breach[] {
  const isWrong = ({expected, observed, evidence}: HorizonCalibration): boolean =>
    Math.max(expected, observed) >= asked.failuresMin &&
    (observed >= asked.ratioMin * expected || expected >= asked.ratioMin * observed) &&
    evidence >= asked.falseAlarmNights * tests;
  const hasMoved = (one: Drift | null): boolean =>
    one !== null && one.psi >= drift.psiMin && one.pValue * tests * MACHINE_YEAR_DAYS <= drift.alpha;
  return [
    ...(calibration.some(isWrong) ? (['calibration'] as const) : []),
    ...(hasMoved(scores) ? (['scores'] as const) : []),
    ...(inputs.some(hasMoved) ? (['inputs'] as const) : []),
  ];
}
