import type {Reading} from '../../domain/reading.ts';
import type {StoreDatabase} from './database.ts';

/** Distinct sets of signal names that one installation may hold; a device that invents names is stopped before. */
const SIGNAL_SETS_MAX = 10_000;
/** Some senders have another order in every message; theirs must not crowd the sets out. */
const ORDERS_MAX = 10_000;

export interface SignalSet {
  readonly id: number;
  readonly names: readonly string[];
}

/** Maps the names in a message to the id of their set: a row then holds a bare float8[]. Sets are never changed. */
export class SignalSets {
  readonly #database: StoreDatabase;
  readonly #sets = new Map<string, SignalSet>();
  /** By the names in the order of the sender, so that nothing is sorted for a message like the last one. */
  readonly #byNames = new Map<string, SignalSet>();

  constructor(database: StoreDatabase) {
    this.#database = database;
  }

  /** The set of each reading. */
  async of(readings: readonly Reading[]): Promise<Map<Reading, SignalSet>> {
    const sets = new Map<Reading, SignalSet>();
    for (const reading of readings) {
      const sent = Object.keys(reading.values);
      const key = sent.join('\u0001');
      sets.set(reading, this.#byNames.get(key) ?? (await this.#learn(key, sent.sort())));
    }
    return sets;
  }

  async #learn(key: string, names: readonly string[]): Promise<SignalSet> {
    const sorted = names.join('\u0001');
    // Outside the batch's transaction: an unused set does no harm, and the next batch finds it.
    const set = this.#sets.get(sorted) ?? {id: await this.#database.signalSetId(names), names};
    if (this.#sets.size >= SIGNAL_SETS_MAX) this.#sets.clear();
    this.#sets.set(sorted, set);
    if (this.#byNames.size >= ORDERS_MAX) this.#byNames.clear();
    this.#byNames.set(key, set);
    return set;
  }
}
