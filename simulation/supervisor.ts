import {messageOf} from '../domain/fault.ts';
import {Process} from './line.ts';
import type {World} from './world.ts';

/** Runs a process of the product, and starts it again when it has ended, as an init system does. */
export class Supervisor<T extends {stop(): Promise<void>}> {
  readonly #world: World;
  readonly #name: string;
  readonly #launch: (process: Process) => Promise<T>;
  #process: Process | undefined;
  #running: T | undefined;
  #starts = 0;

  constructor(world: World, name: string, launch: (process: Process) => Promise<T>) {
    this.#world = world;
    this.#name = name;
    this.#launch = launch;
  }

  get running(): T | undefined {
    return this.#running;
  }

  start(): void {
    this.#starts += 1;
    const process = new Process(`${this.#name}-${this.#starts}`);
    this.#process = process;
    this.#launch(process).then(
      (running) => {
        if (!process.isAlive()) return;
        this.#running = running;
        this.#world.tell(`${process.name} runs`);
      },
      (error: unknown) => {
        this.#world.tell(`${process.name} cannot start: ${messageOf(error)}`);
        this.kill(1000);
      },
    );
  }

  /** Ends it in the middle of whatever it does; it is back after the pause. */
  kill(pauseMs: number): void {
    this.#world.tell(`${this.#process?.name ?? 'nothing'} ends`);
    this.#process?.kill();
    this.#startAfter(pauseMs);
  }

  /** Asks it to stop; killed when it takes longer than half a minute. */
  restart(): void {
    const process = this.#process;
    const running = this.#running;
    if (running === undefined) return;
    this.#running = undefined;
    const end = (): void => {
      if (this.#process !== process) return;
      this.kill(100);
    };
    running.stop().then(end, end);
    this.#world.time.after(30_000, end);
  }

  #startAfter(pauseMs: number): void {
    this.#process = undefined;
    this.#running = undefined;
    this.#world.time.after(pauseMs, () => {
      if (this.#process === undefined) this.start();
    });
  }
}
