import {spawn} from 'node:child_process';
import type {ChildProcess, SpawnOptions} from 'node:child_process';
import {createWriteStream} from 'node:fs';
import type {WriteStream} from 'node:fs';
import {processTree} from './process-tree.ts';

export interface ProcessPlan {
  readonly name: string;
  /** Evaluated at each start. */
  readonly command: () => {
    readonly program: string;
    readonly args: readonly string[];
    readonly options?: SpawnOptions;
  };
  /** What it prints once it works. */
  readonly readyText: string;
  /** Where its output goes, for whoever looks for a cause. */
  readonly logFile: string;
  /** Before each start, such as the removal of what a killed server left behind. */
  readonly prepare?: () => Promise<void>;
}

/** A service manager waits this long before it starts again what has ended. */
const RESTART_MS = 500;
/** A Node process with TensorFlow.js takes its time on cores that others keep busy. */
const READY_WAIT_MS = 180_000;

/**
 * A program that runs until it is told to end, as under a service manager: whatever ends it, it is started again, unless a fault holds it
 * down. Signals reach its children too, as a machine's trouble would.
 */
export class KeptProcess {
  readonly name: string;
  readonly #plan: ProcessPlan;
  readonly #log: WriteStream;
  #child: ChildProcess | undefined;
  #exited: Promise<void> = Promise.resolve();
  #held = true;
  #starts = 0;
  #running = false;
  #frozen: readonly number[] = [];

  constructor(plan: ProcessPlan) {
    this.name = plan.name;
    this.#plan = plan;
    this.#log = createWriteStream(plan.logFile, {flags: 'a'});
  }

  get running(): boolean {
    return this.#running;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Starts so far; beyond the first, what ended it was a fault or its own doing. */
  get starts(): number {
    return this.#starts;
  }

  /** Resolves once it says that it works. */
  async start(): Promise<void> {
    this.#held = false;
    void this.#launch();
    await this.ready();
  }

  async ready(): Promise<void> {
    for (let waitedMs = 0; !this.#running; waitedMs += 50) {
      if (waitedMs >= READY_WAIT_MS)
        throw new Error(
          `${this.name} does not come up within ${READY_WAIT_MS / 1000} s; see ${this.#plan.logFile}`,
        );
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** kill -9, with all its children; it stays down until start(). */
  async kill(): Promise<void> {
    this.#held = true;
    await this.crash();
  }

  /** kill -9; the service manager starts it again. */
  async crash(): Promise<void> {
    this.thaw();
    this.#signalTree('SIGKILL');
    await this.#exited;
  }

  /** SIGSTOP: it lives, keeps its sockets open and answers nobody. */
  freeze(): void {
    this.#frozen = this.#tree();
    for (const pid of this.#frozen) signal(pid, 'SIGSTOP');
  }

  thaw(): void {
    for (const pid of this.#frozen) signal(pid, 'SIGCONT');
    this.#frozen = [];
  }

  /** Lets it drain; killed when it does not end. */
  async end(stopSignal: 'SIGTERM' | 'SIGINT' = 'SIGTERM', withinMs = 30_000): Promise<void> {
    this.#held = true;
    this.thaw();
    this.#child?.kill(stopSignal);
    const timer = setTimeout(() => this.#signalTree('SIGKILL'), withinMs);
    await this.#exited;
    clearTimeout(timer);
    this.#log.end();
  }

  async #launch(): Promise<void> {
    await this.#plan.prepare?.();
    const {program, args, options} = this.#plan.command();
    const child = spawn(program, args, {stdio: ['ignore', 'pipe', 'pipe'], ...options});
    this.#child = child;
    this.#starts += 1;
    let tail = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.#log.write(text);
        if (this.#running) return;
        tail = (tail + text).slice(-4096);
        this.#running = tail.includes(this.#plan.readyText);
      });
    }
    this.#exited = new Promise((resolve) => {
      child.once('exit', (code, by) => {
        this.#running = false;
        this.#log.write(`-- ${this.name} ended: ${by ?? code}\n`);
        resolve();
        if (!this.#held) setTimeout(() => void (this.#held || this.#launch()), RESTART_MS);
      });
    });
  }

  #tree(): number[] {
    const pid = this.#child?.pid;
    return pid === undefined ? [] : processTree(pid);
  }

  #signalTree(kind: 'SIGKILL'): void {
    for (const pid of this.#tree()) signal(pid, kind);
  }
}

function signal(pid: number, kind: NodeJS.Signals): void {
  try {
    process.kill(pid, kind);
  } catch {
    // it has just ended
  }
}
