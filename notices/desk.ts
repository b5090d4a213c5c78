import type {Result} from '../domain/result.ts';
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
