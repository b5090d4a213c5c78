import type {Option} from '../domain/decision.ts';
import type {OrderReleased, SubstituteAllotted} from '../domain/effect-message.ts';
import type {EpochMs} from '../domain/time.ts';
import type {Lapse, ReservedFor} from './core/decision/reservation.ts';
import type {Policy} from './core/decision/policy.ts';
import type {DepotSituation, Situation} from './core/decision/situation.ts';
import type {Settled, Unplannable} from './ports.ts';
import type {z} from 'zod';

/** A decision that does something, or would. */
export interface Act {
  readonly decisionId: string;
  readonly state: string;
  readonly mode: string;
  readonly essence: string;
  readonly action: string;
  readonly partId: string;
  readonly depotId: string;
  readonly at: number;
  /** Of the depot and those it feeds, when it was decided; null where the reasons do not say. */
  readonly position: number | null;
}

export type LastDecision = Pick<Act, 'decisionId' | 'state' | 'action' | 'essence'>;

/** A decision as it is written, with all that it was reckoned from. */
export interface DecisionRow {
  readonly decisionId: string;
  readonly groupId: string;
  readonly groupVersion: number;
  readonly settled: Settled;
  readonly essence: string;
  readonly orderId: string | null;
  readonly state: string;
  readonly expiresAt: EpochMs | null;
  readonly now: EpochMs;
}

/** What a decision orders, or hurries. */
export interface PlacedOrder {
  readonly orderId: string | null;
  readonly decisionId: string;
  readonly partId: string;
  readonly ownerPartyId: string;
  readonly depotId: string;
  readonly option: Option;
  readonly arrival: NonNullable<Option['arrival']>;
  readonly expectedAt: EpochMs;
  readonly currency: string;
  readonly now: EpochMs;
}

export interface OrderMessage {
  readonly key: string;
  readonly decisionId: string;
  readonly target: string;
  readonly payload: z.output<typeof OrderReleased> | z.output<typeof SubstituteAllotted>;
  readonly now: EpochMs;
}

/** What carrying a decision out writes, in the transaction of whoever carries it out. */
export interface OrderRows {
  /** A new order, in the state 'released'. */
  placeOrder(order: PlacedOrder): Promise<void>;
  /** An order that is on its way comes sooner. */
  hurryOrder(order: PlacedOrder): Promise<void>;
  /** Pieces of a substitute are set aside for the line that they serve. */
  allot(allotment: {
    readonly decisionId: string;
    readonly depot: DepotSituation;
    readonly quantity: number;
    readonly substitute: NonNullable<Option['substitute']>;
    readonly now: EpochMs;
  }): Promise<void>;
  reserve(effect: {
    readonly decisionId: string;
    readonly partId: string;
    readonly depotId: string;
    readonly reserved: readonly ReservedFor[];
    readonly now: EpochMs;
  }): Promise<void>;
  /** Has the group looked at once more: what else it needs is the next decision's. */
  lookAgain(groupId: string, decisionId: string, now: EpochMs): Promise<void>;
  /** Into the outbox; a key that is there already stays as it is. */
  enqueue(message: OrderMessage): Promise<void>;
}

/** What a decision reads and writes of its group inside one transaction. */
export interface GroupRows extends OrderRows {
  /** Locks the group until the end of the transaction. @returns its pending signals, in order; none when another process holds it. */
  claim(groupId: string): Promise<readonly string[]>;
  /** The newest act of each part and depot since the group last wanted nothing at all, as far back as a proposal lives. */
  latestActs(groupId: string, now: EpochMs): Promise<readonly Act[]>;
  lastDecision(groupId: string): Promise<LastDecision | undefined>;
  /** One for each part of the group that can be planned. */
  situations(groupId: string, now: EpochMs, policy: Policy): Promise<readonly Situation[]>;
  /** Raises the group's version, and says it. */
  raiseVersion(groupId: string): Promise<number>;
  /** Takes one of the orders that a day may have. @returns false where none is left. */
  takeOrderOfDay(now: EpochMs, ordersMax: number): Promise<boolean>;
  addDecision(row: DecisionRow): Promise<void>;
  withdraw(decisionId: string, now: EpochMs): Promise<void>;
  /** The signals are answered by this decision. */
  link(signalIds: readonly string[], decisionId: string): Promise<void>;
  /** Answers the signals of a group that cannot be planned, and has somebody told. */
  sayUnplannable(said: {
    readonly groupId: string;
    readonly signalIds: readonly string[];
    readonly now: EpochMs;
    readonly reason: string;
  }): Promise<Unplannable>;
  clearUnplannable(groupId: string, now: EpochMs): Promise<void>;
  release(released: {
    readonly decisionId: string;
    readonly lapses: readonly Lapse[];
    readonly now: EpochMs;
  }): Promise<void>;
  /** Alerts, how each shelf stands, and what waiting lines are promised. */
  tell(told: {
    readonly settled: Settled;
    readonly situations: readonly Situation[];
    readonly decisionId: string;
    readonly now: EpochMs;
  }): Promise<void>;
}

/** Where decisions are kept: PostgreSQL, or the memory of a simulated world. */
export interface GroupBook {
  /**
   * Commits what `work` has done, or nothing of it; 'repeatable read' shows it one state of all rows, and refuses (40001) to write over what
   * others have written since. A rejection may come from a commit whose answer was lost.
   */
  inTransaction<T>(
    work: (rows: GroupRows) => Promise<T>,
    isolation: 'read committed' | 'repeatable read',
  ): Promise<T>;
}
