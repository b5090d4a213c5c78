import type {Result} from '../domain/result.ts';
import type {EpochMs} from '../domain/time.ts';
import type {SharedRow} from './core/apply-share.ts';
import type {BreachNotice, DutyStanding, NoticeState} from './core/breach.ts';
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

/** What somebody found out: of a breach of personal data, or of data of partners. */
export interface BreachReport {
  readonly discoveredAt: EpochMs;
  /** In which the data lay open. */
  readonly from: EpochMs;
  /** Not included. */
  readonly to: EpochMs;
  readonly what: string;
  readonly data: string;
  /** Whether the authority is to be told. */
  readonly isPersonal: boolean;
  /** Whose data are touched. */
  readonly partyIds: readonly string[];
  /** Whose requests are looked at, by the names that the audit trail has. */
  readonly callers: readonly string[];
}

/** A breach on record, and how its notices stand by the clock. */
export interface Breach extends Omit<BreachReport, 'isPersonal' | 'partyIds'> {
  readonly breachId: string;
  readonly recordedAt: EpochMs;
  readonly recordedBy: string;
  readonly state: NoticeState;
  readonly duties: readonly DutyStanding[];
  readonly notices: readonly BreachNotice[];
}

export type NoticeReport = Omit<BreachNotice, 'recordedAt' | 'recordedBy'>;

/** Breaches and the notices that they owe (K3). Both are put on record, with entries of the audit trail, and never changed. */
export interface Breaches {
  /** The newest discovery first. */
  list(limit: number): Promise<readonly Breach[]>;
  find(breachId: string): Promise<Breach | null>;
  /** From its discovery on the clock runs. @returns 'breach-exists', 'breach-span' or 'unknown-party' */
  record(breachId: string, report: BreachReport, actor: string): Promise<Result<Breach>>;
  /** One that was sent; the same reference again changes nothing. */
  notice(breachId: string, report: NoticeReport, actor: string): Promise<Result<Breach>>;
  /** Opens and ends alerts where time alone has changed something. @returns how many breaches it looked at. */
  watch(): Promise<number>;
}
