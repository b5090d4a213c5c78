import {comingPieces} from '../demand/dated-need.ts';
import type {DepotSituation} from './situation.ts';

/** Pieces on the shelf less pieces owed. Example: 2 on the shelf, 3 owed → −1. */
export function netStock(depot: DepotSituation): number {
  return depot.onHand - owedPieces(depot);
}

/** Owed now, or so soon that an order for them is due. */
export function owedPieces(depot: DepotSituation): number {
  return depot.needs.reduce((sum, need) => sum + need.quantity, 0);
}

/** A depot that was helped a moment ago gives nothing away: the piece would go round in circles. */
export function waitsForRescue({receipts}: DepotSituation): boolean {
  return receipts.some(({kind}) => kind !== 'normal');
}

/** Pieces that a rescue on its way brings. */
export function rescuePieces({receipts}: DepotSituation): number {
  return receipts.reduce((sum, {kind, quantity}) => (kind === 'normal' ? sum : sum + quantity), 0);
}

/** Pieces for machines that stand already, which neither the shelf nor a rescue on its way brings. */
export function standingNeed(depot: DepotSituation): number {
  return Math.max(0, owedPieces(depot) - comingPieces(depot) - depot.onHand - rescuePieces(depot));
}

/** The same with needs that are owed by a date to come: no piece for them is for anybody else. */
export function unmetNeed(depot: DepotSituation): number {
  return Math.max(0, owedPieces(depot) - depot.onHand - rescuePieces(depot));
}

/**
 * Pieces on the shelf that are reserved for machines expected to fail: never more than lie there unowed.
 * Example: 2 reserved, 2 on the shelf, 1 owed → 1.
 */
export function heldPieces(depot: DepotSituation): number {
  const reserved = depot.reservations.reduce((sum, {quantity}) => sum + quantity, 0);
  return Math.min(reserved, Math.max(0, netStock(depot)));
}

/** Pieces on the shelf that are neither owed nor held; what plans of other depots may count on. Negative when pieces are owed. */
export function freeStock(depot: DepotSituation): number {
  return netStock(depot) - heldPieces(depot);
}

/**
 * Pieces that a depot may give to another. A reservation is soft: it keeps a piece from predicted needs, and yields to a
 * machine that stands already.
 *
 * @param standing the receiver's pieces for machines that stand already.
 * Example: 3 on the shelf, 2 of them held → 1 for a predicted need; 2 for two machines that stand.
 */
export function giveable(donor: DepotSituation, standing: number): number {
  return Math.max(0, freeStock(donor), Math.min(netStock(donor), standing));
}

/** Pieces on the shelf that can still be used at an instant. Example: 3, one of a lot that expires before → 2. */
export function lastingPieces({onHand, lots = []}: DepotSituation, at: number): number {
  const expiring = lots.reduce((sum, lot) => (lot.usableUntil < at ? sum + lot.quantity : sum), 0);
  return Math.max(0, onHand - expiring);
}

/** What the normal source of a depot may give it, at once. */
export function canSend(source: DepotSituation | undefined, standing: number): number {
  if (source === undefined || source.receipts.some(({kind}) => kind === 'transfer')) return 0;
  return giveable(source, standing);
}
