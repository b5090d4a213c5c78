import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {EquipmentId} from '../../../domain/ids.ts';
import {EVENT_TYPES} from '../../../domain/reading.ts';
import {epochMs} from '../../../domain/time.ts';
import type {EquipmentEntry} from '../../../ingest/core/equipment.ts';
import {DOOR_LIMITS, judge} from '../../../ingest/core/judge.ts';
import {sha256Key} from '../../../ingest/message-key.ts';
import {readPacket, route} from '../../../ingest/core/read-packet.ts';
import {PROFILES} from '../../../ingest/core/profile.ts';
import {EQUIPMENT_TOPICS} from '../../../ingest/core/wire-schema.ts';

const SIGNAL = fc.constantFrom('temperature_c', 'vibration_mm_s', 'pressure_kpa');
const instant = fc
  .date({
    min: new Date('2025-01-01T00:00:00.000Z'),
    max: new Date('2026-01-01T00:00:00.000Z'),
    noInvalidDate: true,
  })
  .map((date) => date.toISOString());
const number = fc
  .double({min: -1e6, max: 1e6, noNaN: true})
  .map((value) => (Object.is(value, -0) ? 0 : value));
const identity = fc.option(fc.record({boot: fc.nat(1000), seq: fc.nat(1_000_000)}), {nil: {}});

const reading = fc
  .tuple(
    fc.record({
      observedAt: instant,
      values: fc.dictionary(SIGNAL, number, {minKeys: 1, noNullPrototype: true}),
    }),
    identity,
  )
  .map(([message, names]) => ({...message, ...names}));
const event = fc
  .tuple(
    fc.record(
      {
        observedAt: instant,
        type: fc.constantFrom(...EVENT_TYPES),
        code: fc.stringMatching(/^[a-z0-9-]{1,12}$/),
        component: fc.constant('comp1'),
      },
      {requiredKeys: ['observedAt', 'type', 'component']},
    ),
    identity,
  )
  .map(([message, names]) => ({...message, ...names}));

const topicOf = (name: string): string =>
  EQUIPMENT_TOPICS.find((one) => one.name === name)!
    .address.replace('{site}', 'AMS')
    .replace('{equipmentId}', 'CH-0001');

const limits = {unit: '', minValue: -1e9, maxValue: 1e9};
const machine: EquipmentEntry = {
  equipmentId: EquipmentId.parse('CH-0001'),
  ...{equipmentNo: 1, partitionNo: 0, siteId: 'AMS', partyId: 'CUS', expectedIntervalS: 60},
  signals: new Map(['temperature_c', 'vibration_mm_s', 'pressure_kpa'].map((name) => [name, limits])),
  positions: new Set(['comp1']),
};
const now = epochMs(Date.parse('2026-01-05T12:00:00.000Z'));

/** Whether the door takes each message of the packet. */
function taken(name: string, payload: unknown): boolean[] {
  const topic = topicOf(name);
  const found = route(PROFILES, topic);
  if (!('profile' in found)) throw new Error('no profile');
  const arrival = {topic, retain: false, receivedAt: now, wallReceivedAt: now, judgedAt: now};
  return readPacket(found, JSON.stringify(payload)).map(
    (one) => one.ok && judge(one.draft, machine, arrival, DOOR_LIMITS, sha256Key).ok,
  );
}

const fits = (name: string, payload: unknown): boolean =>
  EQUIPMENT_TOPICS.find((one) => one.name === name)!.payload.safeParse(payload).success;

describe('the published schemas of what equipment sends', () => {
  it.each<[string, fc.Arbitrary<unknown>]>([
    ['native-telemetry', reading],
    ['native-event', event],
  ])('K1 %s: what fits the schema is read, one by one or many at once', (name, message) => {
    fc.assert(
      fc.property(fc.oneof(message, fc.array(message, {minLength: 1, maxLength: 5})), (payload) => {
        expect(fits(name, payload)).toBe(true);
        expect(taken(name, payload).every(Boolean)).toBe(true);
      }),
    );
  });

  it('K1 what the door refuses for its form does not fit the schema either', () => {
    const good = {observedAt: '2026-01-05T10:00:00.000Z', values: {temperature_c: 1}};
    const bad: readonly unknown[] = [
      {...good, observedAt: '2026-01-05T10:00:00'},
      {...good, observedAt: 1767607200},
      {...good, values: {temperature_c: '4.2'}},
      {values: good.values},
      {...good, boot: -1, seq: 1},
    ];
    for (const payload of bad) {
      expect(taken('native-telemetry', payload), JSON.stringify(payload)).toEqual([false]);
      expect(fits('native-telemetry', payload), JSON.stringify(payload)).toBe(false);
    }
  });
});
