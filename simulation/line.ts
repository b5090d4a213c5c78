import type {VirtualTime} from './virtual-time.ts';
import type {Weather} from './weather.ts';

/** An operating-system process of the product. Killed, it asks nobody anything any more, and hears no answer. */
export class Process {
  readonly name: string;
  readonly #onDeath: (() => void)[] = [];
  #alive = true;

  constructor(name: string) {
    this.name = name;
  }

  /** Asked again after each wait, so a question and no state that the compiler could remember. */
  isAlive(): boolean {
    return this.#alive;
  }

  /** Connections and locks of the process: they end with it. */
  onDeath(end: () => void): void {
    this.#onDeath.push(end);
  }

  kill(): void {
    if (!this.#alive) return;
    this.#alive = false;
    for (const end of this.#onDeath.splice(0)) end();
  }
}

/** A server of the world: database, bus, receiver. Each start is another incarnation, to which nobody is connected yet. */
export class Server {
  readonly name: string;
  #up = true;
  #incarnation = 1;

  constructor(name: string) {
    this.name = name;
  }

  get up(): boolean {
    return this.#up;
  }

  get incarnation(): number {
    return this.#incarnation;
  }

  stop(): void {
    this.#up = false;
    this.#incarnation += 1;
  }

  start(): void {
    this.#up = true;
  }
}

/** How processes reach servers: requests and answers take time, and get lost. */
export class Line {
  readonly #time: VirtualTime;
  readonly #weather: Weather;

  constructor(time: VirtualTime, weather: Weather) {
    this.#time = time;
    this.#weather = weather;
  }

  /** Does `work` at the server. What is on its way when the process dies is done all the same. */
  async ask<T>(process: Process, server: Server, work: () => T | Promise<T>): Promise<T> {
    if (!process.isAlive()) return never();
    await this.#time.pause(this.#weather.latencyMs());
    const {incarnation} = server;
    if (!server.up || this.#weather.strikes('request lost')) return this.#lost(process, server);
    const result = await attempt(work);
    await this.#time.pause(this.#weather.latencyMs());
    if (!process.isAlive()) return never();
    if (server.incarnation !== incarnation || this.#weather.strikes('answer lost'))
      return this.#lost(process, server);
    if (!result.ok) throw result.error;
    return result.value;
  }

  /** Asks, and waits for the answer no longer than this; what comes later is done all the same. */
  async askWithin<T>(
    timeoutMs: number,
    process: Process,
    server: Server,
    work: () => T | Promise<T>,
  ): Promise<T> {
    const asked = this.ask(process, server, work);
    asked.catch(() => undefined); // it may come after the time-out
    return Promise.race([asked, this.#timeOut(timeoutMs, process)]);
  }

  /** Some time from now, within two seconds. */
  later(run: () => void): void {
    this.#time.after(this.#weather.random.between(0, 2000), run);
  }

  async #timeOut(ms: number, process: Process): Promise<never> {
    await this.#time.pause(ms);
    if (!process.isAlive()) return never();
    throw new Error(`no answer within ${ms} ms`);
  }

  async #lost<T>(process: Process, server: Server): Promise<T> {
    if (!process.isAlive()) return never();
    throw new Error(`the connection to the ${server.name} is lost`);
  }
}

type Attempt<T> = {readonly ok: true; readonly value: T} | {readonly ok: false; readonly error: unknown};

async function attempt<T>(work: () => T | Promise<T>): Promise<Attempt<T>> {
  try {
    return {ok: true, value: await work()};
  } catch (error) {
    return {ok: false, error};
  }
}

/** What a dead process waits for. */
export async function never<T>(): Promise<T> {
  return new Promise<T>(() => undefined);
}
