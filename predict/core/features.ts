import {HOUR_MS} from '../../domain/time.ts';
import {invariant} from '../../domain/invariant.ts';
import {componentIndex, type ClassSpec} from './class-spec.ts';
import type {FeatureWindow, InstalledComponent} from './feature-window.ts';
import {summarise, trendPerDay} from './signal-summary.ts';
import {hoursToVisit, type VisitCalendar} from './visit-calendar.ts';
import {cumulativeHazard} from './weibull.ts';

/** Inputs that are explained together: one signal, or one kind of knowledge. */
export type FeatureGroup = `signal:${string}` | 'errors' | 'age' | 'visit' | 'equipment' | 'position';

export interface Feature {
  readonly name: string;
  readonly group: FeatureGroup;
  /** Stays as it is until the next visit. */
  readonly settled?: true;
  /** A signal's mean over one step of the window: for networks of sequences, which know their order. */
  readonly step?: true;
}

/** Spans in hours over which a signal is averaged; the whole window comes on top. */
const MEAN_SPANS_H = [3, 12, 24, 72] as const;
/** Shares of the characteristic life at which the age inputs step softly from 0 to 1. */
const AGE_STEPS = [0.25, 0.5, 0.75, 1, 1.5] as const;
/** A new component is told from a run-in one within a day and within a week. */
const NEWNESS_H = [24, 168] as const;
const EVENT_MEMORY_H = 48;
/** Ages at a visit, in periods, past which the inputs step softly from 0 to 1; ages grow by one period a visit. */
const VISIT_AGE_STEPS = [1.5, 2.5, 3.5, 5.5, 8.5] as const;
/** Ages at a visit beyond this many periods are alike. */
const VISIT_PERIODS_MAX = 12;

/** The inputs in the order of the vector. A model is only fed when this list's hash equals the one it was trained with. */
export function featuresOf(spec: ClassSpec): readonly Feature[] {
  const features: Feature[] = [];
  const settled = (group: FeatureGroup, ...names: string[]): void => {
    for (const name of names) features.push({name, group, settled: true});
  };
  const add = (group: FeatureGroup, ...names: string[]): void => {
    for (const name of names) features.push({name, group});
  };
  for (const {name: signal} of spec.signals) {
    const spans = spansOf(spec).map((hours) => `mean_${String(hours)}h`);
    const rest = [
      'recent_change',
      'day_change',
      'trend',
      'sd_3h',
      'sd_24h',
      'min_24h',
      'max_24h',
      'heard_24h',
    ];
    add(`signal:${signal}`, ...[...spans, ...rest].map((name) => `${signal}.${name}`));
  }
  for (const code of [...spec.eventCodes, 'other']) {
    add('errors', `error.${code}.count_24h`, `error.${code}.count`, `error.${code}.recency`);
  }
  if (spec.visits !== undefined) {
    for (const {name} of spec.signals)
      add(`signal:${name}`, `${name}.since_signs`, `${name}.since_signs_change`);
    for (const code of [...spec.eventCodes, 'other']) add('errors', `error.${code}.since_signs`);
  }
  for (const hoursAgo of stepsOf(spec))
    for (const {name: signal} of spec.signals)
      features.push({name: `${signal}.step_${hoursAgo}h`, group: `signal:${signal}`, step: true});
  add('errors', 'error.own.count_24h', 'error.own.count');
  add(
    'age',
    'repair.recency',
    'age.log',
    'age.hazard',
    ...NEWNESS_H.map((hours) => `age.newer_${String(hours)}h`),
  );
  add('age', ...AGE_STEPS.map((share) => `age.past_${String(share * 100)}pct`));
  settled('equipment', ...spec.attributes.map((name) => `attribute.${name}`));
  settled('position', ...spec.components.map(({positionId, classId}) => `is.${positionId}.${classId}`));
  if (spec.visits !== undefined) {
    add('visit', 'visit.hours', 'visit.hours_log');
    settled('age', 'age_at_visit.log', 'age_at_visit.periods');
    settled('age', ...VISIT_AGE_STEPS.map((periods) => `age_at_visit.past_${String(periods)}`));
  }
  return features;
}

function spansOf(spec: ClassSpec): number[] {
  return [...MEAN_SPANS_H.filter((hours) => hours < spec.windowH), spec.windowH];
}

/** How many hours ago each step of the window's sequence ended, oldest first; none without a sequence. */
function stepsOf({windowH, sequenceStepH}: ClassSpec): number[] {
  if (sequenceStepH === undefined) return [];
  const steps = Math.floor(windowH / sequenceStepH);
  return Array.from({length: steps}, (_, step) => (steps - 1 - step) * sequenceStepH);
}

/** What all components of an equipment share at one instant; build it once per window. */
export function equipmentFeatures(window: FeatureWindow, spec: ClassSpec): number[] {
  const values: number[] = [];
  for (const {name: signal} of spec.signals) {
    const means = spansOf(spec).map((hours) => summarise(window, signal, hours).mean);
    const recent = summarise(window, signal, 3);
    const day = summarise(window, signal, 24);
    const older = summarise(window, signal, spec.windowH, spec.windowH / 2).mean;
    values.push(...means, summarise(window, signal, 12).mean - older, day.mean - older);
    values.push(trendPerDay(window, signal, spec.windowH), recent.sd, day.sd, day.min, day.max, day.heard);
  }
  const codes = new Set(spec.eventCodes);
  const errors = agedEvents(window, spec).filter(({event}) => event.type === 'error');
  for (const code of [...spec.eventCodes, 'other']) {
    const mine = errors.filter(({event}) => knownCode(event, codes) === code);
    values.push(mine.filter(({hoursAgo}) => hoursAgo < 24).length, mine.length, recency(mine));
  }
  if (spec.visits !== undefined) values.push(...sinceSigns(window, spec, spec.visits, errors));
  for (const hoursAgo of stepsOf(spec))
    for (const {name: signal} of spec.signals)
      values.push(summarise(window, signal, hoursAgo + spec.sequenceStepH!, hoursAgo).mean);
  return values;
}

/**
 * What was heard since signs of what the next visit will find may show, against what was heard before: a change that began
 * so long ago is clearer the longer it lasts, so it is scaled by the square root of the intervals. NaN before that.
 */
function sinceSigns(
  window: FeatureWindow,
  spec: ClassSpec,
  visits: VisitCalendar,
  errors: readonly AgedEvent[],
): number[] {
  const sinceH = visits.signsH - (hoursToVisit(visits, window.events, window.asOf) ?? Infinity);
  const showing = sinceH > 0;
  const signals = spec.signals.flatMap(({name}) => {
    if (!showing) return [NaN, NaN];
    const since = summarise(window, name, Math.min(sinceH, spec.windowH));
    const before = summarise(window, name, spec.windowH, Math.min(sinceH, spec.windowH));
    return [since.mean, (since.mean - before.mean) * Math.sqrt(since.n)];
  });
  const codes = new Set(spec.eventCodes);
  const counts = [...spec.eventCodes, 'other'].map((code) =>
    showing
      ? errors.filter(({event, hoursAgo}) => hoursAgo < sinceH && knownCode(event, codes) === code).length
      : NaN,
  );
  return [...signals, ...counts];
}

function knownCode({code}: AgedEvent['event'], codes: ReadonlySet<string>): string {
  return code !== undefined && codes.has(code) ? code : 'other';
}

/**
 * The raw input vector of one component, in the order of featuresOf; NaN means "not heard".
 * `shared` is equipmentFeatures of the same window, so that a machine's components do not each pay for it.
 * `visitsLater`: 0 asks of the next visit of the calendar, 1 of the one after it, …
 */
export function componentFeatures(
  window: FeatureWindow,
  component: InstalledComponent,
  spec: ClassSpec,
  shared: readonly number[] = equipmentFeatures(window, spec),
  visitsLater = 0,
): Float32Array {
  const index = componentIndex(spec, component);
  invariant(index >= 0, 'a scored component is covered by the model (componentIndex)');
  const {life} = spec.components[index]!;
  const ageH = Math.max(0, component.ageH);
  const events = agedEvents(window, spec);
  const own = events.filter(({event}) => event.type === 'error' && event.positionId === component.positionId);
  const expected = cumulativeHazard(life, ageH + lastOf(spec.horizonsH)) - cumulativeHazard(life, ageH);
  return Float32Array.from([
    ...shared,
    own.filter(({hoursAgo}) => hoursAgo < 24).length,
    own.length,
    recency(events.filter(({event}) => event.type === 'part-replaced')),
    Math.log1p(ageH / 24),
    Math.log(Math.max(1e-9, expected)),
    ...NEWNESS_H.map((hours) => Math.exp(-ageH / hours)),
    ...AGE_STEPS.map((share) => 1 / (1 + Math.exp(-8 * (ageH / life.scaleH - share)))),
    ...spec.attributes.map((name) => window.attributes[name] ?? NaN),
    ...spec.components.map((_, place) => (place === index ? 1 : 0)),
    ...(spec.visits === undefined ? [] : visitInputs(spec.visits, window, ageH, visitsLater)),
  ]);
}

function visitInputs(calendar: VisitCalendar, window: FeatureWindow, ageH: number, later: number): number[] {
  const hours = hoursToVisit(calendar, window.events, window.asOf) ?? NaN;
  const ageThenH = Math.max(0, ageH + hours) + later * calendar.everyH;
  const periods = ageThenH / calendar.everyH;
  return [
    hours,
    Math.log1p(Math.max(0, hours)),
    Math.log1p(ageThenH / 24),
    Math.min(VISIT_PERIODS_MAX, periods),
    ...VISIT_AGE_STEPS.map((past) => 1 / (1 + Math.exp(-8 * (periods - past)))),
  ];
}

/** Share of the window's signal intervals that were heard, in whole percent; 100 for a class without signals. */
export function completenessPct(window: FeatureWindow, spec: ClassSpec): number {
  if (spec.signals.length === 0) return 100;
  const heard = spec.signals.reduce((sum, {name}) => sum + summarise(window, name, spec.windowH).heard, 0);
  return Math.round((100 * heard) / spec.signals.length);
}

/** Where each input lay in training: the network sees distances from it. */
export interface Scaling {
  readonly mean: readonly number[];
  readonly sd: readonly number[];
}

/** Inputs further out than this many deviations say "far out", not "how far": a broken sensor must not shout. */
const CLIP_SD = 6;

/** Standardised, clipped and without NaN: what was not heard is put where training's average lies (0). */
export function standardise(raw: Float32Array, {mean, sd}: Scaling): Float32Array {
  return raw.map((value, i) => {
    if (Number.isNaN(value)) return 0;
    return Math.max(-CLIP_SD, Math.min(CLIP_SD, (value - mean[i]!) / sd[i]!));
  });
}

interface AgedEvent {
  readonly event: FeatureWindow['events'][number];
  readonly hoursAgo: number;
}

function agedEvents(window: FeatureWindow, spec: ClassSpec): AgedEvent[] {
  return window.events
    .map((event) => ({event, hoursAgo: (window.asOf - event.at) / HOUR_MS}))
    .filter(({hoursAgo}) => hoursAgo >= 0 && hoursAgo < spec.windowH);
}

/** 1 for an event just now, e⁻¹ after two days, 0 for none. */
function recency(events: readonly AgedEvent[]): number {
  return events.reduce((latest, {hoursAgo}) => Math.max(latest, Math.exp(-hoursAgo / EVENT_MEMORY_H)), 0);
}

function lastOf(values: readonly number[]): number {
  return values[values.length - 1]!;
}
