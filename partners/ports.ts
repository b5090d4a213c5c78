import type {EpochMs} from '../domain/time.ts';
import type {Contract} from './core/contract.ts';

/** Ends of contracts and the alerts on them, inside one transaction. */
export interface ExpiryBooks {
  /** Whether it is time to look. */
  isDue(now: EpochMs): Promise<boolean>;
  lookAgain(at: EpochMs): Promise<void>;
  /** Contracts that end within so many days and are not renewed, the first to end first. */
  expiring(span: {readonly now: EpochMs; readonly withinDays: number}): Promise<readonly Contract[]>;
  /** Contracts with an open alert. */
  alerted(): Promise<ReadonlySet<string>>;
  openAlert(contract: Contract, now: EpochMs): Promise<void>;
  clearAlert(contractId: string, now: EpochMs): Promise<void>;
}

/** What the stage needs from the world. */
export interface PartnersPorts {
  readonly worldClock: {now(): EpochMs};
  transaction<T>(work: (books: ExpiryBooks) => Promise<T>): Promise<T>;
}
