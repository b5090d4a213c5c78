import {LRUCache} from 'lru-cache';

/** Failures after which a name, or an address, has to wait. */
const FREE = {name: 5, address: 20} as const;
const FIRST_WAIT_MS = 1000;
/** Nobody can lock another one out for longer than this at a time. */
const WAIT_MAX_MS = 60_000;
/** Failures are forgotten after so long without another. */
const FORGOTTEN_MS = 15 * 60_000;
/** Names and addresses that are remembered; a further one pushes out the one that was quiet longest. */
const REMEMBERED_MAX = 10_000;

interface Failures {
  readonly count: number;
  readonly waitUntil: number;
}

/** Slows down who guesses passwords: by the name that is tried, whether somebody has it or not, and by the address it comes from. */
export class SignInLimits {
  readonly #failures: LRUCache<string, Failures>;
  readonly #now: () => number;

  /** @param now Wall time, in milliseconds. */
  constructor(now: () => number) {
    this.#now = now;
    this.#failures = new LRUCache({max: REMEMBERED_MAX, ttl: FORGOTTEN_MS, perf: {now}, ttlResolution: 0});
  }

  /** How long this name or address has still to wait, in milliseconds; 0: it may try. */
  waitMs(name: string, address: string): number {
    const until = keysOf(name, address).map(({key}) => this.#failures.get(key)?.waitUntil ?? 0);
    return Math.max(0, Math.max(...until) - this.#now());
  }

  /**
   * Counts one more. From the limit on each doubles the wait.
   *
   * Example: the 6th failure of a name → 1 s, the 8th → 4 s, the 12th and every later one → 60 s.
   */
  failed(name: string, address: string): void {
    for (const {key, free} of keysOf(name, address)) {
      const count = (this.#failures.get(key)?.count ?? 0) + 1;
      const waitMs = count <= free ? 0 : Math.min(WAIT_MAX_MS, FIRST_WAIT_MS * 2 ** (count - free - 1));
      this.#failures.set(key, {count, waitUntil: this.#now() + waitMs});
    }
  }

  /** The name is known to whoever tried it; the address keeps its count, or one known name would buy it guesses at others. */
  succeeded(name: string): void {
    this.#failures.delete(keysOf(name, '')[0]!.key);
  }
}

function keysOf(name: string, address: string): readonly {readonly key: string; readonly free: number}[] {
  return [
    {key: `name ${name.toLowerCase()}`, free: FREE.name},
    {key: `address ${address}`, free: FREE.address},
  ];
}
