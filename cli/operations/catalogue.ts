import {z} from 'zod';
import {ROUTES} from '../../console/api/routes.ts';
import {invariant} from '../../domain/invariant.ts';
import {fieldsOf} from './fields.ts';
import type {Field} from './fields.ts';

/** Something that happens every day and is told to the books: one request of the API. */
export interface Operation {
  /** As a CSV file names it. */
  readonly name: string;
  /** As OpenAPI writes it: '/api/v1/orders/{orderId}/confirm'. */
  readonly path: string;
  readonly summary: string;
  /** All that the request takes, in path, body and header: the very schemas that the service checks by. */
  readonly schema: z.ZodObject;
  readonly fields: readonly Field[];
  /** Whether the key of a request goes into the header idempotency-key, for want of a field of the body. */
  readonly keyInHeader: boolean;
  /** Field of the body that takes a list, with what one of them says: one operation is a list of one. */
  readonly list: {readonly name: string; readonly fields: ReadonlySet<string>} | null;
}

const headerKey = z.string().min(1).max(200).optional().describe('Makes repeating harmless');

const PATHS = {
  issue: '/api/v1/stock/issues',
  receipt: '/api/v1/stock/receipts',
  count: '/api/v1/stock/counts',
  statement: '/api/v1/stock/statements',
  'order-confirmation': '/api/v1/orders/{orderId}/confirm',
  'order-shipment': '/api/v1/orders/{orderId}/ship',
  'order-receipt': '/api/v1/orders/{orderId}/receive',
  'order-cancellation': '/api/v1/orders/{orderId}/cancel',
  'demand-cancellation': '/api/v1/demand/{demandId}/cancel',
  'backorder-correction': '/api/v1/backorders/{demandId}/correct',
  'backorder-review': '/api/v1/backorders/{demandId}/review',
  repair: '/api/v1/repairs',
  'proposal-approval': '/api/v1/proposals/{decisionId}/approve',
  'proposal-change': '/api/v1/proposals/{decisionId}/change',
  'proposal-rejection': '/api/v1/proposals/{decisionId}/reject',
} as const;

type OperationName = keyof typeof PATHS;

/** Every operation by its name in a CSV file. */
export const OPERATIONS = Object.fromEntries(
  Object.entries(PATHS).map(([name, path]) => [name, operationAt(name, path)]),
) as Readonly<Record<OperationName, Operation>>;

/** The operation that a CSV file names so; null when there is none. */
export function operationNamed(name: string): Operation | null {
  return Object.hasOwn(OPERATIONS, name) ? OPERATIONS[name as OperationName] : null;
}

function operationAt(name: string, path: string): Operation {
  const route = ROUTES.find((one) => one.method === 'POST' && one.path === path);
  invariant(route?.body instanceof z.ZodObject, `the API has a route POST ${path} with a body`);
  const keyInHeader = !('sourceKey' in route.body.shape);
  const {list, shape} = oneOf(route.body);
  const schema = z.object({
    ...route.params?.shape,
    ...shape,
    ...(keyInHeader ? {sourceKey: headerKey} : {}),
  });
  return {name, path, summary: route.summary, schema, fields: fieldsOf(schema), keyInHeader, list};
}

/** What a body says of one thing, where it takes a list of them. */
function oneOf({shape}: z.ZodObject): Pick<Operation, 'list'> & {readonly shape: z.ZodRawShape} {
  for (const [name, type] of Object.entries(shape)) {
    if (!(type instanceof z.ZodArray) || !(type.element instanceof z.ZodObject)) continue;
    const own = type.element.shape as z.ZodRawShape;
    const rest = Object.fromEntries(Object.entries(shape).filter(([other]) => other !== name));
    return {list: {name, fields: new Set(Object.keys(own))}, shape: {...own, ...rest}};
  }
  return {list: null, shape};
}

/**
 * Where and what to post: what path and header name is left out of the body.
 *
 * Example: order-cancellation {orderId: 'o-1', source: 'cli'} → '/api/v1/orders/o-1/cancel', {source: 'cli'}.
 */
export function requestOf(
  {path, keyInHeader, list}: Operation,
  values: Readonly<Record<string, unknown>> & {readonly sourceKey?: string | undefined},
): {
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly key?: string | undefined;
} {
  const isElsewhere = (name: string): boolean =>
    path.includes(`{${name}}`) || (keyInHeader && name === 'sourceKey');
  const said = Object.entries(values).filter(([name]) => !isElsewhere(name));
  const isOfOne = ([name]: [string, unknown]): boolean => list?.fields.has(name) ?? false;
  const rest = Object.fromEntries(said.filter((each) => !isOfOne(each)));
  return {
    path: path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(values[name]))),
    body: list === null ? rest : {...rest, [list.name]: [Object.fromEntries(said.filter(isOfOne))]},
    key: keyInHeader ? values.sourceKey : undefined,
  };
}
