import {z} from 'zod';

/** What the books answer: facts under `result`; a review of a proposal has them beside `repeated`. */
const Reply = z.looseObject({repeated: z.boolean(), result: z.looseObject({}).optional()});

export function isRepeated(reply: unknown): boolean {
  return Reply.parse(reply).repeated;
}

/** What an operation came to, for a person. Example: 'done: partId VAC-30, pieces 2, issued 0'. */
export function outcomeText(reply: unknown): string {
  const {repeated, result, ...beside} = Reply.parse(reply);
  const facts = Object.entries(result ?? beside)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `${name} ${z.coerce.string().parse(value)}`);
  return `${repeated ? 'done before, nothing was done again' : 'done'}: ${facts.join(', ')}`;
}
