import pg from 'pg';
import {z} from 'zod';
import {ReadingsEnvelopeV1} from '../domain/reading.ts';
import {epochMs} from '../domain/time.ts';
import {contentHash} from '../ingest/core/content-hash.ts';
import {readEnvelope} from '../ingest/core/envelope.ts';
import {canonicalContent} from '../ingest/core/identity.ts';
import {readJson} from '../ingest/core/json.ts';
import {sha256Key} from '../ingest/message-key.ts';
import {openPool, plainArray} from '../platform/pg.ts';
import {envelopeOf, readingOf} from '../test/ingest/envelopes.ts';
import {contest} from './contest.ts';
import type {Contender} from './contest.ts';
import type {Effort, Figure} from './measure.ts';
import {signalName} from './network.ts';

const INT4_ARRAY = 1007;
/** The driver's own way to write parameters; its types leave it out. */
const driver = pg as unknown as {readonly utils: {prepareValue(value: unknown): unknown}};
const parserOf = (types: unknown): ((text: string) => unknown) =>
  (types as {getTypeParser(oid: number): (text: string) => unknown}).getTypeParser(INT4_ARRAY);

/** What a schema library would be asked for at the door: the shape of the native profile's telemetry. */
const Packet = z.object({
  observedAt: z.iso.datetime(),
  boot: z.int().min(0),
  seq: z.int().min(0),
  values: z.record(z.string().max(128), z.number()),
});

/** The steps that every message or row takes, each beside the plain way to do it. No server, one thread. */
export async function hotPath({runs, seconds}: Effort): Promise<Figure[]> {
  const each = {runs, runMs: 1000 * seconds};
  const clock = 'cpu';
  const unit = 'µs a message';
  const packet = {scenario: 'packet', unit, clock, contenders: [...reading(4), ...reading(20)]} as const;
  const envelope = {scenario: 'envelope', unit, clock, contenders: checking()} as const;
  const content = {
    scenario: 'content',
    unit,
    clock,
    contenders: [...digesting(4), ...digesting(20)],
  } as const;
  const array = {scenario: 'arrays', unit: 'µs for 1,000 numbers', clock, contenders: arrays()} as const;
  return [
    ...(await contest(packet, each)),
    ...(await contest(envelope, each)),
    ...(await contest(content, each)),
    ...(await contest(array, each)),
  ];
}

function valuesOf(count: number): Record<string, number> {
  return Object.fromEntries(
    Array.from({length: count}, (_, i) => [signalName(i), ((i * 1731) % 10_000) / 100]),
  );
}

function reading(count: number): Contender[] {
  const text = JSON.stringify({
    observedAt: '2026-01-05T10:00:00.000Z',
    boot: 1,
    seq: 4711,
    values: valuesOf(count),
  });
  // An array is not for the fast way in, so the same object in one is read character by character.
  const inArray = `[${text}]`;
  return [
    {figure: `${count} values: JSON.parse`, work: () => JSON.parse(text) as unknown},
    {figure: `${count} values: our reader`, work: () => readJson(text)},
    {figure: `${count} values: our reader, by character`, work: () => readJson(inArray)},
    {
      figure: `${count} values: JSON.parse and a zod schema`,
      work: () => Packet.parse(JSON.parse(text)),
    },
  ];
}

function checking(): Contender[] {
  const envelope = envelopeOf(0, 1, 256);
  const messages = envelope.messages.map((_, i) => readingOf(1, i, {values: valuesOf(3)})); // and a temperature
  const text = JSON.stringify({...envelope, messages});
  return [
    {figure: '4 values: JSON.parse', of: 256, work: () => JSON.parse(text) as unknown},
    {figure: '4 values: JSON.parse, checked by hand', of: 256, work: () => readEnvelope(text)},
    {
      figure: '4 values: JSON.parse, checked by the schema',
      of: 256,
      work: () => ReadingsEnvelopeV1.parse(JSON.parse(text)),
    },
  ];
}

function digesting(count: number): Contender[] {
  const at = epochMs(Date.UTC(2026, 0, 5, 10));
  const content = {kind: 'reading', values: valuesOf(count)} as const;
  return [
    {figure: `${count} values: sum of member hashes`, work: () => contentHash(at, content)},
    {
      figure: `${count} values: SHA-256 of the sorted text`,
      work: () => sha256Key(`${at} ${canonicalContent(content)}`),
    },
  ];
}

function arrays(): Contender[] {
  const numbers = Array.from({length: 1000}, (_, i) => (i * 7919) % 100_003);
  const text = plainArray(numbers);
  const ours = parserOf(openPool({url: 'postgres://127.0.0.1', role: 'forestock_ingest'}).options.types); // never connects
  const theirs = parserOf(pg.types);
  return [
    {figure: 'parameter, unquoted', work: () => plainArray(numbers)},
    {figure: 'parameter, the driver’s way', work: () => driver.utils.prepareValue(numbers)},
    {figure: 'int4[] answer, as JSON', work: () => ours(text)},
    {figure: 'int4[] answer, the driver’s way', work: () => theirs(text)},
  ];
}
