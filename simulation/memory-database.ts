/** Somebody has a lock, others wait for it in the order in which they came. */
class Lock {
  holder: Transaction | undefined;
  readonly waiting: {readonly by: Transaction; readonly granted: () => void}[] = [];
}

/** Refused by the database, with PostgreSQL's code for it. */
export class DatabaseError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/**
 * The transactions of a database: locks by name, and writes that are seen by others, all at once, from the commit on. Whatever is
 * not committed is gone with the server; what is committed stays.
 */
export class MemoryDatabase {
  readonly #locks = new Map<string, Lock>();
  readonly #open = new Set<Transaction>();

  begin(): Transaction {
    const transaction = new Transaction(
      (name, by) => this.#lock(name, by),
      (name, by) => this.#isFree(name, by),
    );
    this.#open.add(transaction);
    return transaction;
  }

  /** @throws DatabaseError when it is not open any more, or a check fails: then nothing of it is done. */
  commit(transaction: Transaction): void {
    if (!this.#open.has(transaction)) throw aborted();
    try {
      transaction.apply();
    } finally {
      this.#end(transaction);
    }
  }

  rollback(transaction: Transaction): void {
    if (this.#open.has(transaction)) this.#end(transaction);
  }

  /** Ends all that is open, as a crash does. */
  crash(): void {
    for (const transaction of [...this.#open]) this.#end(transaction);
  }

  get openTransactions(): number {
    return this.#open.size;
  }

  async #lock(name: string, by: Transaction): Promise<void> {
    let lock = this.#locks.get(name);
    if (lock === undefined) this.#locks.set(name, (lock = new Lock()));
    if (!this.#open.has(by)) throw aborted();
    if (lock.holder === by) return;
    if (lock.holder === undefined) lock.holder = by;
    else {
      const {waiting} = lock;
      await new Promise<void>((granted) => waiting.push({by, granted}));
    }
    if (!this.#open.has(by)) throw aborted();
  }

  #isFree(name: string, by: Transaction): boolean {
    const holder = this.#locks.get(name)?.holder;
    return holder === undefined || holder === by;
  }

  #end(transaction: Transaction): void {
    this.#open.delete(transaction);
    for (const lock of this.#locks.values()) {
      for (const [at, {by, granted}] of [...lock.waiting.entries()].reverse()) {
        if (by !== transaction) continue;
        lock.waiting.splice(at, 1);
        granted(); // to hear that its transaction is over
      }
      if (lock.holder !== transaction) continue;
      const next = lock.waiting.shift();
      lock.holder = next?.by;
      next?.granted();
    }
  }
}

/** One transaction: checks and writes wait for its commit. */
export class Transaction {
  readonly #lock: (name: string, by: Transaction) => Promise<void>;
  readonly #isFree: (name: string, by: Transaction) => boolean;
  readonly #checks: (() => void)[] = [];
  readonly #writes: (() => void)[] = [];

  constructor(
    lock: (name: string, by: Transaction) => Promise<void>,
    isFree: (name: string, by: Transaction) => boolean,
  ) {
    this.#lock = lock;
    this.#isFree = isFree;
  }

  /** Until the end of the transaction. */
  async lock(name: string): Promise<void> {
    return this.#lock(name, this);
  }

  /** Takes the lock, unless somebody else has it. */
  tryLock(name: string): boolean {
    if (!this.#isFree(name, this)) return false;
    this.#lock(name, this).catch(() => undefined); // free, so taken at once; or the transaction is over, which its next statement says
    return true;
  }

  /** @param check  Throws when the rows do not allow this write; asked at once and again at the commit. */
  write(write: () => void, check: () => void = () => undefined): void {
    check();
    this.#checks.push(check);
    this.#writes.push(write);
  }

  apply(): void {
    for (const check of this.#checks) check();
    for (const write of this.#writes) write();
  }
}

function aborted(): DatabaseError {
  return new DatabaseError('25P02', 'the transaction is over');
}
