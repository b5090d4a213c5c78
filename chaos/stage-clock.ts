import {SteppedClock} from './stepped-clock.ts';

/** The wall clock of one stage's process. */
export class StageClock extends SteppedClock {
  constructor(folder: string, name: string) {
    super(folder, name, String);
  }

  get env(): Readonly<Record<string, string>> {
    const preload = new URL('preloaded-clock.js', import.meta.url).href;
    return {CHAOS_CLOCK_FILE: this.file, NODE_OPTIONS: `--import=${preload}`};
  }
}
