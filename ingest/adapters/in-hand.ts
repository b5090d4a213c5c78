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

  /** @param work  Never throws, but may reject. */
  run<T>(work: () => Promise<T>): Promise<T> {
    if (this.full)
      return new Promise<void>((resume) => this.#waiting.push(resume)).then(() => this.#begin(work));
    this.#running += 1;
    return this.#begin(work);
  }

  /** No async function here and on the way to it: every packet passes, and each promise costs it half a microsecond. */
  #begin<T>(work: () => Promise<T>): Promise<T> {
    const done = work();
    done.then(this.#end, this.#end);
    return done;
  }

  readonly #end = (): void => {
    const next = this.#waiting.shift();
    if (next) {
      next(); // the place passes on
      return;
    }
    this.#running -= 1;
    if (this.#room.length > 0) for (const resolve of this.#room.splice(0)) resolve();
    if (this.#running === 0 && this.#idle.length > 0) for (const resolve of this.#idle.splice(0)) resolve();
  };

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
