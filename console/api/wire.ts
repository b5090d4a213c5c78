import {z} from 'zod';
import {epochMs, toIso} from '../../domain/time.ts';

/** Epoch milliseconds inside, ISO 8601 in UTC on the wire. */
export const Instant = z
  .codec(z.iso.datetime(), z.int(), {
    decode: (text) => Date.parse(text),
    encode: (at) => toIso(epochMs(at)),
  })
  .meta({description: 'ISO 8601 in UTC'});

export const ErrorBody = z.object({
  error: z.string().describe('Code; docs/errors.md explains each'),
  message: z.string(),
  details: z.array(
    z.object({
      path: z.string().describe('Where in the request: "body.qty"'),
      what: z.string(),
      nextStep: z.string(),
    }),
  ),
  requestId: z.string().describe('Names the request in the log'),
});
export type ErrorBody = z.infer<typeof ErrorBody>;

/** Rows of one answer. */
export const pageLimit = z.int().min(1).max(500).default(50).describe('Rows at most');

type Primitive = string | number | boolean | bigint | null | undefined;
/** Replies are built from rows that nobody changes. */
export type DeepReadonly<T> = unknown extends T
  ? T
  : T extends Primitive
    ? T
    : T extends readonly (infer E)[]
      ? readonly DeepReadonly<E>[]
      : {readonly [K in keyof T]: DeepReadonly<T[K]>};
