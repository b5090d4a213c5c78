import {z} from 'zod';
import type {Result} from '../domain/result.ts';
import type {EpochMs} from '../domain/time.ts';
import {type PartNumber, resolvePartNumber} from './core/part-reference.ts';
import type {NetworkReads} from './read-ports.ts';
import type {StockBooks} from './stock-ports.ts';

/** How a command names a part. */
export const NamedPart = z
  .object({
    scheme: z.string().optional().describe('Whose number it is: MPN, a customer’s scheme, internal'),
    number: z.string().min(1),
    revision: z.string().optional().describe('Revision of that number'),
  })
  .describe('Our part id, or a number of the cross reference');

/** The part that somebody's number means at `at`, looked up in books or reads; one that means none or two is refused (K2). */
export async function partNamed(
  {references}: Pick<StockBooks, 'references'> | Pick<NetworkReads, 'references'>,
  asked: PartNumber,
  at: EpochMs,
): Promise<Result<string, 'unknown-part' | 'ambiguous-part'>> {
  const meanings = await references(asked.number);
  return resolvePartNumber(asked, meanings.references, meanings.ownParts, at);
}
