import type {EpochMs} from '../domain/time.ts';
import type {DemandLine, LineEvent} from './core/demand-line.ts';
import type {PartReference} from './core/part-reference.ts';
import type {ShareRules, WaitingLine} from './core/service-order.ts';
import type {Share} from './core/share-out.ts';
import type {StockPart} from './core/stock-rules.ts';
import type {PartRelation} from './core/supersession.ts';
import type {SupplyOrder} from './core/order-state.ts';
import type {StatementRules} from './core/stock-statement.ts';
import type {Segment} from '../domain/segment.ts';

/** Pieces of one part, owner, condition and lot at one place. */
export interface StockBalance {
  readonly loc: string;
  readonly partId: string;
  readonly ownerPartyId: string;
  readonly condition: string;
  readonly lot: string;
  readonly qty: number;
}

export interface Movement extends StockBalance {
  readonly movementId: string;
  readonly source: string;
  readonly sourceKey: string;
  readonly serial: string;
  /** Where the pieces come from; `loc` is where they go. */
  readonly fromLoc: string;
  readonly worldAt: EpochMs;
}

/** One step in the life of a demand line. */
export type DemandEvent = LineEvent & {
  /** Of a fill the movement's source and key. */
  readonly source: string;
  readonly sourceKey: string;
  readonly worldAt: EpochMs;
};

/** Letter case and blanks aside: cross-reference entries of a number, and ids of ours that read like it. */
export interface NumberMeanings {
  readonly references: readonly PartReference[];
  readonly ownParts: readonly string[];
}

/** A supply that could not serve every waiting line, and what each got. */
export interface ShareOutRow {
  readonly shareOutId: string;
  readonly groupId: string;
  readonly depotId: string;
  readonly worldAt: EpochMs;
  readonly nextSupplyAt: EpochMs | null;
  readonly supply: number;
  readonly asked: number;
  readonly shares: readonly Share[];
}

/** What sharing out a shelf looks at, and leaves behind. */
export interface ShareBooks {
  /** Open lines at these depots, for these parts, with what their waiting costs. */
  waitingLines(depotIds: readonly string[], partIds: readonly string[]): Promise<WaitingLine[]>;
  /** When the next open order brings pieces of one of these parts; null when nothing is on order. */
  nextSupplyAt(depotId: string, partIds: readonly string[], now: EpochMs): Promise<EpochMs | null>;
  shareRules(now: EpochMs): Promise<ShareRules>;
  keepShares(shareOut: ShareOutRow): Promise<void>;
}

export interface StockBooks {
  stockPart(partId: string): Promise<StockPart | null>;
  /** What a number can mean, in any scheme. */
  references(number: string): Promise<NumberMeanings>;
  depotParty(depotId: string): Promise<string | null>;
  partyExists(partyId: string): Promise<boolean>;
  /** False when this (source, sourceKey) has moved before. */
  post(movement: Movement): Promise<boolean>;
  balances(locs: readonly string[], partIds: readonly string[]): Promise<StockBalance[]>;
  /** Lots of these parts that may be used no more at an instant, by `lotKey`. */
  expiredLots(partIds: readonly string[], at: EpochMs): Promise<ReadonlySet<string>>;
  /** Where a serial of a part was last seen, or null. */
  serialLocation(partId: string, serial: string): Promise<string | null>;
  relations(): Promise<PartRelation[]>;
  demandLine(demandId: string): Promise<DemandLine | null>;
  insertLine(
    line: DemandLine & {readonly source: string; readonly sourceKey: string; readonly cause: string},
  ): Promise<void>;
  /** Keeps the line as it is now, and what happened to it in words of its own. */
  saveLine(line: DemandLine, event: DemandEvent): Promise<void>;
  /** Moves what the depot issued by itself for a line back to it; returns the pieces. */
  returnLine(demandId: string, at: EpochMs): Promise<number>;
}

/** The event by which pieces in transit become the buyer's. */
export type TitleTransfer = 'shipment' | 'receipt';

export interface OrderBooks {
  order(orderId: string): Promise<SupplyOrder | null>;
  /** When title to a supplier's pieces passes, by the ownership term of its contract; null: nothing was agreed. */
  agreedTitle(order: SupplyOrder, supplierPartyId: string, now: EpochMs): Promise<TitleTransfer | null>;
  saveOrder(order: SupplyOrder): Promise<void>;
  /** One alert an order, raised anew with each date that its source takes back. */
  raiseSlip(order: SupplyOrder, now: EpochMs): Promise<void>;
  clearSlip(order: SupplyOrder, now: EpochMs): Promise<void>;
  /** Whoever was told that Forestock placed the order is told that it is off. */
  tellCancelled(order: SupplyOrder, now: EpochMs): Promise<void>;
  appendOrderEvent(event: {
    readonly orderId: string;
    readonly source: string;
    readonly sourceKey: string;
    readonly type: string;
    readonly qty: number | null;
    readonly worldAt: EpochMs;
  }): Promise<void>;
}

/** A part at a depot. */
export interface ShelfName {
  readonly partId: string;
  readonly depotId: string;
}

/** Usable pieces that somebody states to lie on a shelf. */
export interface Statement extends ShelfName {
  readonly statementId: string;
  readonly source: string;
  /** Who speaks; null: a system of our own. */
  readonly partyId: string | null;
  readonly stated: number;
  readonly countedAt: EpochMs;
}

/** The newest statement about a shelf beside the ledger, and the case that it has led to. */
export interface StatedShelf extends Statement {
  /** Usable pieces in the ledger as of `countedAt`, by all that is known now. */
  readonly ledger: number;
  /** Whose depot it is. */
  readonly depotPartyId: string;
  readonly segment: Segment;
  readonly unitCostMinor: number;
  readonly currency: string;
  /** What the case that stands says; null: none does. */
  readonly open: {readonly source: string; readonly difference: number} | null;
  /** Difference that somebody has looked into and that no statement has ended since; null: none. */
  readonly lookedInto: number | null;
}

/** What a case of a shelf says. */
export interface Discrepancy extends StatedShelf {
  readonly difference: number;
  readonly dueAt: EpochMs;
}

export interface StatementBooks {
  statementRules(now: EpochMs): Promise<StatementRules>;
  /** Usable pieces in the ledger at the instant of each count, in the order asked. Adjustments made since are told as if made before: they move no piece. */
  ledgerAt(counts: readonly (ShelfName & {readonly countedAt: EpochMs})[]): Promise<readonly number[]>;
  /** Those of these statements that are kept already, by id. */
  keptStatements(statementIds: readonly string[]): Promise<ReadonlyMap<string, number>>;
  keepStatements(
    rows: readonly (Statement & {readonly ledger: number; readonly tolerance: number})[],
    now: EpochMs,
  ): Promise<void>;
  /** Of each shelf that was ever stated. */
  statedShelves(shelves: readonly ShelfName[]): Promise<readonly StatedShelf[]>;
  /** Opens the one case of its shelf, or tells the one that stands what is true now. */
  raiseDiscrepancy(discrepancy: Discrepancy, now: EpochMs): Promise<void>;
  clearDiscrepancy(shelf: StatedShelf, now: EpochMs): Promise<void>;
  /** Pieces of these parts at a depot that are not reckoned with while a case stands; parts without any are left out. */
  heldBack(depotId: string, partIds: readonly string[], now: EpochMs): Promise<ReadonlyMap<string, number>>;
}
