import {z} from 'zod';
import {EVENT_TYPES, TEXT_CHARS_MAX} from '../../domain/reading.ts';
import {ELEMENTS_MAX, PROFILES} from './profile.ts';
import {REJECTIONS} from './rejection.ts';
import type {RejectionReason} from './rejection.ts';

const text = z.string().max(TEXT_CHARS_MAX);
const isoTime = z.iso.datetime({offset: true}).describe('The equipment’s clock, with zone');
const epochTime = z.int().min(0).describe('The equipment’s clock, milliseconds since 1970 in UTC');
const identity = {
  boot: z.int().min(0).optional().describe('Counts starts of the equipment; with seq or not at all'),
  seq: z
    .int()
    .min(0)
    .optional()
    .describe('Counts its messages since the start, telemetry and events together'),
};
const values = z
  .record(z.string(), z.number())
  .describe('By signal of the class, in its unit; leave out what has no value');
const texts = z.record(z.string(), text).optional();
const eventFields = {
  type: z.enum(EVENT_TYPES),
  code: text.optional().describe('Of an error or a failure, as the equipment calls it'),
  component: text.optional().describe('The position of the bill of material; part-replaced needs it'),
  partSerial: text.optional().describe('Of the part that was put in'),
};

const Telemetry = z.object({observedAt: isoTime, ...identity, values, texts}).meta({title: 'Telemetry'});
const Event = z
  .looseObject({observedAt: isoTime, ...identity, ...eventFields})
  .describe('Other flat fields are kept with the event')
  .meta({title: 'Event'});
const Flat = z
  .object({observedAt: isoTime.optional(), ...identity})
  .catchall(z.number())
  .describe(
    'Every other field is a signal; without a time that of receipt stands in, and a repeat is a new message',
  )
  .meta({title: 'FlatTelemetry'});
const Stamped = z.object({ts: epochTime, ...identity, values}).meta({title: 'StampedTelemetry'});
const CloudEvent = z
  .looseObject({
    specversion: z.literal('1.0'),
    id: z.string(),
    source: z.string(),
    type: z.string(),
    time: isoTime,
    data: z.union([
      z.looseObject({...identity, values, texts}),
      z.looseObject({...identity, ...eventFields}),
    ]),
  })
  .meta({title: 'CloudEvent'});
const SenmlPack = z
  .array(
    z.looseObject({
      bn: z.string().optional(),
      bt: z.number().optional(),
      n: z.string().optional(),
      u: z.string().optional(),
      v: z.number().optional(),
      t: z.number().optional(),
    }),
  )
  .min(1)
  .meta({title: 'SenmlPack', description: 'RFC 8428; read whole or not at all'});

/** One such message, or up to 1000 in one packet: one bad element costs only itself. */
const oneOrMany = (schema: z.ZodType): z.ZodType =>
  z.union([schema, z.array(schema).min(1).max(ELEMENTS_MAX)]);

const WIRE: Readonly<Record<string, z.ZodType>> = {
  'native-telemetry': oneOrMany(Telemetry),
  'native-event': oneOrMany(Event),
  flat: oneOrMany(Flat),
  'ts-values': oneOrMany(Stamped),
  cloudevents: oneOrMany(CloudEvent),
  senml: SenmlPack,
};

/** The down-link: why a message was not taken. */
export const EquipmentStatus = z
  .object({
    version: z.literal(1),
    status: z.literal('rejected'),
    receivedAt: z.iso.datetime(),
    topic: z.string(),
    reason: z.enum(Object.keys(REJECTIONS) as [RejectionReason, ...RejectionReason[]]),
    detail: z.string().describe('With the value that was sent'),
    next: z.string().describe('What to do'),
    untold: z.int().min(0).describe('Rejections since the last status that were not told one by one'),
  })
  .meta({title: 'EquipmentStatus'});

export interface EquipmentTopic {
  readonly name: string;
  /** 'telemetry/v1/{site}/{equipmentId}' */
  readonly address: string;
  readonly summary: string;
  readonly payload: z.ZodType;
}

const SUMMARIES: Readonly<Record<string, string>> = {
  'native-telemetry': 'Readings of an equipment',
  'native-event': 'Errors, failures, repairs, starts and stops',
  flat: 'Readings whose fields are the signals themselves',
  'ts-values': 'Readings with a time in milliseconds',
  cloudevents: 'Readings and events as CloudEvents 1.0 in JSON',
  senml: 'Readings as SenML in JSON',
};

/** What equipment may publish: each profile that comes with the product, by the schema that its messages keep to. */
export const EQUIPMENT_TOPICS: readonly EquipmentTopic[] = PROFILES.map(({name, topicTemplate}) => ({
  name,
  address: topicTemplate,
  summary: SUMMARIES[name]!,
  payload: WIRE[name]!,
}));

/** The topic on which an equipment hears of its rejected messages. */
export const STATUS_ADDRESS = 'status/v1/{site}/{equipmentId}';
