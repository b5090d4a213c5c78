import type {EpochMs} from '../../domain/time.ts';
import type {Term} from '../../domain/service-level/clause.ts';

/** Days before its end at which a contract that is not renewed becomes an alert. */
export const NOTICE_DAYS = 60;

/** One version of a contract; an open end is null. */
export interface Contract {
  readonly contractId: string;
  readonly version: number;
  readonly partyA: string;
  readonly partyB: string;
  readonly type: string;
  readonly tier: string;
  readonly validFrom: EpochMs | null;
  readonly validTo: EpochMs | null;
  readonly status: 'draft' | 'active' | 'ended';
  /** Charged each hour where the version has no penalty term. */
  readonly penaltyMinorPerH: number;
}

export interface ContractWithTerms extends Contract {
  readonly terms: readonly Term[];
}
