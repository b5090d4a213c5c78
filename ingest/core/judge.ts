import {INT4_MAX} from '../../domain/quantity.ts';
import {DAY_MS, MINUTE_MS, toIso} from '../../domain/time.ts';
import type {EpochMs} from '../../domain/time.ts';
import {EVENT_TYPES} from '../../domain/reading.ts';
import type {Message, Reading} from '../../domain/reading.ts';
import {isObject, nameOf} from './decode-json.ts';
import type {Draft} from './draft.ts';
import type {EquipmentEntry} from './equipment.ts';
import {contentHash} from './content-hash.ts';
import {canonicalContent, identityText} from './identity.ts';
import type {Content, KeyOf} from './identity.ts';
import {readInstant} from './instant.ts';
import {clip} from './json.ts';
import type {Json} from './json.ts';
import {judgeValues} from './judge-values.ts';
import {rejection} from './rejection.ts';
import type {Rejection} from './rejection.ts';

export interface DoorLimits {
  /** How far an equipment's clock may run ahead of ours. */
  readonly aheadMsMax: number;
  /** How old a message may be. */
  readonly ageMsMax: number;
}

export const DOOR_LIMITS: DoorLimits = {
  aheadMsMax: 5 * MINUTE_MS,
  ageMsMax: 400 * DAY_MS, // a year of outbox and some: older history comes in through the import
};

export interface Arrival {
  readonly topic: string;
  readonly retain: boolean;
  readonly receivedAt: EpochMs;
  readonly wallReceivedAt: EpochMs;
  /** First receipt: what "in the future" and "too old" are measured against, and what stands in for a missing time. */
  readonly judgedAt: EpochMs;
}

export type Judgement =
  {readonly ok: true; readonly message: Message} | {readonly ok: false; readonly rejection: Rejection};

/** Believes a draft, or says why not: time, identity, values and positions against what the equipment is. Never throws. */
export function judge(
  draft: Draft,
  entry: EquipmentEntry,
  arrival: Arrival,
  limits: DoorLimits,
  keyOf: KeyOf,
): Judgement {
  const time = judgeTime(draft, arrival, limits);
  if ('reason' in time) return no(time);
  const identity = judgeIdentity(draft.boot, draft.seq);
  if ('reason' in identity) return no(identity);
  const content = draft.kind === 'reading' ? judgeReading(draft, entry) : judgeEvent(draft, entry);
  if ('reason' in content) return no(content);

  const keyText =
    identity.boot === undefined
      ? identityText(entry.equipmentId, {
          topic: arrival.topic,
          observedAtSent: time.sent,
          content: canonicalContent(content),
        })
      : identityText(entry.equipmentId, identity);
  // Filled in place: an object put together from spread parts costs 2.4 µs, which is a tenth of all that the door does for a message.
  const message: Partial<Message> = {
    equipmentId: entry.equipmentId,
    equipmentNo: entry.equipmentNo,
    observedAt: time.at,
    receivedAt: arrival.receivedAt,
    wallReceivedAt: arrival.wallReceivedAt,
    messageKey: keyOf(keyText),
    contentHash: contentHash(time.at, content),
  };
  if (identity.boot !== undefined) {
    message.boot = identity.boot;
    message.seq = identity.seq;
  }
  if (content.kind === 'event') Object.assign(message, given({...content}));
  else {
    const reading = message as Partial<Reading>;
    reading.kind = 'reading';
    reading.values = content.values;
    if (content.texts !== undefined) reading.texts = content.texts;
    if (draft.kind === 'reading' && draft.historical === true) reading.historical = true;
  }
  return {ok: true, message: message as Message};
}

interface Instant {
  readonly at: EpochMs;
  readonly sent: string | number;
}

function judgeTime(draft: Draft, {judgedAt, retain}: Arrival, limits: DoorLimits): Instant | Rejection {
  if (!draft.time) {
    if (retain)
      return rejection(
        'retained-without-time',
        'retained and without time; it would be new at every reconnect',
      );
    return {at: judgedAt, sent: judgedAt};
  }
  const instant = readInstant(draft.time.sent, draft.time.form);
  if (!instant.ok) return instant.rejection;
  const aheadMs = instant.at - judgedAt;
  if (aheadMs > limits.aheadMsMax) {
    return rejection(
      'time-in-future',
      `${toIso(instant.at)} is ${minutes(aheadMs)} ahead of receipt${zoneHint(aheadMs)}`,
    );
  }
  if (-aheadMs > limits.ageMsMax) {
    const days = Math.floor(-aheadMs / DAY_MS);
    return rejection(
      'too-old',
      `${toIso(instant.at)} is ${days} days old; ${Math.floor(limits.ageMsMax / DAY_MS)} are allowed`,
    );
  }
  return {at: instant.at, sent: draft.time.sent as string | number};
}

/** Zones are whole quarter hours apart, at most 14 h: a lead close to one is local time with a Z. */
function zoneHint(aheadMs: number): string {
  const quarter = 15 * MINUTE_MS;
  const nearest = Math.round(aheadMs / quarter) * quarter;
  if (Math.abs(aheadMs - nearest) > 2 * MINUTE_MS || nearest > 14 * 60 * MINUTE_MS) return '; set the clock';
  return '; that is a time zone: local time was sent as UTC';
}

function minutes(ms: number): string {
  return `${Math.round(ms / MINUTE_MS)} min`;
}

type Identity = {readonly boot: number; readonly seq: number} | {readonly boot?: undefined};

function judgeIdentity(boot: Json | undefined, seq: Json | undefined): Identity | Rejection {
  if (boot === undefined && seq === undefined) return {};
  if (boot === undefined) return rejection('incomplete-identity', 'seq without boot; send both or neither');
  if (seq === undefined) return rejection('incomplete-identity', 'boot without seq; send both or neither');
  if (!isCount(boot, INT4_MAX))
    return rejection('incomplete-identity', `boot is ${nameOf(boot)}; send a whole number 0..${INT4_MAX}`);
  if (!isCount(seq, Number.MAX_SAFE_INTEGER))
    return rejection('incomplete-identity', `seq is ${nameOf(seq)}; send a whole number from 0`);
  return {boot, seq};
}

function isCount(value: Json, max: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= max;
}

function judgeReading(
  draft: Extract<Draft, {kind: 'reading'}>,
  entry: EquipmentEntry,
): Extract<Content, {kind: 'reading'}> | Rejection {
  const values = judgeValues(draft.values, entry.signals);
  if (!values.ok) return values.rejection;
  if (draft.texts === undefined) return {kind: 'reading', values: values.values};
  if (!isObject(draft.texts)) return rejection('wrong-shape', '"texts" must be an object of texts');
  for (const [name, text] of Object.entries(draft.texts)) {
    if (typeof text !== 'string')
      return rejection('wrong-shape', `"texts.${clip(name)}" is ${nameOf(text)}; send text, or a signal`);
  }
  return {kind: 'reading', values: values.values, texts: draft.texts as Readonly<Record<string, string>>};
}

function judgeEvent(
  draft: Extract<Draft, {kind: 'event'}>,
  entry: EquipmentEntry,
): Extract<Content, {kind: 'event'}> | Rejection {
  const {type} = draft;
  if (typeof type !== 'string' || !(EVENT_TYPES as readonly string[]).includes(type)) {
    return rejection(
      'unknown-event-type',
      `type is ${type === undefined ? 'missing' : nameOf(type)}; known are ${EVENT_TYPES.join(', ')}`,
    );
  }
  const texts = {code: draft.code, component: draft.component, partSerial: draft.serial};
  for (const [name, value] of Object.entries(texts)) {
    if (value !== undefined && typeof value !== 'string')
      return rejection('wrong-shape', `"${name}" is ${nameOf(value)}; send text`);
  }
  const [code, positionId, serial] = Object.values(texts) as (string | undefined)[];
  if (positionId !== undefined && !entry.positions.has(positionId)) {
    const known = [...entry.positions].slice(0, 12).join(', ');
    return rejection(
      'unknown-component',
      `"${clip(positionId)}" is no position of ${entry.equipmentId}; known are ${known}`,
    );
  }
  if (type === 'part-replaced' && positionId === undefined) {
    return rejection('wrong-shape', 'part-replaced needs "component": which position was it?');
  }
  const body: Record<string, string | number | boolean | null> = {};
  for (const [key, value] of draft.rest) {
    if (typeof value === 'object' && value !== null)
      return rejection('wrong-shape', `"${clip(key)}" is ${nameOf(value)}; send flat values`);
    body[key] = value;
  }
  return {kind: 'event', type, code, positionId, serial, body: draft.rest.length > 0 ? body : undefined};
}

/** The record without its undefined members, as exactOptionalPropertyTypes wants it. */
function given<T extends object>(record: T): {[K in keyof T]?: Exclude<T[K], undefined>} {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}

function no(why: Rejection): Judgement {
  return {ok: false, rejection: why};
}
