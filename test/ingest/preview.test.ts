import {describe, expect, it} from 'vitest';
import {epochMs, toIso} from '../../domain/time.ts';
import {OwnProfile, namedProfile, readOwnProfiles} from '../../ingest/core/own-profile.ts';
import {previewPacket} from '../../ingest/core/preview.ts';
import {sha256Key} from '../../ingest/message-key.ts';

const ACME = {
  topicTemplate: 'acme/{site}/{equipmentId}',
  message: 'reading',
  paths: {time: 't', values: 'v', event: '', boot: 'boot', seq: 'seq', type: 'type'},
  time: 'epoch-s',
  timeMissing: 'reject',
  signals: {temp_f: {signal: 'temperature_c', scale: 5 / 9, offset: -160 / 9}},
} as const;
const RECEIVED = epochMs(Date.UTC(2026, 0, 5, 11));

function preview(payload: object, topic = 'acme/AMS/CH-9'): ReturnType<typeof previewPacket> {
  return previewPacket(
    {topic, payload: JSON.stringify(payload)},
    {
      profile: namedProfile('acme', OwnProfile.parse(ACME)),
      machine: {
        signals: new Map([['temperature_c', {unit: 'degC', minValue: -40, maxValue: 150}]]),
        positions: new Set(),
      },
      receivedAt: RECEIVED,
      keyOf: sha256Key,
    },
  );
}

describe('A1 a payload profile, tried before it is in force', () => {
  it('reads time in seconds and converts 212 °F to 100 °C, as the door would', () => {
    const [seen] = preview({t: 1767607200, v: {temp_f: 212}});
    expect(seen).toMatchObject({ok: true, equipmentId: 'CH-9'});
    if (seen?.ok !== true || seen.message.kind !== 'reading') throw new Error('is a reading');
    expect(toIso(seen.message.observedAt)).toBe('2026-01-05T10:00:00.000Z');
    expect(seen.message.values['temperature_c']).toBeCloseTo(100, 9);
  });

  it('says of each message by itself why it would be refused', () => {
    const seen = preview([{t: 1767607200, v: {temp_f: 212}}, {t: 1767607200, v: {temp_f: 'high'}}, {v: {}}]);
    expect(seen.map((one) => (one.ok ? 'taken' : one.rejection.reason))).toEqual([
      'taken',
      'not-a-number',
      'bad-time',
    ]);
    expect(preview({}, 'acme/CH-9')).toMatchObject([{ok: false, rejection: {reason: 'bad-topic'}}]);
  });

  it.each([
    ['telemetry/{equipmentId}', 'taken'],
    ['{equipmentId}/data', 'begins with a word'],
    ['acme/{site}', 'needs a level {equipmentId}'],
    ['acme/#', 'neither a word nor {named}'],
    ['acme//{equipmentId}', 'neither a word nor {named}'],
  ])('a topic template %s is refused: %s', (topicTemplate, why) => {
    const read = OwnProfile.safeParse({...ACME, topicTemplate});
    expect(read.success).toBe(false);
    expect(read.error?.issues[0]?.message).toContain(why);
  });

  it('one that cannot be read is told and costs no other', () => {
    const told: string[] = [];
    const read = readOwnProfiles({acme: ACME, broken: {time: 'noon'}}, (problem) => told.push(problem));
    expect(read.map(({name}) => name)).toEqual(['acme']);
    expect(told).toEqual([expect.stringContaining('ingest.profiles, broken')]);
  });
});
