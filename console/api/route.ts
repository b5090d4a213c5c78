import type {z} from 'zod';
import type {Result} from '../../domain/result.ts';
import type {SharedData} from '../../partners/api.ts';
import type {Principal} from '../../platform/principal.ts';
import type {Deprecation} from './deprecation.ts';
import type {Bound, Permission, Reach} from './permissions.ts';
import type {ConsolePorts} from './ports.ts';
import type {DeepReadonly} from './wire.ts';

/** Who asks, and by which name the request is known: a repeat under the same key answers the first outcome. */
export interface Caller {
  readonly principal: Principal;
  /** How far the route's permission reaches for it. */
  readonly reach: Reach;
  readonly requestId: string;
  /** Header idempotency-key. */
  readonly key: string | null;
}

/** One line of the route table: what the server checks by is what the OpenAPI document shows. */
export interface Route<
  P extends z.ZodObject = z.ZodObject,
  Q extends z.ZodObject = z.ZodObject,
  B extends z.ZodType = z.ZodType,
  R extends z.ZodType = z.ZodType,
> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** As OpenAPI writes it: '/api/v1/decisions/{decisionId}'. */
  readonly path: string;
  readonly tag: string;
  readonly summary: string;
  /** What a caller must have; the matrix says who does (permissions.ts). */
  readonly permission: Permission;
  /** Bounds that the handler keeps callers to (reach.ts). A permission that a role has within bounds needs them here. */
  readonly keepsTo?: readonly Bound[];
  /** What a party reads here: it is sent its own and what a share of this data grants (shared-reply.ts). */
  readonly shares?: SharedData;
  /** It is going: callers are told so, and until when it works (deprecation.ts). */
  readonly deprecated?: Deprecation;
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  readonly bodyBytesMax?: number;
  readonly reply: R;
  /** Codes that this route refuses with, beside invalid-request and internal. */
  readonly refusals?: readonly string[];
  readonly handle: (
    request: {
      readonly params: z.output<P>;
      readonly query: z.output<Q>;
      readonly body: z.output<B>;
      readonly caller: Caller;
    },
    ports: ConsolePorts,
  ) => Promise<Result<DeepReadonly<z.output<R>>>>;
}

/** Keeps the types of one route together; a table holds them side by side. */
export function route<P extends z.ZodObject, Q extends z.ZodObject, B extends z.ZodType, R extends z.ZodType>(
  definition: Route<P, Q, B, R>,
): Route {
  return definition;
}
