import {NotProtobuf, readFields} from './protobuf.ts';
import type {ProtoField} from './protobuf.ts';

/** One metric as it came; alias-only data has neither name nor datatype. */
export interface SparkplugMetric {
  readonly name: string | undefined;
  readonly alias: number | undefined;
  readonly timestampMs: number | undefined;
  readonly datatype: number | undefined;
  readonly historical: boolean;
  readonly value: SparkplugValue;
}

/** The value as the wire has it; what an integer means depends on the datatype, which may be in the BIRTH. */
export type SparkplugValue =
  | {readonly kind: 'null' | 'other'}
  | {readonly kind: 'integer'; readonly value: bigint}
  | {readonly kind: 'float'; readonly value: number}
  | {readonly kind: 'boolean'; readonly value: boolean}
  | {readonly kind: 'text'; readonly value: string};

export interface SparkplugPayload {
  readonly timestampMs: number | undefined;
  readonly seq: number | undefined;
  readonly metrics: readonly SparkplugMetric[];
}

/** Reads UTF-8 and throws when it is none: the core has no decoder of its own. */
export type DecodeUtf8 = (bytes: Uint8Array) => string;

/** Datatype codes (Sparkplug 3.0, §6.4.16) that decide what an integer's bits mean. */
export const SIGNED_BITS: ReadonlyMap<number, number> = new Map([
  [1, 8],
  [2, 16],
  [3, 32],
  [4, 64],
]);

/**
 * The fields of a Sparkplug B payload (sparkplug_b.proto) that the door needs: timestamp 1, metrics 2, seq 3; of a metric name 1,
 * alias 2, timestamp 3, datatype 4, is_historical 5, is_null 7 and the values 10 to 15.
 *
 * @throws NotProtobuf when the bytes are something else.
 */
export function readSparkplugPayload(bytes: Uint8Array, utf8: DecodeUtf8): SparkplugPayload {
  let timestampMs: number | undefined;
  let seq: number | undefined;
  const metrics: SparkplugMetric[] = [];
  for (const field of readFields(bytes)) {
    if (field.no === 1) timestampMs = whole(field);
    else if (field.no === 2) metrics.push(readMetric(body(field), utf8));
    else if (field.no === 3) seq = whole(field);
  }
  return {timestampMs, seq, metrics};
}

function readMetric(bytes: Uint8Array, utf8: DecodeUtf8): SparkplugMetric {
  let name: string | undefined;
  let alias: number | undefined;
  let timestampMs: number | undefined;
  let datatype: number | undefined;
  let historical = false;
  let isNull = false;
  let value: SparkplugValue = {kind: 'other'};
  for (const field of readFields(bytes)) {
    if (field.no === 1) name = utf8(body(field));
    else if (field.no === 2) alias = whole(field);
    else if (field.no === 3) timestampMs = whole(field);
    else if (field.no === 4) datatype = whole(field);
    else if (field.no === 5) historical = whole(field) !== 0;
    else if (field.no === 7) isNull = whole(field) !== 0;
    else if (field.no >= 10) value = readValue(field, utf8);
  }
  return {name, alias, timestampMs, datatype, historical, value: isNull ? {kind: 'null'} : value};
}

function readValue(field: ProtoField, utf8: DecodeUtf8): SparkplugValue {
  switch (field.no) {
    case 10:
    case 11:
      return {kind: 'integer', value: bits(field)};
    case 12:
      return {kind: 'float', value: view(field, 'fixed32').getFloat32(0, true)};
    case 13:
      return {kind: 'float', value: view(field, 'fixed64').getFloat64(0, true)};
    case 14:
      return {kind: 'boolean', value: bits(field) !== 0n};
    case 15:
      return {kind: 'text', value: utf8(body(field))};
    default:
      return {kind: 'other'}; // bytes, data sets, templates
  }
}

/** An integer by its datatype: signed ones come as two's complement. Example: 0xFFFFFFFE as Int32 → −2. */
export function integerOf(raw: bigint, datatype: number | undefined): number {
  const bitsOfType = SIGNED_BITS.get(datatype ?? 0);
  return Number(bitsOfType === undefined ? raw : BigInt.asIntN(bitsOfType, raw));
}

function bits(field: ProtoField): bigint {
  if (field.kind !== 'varint') throw new NotProtobuf(`field ${field.no} is no number`);
  return field.value;
}

function whole(field: ProtoField): number {
  return Number(bits(field));
}

function body(field: ProtoField): Uint8Array {
  if (field.kind !== 'bytes') throw new NotProtobuf(`field ${field.no} has no length`);
  return field.bytes;
}

function view(field: ProtoField, kind: 'fixed32' | 'fixed64'): DataView {
  if (field.kind !== kind) throw new NotProtobuf(`field ${field.no} is no floating-point number`);
  return new DataView(field.bytes.buffer, field.bytes.byteOffset, field.bytes.byteLength);
}

/** "Node Control/Rebirth" = true, the payload of a rebirth request: one metric, Boolean (11), with its timestamp. */
export function rebirthRequest(timestampMs: number): Uint8Array {
  const name = Array.from('Node Control/Rebirth', (letter) => letter.charCodeAt(0));
  const time = varintBytes(BigInt(timestampMs));
  const metric = [0x0a, name.length, ...name, 0x18, ...time, 0x20, 11, 0x70, 1];
  return Uint8Array.from([0x08, ...time, 0x12, metric.length, ...metric]);
}

function varintBytes(value: bigint): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>= 7n) {
    if (rest < 0x80n) return [...bytes, Number(rest)];
    bytes.push(Number(rest & 0x7fn) | 0x80);
  }
}
