import {z} from 'zod';
import type {Result} from '../../domain/result.ts';
import type {Route} from './route.ts';
import type {ErrorBody} from './wire.ts';

export type Problem = ErrorBody['details'][number];

export interface RawRequest {
  readonly params: unknown;
  readonly query: Readonly<Record<string, unknown>>;
  readonly body: unknown;
}

export type Checked = Pick<Parameters<Route['handle']>[0], 'params' | 'query' | 'body'>;

/** Checks path, query and body together, so that one answer says everything that is wrong. */
export function requestCheck(
  route: Pick<Route, 'params' | 'query' | 'body'>,
): (raw: RawRequest) => Result<Checked> & {problems: Problem[]} {
  const query = route.query?.strict();
  const readQuery = query === undefined ? (text: RawRequest['query']) => text : queryReader(query);
  const body = route.body instanceof z.ZodObject ? route.body.strict() : route.body;
  return (raw) => {
    const problems: Problem[] = [];
    const check = (place: string, schema: z.ZodType | undefined, value: unknown): unknown => {
      if (schema === undefined) return undefined;
      const parsed = schema.safeParse(value);
      if (parsed.success) return parsed.data;
      problems.push(...parsed.error.issues.map((issue) => problemOf(place, issue)));
      return undefined;
    };
    const value = {
      params: check('path', route.params, raw.params),
      query: check('query', query, readQuery(raw.query)),
      body: check('body', body, raw.body ?? {}),
    } as Checked;
    if (problems.length === 0) return {ok: true, value, problems};
    return {ok: false, reason: 'invalid-request', detail: `${problems.length} problem(s)`, problems};
  };
}

function problemOf(place: string, issue: z.core.$ZodIssue): Problem {
  const path = [place, ...issue.path.map(String)].join('.');
  if (issue.code === 'unrecognized_keys') {
    return {
      path,
      what: `unknown: ${issue.keys.join(', ')}`,
      nextStep: 'remove it, or correct its name',
    };
  }
  return {path, what: issue.message, nextStep: 'see the schema in /api/v1/openapi.json'};
}

/** A query string has texts only: numbers and booleans are read where the schema has them. */
function queryReader(schema: z.ZodObject): (query: RawRequest['query']) => Record<string, unknown> {
  const {properties = {}} = z.toJSONSchema(schema, {io: 'input'});
  const typeOf = (key: string): unknown => (properties[key] as {type?: string} | undefined)?.type;
  const read = (key: string, text: unknown): unknown => {
    if (typeof text !== 'string') return text;
    const type = typeOf(key);
    if ((type === 'integer' || type === 'number') && /^-?\d+(\.\d+)?$/.test(text)) return Number(text);
    if (type === 'boolean' && (text === 'true' || text === 'false')) return text === 'true';
    return text;
  };
  return (query) => Object.fromEntries(Object.entries(query).map(([key, text]) => [key, read(key, text)]));
}
