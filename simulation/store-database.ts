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

  async inTransaction<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    const transaction = await this.statement(() => this.#database.begin());
    const {incarnation} = this.#server;
    // A commit on its way may be there before the server notices that nobody is left to hear of it.
    this.#process.onDeath(() => this.#line.later(() => this.#database.rollback(transaction)));
    try {
      const result = await work(transaction);
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
}

/** The store's database as one process sees it. */
export function storeDatabase(line: DatabaseLine, tables: MemoryStoreTables): StoreDatabase {
  return {
    inTransaction: (work) =>
      line.inTransaction((transaction) => work(remote(line, tables.within(transaction, line.processName)))),
    ensurePartitions: () => line.statement(() => undefined),
    signalSetId: (names) => line.statement(() => tables.signalSetId(names)),
    keepLetter: (letter) => line.statement(() => tables.keepLetter(letter)),
  };
}

function remote(line: DatabaseLine, rows: StoreTransaction): StoreTransaction {
  return {
    lockHeads: (partitions) => line.statement(() => rows.lockHeads(partitions)),
    addHead: (partitionNo) => line.statement(() => rows.addHead(partitionNo)),
    saveHeads: (heads) => line.statement(() => rows.saveHeads(heads)),
    sequencesOf: (boots) => line.statement(() => rows.sequencesOf(boots)),
    saveSequences: (moved, now) => line.statement(() => rows.saveSequences(moved, now)),
    contentsOf: (messages) => line.statement(() => rows.contentsOf(messages)),
    keysUsed: (messages) => line.statement(() => rows.keysUsed(messages)),
    addReadings: (added) => (added.length > 0 ? line.statement(() => rows.addReadings(added)) : nothing()),
    addEvents: (added) => (added.length > 0 ? line.statement(() => rows.addEvents(added)) : nothing()),
    keepLetter: (letter) => line.statement(() => rows.keepLetter(letter)),
    noteContacts: (contacts) => line.statement(() => rows.noteContacts(contacts)),
  };
}

async function nothing(): Promise<void> {
  return Promise.resolve();
}
