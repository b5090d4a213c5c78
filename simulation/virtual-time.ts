import {syncBuiltinESMExports} from 'node:module';
import timersPromises from 'node:timers/promises';
import {epochMs} from '../domain/time.ts';
import type {EpochMs} from '../domain/time.ts';

/** The world's clock at the beginning of each run: 2026-01-05T10:00:00Z. */
export const STARTS_AT = epochMs(Date.UTC(2026, 0, 5, 10));

interface Event {
  readonly atMs: number;
  /** Of two events at one time the earlier planned comes first. */
  readonly order: number;
  run: (() => void) | undefined;
}

/** The real one: it comes when promises and process.nextTick have nothing left to do, so that a step ends where the code waits. */
const settle = setImmediate;

/**
 * Time that stands still while code runs, and jumps to the next planned event. It takes the place of the timers and clocks of this
 * process: product code runs as it is. Nothing else decides an order: promises and process.nextTick always take the same one.
 */
export class VirtualTime {
  #nowMs = 0;
  #planned = 0;
  /** A binary heap by time and order. */
  readonly #events: Event[] = [];

  /** Milliseconds since the beginning. */
  get nowMs(): number {
    return this.#nowMs;
  }

  now(): EpochMs {
    return epochMs(STARTS_AT + Math.floor(this.#nowMs));
  }

  /** @returns what calls it off. */
  after(delayMs: number, run: () => void): () => void {
    const event: Event = {atMs: this.#nowMs + Math.max(0, delayMs), order: this.#planned++, run};
    this.#push(event);
    return () => (event.run = undefined);
  }

  async pause(delayMs: number): Promise<void> {
    await new Promise<void>((resolve) => this.after(delayMs, resolve));
  }

  /** Runs the next event and whatever follows from it without waiting. @returns false when none is planned. */
  async step(): Promise<boolean> {
    const event = this.#pop();
    if (event === undefined) return false;
    this.#nowMs = event.atMs;
    const {run} = event;
    if (run === undefined) return true;
    run();
    await new Promise<void>((resolve) => settle(resolve));
    return true;
  }

  /**
   * Puts itself in the place of the process' timers and clocks, and luck from a seed in the place of its own.
   *
   * @param luck  0 to 1
   * @returns what puts those back.
   */
  install(luck: () => number): () => void {
    const {setTimeout, clearTimeout, setInterval, clearInterval, setImmediate, clearImmediate} = globalThis;
    const dateNow = Date.now;
    const performanceNow = performance.now.bind(performance);
    const mathRandom = Math.random;
    const pause = timersPromises.setTimeout;
    const clear = (handle: unknown): void => {
      if (handle instanceof VirtualTimer) handle.cancel();
      else clearTimeout(handle as NodeJS.Timeout | undefined); // of before
    };
    const start = (run: Run, delayMs: number | undefined, args: unknown[], again = false): VirtualTimer =>
      new VirtualTimer(this, Math.max(1, delayMs ?? 1), () => run(...args), again);
    Object.assign(globalThis, {
      setTimeout: (run: Run, delayMs?: number, ...args: unknown[]) => start(run, delayMs, args),
      setInterval: (run: Run, delayMs?: number, ...args: unknown[]) => start(run, delayMs, args, true),
      setImmediate: (run: Run, ...args: unknown[]) => new VirtualTimer(this, 0, () => run(...args), false),
      clearTimeout: clear,
      clearInterval: clear,
      clearImmediate: clear,
    });
    Date.now = () => this.now();
    performance.now = () => this.#nowMs;
    Math.random = luck;
    timersPromises.setTimeout = async <T>(
      delayMs?: number,
      value?: T,
      options?: {signal?: AbortSignal | undefined},
    ) => this.#pauseUnless(options?.signal, Math.max(1, delayMs ?? 1), value as T);
    syncBuiltinESMExports();
    return () => {
      Object.assign(globalThis, {setTimeout, clearTimeout, setInterval, clearInterval});
      Object.assign(globalThis, {setImmediate, clearImmediate});
      Date.now = dateNow;
      performance.now = performanceNow;
      Math.random = mathRandom;
      timersPromises.setTimeout = pause;
      syncBuiltinESMExports();
    };
  }

  /** The timers of node:timers/promises: they reject when they are called off. */
  async #pauseUnless<T>(signal: AbortSignal | undefined, delayMs: number, value: T): Promise<T> {
    signal?.throwIfAborted();
    return new Promise<T>((resolve, reject) => {
      const abort = (): void => {
        callOff();
        reject(signal!.reason as Error);
      };
      const callOff = this.after(delayMs, () => {
        signal?.removeEventListener('abort', abort);
        resolve(value);
      });
      signal?.addEventListener('abort', abort, {once: true});
    });
  }

  #push(event: Event): void {
    const events = this.#events;
    let at = events.push(event) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!isBefore(event, events[parent]!)) break;
      events[at] = events[parent]!;
      at = parent;
    }
    events[at] = event;
  }

  #pop(): Event | undefined {
    const events = this.#events;
    const first = events[0];
    const last = events.pop();
    if (first === undefined || last === undefined || events.length === 0) return first;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= events.length) break;
      if (child + 1 < events.length && isBefore(events[child + 1]!, events[child]!)) child += 1;
      if (!isBefore(events[child]!, last)) break;
      events[at] = events[child]!;
      at = child;
    }
    events[at] = last;
    return first;
  }
}

type Run = (...args: unknown[]) => void;

function isBefore(a: Event, b: Event): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
}

/** What setTimeout and its kin give back: as much of Node's handle as anybody asks for. */
class VirtualTimer {
  readonly #time: VirtualTime;
  readonly #delayMs: number;
  readonly #run: () => void;
  readonly #again: boolean;
  #cancel: () => void = () => undefined;

  constructor(time: VirtualTime, delayMs: number, run: () => void, again: boolean) {
    this.#time = time;
    this.#delayMs = delayMs;
    this.#run = run;
    this.#again = again;
    this.refresh();
  }

  cancel(): void {
    this.#cancel();
  }

  refresh(): this {
    this.#cancel();
    this.#cancel = this.#time.after(this.#delayMs, () => {
      if (this.#again) this.refresh();
      this.#run();
    });
    return this;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  hasRef(): boolean {
    return true;
  }
}
