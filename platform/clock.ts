import {OperationalFault} from '../domain/fault.ts';
import type {EpochMs} from '../domain/time.ts';
import {epochMs, toIso} from '../domain/time.ts';
import {timestamp} from './pg.ts';
import type {Pool} from './pg.ts';

/** Leases, retries, timeouts, tokens, latency. Never business time. */
export interface WallClock {
  now(): EpochMs;
}

export const wallClock: WallClock = {now: () => epochMs(Date.now())};

export type ClockMode = 'real' | 'scaled' | 'stepped';

/** Business time: everything a planner reads. */
export interface WorldClock {
  readonly mode: ClockMode;
  now(): EpochMs;
}

interface ClockRow {
  readonly mode: ClockMode;
  readonly worldAnchor: EpochMs;
  readonly wallAnchor: EpochMs;
  readonly rate: number;
}

/** What a new workspace shall be; an existing one keeps its mode for good. */
export type ClockStart =
  | {readonly mode: 'real'}
  | {readonly mode: 'scaled'; readonly worldAt: EpochMs; readonly rate: number}
  | {readonly mode: 'stepped'; readonly worldAt: EpochMs};

/**
 * The workspace's world clock. The authority is one row of the database; processes follow it with refresh().
 *
 *   real     now = wall
 *   scaled   now = worldAnchor + (wall − wallAnchor) · rate
 *   stepped  now = what the driver last wrote
 */
export class WorkspaceClock implements WorldClock {
  #row: ClockRow;
  readonly #pool: Pool;
  readonly #wall: WallClock;

  private constructor(pool: Pool, wall: WallClock, row: ClockRow) {
    this.#pool = pool;
    this.#wall = wall;
    this.#row = row;
  }

  /** @throws OperationalFault 'clock-mode' when the workspace already runs in another mode. */
  static async open(pool: Pool, start: ClockStart, wall: WallClock = wallClock): Promise<WorkspaceClock> {
    const wallNow = wall.now();
    const worldAt = start.mode === 'real' ? wallNow : start.worldAt;
    const rate = start.mode === 'scaled' ? start.rate : start.mode === 'real' ? 1 : 0;
    await pool.query(
      `INSERT INTO platform.world_clock (id, mode, world_anchor, wall_anchor, rate) VALUES (1, $1, $2, $3, $4)
       ON CONFLICT (id) DO NOTHING`,
      [start.mode, timestamp(worldAt), timestamp(wallNow), rate],
    );
    const clock = new WorkspaceClock(pool, wall, await readRow(pool));
    if (clock.mode !== start.mode) {
      throw new OperationalFault(
        'clock-mode',
        `this workspace keeps ${clock.mode} time and cannot be run in ${start.mode} time; use another data folder or database`,
        {retryable: false},
      );
    }
    // A demo that was stopped goes on where it stopped: time does not run while nothing does.
    if (clock.mode === 'scaled')
      await clock.#anchor(epochMs(Math.max(await clock.#lastWord(), clock.#row.worldAnchor)), rate);
    return clock;
  }

  get mode(): ClockMode {
    return this.#row.mode;
  }

  get rate(): number {
    return this.#row.rate;
  }

  now(): EpochMs {
    const {mode, worldAnchor, wallAnchor, rate} = this.#row;
    switch (mode) {
      case 'real':
        return this.#wall.now();
      case 'scaled':
        return epochMs(worldAnchor + (this.#wall.now() - wallAnchor) * rate);
      case 'stepped':
        return worldAnchor;
    }
  }

  /** Moves a stepped clock forward. */
  async advanceTo(at: EpochMs): Promise<void> {
    if (this.mode !== 'stepped' || at < this.#row.worldAnchor) {
      throw new OperationalFault(
        'clock-mode',
        `a ${this.mode} clock at ${toIso(this.now())} cannot step to ${toIso(at)}`,
        {
          retryable: false,
        },
      );
    }
    if (at > this.#row.worldAnchor) await this.#anchor(at, 0);
  }

  /** Slows or restores a scaled clock from this instant on. */
  async setRate(rate: number): Promise<void> {
    if (this.mode === 'scaled' && rate !== this.#row.rate) await this.#anchor(this.now(), rate);
  }

  /** Follows the row, for processes that do not drive the clock. */
  async refresh(): Promise<void> {
    if (this.mode !== 'real') this.#row = await readRow(this.#pool);
  }

  async #anchor(worldAnchor: EpochMs, rate: number): Promise<void> {
    const wallAnchor = this.#wall.now();
    await this.#pool.query(
      `UPDATE platform.world_clock SET world_anchor = $1, wall_anchor = $2, rate = $3, step_no = step_no + 1 WHERE id = 1`,
      [timestamp(worldAnchor), timestamp(wallAnchor), rate],
    );
    this.#row = {...this.#row, worldAnchor, wallAnchor, rate};
  }

  /** The latest instant that any stored row speaks of. */
  async #lastWord(): Promise<number> {
    const result = await this.#pool.query<{at: number | null}>(
      'SELECT max(last_received_at) AS at FROM ingest.equipment_contact',
    );
    return result.rows[0]?.at ?? 0;
  }
}

async function readRow(pool: Pool): Promise<ClockRow> {
  const result = await pool.query<{mode: ClockMode; world_anchor: number; wall_anchor: number; rate: number}>(
    'SELECT mode, world_anchor, wall_anchor, rate FROM platform.world_clock WHERE id = 1',
  );
  const row = result.rows[0]!;
  return {
    mode: row.mode,
    worldAnchor: epochMs(row.world_anchor),
    wallAnchor: epochMs(row.wall_anchor),
    rate: row.rate,
  };
}
