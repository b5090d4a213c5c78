import {spawn} from 'node:child_process';
import type {ChildProcess} from 'node:child_process';
import {fileURLToPath} from 'node:url';
import {clientIdOf} from './equipment-line.ts';
import type {GeneratorOrder, GeneratorPlan, GeneratorReport} from './generator.ts';

/** The generator's process, as the programme sees it. */
export class Equipment {
  readonly #plan: GeneratorPlan;
  readonly #child: ChildProcess;
  readonly #ended: Promise<number | null>;
  #report: GeneratorReport = {sent: 0, acked: 0, resent: 0, connects: 0};

  constructor(plan: GeneratorPlan) {
    this.#plan = plan;
    const program = fileURLToPath(new URL('generator.ts', import.meta.url));
    this.#child = spawn(process.execPath, ['--import', 'tsx', program, JSON.stringify(plan)], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    this.#child.on('message', (report: GeneratorReport) => (this.#report = report));
    this.#ended = new Promise((resolve) => this.#child.once('exit', resolve));
  }

  get report(): GeneratorReport {
    return this.#report;
  }

  /** Of the lines to one door. */
  clientIds(door: number): string[] {
    const {boot, linesPerDoor} = this.#plan;
    return Array.from({length: linesPerDoor}, (_, line) => clientIdOf(boot, door, line));
  }

  order(order: GeneratorOrder): void {
    this.#child.send(order);
  }

  /** Resolves when so many messages were sent. @throws Error when the generator has ended. */
  async hasSent(messages: number): Promise<void> {
    while (this.#report.sent < messages) {
      if (this.#child.exitCode !== null) throw new Error(`the generator ended with ${this.#child.exitCode}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** Tells it to finish and waits. @returns whether all that was sent has its PUBACK. */
  async finish(withinMs: number): Promise<boolean> {
    this.order({order: 'finish'});
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<'late'>((resolve) => (timer = setTimeout(() => resolve('late'), withinMs)));
    const how = await Promise.race([this.#ended, late]);
    clearTimeout(timer);
    if (how === 'late') this.#child.kill('SIGKILL');
    return how === 0;
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }
}
