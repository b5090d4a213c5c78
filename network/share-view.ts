import {z} from 'zod';
import {DepotId, PartId} from '../domain/ids.ts';
import {shareOut, type Share} from './core/share-out.ts';
import {SHARE_RULES} from './core/service-order.ts';
import type {NetworkPorts} from './ports.ts';
import type {NetworkReads} from './read-ports.ts';
import type {ShareOutRow} from './stock-ports.ts';

const place = {
  partId: PartId.optional().describe('Only this part'),
  depotId: DepotId.optional().describe('Only this depot'),
};
const limit = z.int().min(1).max(1000).default(50).describe('Rows at most');

export const ShareQuery = z.object({
  ...place,
  demandId: z.uuid().optional().describe('Only where this line took part'),
  limit,
});
export const ShareAdviceQuery = z.object({...place, limit});

/** How supplies that could not serve every line were shared out, newest first (F1). */
export function listShareOuts(
  reads: NetworkReads,
  query: z.infer<typeof ShareQuery>,
): Promise<readonly ShareOutRow[]> {
  return reads.shareOuts(query);
}

/** What a shelf has, and who should get it. */
export interface ShareAdvice {
  readonly partId: string;
  readonly depotId: string;
  readonly supply: number;
  readonly asked: number;
  readonly shares: readonly Share[];
}

/**
 * To whom the pieces that lie on shelves now should go, where lines of their own part wait beside them: the order in which a clerk
 * issues them. Successors on the shelf are left to whoever issues.
 */
export async function adviseShares(
  reads: NetworkReads,
  query: z.infer<typeof ShareAdviceQuery>,
  clock: NetworkPorts['worldClock'],
): Promise<readonly ShareAdvice[]> {
  const now = clock.now();
  const open = await reads.demand({...query, state: 'open', limit: LINES_MAX});
  const places = await reads.demandSupply(
    open.map(({demandId}) => demandId),
    now,
  );
  return places
    .filter(({onHand}) => onHand > 0)
    .slice(0, query.limit)
    .map(({partId, depotId, onHand, waiting, confirmed}) => {
      const nextSupplyAt = confirmed[0]?.promisedAt ?? null;
      const claims = waiting.map((line) => ({line, reach: onHand}));
      const shares = shareOut(claims, {now, nextSupplyAt, rules: SHARE_RULES});
      const asked = shares.reduce((sum, share) => sum + share.open, 0);
      return {partId, depotId, supply: onHand, asked, shares};
    });
}

/** Open lines looked at by one request. */
const LINES_MAX = 10_000;
