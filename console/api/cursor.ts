import {z} from 'zod';

const SHAPE = /^(-?\d{1,15})\.([0-9a-f-]{36})$/;

/** Where a page ended: what its rows are ordered by (an instant, an amount of money) and the id beside it, in a form that callers pass back and need not read. */
export const Cursor = z
  .codec(z.string().max(100), z.object({at: z.int(), id: z.string()}), {
    decode: (text, context) => {
      const [, at, id] = SHAPE.exec(Buffer.from(text, 'base64url').toString('latin1')) ?? [];
      if (at !== undefined && id !== undefined) return {at: Number(at), id};
      context.issues.push({
        code: 'custom',
        input: text,
        message: 'is no cursor of this list; start without it',
      });
      return z.NEVER;
    },
    encode: ({at, id}) => Buffer.from(`${at}.${id}`, 'latin1').toString('base64url'),
  })
  .meta({description: 'nextCursor of the page before; goes on after it'});
export type Cursor = z.output<typeof Cursor>;

/** The cursor behind the last row of a full page; null when the list has ended. */
export function nextCursor<T>(
  rows: readonly T[],
  limit: number,
  placeOf: (row: T) => {readonly at: number; readonly id: string},
): Cursor | null {
  const last = rows.at(-1);
  if (last === undefined || rows.length < limit) return null;
  return placeOf(last);
}
