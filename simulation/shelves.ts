import type {z} from 'zod';
import {HOUR_MS} from '../domain/time.ts';
import type {EpochMs} from '../domain/time.ts';
import {Situation} from '../replenish/core/decision/situation.ts';
import type {Policy} from '../replenish/core/decision/policy.ts';
import type {DepotSituation} from '../replenish/core/decision/situation.ts';
import type {PlacedOrder} from '../replenish/group-book.ts';
import {STARTS_AT} from './virtual-time.ts';

export const GROUPS = ['BRG-1', 'CMP-1', 'DRV-1', 'FAN-1'];
export const DEPOTS = ['AMS-1', 'LYS-1'];
/** Of a group, beside each depot. */
export const MACHINES = 4;
const WEEK_H = 168;

interface Order {
  readonly groupId: string;
  readonly depotId: string;
  readonly quantity: number;
  readonly arrivesMs: number;
  readonly orderedMs: number;
  /** Nobody has it any more on its way. */
  isHere: boolean;
}

interface Shelf {
  onHand: number;
  /** Machines that stand for a piece. */
  waiting: string[];
  /** Of each machine: P(its component fails within a week), in ppm, and when it was said. */
  readonly machines: Map<string, {ppm: number; asOf: EpochMs; revision: number}>;
}

/** The stock of a small network: two depots that can send to each other, one supplier, and machines whose components may fail. */
export class Shelves {
  readonly orders = new Map<string, Order>();
  readonly #shelves = new Map<string, Shelf>();

  constructor(now: EpochMs) {
    for (const groupId of GROUPS) {
      for (const depotId of DEPOTS) {
        const machines = new Map<string, {ppm: number; asOf: EpochMs; revision: number}>();
        for (let no = 1; no <= MACHINES; no += 1)
          machines.set(`${depotId}-EQ-${no}`, {ppm: 1000, asOf: now, revision: 0});
        this.#shelves.set(`${groupId}:${depotId}`, {onHand: 1, waiting: [], machines});
      }
    }
  }

  /** A forecast: this component now fails with another probability. */
  forecast(groupId: string, depotId: string, machine: number, ppm: number, now: EpochMs): void {
    const {machines} = this.#at(groupId, depotId);
    const equipmentId = [...machines.keys()][machine]!;
    const {revision} = machines.get(equipmentId)!;
    machines.set(equipmentId, {ppm, asOf: now, revision: revision + 1});
  }

  /** A component fails: its machine takes a piece, or waits for one. */
  fail(groupId: string, depotId: string, machine: number, now: EpochMs): void {
    const shelf = this.#at(groupId, depotId);
    const equipmentId = [...shelf.machines.keys()][machine]!;
    this.forecast(groupId, depotId, machine, 1000, now);
    if (shelf.onHand > 0) shelf.onHand -= 1;
    else if (!shelf.waiting.includes(equipmentId)) shelf.waiting.push(equipmentId);
  }

  /** Whether its donor still has the pieces. */
  canSend({partId, option: {quantity, sourceKind, sourceId}}: PlacedOrder): boolean {
    return sourceKind !== 'depot' || this.#at(partId, sourceId!).onHand >= quantity;
  }

  order({orderId, depotId, partId, option, arrival}: PlacedOrder, nowMs: number): void {
    const {quantity, sourceKind, sourceId} = option;
    if (sourceKind === 'depot') this.#at(partId, sourceId!).onHand -= quantity;
    const arrivesMs = nowMs + arrival.meanH * HOUR_MS;
    this.orders.set(orderId!, {
      groupId: partId,
      depotId,
      quantity,
      arrivesMs,
      orderedMs: nowMs,
      isHere: false,
    });
  }

  /** An order arrives: who waits is served first. @returns its group. */
  receive(orderId: string): string {
    const order = this.orders.get(orderId)!;
    order.isHere = true;
    const shelf = this.#at(order.groupId, order.depotId);
    shelf.onHand += order.quantity - shelf.waiting.splice(0, order.quantity).length;
    return order.groupId;
  }

  situation(groupId: string, now: EpochMs, policy: Policy): Situation {
    const lane = (fromDepotId: string, toDepotId: string): object => ({
      fromDepotId,
      toDepotId,
      mode: 'road',
      meanH: 12,
      sdH: 0,
      costMinor: 3000,
      costPerPieceMinor: 500,
    });
    return Situation.parse({
      groupId,
      now,
      part: {partId: groupId, unitCostMinor: 100_000, currency: 'EUR'},
      depots: DEPOTS.map((depotId) => this.#depot(groupId, depotId, now)),
      lanes: [lane('AMS-1', 'LYS-1'), lane('LYS-1', 'AMS-1')],
      policy,
    });
  }

  #depot(groupId: string, depotId: string, now: EpochMs): z.input<typeof Situation>['depots'][number] {
    const {onHand, waiting, machines} = this.#at(groupId, depotId);
    return {
      depotId,
      partyId: 'OWN',
      parentDepotId: null,
      onHand,
      receipts: this.#receipts(groupId, depotId, now),
      needs: waiting.map((equipmentId) => ({
        demandId: `${equipmentId}:need`,
        quantity: 1,
        neededAt: now,
        equipmentId,
        shortageMinorPerH: 10_000,
      })),
      reservations: [],
      components: [...machines].map(([equipmentId, {ppm, asOf, revision}]) => ({
        componentId: `${equipmentId}.bearing`,
        equipmentId,
        positionId: 'bearing',
        quantity: 1,
        asOf,
        revision,
        modelVersion: 'm1',
        method: 'weibull',
        horizonsH: [WEEK_H],
        cumulativePpm: [ppm],
        tailHazardPpbPerH: 0,
        shortageMinorPerH: 10_000,
        topSignals: [],
      })),
      backgroundPerYear: 0,
      backgroundVmr: 1,
      holdingRatePerYear: 0.2,
      mayStock: true,
      mustStock: false,
      maxStock: null,
      sources: [
        {
          sourceKind: 'supplier',
          sourceId: 'SUP',
          kind: 'normal',
          meanH: 48,
          sdH: 0,
          priceMinor: 100_000,
          orderCostMinor: 1000,
          minimum: 1,
          multiple: 1,
          expediteMeanH: null,
          expediteFeeMinor: null,
        },
      ],
    };
  }

  #receipts(groupId: string, depotId: string, now: EpochMs): DepotSituation['receipts'] {
    return [...this.orders]
      .filter(([, order]) => order.groupId === groupId && order.depotId === depotId && !order.isHere)
      .map(([orderId, order]) => ({
        orderId,
        kind: 'normal',
        quantity: order.quantity,
        meanH: Math.max(1, (order.arrivesMs - (now - STARTS_AT)) / HOUR_MS),
        sdH: 0,
        expediteMeanH: null,
        expediteFeeMinor: null,
      }));
  }

  #at(groupId: string, depotId: string): Shelf {
    return this.#shelves.get(`${groupId}:${depotId}`)!;
  }
}
