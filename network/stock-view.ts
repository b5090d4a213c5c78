import {z} from 'zod';
import {DepotId, PartId, PartyId} from '../domain/ids.ts';
import {groupBy} from '../domain/group-by.ts';
import {ok, type Result} from '../domain/result.ts';
import type {PartReference} from './core/part-reference.ts';
import {partNamed} from './part-named.ts';
import type {NetworkPorts} from './ports.ts';
import type {NetworkReads, StockRow} from './read-ports.ts';

export const StockQuery = z.object({
  partId: PartId.optional().describe('Only this part'),
  number: z.string().min(1).max(200).optional().describe('Only the part that anybody’s number means today'),
  scheme: z
    .string()
    .min(1)
    .max(64)
    .optional()
    .describe('Whose number it is: MPN, a customer’s scheme, internal'),
  revision: z.string().max(64).optional().describe('Revision of that number'),
  depotId: DepotId.optional().describe('Only this depot'),
  ownerPartyId: PartyId.optional().describe('Only what belongs to this party'),
  limit: z.int().min(1).max(10_000).default(500).describe('Rows at most, 1 to 10000'),
});

/** Pieces on a shelf or on their way, with every number by which others call the part today. */
export interface NamedStock extends StockRow {
  readonly numbers: readonly Pick<PartReference, 'scheme' | 'number' | 'revision'>[];
}

/**
 * What lies where. Pieces are kept by our part id, by whichever number they came in: a maker's number and ours find the same rows
 * (K2). A number that means no part or two is refused.
 */
export async function listStock(
  reads: NetworkReads,
  {number, scheme, revision, ...filter}: z.infer<typeof StockQuery>,
  clock: NetworkPorts['worldClock'],
): Promise<Result<readonly NamedStock[]>> {
  const now = clock.now();
  const only = new Set<string>(filter.partId === undefined ? [] : [filter.partId]);
  if (number !== undefined) {
    const meant = await partNamed(reads, {number, scheme, revision}, now);
    if (!meant.ok) return meant;
    only.add(meant.value);
  }
  if (only.size > 1) return ok([]); // the id and the number name different parts
  const rows = await reads.stock({...filter, partId: [...only][0]});
  const partIds = [...new Set(rows.map(({partId}) => partId))];
  const numbers = groupBy(await reads.numbersOf(partIds, now), ({partId}) => partId);
  return ok(rows.map((row) => ({...row, numbers: numbers.get(row.partId) ?? []})));
}
