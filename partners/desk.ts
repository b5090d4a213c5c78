import type {Result} from '../domain/result.ts';
import type {EpochMs} from '../domain/time.ts';
import type {SharedRow} from './core/apply-share.ts';
import type {DataShare, DataShareTerms} from './core/data-share.ts';
import type {SharedData} from './core/shared-data.ts';

export interface ShareName {
  readonly partyId: string;
  readonly data: SharedData;
}

export type SharedWay = 'api' | 'csv' | 'stream' | 'notice';

/** One sending under a share. */
export interface SentRecord extends ShareName {
  readonly sentNo: number;
  readonly version: number;
  readonly way: SharedWay;
  readonly rows: number;
  readonly sentAt: EpochMs;
  /** When the retention that was agreed ends, and this entry goes. */
  readonly keepUntil: EpochMs;
}

/** The share in force, with how its texts are masked. */
export interface ShareInForce {
  readonly share: DataShare;
  readonly pseudonymOf: (value: string) => string;
}

/** What is agreed about data that parties are sent, and what was. */
export interface DataShares {
  list(filter: {
    readonly partyId?: string | undefined;
    readonly limit: number;
  }): Promise<readonly DataShare[]>;
  sent(filter: {
    readonly partyId?: string | undefined;
    readonly limit: number;
  }): Promise<readonly SentRecord[]>;
  /** Null: nothing is granted. */
  inForce(name: ShareName): Promise<ShareInForce | null>;
  /** A new version, which ends what was agreed from its begin on. @param from left out: now */
  agree(
    name: ShareName,
    request: {readonly terms: DataShareTerms; readonly from?: EpochMs | undefined; readonly actor: string},
  ): Promise<Result<DataShare>>;
  end(name: ShareName, actor: string): Promise<Result<ShareName>>;
  /** The state that was last sent of a share with a frequency; null when a new one is due. */
  lastState(share: DataShare): Promise<readonly SharedRow[] | null>;
  /** Shares in force with a frequency whose party was sent none of it on the bus for so long. */
  dueForStream(sharesMax: number): Promise<readonly DataShare[]>;
  record(
    share: DataShare,
    sent: {readonly way: SharedWay; readonly rows: readonly SharedRow[]; readonly isState: boolean},
  ): Promise<void>;
}
