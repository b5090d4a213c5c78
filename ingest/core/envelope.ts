import {isId} from '../../domain/ids.ts';
import {INT4_MAX} from '../../domain/quantity.ts';
import {ENVELOPE_MESSAGES_MAX, Message, ReadingsEnvelopeV1, TEXT_CHARS_MAX} from '../../domain/reading.ts';
import {EPOCH_MS_MAX, EPOCH_MS_MIN} from '../../domain/time.ts';

/**
 * Reads an envelope off the bus. Nearly all that the store reads are readings that our own ingest wrote: those are checked by hand, which
 * costs a twentieth of the schema (256 messages of 4 values: 0.1 against 1.9 ms, JSON.parse apart; bench hot-path); whatever is not plainly right goes to the schema, which has the last word and the words for it.
 *
 * @returns the envelope, or why the text is none.
 */
export function readEnvelope(text: string): ReadingsEnvelopeV1 | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return String(error);
  }
  // Only an escape can bring in what a text column refuses, a NUL or half a surrogate pair.
  if (!text.includes('\\u') && !text.includes('__proto__') && isPlain(value)) return value;
  const parsed = ReadingsEnvelopeV1.safeParse(value);
  return parsed.success ? parsed.data : parsed.error.issues[0]!.message;
}

function isPlain(value: unknown): value is ReadingsEnvelopeV1 {
  if (!isRecord(value) || value['version'] !== 1 || typeof value['envelopeId'] !== 'string') return false;
  const {partition, messages} = value;
  if (!isWhole(partition, 0, Number.MAX_SAFE_INTEGER) || !Array.isArray(messages)) return false;
  if (messages.length < 1 || messages.length > ENVELOPE_MESSAGES_MAX) return false;
  return messages.every((message) => isPlainReading(message) || Message.safeParse(message).success);
}

function isPlainReading(message: unknown): boolean {
  if (!isRecord(message) || message['kind'] !== 'reading' || message['texts'] !== undefined) return false;
  const {equipmentId, equipmentNo, contentHash, messageKey, boot, seq, historical, values} = message;
  return (
    typeof equipmentId === 'string' &&
    isId(equipmentId) &&
    isWhole(equipmentNo, 0, INT4_MAX) &&
    isTime(message['observedAt']) &&
    isTime(message['receivedAt']) &&
    isTime(message['wallReceivedAt']) &&
    typeof messageKey === 'string' &&
    messageKey.length === 32 &&
    isWhole(contentHash, 0, Number.MAX_SAFE_INTEGER) &&
    (boot === undefined || isWhole(boot, 0, INT4_MAX)) &&
    (seq === undefined || isWhole(seq, 0, Number.MAX_SAFE_INTEGER)) &&
    (historical === undefined || typeof historical === 'boolean') &&
    isRecord(values) &&
    hasNumbers(values)
  );
}

function hasNumbers(values: Readonly<Record<string, unknown>>): boolean {
  for (const name in values) {
    if (name.length > TEXT_CHARS_MAX || !Number.isFinite(values[name])) return false;
  }
  return true;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isWhole(value: unknown, min: number, max: number): boolean {
  return Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max;
}

function isTime(value: unknown): boolean {
  return isWhole(value, EPOCH_MS_MIN, EPOCH_MS_MAX);
}
