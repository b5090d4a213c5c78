import type {EpochMs} from '../domain/time.ts';
import type {MasterFolder, RawFolder} from './core/master-data.ts';
import type {PositionFact} from './core/position-timeline.ts';
import type {DemandLine, LineEvent} from './core/demand-line.ts';
import type {PositionChange, PositionRef, PositionSituation} from './core/position-change.ts';
import type {Feed, FeedKind, FeedLapse, FeedSchedule} from './core/feed.ts';
import type {PartReference} from './core/part-reference.ts';
import type {ShareRules, WaitingLine} from './core/service-order.ts';
import type {Share} from './core/share-out.ts';
import type {StockPart} from './core/stock-rules.ts';
import type {PartRelation} from './core/supersession.ts';
import type {SupplyOrder} from './core/order-state.ts';

/** What the network stage needs from the world. */
export interface NetworkPorts {
  /**
   * One transaction on the books; any throw undoes all of it. Writers take turns: commands are few and batches short,
   * so one writer at a time is cheaper than reasoning about lock orders, and stock goes out in one order everywhere.
   */
  transaction<T>(work: (books: NetworkBooks) => Promise<T>): Promise<T>;
  readonly worldClock: {now(): EpochMs};
  /** The id that a cause always has. */
  causeId(...cause: readonly (string | number)[]): string;
  /** Equal values, equal text. */
  canonicalJson(value: unknown): string;
  /** Partition count of the installation. */
  readonly partitions: number;
  /** True in demo and replay: an event that needs a part takes it from stock. False: only commands move stock. */
  readonly autoIssue: boolean;
}

/** Everything that can be read and changed in one transaction. */
export interface NetworkBooks
  extends
    EventLog,
    PositionBooks,
    StockBooks,
    ShareBooks,
    OrderBooks,
    Bookkeeping,
    MasterBooks,
    FeedBooks,
    ReportBooks {}

export interface EquipmentEventRow {
  readonly partitionNo: number;
  readonly logSeq: number;
  readonly equipmentNo: number;
  readonly observedAt: EpochMs;
  readonly receivedAt: EpochMs;
  readonly messageKey: string;
  readonly type: string;
  readonly positionId: string | null;
  readonly serial: string | null;
}

export interface EventBatch {
  readonly events: readonly EquipmentEventRow[];
  /** Where each partition's checkpoint goes once the events are followed. */
  readonly checkpoints: readonly {readonly partitionNo: number; readonly logSeq: number}[];
  /** Rows of the log, readings included, that lie behind those checkpoints. */
  readonly rows: number;
}

export interface EventLog {
  takeEvents(limit: {readonly eventsMax: number}): Promise<EventBatch>;
  advance(checkpoints: EventBatch['checkpoints']): Promise<void>;
}

/** A position to look at again, and the key of what made us look. */
export type TouchedPosition = PositionRef & {readonly cause: string};

export interface PositionBooks {
  /** Keeps facts not heard before; returns each position that has a new one, with the key of one such fact. */
  recordFacts(facts: readonly (PositionRef & PositionFact)[]): Promise<TouchedPosition[]>;
  loadPositions(positions: readonly PositionRef[]): Promise<PositionSituation[]>;
  savePositions(changes: readonly PositionChange[], demandIdOf: (sourceKey: string) => string): Promise<void>;
  partitionOf(equipmentNo: number): Promise<number>;
  /** Position ids of an equipment's model, of any time. */
  positionsOf(equipmentNos: readonly number[]): Promise<ReadonlyMap<number, readonly string[]>>;
}

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
  appendOrderEvent(event: {
    readonly orderId: string;
    readonly source: string;
    readonly sourceKey: string;
    readonly type: string;
    readonly qty: number | null;
    readonly worldAt: EpochMs;
  }): Promise<void>;
}

export interface QuarantineItem {
  readonly quarantineId: string;
  readonly kind: string;
  readonly body: unknown;
  readonly reason: string;
  readonly detail: string;
  readonly receivedAt: EpochMs;
  readonly state: 'open' | 'resubmitted' | 'dropped';
  readonly outcome: unknown;
}

export interface Bookkeeping {
  /** What this (source, sourceKey) led to the first time, and whether it said the same; null when it is new. */
  firstOutcome(
    source: string,
    sourceKey: string,
    body: string,
  ): Promise<{readonly sameBody: boolean; readonly outcome: unknown} | null>;
  rememberOutcome(source: string, sourceKey: string, body: string, outcome: unknown): Promise<void>;
  quarantine(items: readonly Omit<QuarantineItem, 'state' | 'outcome'>[]): Promise<void>;
  quarantineItem(quarantineId: string): Promise<QuarantineItem | null>;
  closeQuarantine(quarantineId: string, state: 'resubmitted' | 'dropped', outcome: unknown): Promise<void>;
  /** Planning groups of parts, each part's own. */
  groupsOf(partIds: readonly string[]): Promise<ReadonlyMap<string, string>>;
  raiseSignals(
    signals: readonly {
      readonly signalId: string;
      readonly groupId: string;
      readonly causeKind: string;
      readonly causeRef: string;
      readonly worldAt: EpochMs;
    }[],
  ): Promise<void>;
  audit(entry: {
    readonly worldAt: EpochMs;
    readonly actor: string;
    readonly action: string;
    readonly subject: string;
    readonly body: unknown;
  }): Promise<void>;
}

/** Something that a party told. */
export interface FeedWord {
  readonly kind: FeedKind;
  readonly partyId: string;
  /** The newest instant it tells of. */
  readonly newestAt: EpochMs;
}

type FeedName = Pick<Feed, 'partyId' | 'kind'>;

export interface FeedBooks {
  /** Notes a word on the feed that it belongs to, if one was agreed; an overdue feed is looked at again at once. */
  hearFeed(word: FeedWord, now: EpochMs): Promise<void>;
  /** The same for events that equipment sent: they are words of its customer. */
  hearEquipment(
    events: readonly Pick<EquipmentEventRow, 'equipmentNo' | 'observedAt'>[],
    now: EpochMs,
  ): Promise<void>;
  /** Agrees on a schedule from `now` on; the one that stands already stays as it is. */
  saveFeed(feed: FeedName & FeedSchedule, now: EpochMs): Promise<void>;
  /** False when there was none. */
  removeFeed(feed: FeedName, now: EpochMs): Promise<boolean>;
  /** Feeds to look at by `now`. */
  dueFeeds(now: EpochMs, limit: {readonly feedsMax: number}): Promise<Feed[]>;
  /** Sets the next look. */
  lookAgain(feed: FeedName, at: EpochMs | null): Promise<void>;
  /** The feed is overdue from now on: one alert. */
  raiseOverdue(feed: Feed, lapse: FeedLapse, now: EpochMs): Promise<void>;
  clearOverdue(feed: FeedName, now: EpochMs): Promise<void>;
}

export interface ReportBooks {
  /**
   * Whose log a report on an equipment goes into: the named party's, or without one the customer's. Null when the named party
   * has nothing to do with the equipment at `at`: it is neither ours nor its customer, its site's, a depot's that serves it or
   * one of its contract.
   */
  reporter(report: {
    readonly equipmentNo: number;
    readonly partyId: string | null;
    readonly at: EpochMs;
  }): Promise<string | null>;
  saveReport(report: RepairReport): Promise<void>;
}

export interface RepairReport {
  readonly reportId: string;
  readonly source: string;
  readonly sourceKey: string;
  /** Whose log it is. */
  readonly partyId: string;
  readonly equipmentNo: number;
  readonly positionId: string;
  readonly reportedAt: EpochMs;
  readonly failureMode: string | null;
  readonly partId: string | null;
  readonly qty: number | null;
  readonly partMissing: boolean;
  readonly finding: 'failed' | 'planned' | 'no-fault-found';
  readonly note: string | null;
}

export interface MasterBooks {
  /** What the database holds of the tables that a folder's rows may refer to or clash with, `line` 0. */
  readMaster(folder: MasterFolder): Promise<MasterFolder>;
  /** Inserts and updates master data; installations, stock, orders and demand are facts and only added. Returns rows by table. */
  writeMaster(folder: MasterFolder, partitionOf: (equipmentId: string) => number): Promise<void>;
  equipmentNos(equipmentIds: readonly string[]): Promise<ReadonlyMap<string, number>>;
  /** Which of these stock rows are of a part that has never moved at their depot: only those may be opened. */
  neverMoved(
    places: readonly {readonly loc: string; readonly partId: string}[],
  ): Promise<ReadonlySet<string>>;
  /** Returns how many were new. */
  addOrders(rows: MasterFolder['supply_order']): Promise<number>;
  addDemand(
    rows: MasterFolder['demand_history'],
    idOf: (source: string, sourceKey: string) => string,
  ): Promise<number>;
  allGroups(): Promise<string[]>;
}

export interface StockRow extends StockBalance {
  /** At the part's unit cost. */
  readonly valueMinor: number;
  readonly currency: string;
}

export interface OrderRow extends SupplyOrder {
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

/** What can fill the open lines of a part at a depot. */
export interface DemandSupply {
  readonly partId: string;
  readonly depotId: string;
  /** Pieces on the shelf that can be issued. */
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

export interface RepairReportFilter extends Filter<'partyId' | 'equipmentId'> {
  /** Goes on behind this row. */
  readonly after?: {readonly at: EpochMs; readonly id: string} | undefined;
  /** Reads in the name of this party: the database shows its rows and no others. */
  readonly asParty?: string | undefined;
}

type Filter<K extends string> = {readonly [key in K]?: string | undefined} & {readonly limit: number};

export interface NetworkReads {
  stock(filter: Filter<'partId' | 'depotId' | 'ownerPartyId'>): Promise<StockRow[]>;
  orders(filter: Filter<'partId' | 'state'>): Promise<OrderRow[]>;
  demand(
    filter: Filter<'partId' | 'depotId' | 'state' | 'demandId'> & {
      readonly neededBefore?: EpochMs | undefined;
    },
  ): Promise<DemandRow[]>;
  /** For the parts and depots that these open lines are of. */
  demandSupply(demandIds: readonly string[]): Promise<DemandSupply[]>;
  /** The life of a line, first step first. */
  demandEvents(demandId: string): Promise<DemandEventRow[]>;
  /** Newest first. */
  shareOuts(filter: Filter<'depotId' | 'partId' | 'demandId'>): Promise<ShareOutRow[]>;
  installationsAsOf(filter: Filter<'equipmentId'> & {readonly at: EpochMs}): Promise<InstallationAsOf[]>;
  quarantine(filter: Filter<'state'>): Promise<QuarantineItem[]>;
  /** Newest first. */
  repairReports(filter: RepairReportFilter): Promise<RepairReportRow[]>;
  /** By party and kind. */
  feeds(filter: Filter<'partyId'>): Promise<Feed[]>;
  isParty(partyId: string): Promise<boolean>;
  references(number: string): Promise<NumberMeanings>;
  /** Every number by which others call these parts at `at`. */
  numbersOf(partIds: readonly string[], at: EpochMs): Promise<PartReference[]>;
  /** The whole state that a folder can carry: re-imported into an empty database it exports to the same. */
  exportFolder(): Promise<RawFolder>;
}
