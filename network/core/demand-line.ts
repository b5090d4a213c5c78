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
  /** When somebody called the rest off; a cancelled line without it was withdrawn: its need is another line's. */
  readonly cancelledAt: EpochMs | null;
  readonly state: DemandState;
}

/** Why somebody called the rest of a line off. */
export const CANCEL_REASONS = [
  'not-needed',
  'duplicate',
  'supplied-elsewhere',
  'equipment-retired',
  'other',
] as const;
export type CancelReason = (typeof CANCEL_REASONS)[number];

/** What happened to a line after it was opened; `qty` in pieces of the line's part. */
export type LineEvent =
  /** `pieces` of `partId` went out for it: the line's own part, or an approved substitute that takes several for one. */
  | {readonly type: 'filled'; readonly qty: number; readonly partId: string; readonly pieces: number}
  | {readonly type: 'returned'; readonly qty: number}
  | {
      readonly type: 'cancelled';
      readonly qty: number;
      readonly reason: CancelReason | 'withdrawn';
      readonly note: string | null;
    };

type Amounts = Pick<DemandLine, 'state' | 'qty' | 'filledQty'>;

/** Pieces that a line still waits for: qty − filled while open, else 0. */
export function outstanding({state, qty, filledQty}: Amounts): number {
  return state === 'open' ? qty - filledQty : 0;
}

/**
 * Pieces of a line that were called off. With it requested = filled + open + cancelled, whatever happens to a line.
 *
 * Example: 3 asked for, 1 filled, the rest cancelled → 3 = 1 + 0 + 2.
 */
export function calledOff({state, qty, filledQty}: Amounts): number {
  return state === 'cancelled' ? qty - filledQty : 0;
}

/** Fills part or all of an open line. Example: 2 of 3 → open with 1 outstanding; 1 more → filled. */
export function fill(line: DemandLine, qty: number, at: EpochMs): DemandLine {
  invariant(qty > 0 && qty <= outstanding(line), 'a fill is within what the line waits for');
  const filledQty = line.filledQty + qty;
  return filledQty === line.qty ? {...line, filledQty, state: 'filled', filledAt: at} : {...line, filledQty};
}

/** Calls off what an open line still waits for; what it was given stays given. */
export function cancel(line: DemandLine, at: EpochMs): DemandLine {
  invariant(line.state === 'open', 'only an open line has something to call off');
  return {...line, state: 'cancelled', cancelledAt: at};
}

/** Takes a line out because its need is another line's; `returned` pieces of what it was given are back on the shelf. */
export function withdraw(line: DemandLine, returned: number): DemandLine {
  invariant(returned <= line.filledQty, 'only what a line was given can come back');
  return {
    ...line,
    filledQty: line.filledQty - returned,
    filledAt: null,
    state: 'cancelled',
    cancelledAt: null,
  };
}

/** Contract tiers, first served first; a tier not named here comes after all of them. */
const TIERS = ['gold', 'silver', 'bronze', 'standard'];

export function tierRank(tier: string): number {
  const rank = TIERS.indexOf(tier);
  return rank < 0 ? TIERS.length : rank;
}
