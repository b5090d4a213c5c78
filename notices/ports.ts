import type {EpochMs} from '../domain/time.ts';
import type {AlertRules} from './core/alert-rules.ts';
import type {Course, StandingAlert} from './core/course.ts';
import type {Message, ToldAlert} from './core/message.ts';
import type {Recipient} from './core/recipient.ts';

/** The newest alert of a problem that is to be looked at, and how far it was told. */
export interface Problem {
  readonly alert: StandingAlert & {readonly depotId: string | null};
  readonly course: (Course & {readonly courseId: string}) | null;
}

export interface NewNotice {
  readonly noticeId: string;
  readonly courseId: string;
  readonly alertId: string;
  readonly reason: string;
  /** Null: nobody takes it. */
  readonly recipientId: string | null;
  readonly level: number;
  readonly dueAt: EpochMs;
}

/** A notice that has not left, with what is known of its problem now. */
export interface HeldNotice {
  readonly noticeId: string;
  readonly courseId: string;
  readonly reason: string;
  readonly recipientId: string;
  readonly dueAt: EpochMs;
  readonly stage: Course['stage'];
  readonly alert: ToldAlert;
}

export interface SettledNotice {
  readonly noticeId: string;
  readonly state: 'sent' | 'digested' | 'withheld';
  readonly why: string | null;
  readonly digestId: string | null;
}

/** One message on its way to one recipient. */
export interface Outgoing {
  readonly recipient: Recipient;
  /** The notice or the digest that it is. */
  readonly id: string;
  readonly causeKind: string;
  readonly causeId: string;
  readonly reason: string;
  readonly message: Message;
}

/** What telling people reads and writes in one transaction. */
export interface NoticeBooks {
  rules(now: EpochMs): Promise<AlertRules>;
  recipients(): Promise<readonly Recipient[]>;
  /** Problems that changed or whose time has come; they count as looked at. */
  due(now: EpochMs, problemsMax: number): Promise<readonly Problem[]>;
  keepCourse(courseId: string, alert: StandingAlert, course: Course): Promise<void>;
  /** Recipients to whom something about a course has left. */
  told(courseId: string): Promise<readonly string[]>;
  /** A notice that is there already stays as it is. */
  add(notices: readonly NewNotice[], now: EpochMs): Promise<void>;
  lookAgain(alertId: string, at: EpochMs): Promise<void>;
  /** An acknowledgement or a snooze is over. */
  wake(alertId: string, now: EpochMs): Promise<void>;
  /** In the order in which they were made. */
  waiting(noticesMax: number): Promise<readonly HeldNotice[]>;
  /** When messages of their own left to each recipient since then. */
  sentSince(from: EpochMs): Promise<readonly {readonly recipientId: string; readonly at: EpochMs}[]>;
  settle(notices: readonly SettledNotice[], now: EpochMs): Promise<void>;
  send(outgoing: Outgoing, now: EpochMs): Promise<void>;
  /** When something that waits may leave; null: nothing waits for a time. */
  dispatchAt(at: EpochMs | null): Promise<void>;
}

export interface NoticeStore {
  /** Null when there is nothing to do, or another process does it right now. */
  transaction<T>(now: EpochMs, work: (books: NoticeBooks) => Promise<T>): Promise<T | null>;
}
