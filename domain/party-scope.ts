import type {EpochMs} from './time.ts';

/** In whose name something is read, and when: what a contract or a service area opens it opens in its time only. */
export interface PartyScope {
  readonly partyId: string;
  /** World time. */
  readonly at: EpochMs;
}
