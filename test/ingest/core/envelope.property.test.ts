import {describe, expect, it} from 'vitest';
import fc from 'fast-check';
import {ReadingsEnvelopeV1} from '../../../domain/reading.ts';
import {EPOCH_MS_MAX, EPOCH_MS_MIN} from '../../../domain/time.ts';
import {readEnvelope} from '../../../ingest/core/envelope.ts';

const reading = {
  kind: 'reading',
  equipmentId: 'CH-0001',
  equipmentNo: 1,
  observedAt: 1_767_607_200_000,
  receivedAt: 1_767_607_201_000,
  wallReceivedAt: 1_767_607_201_000,
  messageKey: '0123456789abcdef0123456789abcdef',
  contentHash: 42,
  boot: 1,
  seq: 7,
  values: {vibration_mm_s: 4.2, temperature_c: 71.5},
};
const event = {...reading, kind: 'event', values: undefined, type: 'error', code: 'E-17'};
const envelope = {version: 1, partition: 3, envelopeId: 'e-1', messages: [reading, event]};

/** Anything that a member could be by mistake. */
const wrong = fc.oneof(
  fc.constantFrom(
    null,
    undefined,
    '',
    'x',
    -1,
    0,
    1,
    1.5,
    2 ** 31,
    2 ** 53,
    1e300,
    true,
    [],
    {},
    {a: 'b'},
    {a: 1},
    'x'.repeat(128),
    'x'.repeat(129),
    '🔩'.repeat(128), // 256 in UTF-16
    EPOCH_MS_MIN,
    EPOCH_MS_MIN - 1,
    EPOCH_MS_MAX,
    EPOCH_MS_MAX + 1,
    2 ** 31 - 1,
  ),
  fc.string({maxLength: 5, unit: 'binary'}),
);
const member = fc.constantFrom(
  ...Object.keys(reading),
  'texts',
  'historical',
  'type',
  'code',
  'positionId',
  'body',
);

describe('an envelope off the bus', () => {
  it('is read as it was written, readings and events', () => {
    expect(readEnvelope(JSON.stringify(envelope))).toEqual(JSON.parse(JSON.stringify(envelope)));
  });

  it('is taken exactly when the schema takes it, whatever is wrong with it', () => {
    const broken = fc
      .tuple(member, wrong, fc.constantFrom(reading, event))
      .map(([name, value, message]) => ({...envelope, messages: [reading, {...message, [name]: value}]}));
    const outside = fc
      .tuple(fc.constantFrom(...Object.keys(envelope)), wrong)
      .map(([name, value]) => ({...envelope, [name]: value}));
    fc.assert(
      fc.property(fc.oneof(broken, outside), (candidate) => {
        const text = JSON.stringify(candidate);
        const schema = ReadingsEnvelopeV1.safeParse(JSON.parse(text));
        const read = readEnvelope(text);
        expect(typeof read === 'object').toBe(schema.success);
      }),
      {seed: 20_260_105, numRuns: 3000},
    );
  });

  it('that is no JSON comes back as the reason', () => {
    expect(readEnvelope('{"version":1,')).toMatch(/JSON/);
  });
});
