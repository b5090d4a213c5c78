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
  /** Moves with every write: who finds it moved is not the driver any more. */
  readonly stepNo: number;
}

type Change = Pick<ClockRow, 'worldAnchor' | 'rate'>;

/**
 * What a new workspace shall be, for the one process that drives its clock; an existing one keeps its mode for good. All others
 * follow: they take the clock as they find it (real, where there is none yet) and never write it.
 */
export type ClockStart =
  | {readonly mode: 'real'}
  | {readonly mode: 'scaled'; readonly worldAt: EpochMs; readonly rate: number}
  | {readonly mode: 'stepped'; readonly worldAt: EpochMs}
  | {readonly mode: 'follow'};

/**
 * How long scaled time runs on after its driver's last word. The driver says it anew every second; when it is gone, or kept from its work, time
 * stands still, for it does not run while nothing does.
 */
const RUN_ON_MS = 2000;

/**
 * The workspace's world clock. The authority is one row of the database, written by the driver alone.
 *
 *   real     now = wall
 *   scaled   now = worldAnchor + min(wall − wallAnchor, 2 s) · rate
 *   stepped  now = what the driver last wrote
 */
export class WorkspaceClock implements WorldClock {
  #row: ClockRow;
  /** What now() has said, so that a scaled clock which is slowed or found behind stands instead of running backwards. */
  #said = epochMs(0);
  readonly #pool: Pool;
  readonly #wall: WallClock;
  readonly #drives: boolean;
  #writing: Promise<unknown> = Promise.resolve();
  #unanswered: ClockRow | undefined;

  private constructor(pool: Pool, wall: WallClock, row: ClockRow, drives: boolean) {
    this.#pool = pool;
    this.#wall = wall;
    this.#row = row;
    this.#drives = drives;
  }

  /**
   * Opens the clock as its driver, or as one that follows. A scaled clock goes on where it stopped; the process that drove it before,
   * should it still live, cannot move it any more.
   *
   * @throws OperationalFault 'clock-mode' when the workspace already runs in another mode.
   */
  static async open(pool: Pool, start: ClockStart, wall: WallClock = wallClock): Promise<WorkspaceClock> {
    const drives = start.mode !== 'follow';
    const mode = drives ? start.mode : 'real';
    const wallNow = wall.now();
    const worldAt = 'worldAt' in start ? start.worldAt : wallNow;
    await pool.query(
      `INSERT INTO platform.world_clock (id, mode, world_anchor, wall_anchor, rate) VALUES (1, $1, $2, $3, $4)
       ON CONFLICT (id) DO NOTHING`,
      [mode, timestamp(worldAt), timestamp(wallNow), mode === 'real' ? 1 : 0],
    );
    const clock = new WorkspaceClock(pool, wall, await readRow(pool), drives);
    if (drives && clock.mode !== mode) {
      throw new OperationalFault(
        'clock-mode',
        `this workspace keeps ${clock.mode} time and cannot be run in ${mode} time; use another data folder or database`,
        {retryable: false},
      );
    }
    if (start.mode === 'scaled') await clock.#write(() => ({worldAnchor: clock.now(), rate: start.rate}));
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
      case 'scaled': {
        const ranMs = Math.min(Math.max(0, this.#wall.now() - wallAnchor), RUN_ON_MS);
        this.#said = epochMs(Math.max(this.#said, worldAnchor + ranMs * rate));
        return this.#said;
      }
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
    if (at > this.#row.worldAnchor) await this.#write(() => ({worldAnchor: at, rate: 0}));
  }

  /** Slows, stops or restores a scaled clock from this instant on. */
  async setRate(rate: number): Promise<void> {
    if (this.mode !== 'scaled') return;
    await this.#write(() => (rate === this.#row.rate ? undefined : {worldAnchor: this.now(), rate}));
  }

  /** Once a second: the driver of a scaled clock says that time goes on, those who follow read what the driver said. */
  async keep(): Promise<void> {
    if (this.mode === 'real') return;
    if (!this.#drives) this.#row = await readRow(this.#pool);
    else if (this.mode === 'scaled')
      await this.#write(() => ({worldAnchor: this.now(), rate: this.#row.rate}));
  }

  /** The driver's last word: scaled time stands from here on. */
  async stop(): Promise<void> {
    if (this.#drives) await this.setRate(0);
  }

  /** One write after the other, each from the row that the one before has left. */
  async #write(next: () => Change | undefined): Promise<void> {
    const mine = this.#writing.then(async () => {
      const change = next();
      if (change !== undefined) await this.#writeNow(change);
    });
    this.#writing = mine.catch(() => undefined);
    return mine;
  }

  async #writeNow({worldAnchor, rate}: Change): Promise<void> {
    const lost = this.#unanswered;
    if (lost !== undefined) {
      // The answer to our last write got lost: it may be in the row nevertheless.
      const found = await readRow(this.#pool);
      if (found.stepNo === lost.stepNo && found.wallAnchor === lost.wallAnchor) this.#row = found;
    }
    const {mode, stepNo} = this.#row;
    const row = {mode, worldAnchor, wallAnchor: this.#wall.now(), rate, stepNo: stepNo + 1};
    this.#unanswered = row;
    const written = await this.#pool.query(
      `UPDATE platform.world_clock SET world_anchor = $1, wall_anchor = $2, rate = $3, step_no = $4 WHERE id = 1 AND step_no = $5 AND $6`,
      [timestamp(worldAnchor), timestamp(row.wallAnchor), rate, row.stepNo, stepNo, this.#drives],
    );
    this.#unanswered = undefined;
    if (written.rowCount === 1) this.#row = row;
    else
      throw new OperationalFault(
        'clock-driven-elsewhere',
        'another process drives the clock of this workspace; stop one of the two',
        {retryable: false},
      );
  }
}

async function readRow(pool: Pool): Promise<ClockRow> {
  const result = await pool.query<{
    mode: ClockMode;
    world_anchor: number;
    wall_anchor: number;
    rate: number;
    step_no: number;
  }>('SELECT mode, world_anchor, wall_anchor, rate, step_no FROM platform.world_clock WHERE id = 1');
  const row = result.rows[0]!;
  return {
    mode: row.mode,
    worldAnchor: epochMs(row.world_anchor),
    wallAnchor: epochMs(row.wall_anchor),
    rate: row.rate,
    stepNo: row.step_no,
  };
}
