import {renameSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';

/** The wall clock of one stage's process, which a fault may set. */
export class StageClock {
  readonly #file: string;

  constructor(folder: string, name: string) {
    this.#file = join(folder, `${name}.clock`);
  }

  /** What the process needs to follow it. */
  get env(): Readonly<Record<string, string>> {
    const preload = new URL('stepped-clock.js', import.meta.url).href;
    return {CHAOS_CLOCK_FILE: this.#file, NODE_OPTIONS: `--import=${preload}`};
  }

  /** @param stepMs  Ahead of the machine's clock; negative behind it, 0 to follow it again. */
  set(stepMs: number): void {
    writeFileSync(`${this.#file}.new`, String(stepMs));
    renameSync(`${this.#file}.new`, this.#file); // whoever looks sees the old or the new one whole
  }
}
