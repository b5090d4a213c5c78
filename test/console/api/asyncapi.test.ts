/* eslint-disable @typescript-eslint/no-unsafe-member-access -- the document has every shape, and the expectations are what checks it */
import specs from '@asyncapi/specs';
import {Ajv} from 'ajv';
import type {ValidateFunction} from 'ajv';
import addFormats from 'ajv-formats';
import {describe, expect, it} from 'vitest';
import {z} from 'zod';
import {asyncApi} from '../../../console/api/asyncapi.ts';
import {AlertFeedV1, DecisionFeedV1} from '../../../console/api/feed-messages.ts';

type Json = Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any -- the document has every shape

const document = (): Json => structuredClone(asyncApi());

function compiled(schema: object): ValidateFunction {
  const ajv = new Ajv({strict: false, allErrors: true});
  addFormats.default(ajv);
  return ajv.compile(schema);
}

/** The specification carries draft 7 within itself, which ajv has already. */
const {definitions, ...rest} = structuredClone(specs.schemas['3.0.0']);
delete definitions!['http://json-schema.org/draft-07/schema'];
const specification = compiled({...rest, definitions});

const problems = (whole: Json): string[] => {
  specification(whole);
  return (specification.errors ?? []).map(({instancePath, message}) => `${instancePath} ${message}`);
};

describe('the AsyncAPI document', () => {
  it('K1 is valid AsyncAPI 3.0, and one with a mistake is not', () => {
    expect(problems(document())).toEqual([]);
    const broken = document();
    broken['operations']['receive-flat'].action = 'listen';
    expect(problems(broken)).not.toEqual([]);
  });

  it('refers to nothing that is not there, and explains every parameter of an address', () => {
    const whole = document();
    for (const [, pointer] of JSON.stringify(whole).matchAll(/"\$ref":"#([^"]+)"/g)) {
      const found = pointer!
        .split('/')
        .slice(1)
        .reduce<Json | undefined>((at, key) => at?.[key] as Json | undefined, whole);
      expect(found, pointer).toBeDefined();
    }
    for (const channel of Object.values(whole['channels'] as Record<string, Json>)) {
      const named = [...String(channel['address']).matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      expect(Object.keys((channel['parameters'] ?? {}) as Json)).toEqual(named);
    }
  });

  it.each([
    [
      'native-telemetry',
      {observedAt: '2026-01-05T10:00:00.000Z', boot: 3, seq: 1841, values: {vibration_mm_s: 4.2}},
    ],
    [
      'native-event',
      [{observedAt: '2026-01-05T10:00:00.000Z', type: 'error', code: 'error3', component: 'comp1'}],
    ],
    ['flat', {temperature_c: 71.5, observedAt: '2026-01-05T10:00:00Z'}],
    ['ts-values', {ts: 1767607200000, values: {temperature_c: 71.5}}],
    ['senml', [{bn: 'urn:dev:CH-0001/', bt: 1767607200, n: 'temperature_c', u: 'Cel', v: 71.5}]],
  ])(
    'K1 has a schema of %s that takes what docs/equipment.md shows, and no number as text',
    (name, message) => {
      const schema = (document()['components'] as Json)['schemas'][name] as object;
      const takes = compiled(schema);
      expect(takes(message), JSON.stringify(takes.errors)).toBe(true);
      const wrong = JSON.parse(JSON.stringify(message).replace(/71\.5|4\.2|"error"/, '"x"')) as unknown;
      expect(takes(wrong)).toBe(false);
    },
  );

  it('K7 carries the version of a feed in its messages and in its subject', () => {
    const {channels} = document();
    for (const [name, schema, subject] of [
      ['decisions-v1', DecisionFeedV1, 'decisions.v1.{action}'],
      ['alerts-v1', AlertFeedV1, 'alerts.v1.{kind}'],
    ] as const) {
      expect(channels[name].address).toBe(subject);
      expect(z.toJSONSchema(schema, {io: 'input'}).properties!['version']).toMatchObject({const: 1});
    }
  });
});
