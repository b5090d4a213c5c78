import type {Segment} from './segment.ts';
import type {EpochMs} from './time.ts';

/** In whose name something is read, and when: what a contract or a service area opens it opens in its time only. */
export interface PartyScope {
  readonly partyId: string;
  /** Rows about parts are of these alone; null: of all. */
  readonly segments: readonly Segment[] | null;
  /** World time. */
  readonly at: EpochMs;
}
