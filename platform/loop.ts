import {setTimeout as pause} from 'node:timers/promises';
import {messageOf} from '../domain/fault.ts';
import type {Logger} from './log.ts';

export interface LoopOptions {
  readonly name: string;
  /** Does one bounded piece of work; says how much it did. 0: another look at once would find nothing. */
  readonly runOnce: () => Promise<number>;
  /** Looks by itself this often when nobody wakes it: a lost wake-up costs this much latency and nothing else. */
  readonly idleMs: number;
  readonly log: Logger;
}

const RETRY_FIRST_MS = 100;
const RETRY_LAST_MS = 10_000;

/** Runs a stage: as long as there is work, then waits for a wake-up. Faults are logged and tried again with back-off. */
export class Loop {
  readonly #options: LoopOptions;
  readonly #stopped = new AbortController();
  #woken = false;
  #wake: (() => void) | undefined;
  #failures = 0;
  #done: Promise<void> = Promise.resolve();

  constructor(options: LoopOptions) {
    this.#options = options;
  }

  get name(): string {
    return this.#options.name;
  }

  /** Failures in a row; 0 when the last run was fine. */
  get failures(): number {
    return this.#failures;
  }

  start(): this {
    this.#done = this.#run();
    return this;
  }

  wake(): void {
    this.#woken = true;
    this.#wake?.();
  }

  /** Lets the piece of work under way end. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    this.wake();
    await this.#done;
  }

  async #run(): Promise<void> {
    const {name, runOnce, log} = this.#options;
    while (!this.#stopped.signal.aborted) {
      this.#woken = false;
      try {
        const did = await runOnce();
        this.#failures = 0;
        if (did === 0) await this.#idle();
      } catch (error) {
        this.#failures += 1;
        const waitMs =
          Math.min(RETRY_LAST_MS, RETRY_FIRST_MS * 2 ** Math.min(this.#failures, 10)) *
          (0.5 + Math.random() / 2);
        log.warn(
          {stage: name, reason: messageOf(error), failures: this.#failures, waitMs: Math.round(waitMs)},
          'stage will try again',
        );
        await pause(waitMs, undefined, {signal: this.#stopped.signal}).catch(() => undefined);
      }
    }
  }

  async #idle(): Promise<void> {
    if (this.#woken) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, this.#options.idleMs);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wake = undefined;
  }
}
