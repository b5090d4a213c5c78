import {z} from 'zod';

/**
 * The sort key of the row where a page ended, in a form that callers pass back and need not read.
 *
 * @param key  What the list is sorted by.
 */
export function keyCursor<K extends z.ZodType>(key: K): z.ZodType<z.output<K>, string> {
  return z
    .codec(z.string().max(500), z.custom<z.output<K>>(), {
      decode: (text, context) => {
        const read = key.safeParse(parsed(Buffer.from(text, 'base64url').toString('utf8')));
        if (read.success) return read.data;
        const message = 'is no cursor of this list; start without it';
        context.issues.push({code: 'custom', input: text, message});
        return z.NEVER;
      },
      encode: (place) => Buffer.from(JSON.stringify(place), 'utf8').toString('base64url'),
    })
    .meta({description: 'nextCursor of the page before; goes on after it'});
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
