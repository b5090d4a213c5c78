import type {Result} from '../domain/result.ts';
import type {EpochMs} from '../domain/time.ts';
import type {Template} from './core/customer-notice.ts';
import type {Recipient} from './core/recipient.ts';

/** A recipient as somebody states it. `url` and `key` are credentials: they go in and never come out; left out, those that are there stay. */
export interface RecipientRequest extends Omit<Recipient, 'address'> {
  readonly optedOut: boolean;
  readonly email?: string | undefined;
  readonly url?: string | undefined;
  readonly key?: string | undefined;
}

/** What people say about who is told. */
export interface NoticeDesk {
  recipients(): Promise<readonly Recipient[]>;
  put(request: RecipientRequest, actor: string): Promise<Result<Recipient>>;
  /** Puts a test message on its way. */
  test(
    recipientId: string,
    actor: string,
  ): Promise<Result<{readonly recipientId: string; readonly idempotencyKey: string}>>;
}

/** A text for customers as somebody writes it. */
export type TemplateRequest = Omit<Template, 'version'>;

export interface WrittenTemplate extends Template {
  readonly writtenBy: string;
  readonly writtenAt: EpochMs;
  /** Null: nobody has, so it is never sent. */
  readonly approvedBy: string | null;
  readonly approvedAt: EpochMs | null;
  readonly retiredAt: EpochMs | null;
}

/** The texts that customers are told in. */
export interface TemplateDesk {
  list(limit: number): Promise<readonly WrittenTemplate[]>;
  /** A new version, which is sent from its approval on; until then the approved one before it is. */
  write(request: TemplateRequest, actor: string): Promise<Result<WrittenTemplate>>;
  /** By somebody else than who wrote it. */
  approve(
    name: {readonly templateId: string; readonly version: number},
    actor: string,
  ): Promise<Result<WrittenTemplate>>;
  /** No version of it is sent any more. */
  retire(
    templateId: string,
    actor: string,
  ): Promise<Result<{readonly templateId: string; readonly versions: number}>>;
}
