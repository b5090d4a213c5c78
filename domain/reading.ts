import {z} from 'zod';
import {EquipmentId} from './ids.ts';
import {INT4_MAX} from './quantity.ts';
import {EpochMs} from './time.ts';

/** Finite by zod's own rule: 1e999 parses to Infinity and must not get in. */
const finite = z.number();
/** Of any text or name in a message. */
export const TEXT_CHARS_MAX = 4096;
const safeText = z
  .string()
  .max(TEXT_CHARS_MAX)
  .refine((text) => !text.includes('\u0000') && text.isWellFormed(), 'text has no NUL and no lone surrogate');

export const EVENT_TYPES = [
  'error',
  'maintenance',
  'failure',
  'part-replaced',
  'meter',
  'started',
  'stopped',
] as const;
export type EventType = (typeof EVENT_TYPES)[number];

/** What telemetry and events share: who, when by the equipment's clock, when by ours, and the identity. */
const origin = {
  equipmentId: EquipmentId,
  equipmentNo: z.int(),
  observedAt: EpochMs,
  receivedAt: EpochMs,
  /** Wall clock, for latency only. */
  wallReceivedAt: EpochMs,
  /** 32 hex digits: the first 128 bits of SHA-256 (ingest/message-key.ts). */
  messageKey: z.string().length(32),
  /** Whole number below 2^53 derived from the content: tells a repeat from a conflict. */
  contentHash: z.int(),
  boot: z.int().min(0).max(INT4_MAX).optional(),
  seq: z.int().min(0).optional(),
};

export const Reading = z.object({
  ...origin,
  kind: z.literal('reading'),
  values: z.record(safeText, finite),
  texts: z.record(safeText, safeText).optional(),
  /** Sent late on purpose (Sparkplug is_historical): stored, but never "the latest". */
  historical: z.boolean().optional(),
});
export type Reading = z.infer<typeof Reading>;

export const EquipmentEvent = z.object({
  ...origin,
  kind: z.literal('event'),
  type: z.enum(EVENT_TYPES),
  code: safeText.optional(),
  /** The BOM position that the event is about: 'compressor', 'comp1'. */
  positionId: safeText.optional(),
  serial: safeText.optional(),
  body: z.record(safeText, z.union([z.string(), finite, z.boolean(), z.null()])).optional(),
});
export type EquipmentEvent = z.infer<typeof EquipmentEvent>;

export const Message = z.discriminatedUnion('kind', [Reading, EquipmentEvent]);
export type Message = z.infer<typeof Message>;

/** One partition's worth of messages on the bus, which carries over 30 times as many so as one by one (bench bus: 179k against 5k a second). */
export const ENVELOPE_MESSAGES_MAX = 256;
export const ReadingsEnvelopeV1 = z.object({
  version: z.literal(1),
  partition: z.int().min(0),
  /** Random per envelope; the bus drops a repeat inside its window, the database key outside it. */
  envelopeId: z.string(),
  messages: z.array(Message).min(1).max(ENVELOPE_MESSAGES_MAX),
});
export type ReadingsEnvelopeV1 = z.infer<typeof ReadingsEnvelopeV1>;
