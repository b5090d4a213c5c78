import {chmodSync, renameSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';

/** The wall clock of one process, which a fault may set: what it is ahead by stands in a file. */
export abstract class SteppedClock {
  protected readonly file: string;
  readonly #text: (stepMs: number) => string;

  constructor(folder: string, name: string, text: (stepMs: number) => string) {
    this.file = join(folder, `${name}.clock`);
    this.#text = text;
  }

  /** What the process needs to follow it. */
  abstract get env(): Readonly<Record<string, string>>;

  /** @param stepMs  Ahead of the machine's clock; negative behind it, 0 to follow it again. */
  set(stepMs: number): void {
    const fresh = `${this.file}.new`;
    writeFileSync(fresh, this.#text(stepMs));
    chmodSync(fresh, 0o644); // a server may run as somebody else
    renameSync(fresh, this.file); // whoever looks sees the old or the new one whole
  }
}
