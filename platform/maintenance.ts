import {messageOf} from '../domain/fault.ts';
import {DAY_MS, HOUR_MS, epochMs, toIso} from '../domain/time.ts';
import type {EpochMs} from '../domain/time.ts';
import type {Logger} from './log.ts';
import {timestamp} from './pg.ts';
import type {Pool} from './pg.ts';

/** What was done to one kind of rows, by verb: {made: 2, dropped: 1}. */
export type UpkeepCounts = Readonly<Record<string, number>>;

/** One kind of rows that a stage keeps in order. Doing it twice does no harm. */
export interface Upkeep {
  /** As the log line and the report name it: `readings`. */
  readonly name: string;
  run(now: EpochMs): Promise<UpkeepCounts>;
}

/** What the timer's payload says: of the last round that ended, and of the last one that did all its work. */
export interface MaintenanceReport {
  readonly completedAt: string | null;
  readonly done: Readonly<Record<string, UpkeepCounts>>;
  /** By name of the upkeep, why it could not be done in the last round. */
  readonly failed: Readonly<Record<string, string>>;
}

/** 03:00 UTC. */
const DUE_AT_MS = 3 * HOUR_MS;
/** A round that failed, or whose process was killed, is due again after this. */
const RETRY_MS = HOUR_MS;

/**
 * A stage's nightly round, by the world clock: a row says when it is due, so a restart forgets none and of several
 * processes one does it. The first one is due at once.
 */
export class Maintenance {
  readonly #pool: Pool;
  readonly #stage: string;
  readonly #upkeeps: readonly Upkeep[];
  readonly #log: Logger;
  /** As the row last said; nobody makes it earlier. */
  #dueAt = -Infinity;

  /** @param pool Under the stage's own role. */
  constructor(
    pool: Pool,
    {
      stage,
      upkeeps,
      log,
    }: {readonly stage: string; readonly upkeeps: readonly Upkeep[]; readonly log: Logger},
  ) {
    this.#pool = pool;
    this.#stage = stage;
    this.#upkeeps = upkeeps;
    this.#log = log;
  }

  /** Does the round if it is due. @returns 1 when it was, else 0. */
  async runOnce(now: EpochMs): Promise<number> {
    if (!(await this.#take(now))) return 0;
    const done: Record<string, UpkeepCounts> = {};
    const failed: Record<string, string> = {};
    for (const upkeep of this.#upkeeps) {
      try {
        done[upkeep.name] = await upkeep.run(now);
      } catch (error) {
        failed[upkeep.name] = messageOf(error);
      }
    }
    await this.#report(now, done, failed);
    return 1;
  }

  /** Moves the timer on, so that nobody else takes the round; a crash leaves it due in an hour. */
  async #take(now: EpochMs): Promise<boolean> {
    if (now < this.#dueAt) return false;
    const timer = [this.#stage, timestamp(now)];
    await this.#pool.query(
      `INSERT INTO platform.world_timer (kind, key, due_at) VALUES ('maintenance', $1, $2) ON CONFLICT DO NOTHING`,
      timer,
    );
    const taken = await this.#pool.query(
      `UPDATE platform.world_timer SET due_at = $3 WHERE kind = 'maintenance' AND key = $1 AND due_at <= $2`,
      [...timer, timestamp(now + RETRY_MS)],
    );
    if (taken.rowCount === 1) return true;
    const {rows} = await this.#pool.query<{due_at: number}>(
      `SELECT due_at FROM platform.world_timer WHERE kind = 'maintenance' AND key = $1`,
      [this.#stage],
    );
    this.#dueAt = rows[0]?.due_at ?? -Infinity;
    return false;
  }

  async #report(
    now: EpochMs,
    done: MaintenanceReport['done'],
    failed: MaintenanceReport['failed'],
  ): Promise<void> {
    const stage = this.#stage;
    const complete = Object.keys(failed).length === 0;
    const report = {...(complete ? {completedAt: toIso(now)} : {}), done, failed};
    await this.#pool.query(
      `UPDATE platform.world_timer SET due_at = $2, payload = payload || $3::jsonb WHERE kind = 'maintenance' AND key = $1`,
      [stage, timestamp(complete ? nextRound(now) : now + RETRY_MS), JSON.stringify(report)],
    );
    if (complete) this.#log.info({stage, ...done}, 'maintenance done');
    else this.#log.warn({stage, ...done, failed}, 'maintenance incomplete, tried again in an hour');
  }
}

/** The next 03:00 UTC after `now`. Example: 2026-01-05T03:00Z → 2026-01-06T03:00Z. */
export function nextRound(now: EpochMs): EpochMs {
  return epochMs((Math.floor((now - DUE_AT_MS) / DAY_MS) + 1) * DAY_MS + DUE_AT_MS);
}

/** Repeats a call that handles one partition until it finds no more. @returns how many it handled. */
export async function untilNone(call: () => Promise<number>): Promise<number> {
  let handled = 0;
  while (handled < PARTITIONS_MAX && (await call()) > 0) handled += 1;
  return handled;
}

/** Ten years of weeks: the rest is for the next night. */
const PARTITIONS_MAX = 520;
