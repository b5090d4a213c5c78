/** Operational trouble: broker away, deadlock, model file unreadable. One retry policy, in the shell, acts on `retryable`. */
export class OperationalFault extends Error {
  override readonly name = 'OperationalFault';
  readonly code: string;
  readonly retryable: boolean;

  constructor(
    code: string,
    message: string,
    options: {readonly retryable: boolean; readonly cause?: unknown},
  ) {
    super(message, {cause: options.cause});
    this.code = code;
    this.retryable = options.retryable;
  }
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
