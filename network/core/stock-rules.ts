import {ok, refused, type Result} from '../../domain/result.ts';
import type {UomConversion} from './units.ts';

/** What the stock ledger must know of a part. */
export interface StockPart {
  readonly partId: string;
  readonly groupId: string;
  readonly stockingUom: string;
  readonly lotRequired: boolean;
  readonly serialRequired: boolean;
  readonly conversions: readonly UomConversion[];
}

export type TraceProblem = 'lot-missing' | 'serial-missing' | 'serial-quantity' | 'serial-elsewhere';

/**
 * Whether lot and serial of a movement are as the part demands.
 *
 * @param seenAt  Where this serial was last seen, null when never: a piece can leave only where it is, and come in only from outside.
 *
 * Example: part with serials, 2 pieces in one movement → refused; the same serial received twice → refused.
 */
export function checkTrace(
  part: StockPart,
  movement: {
    readonly lot: string;
    readonly serial: string;
    readonly pieces: number;
    readonly fromLoc: string;
  },
  seenAt: string | null,
): Result<null, TraceProblem> {
  const {lot, serial, pieces, fromLoc} = movement;
  if (part.lotRequired && lot === '')
    return refused('lot-missing', `part ${part.partId} is kept by lot; name the lot`);
  if (part.serialRequired && serial === '') {
    return refused(
      'serial-missing',
      `part ${part.partId} is kept by serial; send one piece a movement with its serial`,
    );
  }
  if (serial !== '' && pieces !== 1) {
    return refused(
      'serial-quantity',
      `serial ${serial} of part ${part.partId} is one piece, not ${pieces}; send one movement for each serial`,
    );
  }
  if (serial === '' || seenAt === null || seenAt === fromLoc || !(isShelf(seenAt) || isShelf(fromLoc)))
    return ok(null);
  const where = isShelf(seenAt) ? `is at ${seenAt}` : `left to ${seenAt}`;
  return refused(
    'serial-elsewhere',
    `serial ${serial} of part ${part.partId} ${where}, not at ${fromLoc}; correct the serial or count it first`,
  );
}

/** Places that hold pieces of ours; all others are the far side of the double entry. */
export function isShelf(loc: string): boolean {
  return loc.startsWith('depot:') || loc.startsWith('transit:');
}

/** One lot of one part. */
export function lotKey({partId, lot}: {readonly partId: string; readonly lot: string}): string {
  return JSON.stringify([partId, lot]);
}

/** Conditions that can be issued, in the order in which they are. */
export const ISSUABLE_CONDITIONS = ['serviceable', 'new'] as const;
