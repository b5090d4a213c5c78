import {HOUR_MS, YEAR_DAYS, epochMs, plusMs, type EpochMs} from '../../../domain/time.ts';
import {sampleArrival} from '../../../simulator/supply-side.ts';
import type {Demand} from './demand-stream.ts';
import type {DepotSite, LaneInput, PartWorld, SourceInput} from './part-world.ts';

export interface OpenOrder {
  readonly orderId: string;
  readonly quantity: number;
  /** Null: from a supplier. */
  readonly fromDepotId: string | null;
  kind: 'normal' | 'transfer' | 'express' | 'emergency';
  expectedAt: EpochMs;
  sdH: number;
  arrivesAt: EpochMs;
  /** How it could be hurried, while it can. */
  hurry: {readonly meanH: number; readonly feeMinor: number} | null;
}

export interface OpenNeed extends Demand {
  readonly demandId: string;
}

export interface Shelf {
  readonly site: DepotSite;
  onHand: number;
  receipts: OpenOrder[];
  /** The longest waiting first. */
  needs: OpenNeed[];
}

/** What a policy cost and did for one part, within the days that count. Money in minor units. */
export interface Figures {
  /** Suppliers' and depots' order costs. */
  orderingMinor: number;
  /** Freight and premiums of whatever came faster than usual. */
  rescueMinor: number;
  holdingMinor: number;
  /** Downtime and penalties of machines that waited for a piece. */
  downtimeMinor: number;
  asked: number;
  /** Met from the depot's own shelf at once. */
  filledAtOnce: number;
  backorderDays: number;
  /** Mean over the days, pieces between depots included. */
  stockMinor: number;
  /** Express deliveries and emergency purchases. */
  expedites: number;
  transfers: number;
}

export const NO_FIGURES: Figures = {orderingMinor: 0, rescueMinor: 0, holdingMinor: 0, downtimeMinor: 0, asked: 0, filledAtOnce: 0, backorderDays: 0, stockMinor: 0, expedites: 0, transfers: 0}; // prettier-ignore

export interface BooksOptions {
  readonly seed: number;
  readonly startAt: EpochMs;
  /** What lies where at the start. */
  readonly opening: ReadonlyMap<string, number>;
  /** Costs before it are the warm-up's. */
  readonly countedFrom: EpochMs;
  readonly to: EpochMs;
}

/**
 * The world of one part under one policy: shelves, orders on their way, machines that wait, and the bill. It charges what the
 * master data say, never what a policy believed; the n-th order on a route takes equally long under every policy.
 */
export class Books {
  readonly world: PartWorld;
  readonly shelves: ReadonlyMap<string, Shelf>;
  now: EpochMs;
  readonly #options: BooksOptions;
  readonly #figures: Figures = {...NO_FIGURES};
  readonly #placed = new Map<string, number>();

  constructor(world: PartWorld, options: BooksOptions) {
    this.world = world;
    this.#options = options;
    this.now = options.startAt;
    this.shelves = new Map(
      world.sites.map((site) => [
        site.depotId,
        {site, onHand: options.opening.get(site.depotId) ?? 0, receipts: [], needs: []},
      ]),
    );
  }

  shelf(depotId: string): Shelf {
    return this.shelves.get(depotId)!;
  }

  /** When the next order arrives; Infinity when nothing is on its way. */
  get nextArrivalAt(): number {
    let next = Infinity;
    for (const {receipts} of this.shelves.values())
      for (const {arrivesAt} of receipts) next = Math.min(next, arrivesAt);
    return next;
  }

  /** Lets time pass, and receives what arrives at `to` or before; nothing may arrive in between two calls unnoticed. */
  advance(to: EpochMs): void {
    this.#charge(to);
    this.now = to;
    for (const shelf of this.shelves.values()) {
      const here = shelf.receipts.filter(({arrivesAt}) => arrivesAt <= to);
      if (here.length === 0) continue;
      shelf.receipts = shelf.receipts.filter(({arrivesAt}) => arrivesAt > to);
      for (const {quantity} of here) shelf.onHand += quantity;
      while (shelf.onHand > 0 && shelf.needs.length > 0) {
        shelf.onHand -= 1;
        shelf.needs.shift();
      }
    }
  }

  /** A piece is asked for now: from the shelf, or it waits. */
  ask(demand: Demand, nth: number): void {
    const shelf = this.shelf(demand.depotId);
    const atOnce = shelf.onHand > 0;
    if (atOnce) shelf.onHand -= 1;
    else shelf.needs.push({...demand, demandId: `D${String(nth).padStart(6, '0')}`});
    this.#count({asked: 1, filledAtOnce: Number(atOnce)});
  }

  /** From a source, at its usual pace or by express. */
  order(depotId: string, source: SourceInput, quantity: number, how: 'usual' | 'express'): OpenOrder {
    const {kind, sourceKind, sourceId, expediteMeanH, expediteFeeMinor, orderCostMinor, priceMinor} = source;
    const fromDepotId = sourceKind === 'depot' ? sourceId : null;
    const express = how === 'express';
    const premium = kind === 'emergency' ? Math.max(0, priceMinor - this.world.unitCostMinor) * quantity : 0;
    this.#count({
      orderingMinor: orderCostMinor,
      rescueMinor: premium + (express ? (expediteFeeMinor ?? 0) : 0),
      expedites: Number(express || kind === 'emergency'),
    });
    const slow = kind === 'normal' && !express && expediteMeanH !== null;
    return this.#send(depotId, fromDepotId, quantity, {
      kind: kind === 'emergency' ? 'emergency' : express ? 'express' : 'normal',
      arrival: express ? hurried(expediteMeanH!) : source,
      route: `${sourceId}>${depotId} ${kind} ${how}`,
      hurry: slow ? {meanH: expediteMeanH, feeMinor: expediteFeeMinor ?? 0} : null,
    });
  }

  /** From another depot's shelf. */
  transfer(lane: LaneInput, quantity: number): OpenOrder {
    const {fromDepotId, toDepotId, mode, costMinor, costPerPieceMinor} = lane;
    this.#count({rescueMinor: costMinor + costPerPieceMinor * quantity, transfers: 1});
    const route = `${fromDepotId}>${toDepotId} ${mode}`;
    return this.#send(toDepotId, fromDepotId, quantity, {
      kind: 'transfer',
      arrival: lane,
      route,
      hurry: null,
    });
  }

  /** Hurries an order that is under way. */
  expedite(depotId: string, orderId: string): void {
    const order = this.shelf(depotId).receipts.find((one) => one.orderId === orderId);
    if (!order?.hurry) throw new RangeError(`order ${orderId} to ${depotId} cannot be hurried`);
    const {meanH, feeMinor} = order.hurry;
    const {sdH} = hurried(meanH);
    const hereAt = this.#arrival(`${orderId} hurried`, meanH, sdH);
    order.arrivesAt = epochMs(Math.min(order.arrivesAt, hereAt));
    Object.assign(order, {kind: 'express', expectedAt: plusMs(this.now, meanH * HOUR_MS), sdH, hurry: null});
    this.#count({rescueMinor: feeMinor, expedites: 1});
  }

  figures(): Figures {
    const {countedFrom, to} = this.#options;
    const countedMs = to - countedFrom;
    return {...this.#figures, stockMinor: this.#figures.stockMinor / countedMs};
  }

  #send(
    depotId: string,
    fromDepotId: string | null,
    quantity: number,
    {
      kind,
      arrival,
      route,
      hurry,
    }: Pick<OpenOrder, 'kind' | 'hurry'> & {
      readonly arrival: {readonly meanH: number; readonly sdH: number};
      readonly route: string;
    },
  ): OpenOrder {
    const donor = fromDepotId === null ? null : this.shelf(fromDepotId);
    if (donor && donor.onHand < quantity) throw new RangeError(`${fromDepotId!} has not ${quantity} of ${this.world.partId}`); // prettier-ignore
    if (donor) donor.onHand -= quantity;
    const nth = (this.#placed.get(route) ?? 0) + 1;
    this.#placed.set(route, nth);
    const orderId = `${this.world.partId} ${route} ${String(nth).padStart(5, '0')}`;
    const {meanH, sdH} = arrival;
    const expectedAt = plusMs(this.now, meanH * HOUR_MS);
    const order = {orderId, quantity, fromDepotId, kind, hurry, sdH, expectedAt, arrivesAt: this.#arrival(orderId, meanH, sdH)}; // prettier-ignore
    this.shelf(depotId).receipts.push(order);
    return order;
  }

  #arrival(orderId: string, meanH: number, sdH: number): EpochMs {
    return sampleArrival({orderId, orderedAt: this.now, meanH, sdH, seed: this.#options.seed});
  }

  /** What standing still until `to` costs: every piece is held, every waiting machine waits. */
  #charge(to: EpochMs): void {
    const ms = to - Math.max(this.now, this.#options.countedFrom);
    if (ms <= 0) return;
    const {unitCostMinor} = this.world;
    for (const {site, onHand, receipts, needs} of this.shelves.values()) {
      let pieces = onHand;
      for (const {fromDepotId, quantity} of receipts) if (fromDepotId !== null) pieces += quantity;
      const value = pieces * unitCostMinor;
      this.#figures.stockMinor += value * ms;
      this.#figures.holdingMinor += (value * site.holdingRatePerYear * ms) / (YEAR_DAYS * 24 * HOUR_MS);
      for (const {shortageMinorPerH} of needs)
        this.#figures.downtimeMinor += (shortageMinorPerH * ms) / HOUR_MS;
      this.#figures.backorderDays += (needs.length * ms) / (24 * HOUR_MS);
    }
  }

  #count(more: Partial<Figures>): void {
    if (this.now < this.#options.countedFrom) return;
    for (const [name, value] of Object.entries(more)) this.#figures[name as keyof Figures] += value;
  }
}

/** What comes by express varies by a quarter of its mean here, whatever a policy believes of it. */
function hurried(meanH: number): {readonly meanH: number; readonly sdH: number} {
  return {meanH, sdH: meanH / 4};
}
