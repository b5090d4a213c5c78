import type {TopSignal} from '../../domain/forecast.ts';
import {HOUR_MS} from '../../domain/time.ts';
import {componentIndex, type ClassSpec, type SignalSpec} from './class-spec.ts';
import {featuresOf, type FeatureGroup} from './features.ts';
import type {FeatureWindow, InstalledComponent} from './feature-window.ts';
import {summarise} from './signal-summary.ts';
import {hoursToVisit} from './visit-calendar.ts';

const TOP_SIGNALS_MAX = 3;
/** Smaller shares are noise to a planner. */
const SHARE_PCT_MIN = 5;

/** Which inputs are hidden together to see what a group contributes; which component it is, is never hidden. */
export interface Occlusion {
  readonly group: FeatureGroup;
  readonly indexes: readonly number[];
}

export function occlusionsOf(spec: ClassSpec): readonly Occlusion[] {
  const indexes = new Map<FeatureGroup, number[]>();
  featuresOf(spec).forEach(({group}, index) => {
    if (group !== 'position') indexes.set(group, [...(indexes.get(group) ?? []), index]);
  });
  return [...indexes].map(([group, hidden]) => ({group, indexes: hidden}));
}

/** The raw inputs with one group put at training's average. */
export function occlude(
  raw: Float32Array,
  indexes: readonly number[],
  averageOf: (input: number) => number,
): Float32Array {
  const hidden = raw.slice();
  for (const index of indexes) hidden[index] = averageOf(index);
  return hidden;
}

/**
 * Ranks groups by occlusion: the change of ln(P / (1 − P)) at the last horizon when the group is put at its average.
 * Positive: it raises the risk.
 *
 * Source: Zeiler & Fergus (2014), on groups of inputs instead of image patches.
 * Example: shifts vibration +2, age +1, load −1 → 50 %, 25 %, −25 %.
 */
export function topSignals(
  shifts: readonly {readonly group: FeatureGroup; readonly shift: number}[],
  window: FeatureWindow,
  component: InstalledComponent,
  spec: ClassSpec,
): TopSignal[] {
  const total = shifts.reduce((sum, {shift}) => sum + Math.abs(shift), 0);
  if (total === 0) return [];
  return shifts
    .map(({group, shift}) => ({group, contributionPct: Math.round((100 * shift) / total)}))
    .filter(({contributionPct}) => Math.abs(contributionPct) >= SHARE_PCT_MIN)
    .sort((a, b) => Math.abs(b.contributionPct) - Math.abs(a.contributionPct) || (a.group < b.group ? -1 : 1))
    .slice(0, TOP_SIGNALS_MAX)
    .map(({group, contributionPct}) => ({
      signal: group.replace(/^signal:/, ''),
      text: phrase(group, window, component, spec),
      contributionPct,
    }));
}

function phrase(
  group: FeatureGroup,
  window: FeatureWindow,
  component: InstalledComponent,
  spec: ClassSpec,
): string {
  switch (group) {
    case 'errors':
      return errorsPhrase(window, spec);
    case 'age':
      return agePhrase(component, spec);
    case 'visit':
      return visitPhrase(window, spec);
    case 'equipment':
      return 'model and duty of the equipment';
    case 'position':
      return 'which component it is';
    default:
      return signalPhrase(
        spec.signals.find(({name}) => `signal:${name}` === group)!,
        window,
        spec,
      );
  }
}

/** Example: 'vibration rose to 7.1 mm/s over the last 24 h (normal 1–4)'. */
function signalPhrase(signal: SignalSpec, window: FeatureWindow, spec: ClassSpec): string {
  const day = summarise(window, signal.name, 24);
  if (day.n === 0) return `${signal.label} was not heard for 24 h`;
  const before = summarise(window, signal.name, spec.windowH, 24);
  const change = day.mean - before.mean;
  const verb = !(Math.abs(change) > before.sd / 4) ? 'is at' : change > 0 ? 'rose to' : 'fell to';
  const normal =
    signal.normalLow === null || signal.normalHigh === null
      ? ''
      : ` (normal ${figure(signal.normalLow)}–${figure(signal.normalHigh)})`;
  return `${signal.label} ${verb} ${figure(day.mean)} ${signal.unit} over the last 24 h${normal}`;
}

/** Example: '3 errors in 7 days, latest CH-VIB-HIGH'. */
function errorsPhrase(window: FeatureWindow, spec: ClassSpec): string {
  const from = window.asOf - spec.windowH * HOUR_MS;
  const errors = window.events.filter(({type, at}) => type === 'error' && at > from && at <= window.asOf);
  const days = figure(spec.windowH / 24);
  const latest = errors[errors.length - 1]?.code;
  if (errors.length === 0) return `no errors in ${days} days`;
  const count = errors.length === 1 ? '1 error' : `${errors.length} errors`;
  return `${count} in ${days} days${latest === undefined ? '' : `, latest ${latest}`}`;
}

/** Example: 'in service for 9,800 h; half of its class last 11,850 h'. */
function agePhrase(component: InstalledComponent, spec: ClassSpec): string {
  const {life} = spec.components[componentIndex(spec, component)]!;
  const medianH = life.scaleH * Math.LN2 ** (1 / life.shape);
  return `in service for ${grouped(component.ageH)} h; half of its class last ${grouped(medianH)} h`;
}

/** Example: 'next visit expected in 38 h'. */
function visitPhrase(window: FeatureWindow, spec: ClassSpec): string {
  const hours = spec.visits && hoursToVisit(spec.visits, window.events, window.asOf);
  if (hours === undefined) return 'the next visit is not known';
  return hours < 0 ? `a visit is ${figure(-hours)} h late` : `next visit expected in ${figure(hours)} h`;
}

/** Three significant digits: what a planner reads at a glance. */
function figure(value: number): string {
  return String(Number(value.toPrecision(3)));
}

function grouped(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ',');
}
