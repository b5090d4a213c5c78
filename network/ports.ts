import type {EpochMs} from '../domain/time.ts';
import type {MasterFolder} from './core/master-data.ts';
import type {PositionFact} from './core/position-timeline.ts';
import type {PositionChange, PositionRef, PositionSituation} from './core/position-change.ts';
import type {Feed, FeedKind, FeedLapse, FeedSchedule} from './core/feed.ts';
import type {OrderBooks, ShareBooks, StatementBooks, StockBooks} from './stock-ports.ts';

/** What the network stage needs from the world. */
export interface NetworkPorts {
  /**
   * One transaction on the books; any throw undoes all of it. Writers take turns: commands are few and batches short,
   * so one writer at a time is cheaper than reasoning about lock orders, and stock goes out in one order everywhere.
   */
  transaction<T>(work: (books: NetworkBooks) => Promise<T>): Promise<T>;
  /** Moves the checkpoint of each partition whose new rows hold no event up to its head: nothing of them is for the books. */
  passReadings(): Promise<Passed>;
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
    AnswerBooks,
    ReportBooks,
    StatementBooks {}

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
  /** A partition may have more events than were taken. */
  readonly more: boolean;
}

/** Log rows that were passed since they hold no event. */
export interface Passed {
  readonly rows: number;
  /** Some partition has an event to follow; nothing of it was passed. */
  readonly eventsWait: boolean;
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

/** An order whose supplier should have answered it by now. */
export interface UnansweredOrder {
  readonly orderId: string;
  readonly partId: string;
  readonly fromLoc: string;
  readonly toLoc: string;
  readonly supplierPartyId: string;
  readonly ownerPartyId: string;
  readonly qty: number;
  readonly orderedAt: EpochMs;
}

/** Orders of suppliers that have agreed to confirm them (feed `order-confirmations`). */
export interface AnswerBooks {
  /** Orders whose time for an answer is over by `now` and that have none. */
  dueAnswers(now: EpochMs, limit: {readonly ordersMax: number}): Promise<UnansweredOrder[]>;
  /** One alert an order; its time is looked at no more. */
  raiseUnanswered(order: UnansweredOrder, now: EpochMs): Promise<void>;
  /** Its supplier has answered, or the order is off. */
  clearUnanswered(orderId: string, now: EpochMs): Promise<void>;
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
  savePartReport(report: PartReport): Promise<void>;
  /** Held until the end of the transaction, so that two answers come one after the other. */
  partReport(reportId: string): Promise<Pick<PartReport, 'openedDemandId'> | null>;
  answerPartReport(said: {
    readonly reportId: string;
    readonly answer: string;
    readonly at: EpochMs;
  }): Promise<void>;
  /** Pieces of a line that were reported, and asked for anew. */
  replacedPieces(demandId: string): Promise<number>;
}

/** What can be wrong with the part of a job. */
export const PART_PROBLEMS = ['part-missing', 'wrong-part', 'dead-on-arrival'] as const;

export interface PartReport {
  readonly reportId: string;
  readonly source: string;
  readonly sourceKey: string;
  /** Whose log it is. */
  readonly partyId: string;
  readonly demandId: string;
  readonly problem: (typeof PART_PROBLEMS)[number];
  readonly pieces: number;
  readonly note: string | null;
  readonly reportedAt: EpochMs;
  /** The need that it opened; null: the line was still waiting anyway. */
  readonly openedDemandId: string | null;
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
  /** Lets the database look at what was written, so that it plans for the tables as they are now. */
  refreshStatistics(): Promise<void>;
}
