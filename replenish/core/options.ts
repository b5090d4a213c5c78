import type {Arrival, Option} from '../../domain/decision.ts';
import type {DepotPlan} from './depot-plan.ts';
import {expressArrival, positionOf} from './depot-plan.ts';
import {timePoints} from './depot-demand.ts';
import {orderQuantity} from './newsvendor.ts';
import type {Arrivals} from './outlook.ts';
import {refillArrival} from './refill.ts';
import {canSend, giveable, standingNeed, waitsForRescue} from './shelf.ts';
import type {Lane, Receipt, Situation, Source} from './situation.ts';

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

/** What it costs a donor to give pieces away. */
export type DonorRisks = (donor: DepotPlan, quantity: number) => number;

/** `donorRiskMinor` of one decision: every receiver asks the same of each donor, so each answer is worked out once. */
export function donorRisks(situation: Situation): DonorRisks {
  const known = new Map<string, number>();
  return (donor, quantity) => {
    const key = `${donor.depot.depotId}|${quantity}`;
    const risk = known.get(key) ?? donorRiskMinor(situation, donor, quantity);
    known.set(key, risk);
    return risk;
  };
}

/** Every way to bring pieces to a depot, each with its expected cost; the excluded ones say why. */
export function optionsFor(
  situation: Situation,
  plans: ReadonlyMap<string, DepotPlan>,
  donors: DonorRisks,
  plan: DepotPlan,
): Option[] {
  const wanted = Math.max(1, plan.target - plan.position);
  return [
    ...plan.depot.sources.flatMap((source) => fromSource(situation, plans, donors, plan, source, wanted)),
    ...plan.depot.receipts.flatMap((receipt) => expediteReceipt(plan, receipt)),
    ...situation.lanes
      .filter(
        (lane) => lane.toDepotId === plan.depot.depotId && lane.fromDepotId !== plan.depot.parentDepotId,
      )
      .flatMap((lane) => fromNeighbour(plans, donors, plan, lane, wanted)),
  ];
}

function fromSource(
  situation: Situation,
  plans: ReadonlyMap<string, DepotPlan>,
  donors: DonorRisks,
  plan: DepotPlan,
  source: Source,
  wanted: number,
): Option[] {
  const ordered = orderQuantity(plan.position, plan.position + wanted, source.minimum, source.multiple);
  const parent = source.sourceKind === 'depot' ? plans.get(source.sourceId) : undefined;
  const available =
    source.sourceKind === 'depot' ? canSend(parent?.depot, standingNeed(plan.depot)) : Infinity;
  const quantity = Math.min(ordered, available);
  const normalPrice = plan.source?.priceMinor ?? situation.part.unitCostMinor;
  const premium = Math.max(0, source.priceMinor - normalPrice) * quantity;
  const base = {
    sourceKind: source.sourceKind,
    sourceId: source.sourceId,
    quantity,
    excluded: quantity === 0 ? `${source.sourceId} has none to send` : exceedsShelf(plan, quantity),
  };
  const landed = source.orderCostMinor + source.priceMinor * quantity;
  const action = source.kind === 'emergency' ? 'emergency' : 'order';
  const more = {donorRiskMinor: parent === undefined ? 0 : donors(parent, quantity)};
  const options = [
    costed(
      plan,
      {
        ...base,
        action,
        mode: null,
        arrival: arrivalOf(source),
        actionMinor: source.orderCostMinor + premium,
        landedMinor: landed,
      },
      more,
    ),
  ];
  if (source.expediteMeanH !== null) {
    const fee = source.expediteFeeMinor ?? 0;
    const express = {
      ...base,
      action: 'expedite' as const,
      mode: 'express',
      arrival: expressArrival(source.expediteMeanH),
    };
    options.push(
      costed(
        plan,
        {...express, actionMinor: source.orderCostMinor + premium + fee, landedMinor: landed + fee},
        more,
      ),
    );
  }
  return options;
}

function expediteReceipt(plan: DepotPlan, receipt: Receipt): Option[] {
  if (receipt.expediteMeanH === null || receipt.expediteMeanH >= receipt.meanH) return [];
  const fee = receipt.expediteFeeMinor ?? 0;
  const arrival = expressArrival(receipt.expediteMeanH);
  const others = plan.supplies.filter((_, i) => plan.depot.receipts[i] !== receipt);
  const hurried = {quantity: receipt.quantity, times: timePoints(arrival)};
  return [
    costed(
      plan,
      {
        action: 'expedite',
        sourceKind: 'order',
        sourceId: receipt.orderId,
        mode: 'express',
        quantity: receipt.quantity,
        arrival,
        actionMinor: fee,
        landedMinor: fee,
        excluded: null,
      },
      {arrivals: plan.outlook.arrivals([...others, hurried]), movesStock: true},
    ),
  ];
}

function fromNeighbour(
  plans: ReadonlyMap<string, DepotPlan>,
  donors: DonorRisks,
  plan: DepotPlan,
  lane: Lane,
  wanted: number,
): Option[] {
  const donor = plans.get(lane.fromDepotId);
  if (donor === undefined || donor.net <= 0) return [];
  const spare = giveable(donor.depot, standingNeed(plan.depot));
  const keeps = whyKept(donor, spare);
  const most = keeps === null ? Math.min(spare, wanted, TRANSFER_PIECES_MAX) : 1;
  const options: Option[] = [];
  for (let quantity = 1; quantity <= most; quantity += 1) {
    const cost = lane.costMinor + lane.costPerPieceMinor * quantity;
    options.push(
      costed(
        plan,
        {
          action: 'transfer',
          sourceKind: 'depot',
          sourceId: lane.fromDepotId,
          mode: lane.mode,
          quantity,
          arrival: {meanH: lane.meanH, sdH: lane.sdH},
          actionMinor: cost,
          landedMinor: cost,
          excluded: keeps ?? exceedsShelf(plan, quantity),
        },
        {donorRiskMinor: donors(donor, quantity), movesStock: true},
      ),
    );
  }
  return options;
}

function whyKept({depot}: DepotPlan, spare: number): string | null {
  if (waitsForRescue(depot)) return `${depot.depotId} waits for a rescue itself`;
  if (spare > 0) return null;
  const machines = depot.reservations.map(({equipmentId}) => equipmentId);
  return `${depot.depotId} holds it for ${machines.join(', ')}`;
}

/**
 * How much worse off the donor's own customers are with `quantity` pieces fewer, its normal refill included.
 * Example: a donor with no demand risks nothing; one whose only piece will be asked for tomorrow risks the whole downtime.
 */
export function donorRiskMinor(situation: Situation, donor: DepotPlan, quantity: number): number {
  return Math.max(0, unaidedMinor(situation, donor, donor.net - quantity, quantity) - donor.reactiveMinor);
}

/**
 * Expected cost of a depot that nobody rescues ahead: it meets failures as they come, or its normal source brings `pieces` as
 * soon as it really can, whichever is cheaper. Receiver and donor of a transfer are judged by this one measure, and every transfer must lower the sum
 * by more than it costs; so no chain of transfers leads back to where it began.
 */
export function unaidedMinor(situation: Situation, plan: DepotPlan, net: number, pieces: number): number {
  const waiting = plan.outlook.costMinor(net, plan.arrivals, plan);
  const arrival = pieces === 0 ? null : refillArrival(situation, plan.depot, pieces);
  if (arrival === null || plan.source === null) return waiting;
  const refill = plan.outlook.adding(plan.arrivals, {quantity: pieces, times: timePoints(arrival)});
  const refilled = plan.outlook.costMinor(net, refill, plan);
  const lot = orderQuantity(0, pieces, plan.source.minimum, plan.source.multiple);
  return Math.min(waiting, refilled + plan.source.orderCostMinor + holdingMinor(plan, lot));
}

/** Holding pieces until they are expected to be used. */
function holdingMinor(plan: DepotPlan, pieces: number): number {
  return Math.round(pieces * plan.holdingMinorPerH * plan.useAfterH);
}

function costed(
  plan: DepotPlan,
  option: Omit<Option, 'downtimeMinor' | 'holdingMinor' | 'donorRiskMinor' | 'totalMinor' | 'arrival'> & {
    readonly arrival: Arrival;
  },
  more: {
    readonly arrivals?: Arrivals;
    readonly donorRiskMinor?: number;
    readonly movesStock?: boolean;
  } = {},
): Option {
  const {arrival, quantity} = option;
  const arrivals =
    more.arrivals ?? plan.outlook.adding(plan.arrivals, {quantity, times: timePoints(arrival)});
  const downtimeMinor =
    quantity === 0 ? plan.reactiveMinor : plan.outlook.costMinor(plan.net, arrivals, plan);
  // A piece that only changes its shelf costs no more to hold than before.
  const holding = more.movesStock === true ? 0 : holdingMinor(plan, quantity);
  const donorRisk = more.donorRiskMinor ?? 0;
  return {
    ...option,
    downtimeMinor,
    holdingMinor: holding,
    donorRiskMinor: donorRisk,
    totalMinor: option.actionMinor + downtimeMinor + holding + donorRisk,
  };
}

function arrivalOf({meanH, sdH}: Source): Arrival {
  return {meanH, sdH};
}

function exceedsShelf(plan: DepotPlan, quantity: number): string | null {
  const {mayStock, maxStock} = plan.depot;
  if (!mayStock && plan.net + quantity > 0) return 'this depot may not stock the part';
  if (maxStock !== null && positionOf(plan.depot) + quantity > maxStock)
    return `the shelf holds ${maxStock} at most`;
  return null;
}
