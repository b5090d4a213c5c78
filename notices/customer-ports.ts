import type {EpochMs} from '../domain/time.ts';
import type {
  CustomerReason,
  CustomerRules,
  LineFacts,
  Template,
  ToldLine,
  WaitingLine,
} from './core/customer-notice.ts';
import type {Message} from './core/message.ts';
import type {Recipient} from './core/recipient.ts';

/** A line of a customer that changed or whose time has come. */
export interface DueLine extends WaitingLine {
  readonly demandId: string;
  readonly partyId: string;
  readonly depotId: string;
  readonly tier: string;
  readonly facts: LineFacts;
}

export interface LineNotice {
  readonly noticeId: string;
  readonly demandId: string;
  readonly recipientId: string;
  readonly reason: CustomerReason;
  readonly dueAt: EpochMs;
  /** Null: it waits to leave. */
  readonly withheld: string | null;
  readonly told: ToldLine;
  readonly message: Message | null;
}

/** What was told of one line to one recipient last, and by which notice. */
export interface LastTold extends ToldLine {
  readonly noticeId: string;
  readonly demandId: string;
  readonly recipientId: string;
}

/** What telling customers reads and writes in one transaction. */
export interface CustomerBooks {
  rules(now: EpochMs): Promise<CustomerRules>;
  recipients(): Promise<readonly Recipient[]>;
  /** Lines that changed or whose time has come; they count as looked at. */
  due(now: EpochMs, linesMax: number): Promise<readonly DueLine[]>;
  lastTold(demandIds: readonly string[]): Promise<readonly LastTold[]>;
  /** In force: approved, and not retired. */
  templates(): Promise<readonly Template[]>;
  /** What waits of a line for a recipient gives way, as later words say more; one that was withheld before may wait now. */
  put(
    notice: LineNotice | {readonly demandId: string; readonly recipientId: string; readonly noticeId: null},
    now: EpochMs,
  ): Promise<void>;
  lookAgain(demandId: string, at: EpochMs): Promise<void>;
  /** Lets what is due leave, and notes when the next is. @returns how many were settled */
  dispatch(now: EpochMs, noticesMax: number): Promise<number>;
}

export interface CustomerStore {
  /** Null when there is nothing to do, or another process does it right now. */
  transaction<T>(now: EpochMs, work: (books: CustomerBooks) => Promise<T>): Promise<T | null>;
}

/** What of the facts of a line its customer is sent: the agreement with it decides, and keeps a record. */
export type ShareFacts = (partyId: string, facts: LineFacts) => Promise<LineFacts>;
