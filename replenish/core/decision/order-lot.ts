import type {Option, Reason} from '../../../domain/decision.ts';
import {YEAR_DAYS} from '../../../domain/time.ts';
import {valueLimit} from './approval.ts';
import type {Candidate} from './candidate.ts';
import {priceOf, sourceEffects} from '../supply/contracted-way.ts';
import {costed} from './costed-option.ts';
import {steadyRatePerH} from '../demand/depot-demand.ts';
import type {DepotPlan} from './depot-plan.ts';
import {positionOf} from './depot-plan.ts';
import {quantityAsked, type EssentialOption} from './essence.ts';
import {backorderCurve, mean} from '../probability/pmf.ts';
import {cheapestWindow, windowCost, type PositionCosts, type RqPolicy} from '../stock/rq-policy.ts';
import {orderQuantity} from '../stock/newsvendor.ts';
import type {Situation, Source} from './situation.ts';
import {sourceBill, usualPriceMinor} from '../supply/tariff.ts';

const YEAR_H = YEAR_DAYS * 24;
/** Long enough for one machine to weigh little, short enough to follow a season. */
const RATE_OVER_H = 2160;

/**
 * An order of new pieces in the lot that is cheapest in the long run, instead of just what is needed now; every other act stays as it is.
 * What was chosen was chosen by what is needed: a lot neither makes a depot order nor outweighs another way.
 */
export function inLots(situation: Situation, chosen: Candidate): Candidate {
  const {plan, option} = chosen;
  const source = lotSource(situation, plan, option);
  const lot = source === null ? null : economicLot(situation, plan, option, source);
  if (source === null || lot === null) return chosen;
  const raised = resized(situation, plan, {option, source, quantity: lot.ordered});
  const options = chosen.options.map((one) => (one === option ? raised : one));
  return {...chosen, option: raised, options, lot};
}

/** An order to a source with another number of pieces, at its cost. */
export function resized(
  situation: Situation,
  plan: DepotPlan,
  {option, source, quantity}: {readonly option: Option; readonly source: Source; readonly quantity: number},
): Option {
  const {part} = situation;
  const {sourceKind, sourceId, ownerPartyId} = option;
  return costed(situation, plan, {
    action: 'order',
    sourceKind,
    sourceId,
    mode: null,
    quantity,
    arrival: source,
    excluded: null,
    ownerPartyId,
    bill: sourceBill(part, source, quantity, {usualMinor: usualPriceMinor(part, plan.source)}),
    terms: sourceEffects(source, {
      pieces: quantity,
      position: positionOf(plan.depot),
      currency: part.currency,
    }),
  });
}

/**
 * What the orders of a depot amount to in the long run: the highest position on its own shelf at which one is due, and what is then
 * ordered of the usual source.
 *
 * Example: target 4, of which 3 pieces cover the demand too badly, no order cost, multiples of 2 → (3, 2).
 */
export function usualOrders(situation: Situation, plan: DepotPlan, source: Source): RqPolicy {
  const {usualTarget: target, onShelves} = plan;
  let position = target - 1;
  while (!plan.dueAt(position, position - onShelves)) position -= 1;
  const own = position - onShelves;
  const shelf = {onHand: Math.max(0, own), receipts: [], needs: [], supplyShock: undefined};
  const {sourceKind, sourceId, minimum, multiple} = source;
  const quantity = orderQuantity(position, target, minimum, multiple);
  const option = {action: 'order', sourceKind, sourceId, mode: null, quantity} as const;
  const atTrigger = {...plan, depot: {...plan.depot, ...shelf}, target, position};
  const isLot = lotSource(situation, atTrigger, option) !== null;
  const lot = isLot ? economicLot({...situation, asked: []}, atTrigger, option, source) : null;
  return {r: own, q: lot?.ordered ?? quantity};
}

/** Pieces that a depot hands on are bought already, a level under shock is no usual level, and a part at its end is not bought ahead. */
function lotSource({policy, part}: Situation, plan: DepotPlan, option: EssentialOption): Source | null {
  const {depot, source} = plan;
  if (policy.lotCoverDaysMax === undefined || part.endOfLife === true) return null;
  if (depot.supplyShock !== undefined || !depot.mayStock) return null;
  const isUsual = option.action === 'order' && option.sourceId === source?.sourceId;
  return isUsual && source.sourceKind === 'supplier' ? source : null;
}

/**
 * How many pieces an order brings once it is sure that one goes out: what each order costs whatever is in it, against holding the
 * pieces beyond those needed. The reorder point stays where the demand put it; the lot is the cheapest window of levels from the target up.
 *
 *   cost(q) = (K · λ + Σ G(y)) / q  over y = target..target + q − 1,   G(y) = h · E[(y − D)⁺] + b · E[(D − y)⁺]
 *
 * A size from which on all pieces are cheaper is a lot to look at as well: it saves λ times the difference of the price.
 * h and b are the costs that the target weighs, an hour. λ is the demand that is sure to come: background, and failures expected once
 * today's alarms are over; neither a single alarm nor a campaign.
 *
 * Source: `cheapestWindow`. Example: 60.00 an order, 24 a year, 100.00 to hold a piece for a year → lots of 5 (order-lot.test.ts).
 */
function economicLot(
  situation: Situation,
  plan: DepotPlan,
  option: EssentialOption,
  source: Source,
): Extract<Reason, {code: 'economic-lot'}> | null {
  const orderCostMinor = source.orderCostMinor + (source.freightMinor ?? 0) + (source.handlingMinor ?? 0);
  const ratePerH = steadyRatePerH(plan.echelon, source.meanH, RATE_OVER_H);
  const isFlat = orderCostMinor === 0 && source.priceTiers === undefined;
  if (isFlat || ratePerH === 0) return null;

  const costs = positionCosts(plan, orderCostMinor * ratePerH);
  const {target, position} = plan;
  /** An order for the whole window takes the position from below the target to the window's end. */
  const windowOf = (quantity: number): {r: number; q: number} => ({
    r: target - 1,
    q: Math.max(1, position + quantity - target + 1),
  });
  /** An hour of what the price of this size saves; each piece bought is one asked for. */
  const discount = (quantity: number): number => ratePerH * (source.priceMinor - priceOf(source, quantity));
  const costOf = (quantity: number): number => windowCost(costs, windowOf(quantity)) - discount(quantity);

  const needed = option.quantity;
  const most = mostPieces(situation, plan, {source, needed, ratePerH});
  const highest = target - 1 + windowOf(most).q;
  const {q} = cheapestWindow(costs, target, {lowest: target, highest});
  const whole = Math.floor((target - 1 + q - position) / source.multiple) * source.multiple;
  const cheapest = [Math.max(needed, whole), ...priceBreaks(source, {needed, most})].reduce((best, other) =>
    costOf(other) < costOf(best) ? other : best,
  );
  const hardlyMore =
    (1 + situation.policy.hysteresis) * windowCost(costs, windowOf(cheapest)) - discount(cheapest);
  const ordered = standingLot(situation, plan, option, {most, costMax: hardlyMore, cheapest, costOf});
  if (ordered === needed) return null;
  return {
    code: 'economic-lot',
    needed,
    ordered,
    orderCostMinor,
    perYear: Math.round(ratePerH * YEAR_H * 1000) / 1000,
    savingMinor: Math.round((costOf(needed) - costOf(ordered)) * YEAR_H),
    currency: situation.part.currency,
  };
}

/** The smallest orders of each price, of those that may be placed. */
function priceBreaks(
  {priceTiers = [], multiple}: Source,
  {needed, most}: {readonly needed: number; readonly most: number},
): number[] {
  return priceTiers
    .map(({fromQty}) => Math.ceil(fromQty / multiple) * multiple)
    .filter((quantity) => quantity > needed && quantity <= most);
}

/** What a level of the position costs an hour, above the level of least cost: the safety stock is the target's matter. */
function positionCosts(plan: DepotPlan, ordering: number): PositionCosts {
  const {demand, onShelves, tooEarlyH, underageMinor, overageMinor, target} = plan;
  const curve = backorderCurve(demand, demand.p.length);
  const expected = mean(demand);
  const level = (position: number): number => {
    const spare = position - onShelves;
    const backorders = spare < 0 ? expected - spare : curve[Math.min(spare, curve.length - 1)]!;
    return (overageMinor * (spare - expected + backorders) + underageMinor * backorders) / tooEarlyH;
  };
  const least = level(target);
  return {ordering, levelCost: (position) => level(position) - least};
}

/** What the lot may be at most: it is used up within the cover and before it expires, fits the shelf, and goes out by itself if the need would. */
function mostPieces(
  {policy, part}: Situation,
  plan: DepotPlan,
  {source, needed, ratePerH}: {readonly source: Source; readonly needed: number; readonly ratePerH: number},
): number {
  const {depot, target, position} = plan;
  const below = target - 1 - position;
  const most = [below + ratePerH * (policy.lotCoverDaysMax ?? 0) * 24];
  if (part.shelfLifeD !== undefined) {
    // The last of y pieces is used in time even if two standard deviations fewer are asked for: y + 2√y ≤ λ · life.
    const inTime = Math.sqrt(1 + ratePerH * part.shelfLifeD * 24) - 1;
    most.push(inTime ** 2 - position);
  }
  if (source.flex !== undefined) most.push(source.flex.freePieces);
  if (depot.maxStock !== null) most.push(depot.maxStock - positionOf(depot));
  if (policy.mode === 'auto') {
    const landed = (pieces: number): number =>
      sourceBill(part, source, pieces, {usualMinor: source.priceMinor}).landedMinor;
    const each = Math.max(1, landed(2) - landed(1));
    most.push((valueLimit(policy, part.criticality).maxMinor - landed(0)) / each);
  }
  return Math.max(needed, Math.floor(Math.min(...most)));
}

/**
 * A lot that was asked for stays as long as it costs hardly more than the best: near its least, cost is flat, so a lot half or twice
 * as large as the best costs a quarter more, and a proposal is not made anew for every move of the forecast.
 */
function standingLot(
  {asked = [], part}: Situation,
  {depot}: DepotPlan,
  option: EssentialOption,
  {
    most,
    costMax,
    cheapest,
    costOf,
  }: {
    readonly most: number;
    readonly costMax: number;
    readonly cheapest: number;
    readonly costOf: (quantity: number) => number;
  },
): number {
  const standing = asked
    .flatMap(({essence}) => quantityAsked(essence, part.partId, depot.depotId, option) ?? [])
    .filter((quantity) => quantity >= option.quantity && quantity <= most && costOf(quantity) <= costMax);
  return standing[0] ?? cheapest;
}
