import type {ListFilter} from '../domain/list-filter.ts';
import type {PartyScope} from '../domain/party-scope.ts';
import type {EpochMs} from '../domain/time.ts';
import type {RawFolder} from './core/master-data.ts';
import type {DemandLine} from './core/demand-line.ts';
import type {Feed} from './core/feed.ts';
import type {PartReference} from './core/part-reference.ts';
import type {WaitingLine} from './core/service-order.ts';
import type {SupplyOrder} from './core/order-state.ts';
import type {PartReport, QuarantineItem, RepairReport} from './ports.ts';
import type {ScoredOrder, SuppliedPart} from './core/supplier-scorecard.ts';
import type {DemandEvent, NumberMeanings, ShareOutRow, StockBalance} from './stock-ports.ts';

export interface StockRow extends StockBalance {
  /** At the part's unit cost. */
  readonly valueMinor: number;
  readonly currency: string;
}

export interface OrderRow extends SupplyOrder {
  readonly purchaseOrderNo: string;
  /** The part's stocking unit, in which its pieces are counted. */
  readonly uom: string;
  readonly decisionId: string | null;
  readonly orderedAt: EpochMs;
  readonly costMinor: number;
  readonly currency: string;
  readonly mode: string | null;
}

/** A demand line as it stands in the books, at the part's unit cost. */
export interface DemandRow extends DemandLine {
  readonly equipmentId: string | null;
  readonly cause: string;
  /** What the customer was told, when somebody told it; with `promisePpm`, what supply will keep with that probability. */
  readonly promisedAt: EpochMs | null;
  readonly promisePpm: number | null;
  readonly promisedBy: string | null;
  readonly unitCostMinor: number;
  readonly currency: string;
}

/** A need of a machine that is still open. */
export interface OpenWork {
  readonly demandId: string;
  readonly partId: string;
  readonly depotId: string;
  readonly openQty: number;
  readonly neededAt: EpochMs;
  readonly promisedAt: EpochMs | null;
  readonly promisedBy: string | null;
  readonly cause: string;
}

/** What can fill the open lines of a part at a depot. */
export interface DemandSupply {
  readonly partId: string;
  readonly depotId: string;
  /** Pieces on the shelf that can be issued and that no statement disputes. */
  readonly onHand: number;
  /** Orders that their source has confirmed with a date. */
  readonly confirmed: readonly {
    readonly orderId: string;
    readonly qty: number;
    readonly promisedAt: EpochMs;
  }[];
  /** Every open line of the part there. */
  readonly waiting: readonly WaitingLine[];
}

export interface DemandEventRow {
  readonly eventNo: number;
  readonly type: DemandEvent['type'];
  readonly qty: number;
  readonly partId: string | null;
  readonly pieces: number | null;
  readonly reason: string | null;
  readonly note: string | null;
  readonly source: string;
  readonly sourceKey: string;
  readonly at: EpochMs;
}

/** What sat where at an instant, who served it and under which contract. */
export interface InstallationAsOf {
  readonly equipmentId: string;
  readonly positionId: string;
  readonly componentId: string;
  readonly classId: string;
  readonly partId: string;
  readonly installedAt: EpochMs;
  /** Hours in service until then, in every machine it has been in. */
  readonly ageH: number;
  /** First asked first. */
  readonly depotIds: readonly string[];
  readonly contractId: string | null;
}

export interface RepairReportRow extends Omit<RepairReport, 'equipmentNo'> {
  readonly equipmentId: string;
}

export interface RepairReportFilter extends ListFilter<'partyId' | 'equipmentId'> {
  /** Goes on behind this row. */
  readonly after?: {readonly at: EpochMs; readonly id: string} | undefined;
  /** Reads in the name of this party: the database shows its rows and no others. */
  readonly asParty?: PartyScope | undefined;
}

/** An open order, as its supplier sees it. */
export interface OwnOrder extends Pick<
  OrderRow,
  | 'orderId'
  | 'kind'
  | 'partId'
  | 'qty'
  | 'shippedQty'
  | 'receivedQty'
  | 'state'
  | 'orderedAt'
  | 'promisedAt'
  | 'slips'
  | 'mode'
> {
  readonly partName: string;
  /** Where it goes. */
  readonly depotId: string;
  /** When it was wanted by as it was ordered; null: ordered before that was kept. */
  readonly requestedAt: EpochMs | null;
  /** The promised date, else the expected one. */
  readonly dueAt: EpochMs;
}

/** A need, as the customer or the service partner of its machine sees it. */
export interface OwnNeed {
  readonly demandId: string;
  /** Null: a need of no machine. */
  readonly equipmentId: string | null;
  readonly siteName: string | null;
  readonly partId: string;
  readonly partName: string;
  readonly depotId: string;
  readonly qty: number;
  readonly filledQty: number;
  readonly state: 'open' | 'filled';
  readonly neededAt: EpochMs;
  readonly promisedAt: EpochMs | null;
  /** Null: people agreed on the date, or there is none. */
  readonly promisePpm: number | null;
  readonly filledAt: EpochMs | null;
}

/** What a party told of the parts that it was sent. */
export interface PartReportRow extends Omit<PartReport, 'source' | 'sourceKey'> {
  /** The need that stands for the pieces now: the one that the report opened, else the one that it is about. Null: no longer its party's to see. */
  readonly need: ReportedNeed | null;
  readonly answer: string | null;
  readonly answeredAt: EpochMs | null;
}

export interface ReportedNeed {
  readonly demandId: string;
  readonly partId: string;
  readonly depotId: string;
  readonly equipmentId: string | null;
  readonly state: 'open' | 'filled' | 'cancelled';
  readonly promisedAt: EpochMs | null;
}

/** A page of what a party reads of itself. */
export interface OwnPage {
  readonly asParty: PartyScope;
  /** Goes on behind this row. */
  readonly after?: {readonly at: EpochMs; readonly id: string} | undefined;
  readonly limit: number;
}

/** Where a page of needs ended: those that wait come by the time of their need, then those filled, the newest first. */
export interface NeedPlace {
  readonly isFilled: boolean;
  /** When it was filled, else when it is needed. */
  readonly at: EpochMs;
  readonly id: string;
}

/** What parties read of themselves: the database shows each its own rows and no others. */
export interface PartyReads {
  /** Open orders to this supplier, the soonest due first. */
  ownOrders(page: OwnPage): Promise<OwnOrder[]>;
  isOwnOrder(asParty: PartyScope, orderId: string): Promise<boolean>;
  /** Orders to this supplier that fell due, or were to, since then; at most `SCORED_MAX`, the newest due first. */
  scoredOrders(asParty: PartyScope, since: EpochMs): Promise<ScoredOrder[]>;
  /** The parts that this supplier supplies, with what was handed out, faulty and waited for since then. */
  suppliedParts(asParty: PartyScope, since: EpochMs): Promise<SuppliedPart[]>;
  /**
   * Needs that wait, the oldest need first, and then those filled since `filledSince`, the newest first.
   * @param ofMachines Only needs of machines.
   */
  ownNeeds(page: {
    readonly asParty: PartyScope;
    readonly ofMachines: boolean;
    readonly filledSince: EpochMs | null;
    /** Goes on behind this one. */
    readonly after?: NeedPlace | undefined;
    readonly limit: number;
  }): Promise<OwnNeed[]>;
  isOwnNeed(asParty: PartyScope, demandId: string): Promise<boolean>;
  /** Newest first; null: of all parties. */
  partReports(
    page: Omit<OwnPage, 'asParty'> & {
      readonly asParty: PartyScope | null;
      readonly isAnswered: boolean | null;
    },
  ): Promise<PartReportRow[]>;
}

/** A statement as it was judged when it came, in pieces, and the case of its shelf now. */
export interface StatementRow {
  readonly statementId: string;
  readonly partId: string;
  readonly depotId: string;
  readonly source: string;
  readonly partyId: string | null;
  readonly countedAt: EpochMs;
  readonly receivedAt: EpochMs;
  readonly statedQty: number;
  readonly ledgerQty: number;
  readonly differenceQty: number;
  readonly toleranceQty: number;
  readonly agrees: boolean;
  /** Null: there is none, or a newer statement has it. */
  readonly openCase: {
    readonly alertId: string;
    readonly owner: string | null;
    readonly dueAt: EpochMs | null;
    readonly heldBackQty: number;
  } | null;
}

export interface NetworkReads {
  readonly parties: PartyReads;
  stock(filter: ListFilter<'partId' | 'depotId' | 'ownerPartyId'>): Promise<StockRow[]>;
  /** Newest count first. */
  statements(
    filter: ListFilter<'partId' | 'depotId' | 'source'> & {
      readonly agrees?: boolean | undefined;
      /** Goes on behind this row. */
      readonly after?: {readonly at: EpochMs; readonly id: string} | undefined;
      readonly now: EpochMs;
    },
  ): Promise<StatementRow[]>;
  orders(
    filter: ListFilter<'partId' | 'state' | 'orderId' | 'purchaseOrderNo' | 'from'>,
  ): Promise<OrderRow[]>;
  demand(
    filter: ListFilter<'partId' | 'depotId' | 'state' | 'demandId'> & {
      readonly neededBefore?: EpochMs | undefined;
      /** Only these lines. */
      readonly demandIds?: readonly string[] | undefined;
    },
  ): Promise<DemandRow[]>;
  /** For the parts and depots that these open lines are of. */
  demandSupply(demandIds: readonly string[], now: EpochMs): Promise<DemandSupply[]>;
  /** The life of a line, first step first. */
  demandEvents(demandId: string): Promise<DemandEventRow[]>;
  /** What a machine waits for, the oldest need first. */
  openWork(equipmentId: string): Promise<readonly OpenWork[]>;
  /** Newest first. */
  shareOuts(filter: ListFilter<'depotId' | 'partId' | 'demandId'>): Promise<ShareOutRow[]>;
  installationsAsOf(filter: ListFilter<'equipmentId'> & {readonly at: EpochMs}): Promise<InstallationAsOf[]>;
  quarantine(filter: ListFilter<'state'>): Promise<QuarantineItem[]>;
  /** Newest first. */
  repairReports(filter: RepairReportFilter): Promise<RepairReportRow[]>;
  /** By party and kind. */
  feeds(filter: ListFilter<'partyId'>): Promise<Feed[]>;
  isParty(partyId: string): Promise<boolean>;
  /** Which of these are no depots. */
  unknownDepots(depotIds: readonly string[]): Promise<readonly string[]>;
  /** Depots that an order leaves from or goes to; none where there is no such order. */
  shelvesOfOrder(
    orderId: string,
  ): Promise<{readonly depotIds: readonly string[]; readonly partIds: readonly string[]}>;
  references(number: string): Promise<NumberMeanings>;
  /** Every number by which others call these parts at `at`. */
  numbersOf(partIds: readonly string[], at: EpochMs): Promise<PartReference[]>;
  /** The whole state that a folder can carry: re-imported into an empty database it exports to the same. */
  exportFolder(): Promise<RawFolder>;
}
