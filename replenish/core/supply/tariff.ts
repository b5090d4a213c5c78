import type {MovementMinor} from '../../../domain/decision.ts';
import {priceOf, surchargeMinor} from './contracted-way.ts';
import {movementOf, outlay} from '../decision/landed-cost.ts';
import type {Movement, Tariff} from '../decision/landed-cost.ts';
import type {Lane, Situation, Source} from '../decision/situation.ts';
import type {Express} from './express.ts';

type Part = Pick<Situation['part'], 'unitCostMinor' | 'weightG'>;

/** What a way costs beyond waiting, item by item, and what has to be paid for it, price included. Whole minor units. */
export interface Bill {
  readonly movement: Movement;
  readonly landedMinor: number;
}

/**
 * Sending pieces by a lane. What a pool of depots agreed for a piece is a premium, and paid.
 * Example: 80.00 a consignment and 2.00 a piece, 3 pieces → 86.00, all of it freight.
 */
export function laneBill(
  part: Part,
  lane: Lane,
  pieces: number,
  more: {readonly premiumMinor?: number} = {},
): Bill {
  const tariff = {
    freight: lane.costMinor,
    freightPerPiece: lane.costPerPieceMinor,
    freightPerKg: lane.freightPerKgMinor ?? 0,
    dutyRate: lane.dutyRate ?? 0,
    handling: lane.handlingMinor ?? 0,
  };
  const lent = (lane.pool?.priceMinor ?? 0) * pieces;
  const unpaid = more.premiumMinor ?? 0;
  const movement = moved(part, tariff, pieces, {premium: unpaid + lent});
  return {movement, landedMinor: outlay(movement) - unpaid};
}

/**
 * Buying, fetching or having repaired at a source of the depot, at the price and the surcharge that contracts say.
 *
 * @param usualMinor What a piece costs at the depot's normal source. A dearer one adds a premium; a repair that is cheaper saves.
 */
export function sourceBill(
  part: Part,
  source: Source,
  pieces: number,
  {usualMinor, express}: {readonly usualMinor: number; readonly express?: Express | undefined},
): Bill {
  const priceMinor = priceOf(source, pieces);
  const difference = (priceMinor - usualMinor) * pieces;
  const surcharge = surchargeMinor(source, {pieces, express});
  const premium = (source.kind === 'repair' ? difference : Math.max(0, difference)) + surcharge;
  const fee = source.orderCostMinor + (express?.feeMinor ?? 0);
  const tariff = {
    freight: source.freightMinor ?? 0,
    freightPerKg: source.freightPerKgMinor ?? 0,
    dutyRate: source.dutyRate ?? 0,
    handling: source.handlingMinor ?? 0,
  };
  const movement = moved(part, tariff, pieces, {premium, fee});
  return {movement, landedMinor: outlay(movement) - movement.premium + surcharge + priceMinor * pieces};
}

/** What a new piece costs at a depot: the price against which a dearer source has a premium, and a repair saves. */
export function usualPriceMinor({unitCostMinor}: Part, normalSource: Source | null): number {
  return normalSource?.priceMinor ?? unitCostMinor;
}

/** A fee alone: the pieces are under way already. */
export function feeBill(feeMinor: number): Bill {
  return {
    movement: {premium: 0, fee: feeMinor, freight: 0, duty: 0, handling: 0},
    landedMinor: feeMinor,
  };
}

/** The items as a decision shows them. */
export function itemised({premium, fee, freight, duty, handling}: Movement): MovementMinor {
  return {
    premiumMinor: premium,
    feeMinor: fee,
    freightMinor: freight,
    dutyMinor: duty,
    handlingMinor: handling,
  };
}

function moved(
  {unitCostMinor, weightG = 0}: Part,
  tariff: Tariff,
  pieces: number,
  more: {readonly premium: number; readonly fee?: number},
): Movement {
  const goods = {pieces, unitCost: unitCostMinor, unitKg: weightG / 1000};
  const {premium, fee, freight, duty, handling} = movementOf(tariff, goods, more);
  // Rounded item by item, so that the items add up to what is compared.
  return {
    premium: Math.round(premium),
    fee: Math.round(fee),
    freight: Math.round(freight),
    duty: Math.round(duty),
    handling: Math.round(handling),
  };
}
