/** Work in hand: at most so many at once, the rest waits its turn; and somebody may wait for all of it to end. */
export class InHand {
  readonly #max: number;
  readonly #waiting: (() => void)[] = [];
  readonly #idle: (() => void)[] = [];
  readonly #room: (() => void)[] = [];
  #running = 0;

  constructor(max: number) {
    this.#max = max;
  }

  get running(): number {
    return this.#running;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.full) await new Promise<void>((resume) => this.#waiting.push(resume));
    else this.#running += 1;
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next) {
        next(); // the place passes on
      } else {
        this.#running -= 1;
        for (const resolve of this.#room.splice(0)) resolve();
        if (this.#running === 0) for (const resolve of this.#idle.splice(0)) resolve();
      }
    }
  }

  get full(): boolean {
    return this.#running >= this.#max;
  }

  /** Resolves when the next one would not wait. */
  async room(): Promise<void> {
    while (this.full) await new Promise<void>((resolve) => this.#room.push(resolve));
  }

  /** Resolves when nothing is in hand. */
  async idle(): Promise<void> {
    if (this.#running > 0) await new Promise<void>((resolve) => this.#idle.push(resolve));
  }
}
