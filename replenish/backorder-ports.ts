import type {Result} from '../domain/result.ts';
import type {EpochMs} from '../domain/time.ts';
import type {BackorderReview, ReviewWords} from './core/backorder/backorder-review.ts';
import type {Override, OverrideVerdict} from './core/backorder/emergency-override.ts';
import type {BackorderCause, CauseShare} from './core/backorder/root-cause.ts';
import type {ShortageFacts} from './core/backorder/shortage-evidence.ts';
import type {BackorderPolicy, Level, Waiting} from './core/backorder/threshold-matrix.ts';

export interface PolicyInForce {
  readonly policy: BackorderPolicy;
  /** Another policy has another key. */
  readonly key: string;
}

/** A backorder whose timer is due, or whose line is open no more. */
export interface WatchedBackorder extends Waiting {
  readonly demandId: string;
  readonly partId: string;
  readonly depotId: string;
  readonly partyId: string;
  readonly equipmentId: string | null;
  readonly customerPartyId: string | null;
  readonly state: 'open' | 'filled' | 'cancelled';
  readonly openQty: number;
  readonly shortageMinorPerH: number;
  readonly currency: string;
  /** Null until it was looked at. */
  readonly causes: readonly CauseShare[] | null;
}

export interface TaggedBackorder {
  readonly demandId: string;
  /** It had no causes before: with them its life begins. */
  readonly isFresh: boolean;
  readonly causes: readonly CauseShare[];
}

export interface WatchedOverride extends Override {
  readonly overrideId: string;
  readonly partId: string;
  readonly depotId: string;
}

/** What the watch over backorders reads and writes in one transaction. */
export interface BackorderBooks {
  policy(now: EpochMs): Promise<PolicyInForce>;
  /** Begins to watch open lines whose need has passed; each is due at once. */
  adopt(now: EpochMs, policyKey: string, linesMax: number): Promise<void>;
  due(now: EpochMs, policyKey: string, backordersMax: number): Promise<readonly WatchedBackorder[]>;
  /** What is on record about each, in their order. */
  facts(backorders: readonly WatchedBackorder[]): Promise<readonly ShortageFacts[]>;
  keepCauses(tagged: readonly TaggedBackorder[], now: EpochMs): Promise<void>;
  pass(
    backorder: WatchedBackorder,
    passed: {readonly level: Level; readonly dueAt: EpochMs; readonly tell: string},
    now: EpochMs,
  ): Promise<void>;
  openReview(demandId: string, dueAt: EpochMs, now: EpochMs): Promise<void>;
  /** `at` null: nothing more can come of it. */
  lookAgain(
    looked: readonly {readonly demandId: string; readonly at: EpochMs | null}[],
    policyKey: string,
  ): Promise<void>;
  close(backorder: WatchedBackorder, now: EpochMs): Promise<void>;
  /** Lets the part be ordered above its reorder point; renews an override that was on its way out. A standing one gets a cap for all that wait. */
  override(backorder: WatchedBackorder, policy: BackorderPolicy, now: EpochMs): Promise<void>;
  dueOverrides(now: EpochMs, overridesMax: number): Promise<readonly WatchedOverride[]>;
  settleOverride(override: WatchedOverride, verdict: OverrideVerdict, now: EpochMs): Promise<void>;
}

export interface BackorderStore {
  /** Null when another process watches right now. */
  transaction<T>(work: (books: BackorderBooks) => Promise<T>): Promise<T | null>;
}

export interface Corrected {
  readonly demandId: string;
  readonly cause: BackorderCause;
}

/** What people say about backorders. */
export interface BackorderDesk {
  /** Names the cause by hand; the automatic tags stay beside it. */
  correct(correction: {
    readonly demandId: string;
    readonly cause: BackorderCause;
    readonly reason: string;
    readonly actor: string;
  }): Promise<Result<Corrected>>;
  /** Fills a review in, and closes it when it says everything. */
  review(said: {
    readonly demandId: string;
    readonly words: {readonly [K in keyof ReviewWords]?: ReviewWords[K] | undefined};
    readonly close: boolean;
    readonly actor: string;
  }): Promise<Result<BackorderReview>>;
}
