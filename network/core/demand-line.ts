import {invariant} from '../../domain/invariant.ts';
import type {EpochMs} from '../../domain/time.ts';

export type DemandState = 'open' | 'filled' | 'cancelled';

/** One need of one part at one depot. Open past `neededAt` it is a backorder. */
export interface DemandLine {
  readonly demandId: string;
  readonly partId: string;
  readonly depotId: string;
  readonly equipmentNo: number | null;
  readonly customerPartyId: string | null;
  readonly tier: string;
  readonly qty: number;
  readonly filledQty: number;
  readonly requestedAt: EpochMs;
  readonly neededAt: EpochMs;
  readonly filledAt: EpochMs | null;
  readonly state: DemandState;
}

/** Pieces that a line still waits for: qty − filled while open, else 0. */
export function outstanding({
  state,
  qty,
  filledQty,
}: Pick<DemandLine, 'state' | 'qty' | 'filledQty'>): number {
  return state === 'open' ? qty - filledQty : 0;
}

/** Fills part or all of an open line. Example: 2 of 3 → open with 1 outstanding; 1 more → filled. */
export function fill(line: DemandLine, qty: number, at: EpochMs): DemandLine {
  invariant(qty > 0 && qty <= outstanding(line), 'a fill is within what the line waits for');
  const filledQty = line.filledQty + qty;
  return filledQty === line.qty ? {...line, filledQty, state: 'filled', filledAt: at} : {...line, filledQty};
}

/** Contract tiers, first served first; a tier not named here comes after all of them. */
const TIERS = ['gold', 'silver', 'bronze', 'standard'];

function tierRank(tier: string): number {
  const rank = TIERS.indexOf(tier);
  return rank < 0 ? TIERS.length : rank;
}

/** The order in which supply meets waiting lines: tier, then needed first, then id, so that it is the same everywhere. */
export function byService(a: DemandLine, b: DemandLine): number {
  return tierRank(a.tier) - tierRank(b.tier) || a.neededAt - b.neededAt || (a.demandId < b.demandId ? -1 : 1);
}
