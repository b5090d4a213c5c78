import type {EpochMs} from '../../../domain/time.ts';
import {demandRatePerH, riskOf} from '../demand/depot-demand.ts';
import type {DepotSituation} from '../decision/situation.ts';

/** A receipt as its source stands to it. */
export interface ExpectedReceipt {
  readonly orderId: string;
  readonly quantity: number;
  /** Promised, else expected. */
  readonly dueAt: EpochMs;
  /** Its source has confirmed it, or sent it. */
  readonly confirmed: boolean;
}

/** A firm receipt, and what of it is nobody's yet. */
export interface FreeReceipt {
  readonly orderId: string;
  readonly dueAt: EpochMs;
  readonly quantity: number;
  readonly free: number;
}

export interface AvailableToPromise {
  /** Pieces on the shelf that no transfer takes away. */
  readonly onHand: number;
  /** Pieces that open needs wait for, backordered or not. */
  readonly committed: number;
  /** Confirmed and not overdue; the first to come first. */
  readonly firm: readonly FreeReceipt[];
  /** On order, but nobody has confirmed it, or it is overdue: promised to nobody. */
  readonly unconfirmed: number;
  readonly overdue: number;
  /** Free today. */
  readonly now: number;
  /** Free today or with a firm receipt. */
  readonly available: number;
  /** Pieces owed that neither the shelf nor a firm receipt brings. */
  readonly uncovered: number;
}

/**
 * What can be promised to a further customer:
 *
 *   ATP = (on hand − commitments)⁺ + Σ (firm receipts − what of them fills commitments)
 *
 * Commitments take the shelf first, then firm receipts by date. What is overdue or unconfirmed adds nothing, and what is predicted takes
 * nothing: that is shown beside it.
 *
 * Source: available-to-promise, APICS Dictionary. Example: 2 on the shelf, 3 owed, 4 confirmed for Friday, 5 overdue → 0 now, 3 available.
 */
export function availableToPromise(
  {onHand, committed}: {readonly onHand: number; readonly committed: number},
  receipts: readonly ExpectedReceipt[],
  now: EpochMs,
): AvailableToPromise {
  const isOverdue = ({dueAt}: ExpectedReceipt): boolean => dueAt < now;
  let owed = Math.max(0, committed - onHand);
  const firm = receipts
    .filter((receipt) => receipt.confirmed && !isOverdue(receipt))
    .sort((a, b) => a.dueAt - b.dueAt || (a.orderId < b.orderId ? -1 : 1))
    .map(({orderId, dueAt, quantity}) => {
      const free = Math.max(0, quantity - owed);
      owed = Math.max(0, owed - quantity);
      return {orderId, dueAt, quantity, free};
    });
  const free = Math.max(0, onHand - committed);
  return {
    onHand,
    committed,
    firm,
    overdue: pieces(receipts.filter(isOverdue)),
    unconfirmed: pieces(receipts.filter((receipt) => !receipt.confirmed && !isOverdue(receipt))),
    now: free,
    available: firm.reduce((sum, receipt) => sum + receipt.free, free),
    uncovered: owed,
  };
}

/** How far ahead predicted demand is shown beside what can be promised: 28 days. */
export const PREDICTED_H = 672;

/** Pieces expected to be asked for within `PREDICTED_H`, by failures ahead and by everything not monitored. */
export function predictedPieces(depot: DepotSituation, now: EpochMs): number {
  const risks = depot.components.map((component) => riskOf(component, now));
  return demandRatePerH({...depot, risks}) * PREDICTED_H;
}

function pieces(receipts: readonly ExpectedReceipt[]): number {
  return receipts.reduce((sum, {quantity}) => sum + quantity, 0);
}
