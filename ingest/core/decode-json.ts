import type {Decoded, Draft, DraftValue} from './draft.ts';
import {clip} from './json.ts';
import type {Json, JsonFault, JsonObject, JsonReading} from './json.ts';
import {ELEMENTS_MAX} from './profile.ts';
import type {JsonProfile} from './profile.ts';
import {rejection} from './rejection.ts';

/** A document that readJson could read. */
export type JsonDocument = Extract<JsonReading, {ok: true}>;

/** Each element of the document as a draft. An element with a fault inside costs itself alone. */
export function decodeJson(
  profile: JsonProfile,
  document: JsonDocument,
  equipmentId: string,
): readonly Decoded[] {
  if (!Array.isArray(document.value))
    return [decodeElement(profile, document.value, document.faults[0], equipmentId)];
  const elements = document.value as readonly Json[];
  if (elements.length === 0) return [refuse('no-values', 'the array is empty', equipmentId)];
  if (elements.length > ELEMENTS_MAX) {
    return [
      refuse(
        'too-many',
        `${elements.length} elements in one packet; ${ELEMENTS_MAX} are allowed`,
        equipmentId,
      ),
    ];
  }
  let next = 0; // faults come in the order of the text, so one walk meets them all
  return elements.map((element, i) => {
    const span = document.spans[i]!;
    let fault: JsonFault | undefined;
    for (; next < document.faults.length && document.faults[next]!.offset < span[1]; next += 1)
      fault ??= document.faults[next];
    return {...decodeElement(profile, element, fault, equipmentId), span};
  });
}

function decodeElement(
  profile: JsonProfile,
  element: Json,
  fault: JsonFault | undefined,
  equipmentId: string,
): Decoded {
  if (fault) return refuse(fault.reason, `offset ${fault.offset}: ${fault.detail}`, equipmentId);
  if (!isObject(element))
    return refuse('wrong-shape', `expected an object, found ${nameOf(element)}`, equipmentId);
  for (const path in profile.expect) {
    const text = profile.expect[path]!;
    if (at(element, path) !== text) return refuse('wrong-shape', `"${path}" must be "${text}"`, equipmentId);
  }
  const {paths} = profile;
  const sent = at(element, paths.time);
  const origin: Origin = {
    equipmentId,
    time: sent === undefined && profile.timeMissing === 'received' ? undefined : {sent, form: profile.time},
    boot: at(element, paths.boot),
    seq: at(element, paths.seq),
  };
  const event =
    profile.message === 'event' || (profile.message === 'by-type' && at(element, paths.type) !== undefined);
  return event ? decodeEvent(profile, element, origin) : decodeReading(profile, element, origin);
}

type Origin = Pick<Draft, 'equipmentId' | 'time' | 'boot' | 'seq'>;
type Reading = Extract<Draft, {kind: 'reading'}>;

function decodeReading(profile: JsonProfile, element: JsonObject, origin: Origin): Decoded {
  const {paths} = profile;
  const values = at(element, paths.values);
  if (!isObject(values)) {
    const found = values === undefined ? 'nothing there' : nameOf(values);
    return refuse(
      'wrong-shape',
      `expected an object of signals in "${paths.values}", found ${found}`,
      origin.equipmentId,
    );
  }
  // In a flat element the signals stand among the other fields.
  const reserved = paths.values === '' ? new Set([paths.time, paths.boot, paths.seq, 'texts']) : undefined;
  const drafts: DraftValue[] = [];
  for (const sentName of Object.keys(values)) {
    if (!reserved?.has(sentName)) drafts.push(rename(profile, sentName, values[sentName]!));
  }
  const texts = paths.values.includes('.')
    ? at(element, `${parentOf(paths.values)}.texts`)
    : element['texts'];
  const {time, boot, seq} = origin;
  const draft: Reading = {kind: 'reading', equipmentId: origin.equipmentId, time, boot, seq, values: drafts};
  return {ok: true, draft: texts === undefined ? draft : {...draft, texts}};
}

function decodeEvent(profile: JsonProfile, element: JsonObject, origin: Origin): Decoded {
  const body = at(element, profile.paths.event);
  if (!isObject(body))
    return refuse('wrong-shape', `expected an object in "${profile.paths.event}"`, origin.equipmentId);
  const told = new Set([
    'type',
    'code',
    'component',
    'partSerial',
    lastOf(profile.paths.boot),
    lastOf(profile.paths.seq),
    profile.paths.time,
  ]);
  const rest = Object.entries(body).filter(([key]) => !told.has(key));
  const {type, code, component, partSerial} = body;
  return {ok: true, draft: {kind: 'event', ...origin, type, code, component, serial: partSerial, rest}};
}

function rename(profile: JsonProfile, sentName: string, value: Json): DraftValue {
  const rule = Object.hasOwn(profile.signals ?? {}, sentName) ? profile.signals?.[sentName] : undefined;
  if (!rule) return {signal: sentName, value};
  if (typeof value !== 'number') return {signal: rule.signal, value};
  return {signal: rule.signal, value: value * (rule.scale ?? 1) + (rule.offset ?? 0)};
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** How a value's type is called in a detail. */
export function nameOf(value: Json): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'object') return 'an object';
  return typeof value === 'string' ? `the text "${clip(value)}"` : `${typeof value} ${String(value)}`;
}

function at(element: JsonObject, path: string): Json | undefined {
  if (path === '') return element;
  if (!path.includes('.')) return element[path];
  let value: Json | undefined = element;
  for (const key of path.split('.')) {
    if (!isObject(value)) return undefined;
    value = value[key];
  }
  return value;
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('.'));
}

function lastOf(path: string): string {
  return path.slice(path.lastIndexOf('.') + 1);
}

function refuse(reason: Parameters<typeof rejection>[0], detail: string, equipmentId: string): Decoded {
  return {ok: false, rejection: rejection(reason, detail), equipmentId};
}
