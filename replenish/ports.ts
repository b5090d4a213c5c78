import type {EpochMs} from '../domain/time.ts';
import type {Decision} from './core/decide.ts';
import type {Policy, Situation} from './core/situation.ts';

/** The last decision of a group: one that would only repeat it is linked, not written again. */
export interface LastDecision {
  readonly decisionId: string;
  readonly state: string;
  readonly essence: string;
}

export interface GroupWork {
  readonly groupId: string;
  readonly signalIds: readonly string[];
  /** One situation per part of the group that can be planned. */
  readonly situations: readonly Situation[];
  readonly last: LastDecision | null;
}

export interface Settled {
  readonly decision: Decision;
  readonly situation: Situation;
}

export interface Committed {
  readonly decisionId: string;
  readonly groupId: string;
  /** False when the signals were linked to the last decision. */
  readonly written: boolean;
  readonly state: string;
  readonly settled: Settled;
}

/** The database, as replenish sees it. */
export interface ReplenishStore {
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
  ): Promise<Committed | null>;
  policy(now: EpochMs): Promise<Policy>;
}
