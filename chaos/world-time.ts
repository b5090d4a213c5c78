import {setInterval} from 'node:timers';
import {epochMs} from '../domain/time.ts';
import type {EpochMs} from '../domain/time.ts';
import {WorkspaceClock} from '../platform/clock.ts';
import {openPool} from '../platform/pg.ts';
import type {Pool} from '../platform/pg.ts';

const KEEP_MS = 1000;

/** World time of the run, driven from here: as fast as wall time, until a fault makes it jump or stand. */
export class WorldTime {
  readonly #pool: Pool;
  readonly #clock: WorkspaceClock;
  readonly #timer: NodeJS.Timeout;

  private constructor(pool: Pool, clock: WorkspaceClock) {
    this.#pool = pool;
    this.#clock = clock;
    // While the database is away world time stands, which is as it should be.
    this.#timer = setInterval(() => void clock.keep().catch(() => undefined), KEEP_MS);
  }

  /** @throws OperationalFault 'clock-mode' when the database has another kind of clock. */
  static async open(databaseUrl: string): Promise<WorldTime> {
    const pool = openPool({url: databaseUrl, role: 'forestock_platform', max: 2});
    try {
      const start = {mode: 'scaled', worldAt: epochMs(Date.now()), rate: 1} as const;
      return new WorldTime(pool, await WorkspaceClock.open(pool, start));
    } catch (error) {
      await pool.end();
      throw error;
    }
  }

  now(): EpochMs {
    return this.#clock.now();
  }

  /** 1 is wall time, 0 stands still. */
  async setRate(rate: number): Promise<void> {
    await this.#clock.setRate(rate);
  }

  /** Its driver says nothing more, as if it had been killed: world time stands within 5 s. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#pool.end();
  }
}
