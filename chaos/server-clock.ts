import {existsSync, readdirSync} from 'node:fs';
import {join} from 'node:path';
import {SteppedClock} from './stepped-clock.ts';

/** libfaketime of Debian's package, by the machine's kind of processor; null where it is not installed. */
export function findFaketime(): string | null {
  const folders = existsSync('/usr/lib') ? readdirSync('/usr/lib') : [];
  const files = folders.map((folder) => join('/usr/lib', folder, 'faketime/libfaketime.so.1'));
  return files.find((file) => existsSync(file)) ?? null;
}

/** The wall clock of a server, as libfaketime has it. Timers by the monotonic clock go on, as they do on a machine that is set. */
export class ServerClock extends SteppedClock {
  readonly #library: string;

  constructor(folder: string, name: string, library: string) {
    super(folder, name, (stepMs) => `${stepMs < 0 ? '-' : '+'}${Math.abs(stepMs) / 1000}`);
    this.#library = library;
    this.set(0);
  }

  get env(): Readonly<Record<string, string>> {
    return {
      LD_PRELOAD: this.#library,
      FAKETIME_TIMESTAMP_FILE: this.file,
      FAKETIME_CACHE_DURATION: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    };
  }
}
