import {nameOf} from './decode-json.ts';
import type {DraftValue} from './draft.ts';
import type {SignalLimits} from './equipment.ts';
import {clip} from './json.ts';
import {rejection} from './rejection.ts';
import type {Rejection, RejectionReason} from './rejection.ts';
import {convertUnit, guessUnit} from './units.ts';

/** Signals in one message at most: four times the widest class of the reference network's kind. */
export const SIGNALS_MAX = 256;

export type ValuesResult =
  | {readonly ok: true; readonly values: Readonly<Record<string, number>>}
  | {readonly ok: false; readonly rejection: Rejection};

/** All values of a message in the units of the class, or what is wrong with the first that is not right. */
export function judgeValues(
  drafts: readonly DraftValue[],
  signals: ReadonlyMap<string, SignalLimits>,
): ValuesResult {
  if (drafts.length === 0) return no('no-values', 'the message has no signal');
  if (drafts.length > SIGNALS_MAX)
    return no('too-many', `${drafts.length} signals in one message; ${SIGNALS_MAX} are allowed`);
  const values: Record<string, number> = {};
  for (const draft of drafts) {
    const limits = signals.get(draft.signal);
    if (!limits)
      return no(
        'unknown-signal',
        `"${clip(draft.signal)}" is no signal of the class${spelling(draft.signal, signals)}`,
      );
    if (Object.hasOwn(values, draft.signal))
      return no('wrong-shape', `"${draft.signal}" appears twice in one message`);
    const value = judgeValue(draft, limits);
    if (typeof value !== 'number') return {ok: false, rejection: value};
    values[draft.signal] = value;
  }
  return {ok: true, values};
}

function judgeValue({signal, value: sent, unit}: DraftValue, limits: SignalLimits): number | Rejection {
  if (typeof sent !== 'number') return notNumber(signal, sent);
  if (!Number.isFinite(sent))
    return rejection('not-a-number', `"${signal}" is ${sent}; leave it out when there is no value`);
  const value = unit === undefined ? sent : convertUnit(sent, unit, limits.unit);
  if (value === undefined)
    return rejection(
      'unit-mismatch',
      `"${signal}" came in ${clip(unit ?? '')}, its class has ${limits.unit}`,
    );
  if (value >= limits.minValue && value <= limits.maxValue) return value;
  const range = `${limits.minValue}..${limits.maxValue} ${limits.unit}`;
  return rejection(
    'out-of-range',
    `"${signal}" is ${value}, possible are ${range}${unitHint(value, limits)}`,
  );
}

function unitHint(value: number, {unit, minValue, maxValue, normalLow, normalHigh}: SignalLimits): string {
  const guess = guessUnit(value, unit, normalLow ?? minValue, normalHigh ?? maxValue);
  if (!guess) return '; check the sensor';
  return `; ${value} ${guess.unit} would be ${Number(guess.value.toPrecision(4))} ${unit}: convert before sending`;
}

function notNumber(signal: string, value: DraftValue['value']): Rejection {
  if (value === null || value === undefined)
    return rejection('null-value', `"${signal}" is null; leave it out when there is no value`);
  if (typeof value !== 'string')
    return rejection('not-a-number', `"${signal}" is ${nameOf(value)}; send a number`);
  if (/^\s*[+-]?(nan|inf(inity)?)\s*$/i.test(value)) {
    return rejection('not-a-number', `"${signal}" is "${clip(value)}"; leave it out when there is no value`);
  }
  if (value.trim() !== '' && Number.isFinite(Number(value.replace(',', '.')))) {
    return rejection(
      'text-number',
      `"${signal}" is the text "${clip(value)}"; send ${Number(value.replace(',', '.'))} without quotes`,
    );
  }
  return rejection(
    'not-a-number',
    `"${signal}" is the text "${clip(value)}"; send a number, or put texts into "texts"`,
  );
}

/** The known signal that differs only in case and separators, if one does. */
function spelling(signal: string, signals: ReadonlyMap<string, SignalLimits>): string {
  const plain = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '');
  for (const known of signals.keys()) if (plain(known) === plain(signal)) return `; did you mean "${known}"?`;
  return `; known are ${[...signals.keys()].slice(0, 12).join(', ')}`;
}

function no(reason: RejectionReason, detail: string): ValuesResult {
  return {ok: false, rejection: rejection(reason, detail)};
}
