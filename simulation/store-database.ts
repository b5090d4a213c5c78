import type {StoreDatabase, StoreTransaction} from '../ingest/store/database.ts';
import type {Line, Process, Server} from './line.ts';
import {DatabaseError} from './memory-database.ts';
import type {MemoryDatabase, Transaction} from './memory-database.ts';
import type {MemoryStoreTables} from './memory-store.ts';
import type {Weather} from './weather.ts';

/** One process' way to the database: each statement is a request, and a killed process' transactions are rolled back. */
export class DatabaseLine {
  readonly #database: MemoryDatabase;
  readonly #server: Server;
  readonly #line: Line;
  readonly #process: Process;
  readonly #weather: Weather;

  constructor(
    database: MemoryDatabase,
    {server, line, process, weather}: {server: Server; line: Line; process: Process; weather: Weather},
  ) {
    this.#database = database;
    this.#server = server;
    this.#line = line;
    this.#process = process;
    this.#weather = weather;
  }

  get processName(): string {
    return this.#process.name;
  }

  async statement<T>(work: () => T | Promise<T>): Promise<T> {
    return this.#line.ask(this.#process, this.#server, work);
  }

  async inTransaction<T>(work: (transaction: Transaction, statement: Statement) => Promise<T>): Promise<T> {
    const transaction = await this.statement(() => this.#database.begin());
    const {incarnation} = this.#server;
    // A commit on its way may be there before the server notices that nobody is left to hear of it.
    this.#process.onDeath(() => this.#line.later(() => this.#database.rollback(transaction)));
    try {
      const result = await work(transaction, this.#inOrder());
      await this.statement(() => {
        if (this.#server.incarnation !== incarnation)
          throw new Error('the connection to the database is lost');
        if (this.#weather.strikes('commit refused'))
          throw new DatabaseError('40001', 'the commit is refused');
        this.#database.commit(transaction);
      });
      return result;
    } catch (error) {
      // The server rolls back when the connection has gone; the client's own ROLLBACK changes nothing of that.
      this.#database.rollback(transaction);
      throw error;
    }
  }

  /** Statements of one transaction, also those sent together: each after the one before, and none after one that failed. */
  #inOrder(): Statement {
    let before: Promise<unknown> = Promise.resolve();
    let aborted = false;
    return (work) => {
      const answer = before.then(() => {
        if (aborted) throw new DatabaseError('25P02', 'the transaction is aborted');
        return this.statement(work);
      });
      before = answer.catch(() => (aborted = true));
      return answer;
    };
  }
}

type Statement = DatabaseLine['statement'];

/** The store's database as one process sees it. */
export function storeDatabase(line: DatabaseLine, tables: MemoryStoreTables): StoreDatabase {
  return {
    inTransaction: (work) =>
      line.inTransaction((transaction, statement) =>
        work(remote(statement, tables.within(transaction, line.processName))),
      ),
    ensurePartitions: () => line.statement(() => undefined),
    signalSetId: (names) => line.statement(() => tables.signalSetId(names)),
    keepLetter: (letter) => line.statement(() => tables.keepLetter(letter)),
  };
}

function remote(statement: Statement, rows: StoreTransaction): StoreTransaction {
  return {
    lockHeads: (partitions) => statement(() => rows.lockHeads(partitions)),
    addHead: (partitionNo) => statement(() => rows.addHead(partitionNo)),
    saveHeads: (heads) => statement(() => rows.saveHeads(heads)),
    sequencesOf: (boots) => statement(() => rows.sequencesOf(boots)),
    saveSequences: (moved, now) => statement(() => rows.saveSequences(moved, now)),
    contentsOf: (messages) => statement(() => rows.contentsOf(messages)),
    keysUsed: (messages) => statement(() => rows.keysUsed(messages)),
    addReadings: (added) => (added.length > 0 ? statement(() => rows.addReadings(added)) : nothing()),
    addEvents: (added) => (added.length > 0 ? statement(() => rows.addEvents(added)) : nothing()),
    keepLetter: (letter) => statement(() => rows.keepLetter(letter)),
    noteContacts: (contacts) => statement(() => rows.noteContacts(contacts)),
  };
}

async function nothing(): Promise<void> {
  return Promise.resolve();
}
