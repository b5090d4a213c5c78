import {z} from 'zod';
import {commandReply} from '../../console/api/network-command.ts';

/** What an operation came to, for a person. Example: 'done: partId VAC-30, pieces 2, issued 0'. */
export function outcomeText(reply: unknown): string {
  const {repeated, result} = commandReply.parse(reply);
  const facts = Object.entries(result).map(([name, value]) => `${name} ${z.coerce.string().parse(value)}`);
  return `${repeated ? 'done before, nothing was done again' : 'done'}: ${facts.join(', ')}`;
}
