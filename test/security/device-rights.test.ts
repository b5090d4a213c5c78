import {describe, expect, it} from 'vitest';
import {mayBeClient, mayPublish, maySubscribe, mosquittoAcl} from '../../ingest/core/device-rights.ts';
import {PROFILES} from '../../ingest/core/profile.ts';

const TEMPLATES = PROFILES.map(({topicTemplate}) => topicTemplate);
const CHILLER = {login: 'CH-0001', equipmentIds: ['CH-0001']};
const NODE = {login: 'line-1/edge-4', equipmentIds: ['CH-0007', 'CH-0008']};

describe('what a device may say', () => {
  it.each([
    ...TEMPLATES.map((template) => template.replace('{site}', 'AMS').replace('{equipmentId}', 'CH-0001')),
    'telemetry/v1/elsewhere/CH-0001', // a machine that moved says so
  ])('K3 CH-0001 speaks on %s', (topic) => {
    expect(mayPublish(CHILLER, topic, TEMPLATES)).toBe(true);
  });

  it.each([
    ...TEMPLATES.map((template) => template.replace('{site}', 'AMS').replace('{equipmentId}', 'CH-0002')),
    ...[
      'telemetry/v1/AMS/ch-0001',
      'telemetry/v1/AMS/CH-0001/x',
      'telemetry/v1/AMS',
      'telemetry/v1/CH-0001/CH-0002',
    ],
    ...[
      'telemetry/v2/AMS/CH-0001',
      'status/v1/AMS/CH-0001',
      'status/v1/AMS/CH-0002',
      '$SYS/CH-0001',
      'CH-0001',
      '',
    ],
    ...['spBv1.0/line-1/NDATA/CH-0001', 'spBv1.0/line-1/DDATA/edge-4/CH-0001', 'spBv1.0/STATE/CH-0001'],
    ...[
      'telemetry/v1/+/CH-0001',
      'telemetry/v1/#',
      'telemetry/v1/AMS/CH-0001\u0000',
      'telemetry/v1//CH-0001',
    ],
  ])('K3 CH-0001 does not speak on %j', (topic) => {
    expect(mayPublish(CHILLER, topic, TEMPLATES)).toBe(false);
  });

  it.each([
    ['spBv1.0/line-1/NBIRTH/edge-4', true],
    ['spBv1.0/line-1/NDATA/edge-4', true],
    ['spBv1.0/line-1/DDATA/edge-4/CH-0007', true],
    ['spBv1.0/line-1/DDATA/edge-4/CH-0001', false], // another's device
    ['spBv1.0/line-1/DDATA/edge-4', false],
    ['spBv1.0/line-1/NDATA/edge-4/CH-0007', false],
    ['spBv1.0/line-1/NDATA/edge-5', false],
    ['spBv1.0/line-2/NDATA/edge-4', false],
    ['spBv1.0/line-1/NCMD/edge-4', false], // commands come from hosts
    ['spBv1.0/line-1/DCMD/edge-4/CH-0007', false],
    ['spBv1.0/STATE/scada', false],
    ['spAv1.0/line-1/NDATA/edge-4', false],
    ['telemetry/v1/AMS/CH-0007', true],
    ['telemetry/v1/AMS/edge-4', false],
  ])('K3 node line-1/edge-4 on %s: %s', (topic, may) => {
    expect(mayPublish(NODE, topic, TEMPLATES)).toBe(may);
  });

  it.each<readonly [string, boolean]>([
    ['status/v1/+/CH-0001', true],
    ['status/v1/AMS/CH-0001', true],
    ...[
      '#',
      '+/#',
      '$SYS/#',
      'status/#',
      'status/v1/#',
      'status/v1/+/+',
      'status/v1/AMS/+',
      'status/v1/AMS/CH-0002',
    ].map((filter) => [filter, false] as const),
    ...['telemetry/v1/AMS/CH-0001', 'status/v1/+/CH-0001/#', '$share/x/status/v1/+/CH-0001', 'spBv1.0/#'].map(
      (filter) => [filter, false] as const,
    ),
  ])('K3 CH-0001 hears %s: %s', (filter, may) => {
    expect(maySubscribe(CHILLER, filter)).toBe(may);
  });

  it.each([
    ['spBv1.0/line-1/NCMD/edge-4', true],
    ['spBv1.0/line-1/DCMD/edge-4/#', true],
    ['spBv1.0/line-1/DCMD/edge-4/CH-0007', true],
    ['spBv1.0/STATE/scada', true],
    ['spBv1.0/line-1/NCMD/+', false],
    ['spBv1.0/line-1/#', false],
    ['spBv1.0/line-1/DDATA/edge-4/CH-0007', false],
  ])('K3 node line-1/edge-4 hears %s: %s', (filter, may) => {
    expect(maySubscribe(NODE, filter)).toBe(may);
  });

  it('K3 nobody takes the client id, and so the session, of another', () => {
    expect(['', 'CH-0001', 'CH-0001#2'].every((id) => mayBeClient(CHILLER, id))).toBe(true);
    expect(
      ['CH-0002', 'CH-00011', 'CH-0001-2', 'forestock-ingest'].some((id) => mayBeClient(CHILLER, id)),
    ).toBe(false);
  });

  it('K3 the access list for Mosquitto says the same, topic by topic', () => {
    const acl = mosquittoAcl([CHILLER, NODE], TEMPLATES, 'forestock');
    const [, chiller = '', node = ''] = acl.split('\n\n');
    const topics = (text: string, kind: string): string[] =>
      [...text.matchAll(new RegExp(`^topic ${kind} (.+)$`, 'gm'))].map(([, topic]) => topic!);
    expect(chiller.startsWith('user CH-0001\n')).toBe(true);
    for (const [device, text] of [
      [CHILLER, chiller],
      [NODE, node],
    ] as const) {
      expect(
        topics(text, 'write').every((topic) => mayPublish(device, topic.replace('+', 'AMS'), TEMPLATES)),
      ).toBe(true);
      expect(topics(text, 'read').every((filter) => maySubscribe(device, filter))).toBe(true);
    }
    expect(topics(chiller, 'write')).toHaveLength(TEMPLATES.length);
  });
});
