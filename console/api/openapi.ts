import {z} from 'zod';
import {invariant} from '../../domain/invariant.ts';
import {csvListOf} from './csv-list.ts';
import {deprecationText} from './deprecation.ts';
import {statusOf} from './errors.ts';
import {GLOSSARY} from './glossary-terms.ts';
import {EXAMPLES} from './openapi-examples.ts';
import {PERMISSIONS} from './permissions.ts';
import type {Permission} from './permissions.ts';
import type {Route} from './route.ts';
import {titleOf} from './schema-titles.ts';
import {ErrorBody} from './wire.ts';

type Json = Record<string, unknown>;

/** What of a route the document shows. */
export type Described = Omit<Route, 'handle' | 'permission'> & {readonly permission: Permission | 'public'};

/** The OpenAPI 3.1 document of a route table, from the very schemas that requests are checked and replies written by. */
export function openApiOf(routes: readonly Described[], {secured}: {readonly secured: boolean}): Json {
  const schemas: Record<string, Json> = {};
  const named = namedIn(schemas);
  const paths: Record<string, Json> = {'/api/v1/stream': {get: STREAM}};
  for (const route of routes) {
    paths[route.path] = {...paths[route.path], [route.method.toLowerCase()]: operation(route, named)};
  }
  named(ErrorBody, 'Error');
  linkFigures(schemas);
  return {
    openapi: '3.1.0',
    info: {
      title: 'Forestock',
      version: '1',
      description:
        'Predictive replenishment for service parts. Times are ISO 8601 in UTC, money is whole minor units.',
      license: {name: 'Apache-2.0', identifier: 'Apache-2.0'},
    },
    servers: [{url: '/'}],
    ...(secured ? {security: [{token: []}]} : {}),
    paths,
    components: {
      schemas: Object.fromEntries(Object.entries(schemas).sort(([a], [b]) => (a < b ? -1 : 1))),
      securitySchemes: {
        token: {
          type: 'http',
          scheme: 'bearer',
          description:
            'FORESTOCK_API_TOKEN, or a token of a party (forestock token add), which reaches the operations that say so',
        },
      },
    },
  };
}

/** Each key figure of the glossary is named at the field that shows it, so that a screen can link to its formula. */
function linkFigures(schemas: Readonly<Record<string, Json>>): void {
  for (const {id, field} of GLOSSARY) {
    const [title = '', name = ''] = field?.split('.') ?? [];
    const properties = schemas[title]?.['properties'] as Record<string, Json> | undefined;
    if (properties?.[name] !== undefined) properties[name]['x-glossary'] = id;
  }
}

/** Puts a schema among the components under its title, and answers the reference to it. */
type Named = (schema: z.ZodType, title: string) => Json;

/**
 * Every schema with a title becomes a component, so that a generated client has one type for one thing. Two things of one title
 * would overwrite each other there: that is a mistake of ours.
 */
function namedIn(schemas: Record<string, Json>): Named {
  const lift = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(lift);
    if (typeof value !== 'object' || value === null) return value;
    const lifted = Object.fromEntries(Object.entries(value).map(([key, each]) => [key, lift(each)]));
    if (typeof lifted['title'] !== 'string' || !('type' in lifted)) return lifted;
    const {title, description, ...rest} = lifted;
    const known = schemas[title];
    invariant(
      known === undefined || JSON.stringify({...known, title: undefined}) === JSON.stringify(rest),
      `the title ${title} names one schema`,
    );
    schemas[title] = {...rest, title};
    return {$ref: `#/components/schemas/${title}`, ...(description === undefined ? {} : {description})};
  };
  return (schema, title) => lift({...schemaOf(schema, 'input'), title: titleOf(schema) ?? title}) as Json;
}

const STREAM = {
  operationId: 'getStream',
  tags: ['stream'],
  summary:
    'Decisions and alerts as they happen: server-sent events "decision" and "alert", their data as in the lists',
  parameters: [
    {
      name: 'last-event-id',
      in: 'header',
      required: false,
      description: 'Goes on after this event; without it with what happens next.',
      schema: {type: 'string'},
    },
  ],
  responses: {
    200: {description: 'The stream', content: {'text/event-stream': {schema: {type: 'string'}}}},
    503: {description: 'too-many-streams', content: json({$ref: '#/components/schemas/Error'})},
  },
};

function operation(route: Described, named: Named): Json {
  const id = operationId(route);
  const typeName = `${id[0]!.toUpperCase()}${id.slice(1)}`;
  const example = EXAMPLES[`${route.method} ${route.path}`];
  return {
    operationId: id,
    tags: [route.tag],
    summary: route.summary,
    description: [whoMay(route), ...(route.deprecated ? [deprecationText(route.deprecated)] : [])].join(' '),
    ...(route.deprecated && {deprecated: true}),
    parameters: [
      ...parameters('path', route.params),
      ...parameters('query', route.query),
      ...(route.method === 'POST' ? [IDEMPOTENCY_KEY] : []),
    ],
    ...(route.body === undefined
      ? {}
      : {
          requestBody: {
            required: true,
            content: json(named(route.body, `${typeName}Body`), example?.body),
          },
        }),
    responses: {
      200: {
        description: 'Done',
        content: {
          ...json(named(route.reply, `${typeName}Reply`), example?.reply),
          ...(csvListOf(route) === null ? {} : CSV),
        },
      },
      ...errorResponses(route),
    },
  };
}

/** With accept: text/csv, or .csv behind the path. */
const CSV = {'text/csv': {schema: {type: 'string', description: 'RFC 4180, UTF-8, units in the header'}}};

/** 'Needs the permission stock.book: planner (own depots), admin.' */
function whoMay({permission}: Described): string {
  if (permission === 'public') return 'Open to everybody.';
  const roles: Readonly<Record<string, string>> = PERMISSIONS[permission].roles;
  const named = Object.entries(roles).map(([role, scope]) =>
    scope === 'all' ? role : `${role} (own ${scope})`,
  );
  return `Needs the permission ${permission}: ${named.join(', ')}.`;
}

const IDEMPOTENCY_KEY = {
  name: 'idempotency-key',
  in: 'header',
  required: false,
  description: 'The caller’s own name of this request; sent again it answers the first outcome.',
  schema: {type: 'string', maxLength: 200},
};

/** 'GET /api/v1/decisions/{decisionId}/trace' → 'getDecisionsDecisionIdTrace'. */
function operationId({method, path}: Described): string {
  const words = path.replace('/api/v1/', '').split(/[^A-Za-z0-9]+/);
  const capital = words.filter(Boolean).map((word) => word[0]!.toUpperCase() + word.slice(1));
  return method.toLowerCase() + capital.join('');
}

function parameters(place: 'path' | 'query', schema: z.ZodObject | undefined): Json[] {
  if (schema === undefined) return [];
  const {properties = {}, required = []} = schemaOf(schema, 'input') as {
    properties?: Record<string, Json>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, {description, ...rest}]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    ...(description === undefined ? {} : {description}),
    schema: rest,
  }));
}

function errorResponses(route: Described): Json {
  const codes = ['invalid-request', 'too-many-requests', 'internal', ...(route.refusals ?? [])];
  const byStatus = new Map<number, string[]>();
  for (const code of codes) byStatus.set(statusOf(code), [...(byStatus.get(statusOf(code)) ?? []), code]);
  return Object.fromEntries(
    [...byStatus].map(([status, named]) => [
      status,
      {description: named.join(', '), content: json({$ref: '#/components/schemas/Error'})},
    ]),
  );
}

function json(schema: Json, example?: unknown): Json {
  return {'application/json': {schema, ...(example === undefined ? {} : {example})}};
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Json {
  const json = z.toJSONSchema(schema, {
    io,
    // The pattern that zod adds to date-time is 400 characters of calendar; the format says the same.
    override: ({zodSchema, jsonSchema}) => {
      if (jsonSchema.format !== undefined) delete jsonSchema.pattern;
      const title = titleOf(zodSchema);
      if (title !== null) jsonSchema.title = title;
    },
  });
  delete json.$schema; // the document names the dialect once
  return json;
}
