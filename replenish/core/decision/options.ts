import type {Option} from '../../../domain/decision.ts';
import {HOUR_MS, epochMs, toIso} from '../../../domain/time.ts';
import {lendable, sourceEffects, whyLeftToSupplier} from '../supply/contracted-way.ts';
import {costed} from './costed-option.ts';
import {timePoints} from '../lead-time/time-points.ts';
import type {DepotPlan} from './depot-plan.ts';
import {positionOf} from './depot-plan.ts';
import {expressArrival} from './refill.ts';
import {beyondCap} from '../backorder/emergency-override.ts';
import {orderQuantity} from '../stock/newsvendor.ts';
import {canSend, giveable, lastingPieces, standingNeed, waitsForRescue} from './shelf.ts';
import type {Lane, Receipt, Situation, Source} from './situation.ts';
import {substituteOptions} from './substitute-options.ts';
import {feeBill, laneBill, sourceBill, usualPriceMinor} from '../supply/tariff.ts';
import type {Donors} from './unaided.ts';
import {expressWays, fasterThan} from '../supply/express.ts';

/** A transfer moves a few pieces: more is rebalancing, not rescue. */
const TRANSFER_PIECES_MAX = 3;

/** Doing nothing more: what every option is compared with. */
export function waitingOption(plan: DepotPlan): Option {
  return {
    action: 'nothing',
    sourceKind: null,
    sourceId: null,
    mode: null,
    quantity: 0,
    arrival: null,
    actionMinor: 0,
    downtimeMinor: plan.reactiveMinor,
    holdingMinor: 0,
    donorRiskMinor: 0,
    totalMinor: plan.reactiveMinor,
    landedMinor: 0,
    excluded: null,
  };
}

/** Every way to bring pieces to a depot, each with its expected cost; the excluded ones say why. */
export function optionsFor(situation: Situation, donors: Donors, plan: DepotPlan): Option[] {
  const wanted = Math.max(1, plan.target - plan.position);
  return [
    ...plan.depot.sources.flatMap((source) => fromSource(situation, donors, plan, source, wanted)),
    ...plan.depot.receipts.flatMap((receipt) => expediteReceipt(situation, plan, receipt)),
    ...situation.lanes
      .filter(
        (lane) => lane.toDepotId === plan.depot.depotId && lane.fromDepotId !== plan.depot.parentDepotId,
      )
      .flatMap((lane) => fromNeighbour(situation, donors, plan, lane, wanted)),
    ...substituteOptions(situation, donors, plan),
  ];
}

function fromSource(
  situation: Situation,
  donors: Donors,
  plan: DepotPlan,
  source: Source,
  wanted: number,
): Option[] {
  if (source.kind === 'repair') return fromWorkshop(situation, plan, source, wanted);
  const ordered = orderQuantity(plan.position, plan.position + wanted, source.minimum, source.multiple);
  const parent = source.sourceKind === 'depot' ? donors.plans.get(source.sourceId) : undefined;
  const available =
    source.sourceKind === 'depot'
      ? Math.min(
          canSend(parent?.depot, standingNeed(plan.depot)),
          parent === undefined ? 0 : lastingPieces(parent.depot, situation.now + source.meanH * HOUR_MS),
          source.sendable?.pieces ?? Infinity,
        )
      : Infinity;
  const quantity = Math.min(ordered, available);
  const base = {
    sourceKind: source.sourceKind,
    sourceId: source.sourceId,
    quantity,
    excluded:
      source.barred ??
      (quantity === 0
        ? noneToSend(source, parent)
        : (exceedsShelf(plan, quantity) ?? beyondCap(plan, quantity))),
    ownerPartyId: source.sendable?.ownerPartyId,
    donorRiskMinor: parent === undefined ? 0 : donors.risk(parent, quantity),
  };
  const usualMinor = usualPriceMinor(situation.part, plan.source);
  const bill = sourceBill(situation.part, source, quantity, {usualMinor});
  const action = source.kind === 'emergency' ? 'emergency' : 'order';
  const position = positionOf(plan.depot);
  const {currency} = situation.part;
  // What a supplier sees to by itself is not ordered; hurried it is, where that pays.
  const excluded = base.excluded ?? (action === 'order' ? whyLeftToSupplier(source, position) : null);
  const terms = sourceEffects(source, {pieces: quantity, position, currency});
  const options = [
    costed(situation, plan, {...base, excluded, action, mode: null, arrival: source, bill, terms}),
  ];
  for (const express of expressWays(source)) {
    options.push(
      costed(situation, plan, {
        ...base,
        action: 'expedite',
        mode: express.mode,
        arrival: expressArrival(express.meanH, source),
        bill: sourceBill(situation.part, source, quantity, {usualMinor, express}),
        terms: sourceEffects(source, {pieces: quantity, express, position, currency}),
      }),
    );
  }
  return options;
}

function noneToSend({sourceId}: Source, parent: DepotPlan | undefined): string {
  const expiring = parent?.depot.lots !== undefined && parent.net > 0;
  return `${sourceId} has none to send${expiring ? ' that lasts until it is here' : ''}`;
}

/** Unserviceable pieces on this shelf, made serviceable: as many as are wanted and the workshop takes. */
function fromWorkshop(situation: Situation, plan: DepotPlan, source: Source, wanted: number): Option[] {
  const {repairable} = plan.depot;
  if (repairable === undefined) return [];
  const lot = orderQuantity(0, wanted, source.minimum, source.multiple);
  const whole = Math.floor(repairable / source.multiple) * source.multiple;
  const quantity = Math.min(lot, whole);
  const tooFew = quantity < source.minimum ? `${source.sourceId} repairs ${source.minimum} or more` : null;
  return [
    costed(situation, plan, {
      action: 'repair',
      sourceKind: source.sourceKind,
      sourceId: source.sourceId,
      mode: null,
      quantity,
      arrival: source,
      excluded: source.barred ?? tooFew ?? exceedsShelf(plan, quantity) ?? beyondCap(plan, quantity),
      bill: sourceBill(situation.part, source, quantity, {
        usualMinor: usualPriceMinor(situation.part, plan.source),
      }),
      terms: source.terms,
    }),
  ];
}

function expediteReceipt(situation: Situation, plan: DepotPlan, receipt: Receipt): Option[] {
  const others = plan.supplies.filter((_, i) => plan.depot.receipts[i] !== receipt);
  return fasterThan(receipt).map(({mode, meanH, feeMinor}) => {
    const arrival = expressArrival(meanH, plan.source);
    const hurried = {quantity: receipt.quantity, times: timePoints(arrival)};
    return costed(
      situation,
      plan,
      {
        action: 'expedite',
        sourceKind: 'order',
        sourceId: receipt.orderId,
        mode,
        quantity: receipt.quantity,
        arrival,
        excluded: receipt.frozen ?? null,
        bill: feeBill(feeMinor),
      },
      {arrivals: plan.outlook.arrivals([...others, hurried]), movesStock: true},
    );
  });
}

function fromNeighbour(
  situation: Situation,
  donors: Donors,
  plan: DepotPlan,
  lane: Lane,
  wanted: number,
): Option[] {
  const donor = donors.plans.get(lane.fromDepotId);
  if (donor === undefined || donor.net <= 0) return [];
  const standing = standingNeed(plan.depot);
  const usedAt = situation.now + (lane.meanH + (standing > 0 ? 0 : plan.useAfterH)) * HOUR_MS;
  const lasting = Math.min(lastingPieces(donor.depot, usedAt), lane.sendable?.pieces ?? Infinity);
  const spare = Math.min(giveable(donor.depot, standing), lasting, lendable(lane));
  const keeps = lane.barred ?? whyKept(donor, spare, lasting);
  const most = keeps === null ? Math.min(spare, wanted, TRANSFER_PIECES_MAX) : 1;
  const options: Option[] = [];
  for (let quantity = 1; quantity <= most; quantity += 1) {
    options.push(
      costed(
        situation,
        plan,
        {
          action: 'transfer',
          sourceKind: 'depot',
          sourceId: lane.fromDepotId,
          mode: lane.mode,
          quantity,
          arrival: lane,
          excluded: keeps ?? exceedsShelf(plan, quantity),
          bill: laneBill(situation.part, lane, quantity),
          ownerPartyId: lane.sendable?.ownerPartyId,
          donorRiskMinor: donors.risk(donor, quantity),
          terms: lane.terms,
        },
        {movesStock: true},
      ),
    );
  }
  return options;
}

function whyKept({depot}: DepotPlan, spare: number, lasting: number): string | null {
  if (waitsForRescue(depot)) return `${depot.depotId} waits for a rescue itself`;
  if (spare > 0) return null;
  const [first] = depot.lots ?? [];
  if (lasting <= 0 && first !== undefined)
    return `lot ${first.lot} at ${depot.depotId} expires on ${toIso(epochMs(first.usableUntil)).slice(0, 10)}, before its expected use`;
  const machines = depot.reservations.map(({equipmentId}) => equipmentId);
  return `${depot.depotId} holds it for ${machines.join(', ')}`;
}

function exceedsShelf(plan: DepotPlan, quantity: number): string | null {
  const {mayStock, maxStock} = plan.depot;
  if (!mayStock && plan.net + quantity > 0) return 'this depot may not stock the part';
  if (maxStock !== null && positionOf(plan.depot) + quantity > maxStock)
    return `the shelf holds ${maxStock} at most`;
  return null;
}
