import type {ChildProcess} from 'node:child_process';
import {setTimeout as delay} from 'node:timers/promises';
import {OperationalFault, messageOf} from '../../domain/fault.ts';
import type {Logger} from '../log.ts';

/** Five in a row, 8 s in all: what passes by itself (memory short for a moment, a kill by hand) has passed by then. */
const RESTARTS_MAX = 5;
const WAIT_FIRST_MS = 250;
/** A server that ran this long was well, and what ends it now is new trouble. */
const STEADY_MS = 60_000;

export interface KeepRunning {
  /** Starts the server again, on the same port and folder. */
  readonly launch: () => Promise<ChildProcess>;
  readonly clusterDir: string;
  readonly log: Logger;
}

/**
 * Watches a server and starts it again when it ends though nobody stopped it (killed, out of memory), with growing pauses.
 * Its pools meet broken connections meanwhile, and the loops try again: nothing acknowledged is lost, nothing new is taken.
 */
export class KeptServer {
  /** Settles when the server does not come back. */
  readonly lost: Promise<OperationalFault>;
  readonly #how: KeepRunning;
  readonly #stopping = new AbortController();
  #lose: (fault: OperationalFault) => void = () => undefined;
  #server: ChildProcess;
  #restarts = 0;
  #restarting: Promise<void> = Promise.resolve();

  constructor(server: ChildProcess, how: KeepRunning) {
    this.lost = new Promise((resolve) => (this.#lose = resolve));
    this.#how = how;
    this.#server = server;
    this.#watch();
  }

  /** Ends the watch, and hands out the server that is left to be stopped. */
  async release(): Promise<ChildProcess> {
    this.#stopping.abort();
    await this.#restarting;
    return this.#server;
  }

  #watch(): void {
    const startedMs = performance.now();
    const ended = (): void => {
      if (this.#stopping.signal.aborted) return;
      if (performance.now() - startedMs > STEADY_MS) this.#restarts = 0;
      this.#restarting = this.#restart();
    };
    if (this.#server.exitCode === null && this.#server.signalCode === null) this.#server.once('exit', ended);
    else ended();
  }

  async #restart(): Promise<void> {
    const {launch, log} = this.#how;
    const {signal} = this.#stopping;
    const endedMs = performance.now();
    let reason = 'it ended, and nobody had stopped it';
    while (this.#restarts < RESTARTS_MAX) {
      const waitMs = WAIT_FIRST_MS * 2 ** this.#restarts;
      this.#restarts += 1;
      log.warn({restart: this.#restarts, waitMs, reason}, 'embedded PostgreSQL is away, is started again');
      await delay(waitMs, undefined, {signal}).catch(() => undefined);
      if (signal.aborted) return;
      try {
        this.#server = await launch();
        log.info({awayMs: Math.round(performance.now() - endedMs)}, 'embedded PostgreSQL is back');
        this.#watch();
        return;
      } catch (error) {
        reason = messageOf(error);
      }
    }
    this.#giveUp(reason);
  }

  #giveUp(reason: string): void {
    const {clusterDir, log} = this.#how;
    log.error({clusterDir, restarts: RESTARTS_MAX, reason}, 'embedded PostgreSQL does not come back');
    this.#lose(
      new OperationalFault(
        'database-lost',
        `PostgreSQL in ${clusterDir} ended, and ${RESTARTS_MAX} restarts did not bring it back: ${reason}; see that disk and memory suffice, then start again: what was acknowledged is kept`,
        {retryable: true},
      ),
    );
  }
}
