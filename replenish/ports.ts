import type {Result} from '../domain/result.ts';
import type {EpochMs} from '../domain/time.ts';
import type {Decision} from './core/decision/decide.ts';
import type {DecisionState, ReviewReason, Verdict} from './core/decision/review.ts';
import type {Policy} from './core/decision/policy.ts';
import type {Situation} from './core/decision/situation.ts';
import type {CaseResolution} from './core/forecast/variance-case.ts';

export interface GroupWork {
  readonly groupId: string;
  readonly signalIds: readonly string[];
  /** One situation per part of the group that can be planned. */
  readonly situations: readonly Situation[];
}

/** One part, and what was decided of it. */
export interface Decided {
  readonly decision: Decision;
  readonly situation: Situation;
}

export interface Settled extends Decided {
  /** Of the group's other parts: what their customers will feel is told too, though their turn to act is another. */
  readonly others: readonly Decided[];
  /** Essence of everything that any part of the group wants done now. */
  readonly wants: readonly string[];
}

export interface Committed {
  readonly decisionId: string;
  readonly groupId: string;
  /** False when the signals were linked to a decision that says the same. */
  readonly written: boolean;
  readonly state: string;
  readonly settled: Settled;
}

/** No part of the group lies at any depot, or its rows cannot be reckoned with: its signals are settled, and an alert says so until it is decided again. */
export interface Unplannable {
  readonly groupId: string;
  readonly state: 'unplannable';
  readonly reason: string;
}

/** The database, as replenish sees it. */
export interface ReplenishStore {
  /**
   * Raises a signal for each group with a reservation that has run out, about whose parts a contract's term has begun or lapsed, or, once in
   * each interval between two looks, with planned needs.
   */
  signalDue(now: EpochMs): Promise<void>;
  /** Groups whose oldest pending signal has waited for the coalescing window. */
  dirtyGroups(groupsMax: number, coalesceMs: number): Promise<readonly string[]>;
  /**
   * Locks one group, loads it, lets `settle` decide, and writes decision, order, alerts, effects and audit in one transaction.
   * Null when another process holds the group or nothing is pending any more.
   */
  decideGroup(
    groupId: string,
    now: EpochMs,
    policy: Policy,
    settle: (work: GroupWork) => Settled | null,
  ): Promise<Committed | Unplannable | null>;
  policy(now: EpochMs): Promise<Policy>;
}

/** A planner's verdict on a proposal. */
export interface Review {
  readonly decisionId: string;
  readonly verdict: Verdict;
  readonly actor: string;
  /** Role of who says it: which values it may answer for is stated in bands (`Policy.approvalBands`). */
  readonly role: string;
  readonly reasonCode: ReviewReason | null;
  readonly note: string | null;
  /** With 'change': the pieces to order instead. */
  readonly quantity: number | null;
  /** The caller's own name of the request: sent again it answers the first outcome and does nothing. */
  readonly key: string | null;
}

export interface Reviewed {
  readonly decisionId: string;
  readonly state: DecisionState;
  /** The order that was placed or hurried; null after a rejection. */
  readonly orderId: string | null;
  readonly quantity: number;
  readonly repeated: boolean;
}

/** An alert after somebody has answered it. */
export interface AlertAnswered {
  readonly alertId: string;
  readonly state: string;
  /** Until when the answer holds; null: until its cause is gone. */
  readonly until: EpochMs | null;
}

/** What planners may do to decisions and alerts. */
export interface Reviews {
  /** Verdict, order effect, audit and follow-up signal in one transaction; at most one order per decision. */
  review(review: Review): Promise<Result<Reviewed>>;
  /** Until its cause is gone, or until an instant; who says so last owns it. */
  acknowledgeAlert(
    alertId: string,
    said: {readonly actor: string; readonly note: string | null; readonly until: EpochMs | null},
  ): Promise<Result<AlertAnswered>>;
  /** Closes a case with what was found. */
  resolveAlert(
    alertId: string,
    said: {readonly actor: string; readonly resolution: CaseResolution; readonly note: string},
  ): Promise<Result<AlertAnswered>>;
  snoozeAlert(
    alertId: string,
    said: {readonly actor: string; readonly note: string | null; readonly until: EpochMs},
  ): Promise<Result<AlertAnswered>>;
  unsnoozeAlert(alertId: string, actor: string): Promise<Result<AlertAnswered>>;
  /** Closes proposals that nobody answered in time. @returns how many. */
  expireProposals(): Promise<number>;
}
