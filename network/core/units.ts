import {ok, refused, type Result} from '../../domain/result.ts';
import type {Pieces} from '../../domain/quantity.ts';

/** Units of measure that stock is counted, bought or sent in. */
export const STOCKING_UNITS = [
  'EA',
  'PC',
  'PR',
  'SET',
  'KT',
  'BX',
  'CT',
  'PK',
  'BG',
  'RL',
  'DZ',
  'PAL',
  'MM',
  'CM',
  'M',
  'FT',
  'G',
  'KG',
  'LB',
  'ML',
  'L',
  'GAL',
] as const;

/** `num / den` stocking pieces make one `fromUom`: a box of twelve is 12/1, a piece cut at 25 cm from metres 4/1. */
export interface UomConversion {
  readonly fromUom: string;
  readonly num: number;
  readonly den: number;
}

const QTY_MAX = 1_000_000_000;

/**
 * A quantity in any unit as whole pieces of the part's stocking unit.
 *
 *   pieces = qty · num / den
 *
 * Refused: a unit that the part has no conversion for, a result that is not a whole number of pieces, one outside 1..1e9.
 * Example: 1 BX of a part with BX = 12/1 → 12 pieces; 1 EA of a part stocked in boxes of 12 (EA = 1/12) → refused.
 */
export function toStockingPieces(
  part: {
    readonly partId: string;
    readonly stockingUom: string;
    readonly conversions: readonly UomConversion[];
  },
  qty: number,
  uom: string,
): Result<Pieces, 'unknown-unit' | 'not-whole' | 'out-of-range'> {
  const conversion =
    uom === part.stockingUom ? {num: 1, den: 1} : part.conversions.find(({fromUom}) => fromUom === uom);
  if (conversion === undefined) {
    const known = [part.stockingUom, ...part.conversions.map(({fromUom}) => fromUom)].join(', ');
    return refused(
      'unknown-unit',
      `part ${part.partId}: no conversion from ${uom} (known: ${known}); add one in uom_conversion.csv`,
    );
  }
  const scaled = qty * conversion.num;
  if (!Number.isSafeInteger(scaled) || scaled % conversion.den !== 0) {
    return refused(
      'not-whole',
      `part ${part.partId}: ${qty} ${uom} is no whole number of ${part.stockingUom}; send whole ${part.stockingUom}`,
    );
  }
  const pieces = scaled / conversion.den;
  if (pieces < 1 || pieces > QTY_MAX) {
    return refused(
      'out-of-range',
      `part ${part.partId}: ${qty} ${uom} is ${pieces} ${part.stockingUom}; between 1 and ${QTY_MAX} can move at once`,
    );
  }
  return ok(pieces as Pieces);
}
