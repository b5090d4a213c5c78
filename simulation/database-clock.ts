import type {VirtualTime} from './virtual-time.ts';

/** The wall clock of the database's machine: the world's, until somebody sets it. */
export class DatabaseClock {
  readonly #time: VirtualTime;
  #aheadMs = 0;

  constructor(time: VirtualTime) {
    this.#time = time;
  }

  get nowMs(): number {
    return this.#time.nowMs + this.#aheadMs;
  }

  /** Ahead by so much, or back where it is negative. */
  step(ms: number): void {
    this.#aheadMs += ms;
  }
}
