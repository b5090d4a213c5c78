import createClient from 'openapi-fetch';
import type {paths} from './paths.d.ts';

/** What the service answers when it refuses; docs/errors.md explains each code. */
export interface Refusal {
  readonly error: string;
  readonly message: string;
  /** Which field, what is wrong with it, what to do: forms show each beside its field. */
  readonly details: readonly {readonly path: string; readonly what: string; readonly nextStep: string}[];
}

/** A request that was refused, or never answered (status 0). */
export class RequestError extends Error {
  readonly status: number;
  readonly refusal: Refusal;
  constructor(status: number, refusal: Refusal) {
    super(refusal.message);
    this.status = status;
    this.refusal = refusal;
  }
}

/** The API with the types of its own OpenAPI document; `ask` below turns refusals into errors. */
export const api = createClient<paths>({baseUrl: '/'});

type Method = 'get' | 'post' | 'put' | 'delete';

/**
 * What a route answers with when it is done.
 *
 * Example: `type Model = Answer<'/api/v1/models'>['models'][number]`.
 */
export type Answer<Path extends keyof paths, M extends Method = 'get'> =
  paths[Path] extends Record<M, {responses: {200: {content: {'application/json': infer Body}}}}>
    ? Body
    : never;

/**
 * The data of a request, or its refusal thrown.
 *
 * Example: `const {alerts} = await ask(api.GET('/api/v1/alerts', {params: {query: {limit: 6}}}))`.
 *
 * @throws RequestError
 */
export async function ask<T>(
  request: Promise<{data?: T; error?: unknown; response: Response}>,
): Promise<NonNullable<T>> {
  const {data, error, response} = await request.catch((cause: unknown) => {
    throw new RequestError(0, unanswered(cause));
  });
  if (data !== undefined && data !== null) return data;
  throw new RequestError(response.status, isRefusal(error) ? error : unreadable(response));
}

function isRefusal(error: unknown): error is Refusal {
  return typeof error === 'object' && error !== null && 'message' in error && 'details' in error;
}

function unanswered(cause: unknown): Refusal {
  const why = cause instanceof Error ? cause.message : String(cause);
  return {error: 'no-answer', message: `The service does not answer (${why}).`, details: []};
}

function unreadable(response: Response): Refusal {
  return {
    error: 'unreadable',
    message: `The service answered ${response.status} ${response.statusText} without saying why.`,
    details: [],
  };
}

/** What a GET of an address answers. Example: `Reply<'/api/v1/work'>['items'][number]`. */
export type Reply<P extends keyof paths> = paths[P] extends {
  get: {responses: {200: {content: {'application/json': infer T}}}};
}
  ? T
  : never;

/** What a POST to an address is sent. */
export type Body<P extends keyof paths> = paths[P] extends {
  post: {requestBody?: {content: {'application/json': infer T}}};
}
  ? T
  : never;

/** Names one act of the user, so that a request which is sent again is carried out once. Works without TLS too, where `randomUUID` is not. */
export function actKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return `console-${[...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}
