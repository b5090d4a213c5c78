import {LRUCache} from 'lru-cache';
import type {Message} from '../../domain/reading.ts';
import type {EpochMs} from '../../domain/time.ts';
import {hear} from '../core/sequence.ts';
import type {SequenceState} from '../core/sequence.ts';
import type {MovedBoot, StoreTransaction} from './database.ts';

/** Boots kept in memory; the others are read again when they speak. */
const BOOTS_CACHED_MAX = 200_000;

/** A boot of an equipment, and what was heard of it before and after a batch. */
interface Heard {
  readonly equipmentNo: number;
  readonly boot: number;
  before: SequenceState | undefined;
  after: SequenceState | undefined;
}

/**
 * Which sequence numbers each boot of each equipment has sent, kept in the store's own transaction: a hole in the
 * numbers is a message that we never got, and says so (I1). Used by the one owner of the partitions, so memory is the truth's copy.
 */
export class SequenceLog {
  readonly #cache: LRUCache<string, SequenceState>;
  /** Raised by forget(): what was noted before it is not remembered after it. */
  #generation = 0;

  constructor(bootsCachedMax = BOOTS_CACHED_MAX) {
    this.#cache = new LRUCache({max: bootsCachedMax});
  }

  /** Notes all messages that carry boot and seq. Call save(), and commit() after the transaction; when it failed, call forget(). */
  async note(rows: StoreTransaction, messages: readonly Message[], now: EpochMs): Promise<SequenceChange> {
    const generation = this.#generation;
    const numbered = messages.filter((message) => message.boot !== undefined && message.seq !== undefined);
    const boots = new Map<string, Heard>();
    const heardBy = numbered.map((message) => this.#bootOf(message, boots));
    await load(rows, boots);
    for (const boot of boots.values()) boot.after = boot.before;
    // In the order of the numbers, so that a shuffled batch leaves no gap behind that it closes itself.
    const heardBefore = new Set<Message>();
    const order = numbered.map((_, i) => i).sort((a, b) => numbered[a]!.seq! - numbered[b]!.seq!);
    for (const i of order) {
      const boot = heardBy[i]!;
      const {heard, state} = hear(boot.after, numbered[i]!.seq!);
      boot.after = state;
      if (heard === 'repeat') heardBefore.add(numbered[i]!);
    }
    const moved = [...boots.values()].filter(isMoved);
    return {
      heardBefore,
      save: async () => {
        if (moved.length > 0) await rows.saveSequences(moved, now);
      },
      commit: () => {
        if (generation !== this.#generation) return;
        for (const [key, {after}] of boots) this.#cache.set(key, after);
      },
    };
  }

  /** Another process may have written what is remembered here, or a commit whose end nobody saw. */
  forget(): void {
    this.#generation += 1;
    this.#cache.clear();
  }

  #bootOf(message: Message, boots: Map<string, Heard>): Heard {
    const key = `${message.equipmentNo}:${message.boot!}`;
    let boot = boots.get(key);
    if (boot === undefined) {
      const before = this.#cache.get(key);
      boot = {equipmentNo: message.equipmentNo, boot: message.boot!, before, after: before};
      boots.set(key, boot);
    }
    return boot;
  }
}

async function load(rows: StoreTransaction, boots: ReadonlyMap<string, Heard>): Promise<void> {
  const missing = [...boots.values()].filter(({before}) => before === undefined);
  if (missing.length === 0) return;
  for (const {equipmentNo, boot, state} of await rows.sequencesOf(missing)) {
    boots.get(`${equipmentNo}:${boot}`)!.before = state;
  }
}

function isMoved(boot: Heard): boot is Heard & MovedBoot {
  return boot.after !== undefined && boot.before !== boot.after;
}

export interface SequenceChange {
  /** Messages whose number the equipment had used before. */
  readonly heardBefore: ReadonlySet<Message>;
  save(): Promise<void>;
  commit(): void;
}
