/* eslint-disable @typescript-eslint/no-unsafe-assignment, @typescript-eslint/no-unsafe-member-access -- replies are JSON of every shape, and the expectations are what checks them */
import {Validator} from '@seriousme/openapi-schema-validator';
import {describe, expect, it} from 'vitest';
import {z} from 'zod';
import {openApiOf} from '../../../console/api/openapi.ts';
import {EXAMPLES} from '../../../console/api/openapi-examples.ts';
import {route} from '../../../console/api/route.ts';
import {DESCRIBED} from '../../../console/api/routes.ts';
import {ok} from '../../../domain/result.ts';

type Json = Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any -- the document has every shape

const document = (): Json => structuredClone(openApiOf(DESCRIBED, {secured: true}));

const operations = (whole: Json): Json[] =>
  Object.values(whole['paths'] as Record<string, Record<string, Json>>).flatMap((one) => Object.values(one));

describe('the OpenAPI document', () => {
  it('K1 is valid OpenAPI 3.1, and one with a mistake is not', async () => {
    const answer = await new Validator().validate(document());
    expect(answer).toMatchObject({valid: true});
    const broken = document();
    delete broken['info'].version;
    expect((await new Validator().validate(broken)).valid).toBe(false);
  });

  it('K1 names every request and reply, so that a generated client has one type for one thing', () => {
    const whole = document();
    const schemas = whole['components'].schemas as Record<string, Json>;
    for (const [name, schema] of Object.entries(schemas)) expect(schema['title']).toBe(name);
    for (const operation of operations(whole)) {
      const contents = [operation['requestBody'], ...Object.values(operation['responses'] as Json)]
        .map((one: Json | undefined) => one?.['content']?.['application/json']?.schema as Json | undefined)
        .filter((schema) => schema !== undefined);
      expect(contents.length).toBeGreaterThan(0);
      for (const schema of contents) {
        const name = /^#\/components\/schemas\/(\w+)$/.exec(String(schema['$ref']))?.[1];
        expect(schemas, `${operation['operationId']}: ${JSON.stringify(schema)}`).toHaveProperty(name!);
      }
    }
    expect(schemas['GetOrdersReply']!['properties'].orders.items).toEqual({
      $ref: '#/components/schemas/Order',
    });
  });

  it('refuses two schemas of one title', () => {
    const made = (path: string, field: string): ReturnType<typeof route> =>
      route({
        method: 'GET',
        path,
        tag: 'test',
        permission: 'api.describe',
        summary: 'Two of one name',
        reply: z.object({thing: z.object({[field]: z.string()}).meta({title: 'Thing'})}),
        handle: () => Promise.resolve(ok({thing: {[field]: ''}})),
      });
    expect(() => openApiOf([made('/api/v1/a', 'a'), made('/api/v1/b', 'a')], {secured: false})).not.toThrow();
    expect(() => openApiOf([made('/api/v1/a', 'a'), made('/api/v1/b', 'b')], {secured: false})).toThrow(
      'the title Thing names one schema',
    );
  });

  it.each(Object.keys(EXAMPLES))('shows an example that its own schemas take: %s', (key) => {
    const found = DESCRIBED.find(({method, path}) => `${method} ${path}` === key);
    const {body, reply} = EXAMPLES[key]!;
    const strict = (schema: z.ZodType | undefined): z.ZodType | undefined =>
      schema instanceof z.ZodObject ? schema.strict() : schema;
    if (body !== undefined) expect(strict(found?.body)?.safeParse(body).error).toBeUndefined();
    if (reply !== undefined) expect(strict(found?.reply)?.safeParse(reply).error).toBeUndefined();
    const shown = JSON.stringify(openApiOf(DESCRIBED, {secured: true}));
    expect(shown).toContain(`"example":${JSON.stringify(body ?? reply)}`);
  });

  it('asks for a token only where one is set', () => {
    expect(openApiOf(DESCRIBED, {secured: true})['security']).toEqual([{token: []}]);
    expect(openApiOf(DESCRIBED, {secured: false})).not.toHaveProperty('security');
  });
});
