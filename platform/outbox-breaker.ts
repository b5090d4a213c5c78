import {hasCome} from './come-due.ts';
import type {Pool} from './pg.ts';

/** Failures in a row after which a target rests. */
export const FAILURES_MAX = 5;
const PROBE_FIRST_S = 5;
/** Longer than any lease. */
export const PROBE_LAST_S = 300;

/**
 * A circuit breaker for each target, in the database, so that all processes spare it together: a target that has failed several times in a
 * row rests, and one effect at a time asks whether it answers again. A delivery wakes it, and everything that waits for it is due at once.
 */
export interface Breaker {
  /** Resting targets whose question is due; this caller asks it, nobody else until the lease ends. */
  probes(leaseMs: number): Promise<readonly string[]>;
  /** A delivery: the target answers. */
  answered(targetId: string): Promise<void>;
  /** @param wasProbe  Whether it was the question of a resting target: the next one comes later. */
  failed(targetId: string, wasProbe: boolean, reason: string): Promise<void>;
}

/** Seconds until a resting target is asked again. Example: after no, one and ten failed questions 5, 10 and 300 s. */
export function probePauseS(failedProbes: number): number {
  return Math.min(PROBE_LAST_S, PROBE_FIRST_S * 2 ** failedProbes);
}

export function openBreaker(pool: Pool): Breaker {
  return {
    async probes(leaseMs) {
      const due = await pool.query<{target_id: string}>(
        `UPDATE platform.outbox_target SET probe_wall = clock_timestamp() + make_interval(secs => $1)
          WHERE resting_since_wall IS NOT NULL AND ${hasCome('probe_wall', PROBE_LAST_S)} RETURNING target_id`,
        [leaseMs / 1000],
      );
      return due.rows.map((row) => row.target_id);
    },
    async answered(targetId) {
      await pool.query(
        `WITH awake AS (
           UPDATE platform.outbox_target t SET failures = 0, probes = 0, resting_since_wall = NULL, last_error = NULL
             FROM platform.outbox_target before
            WHERE t.target_id = $1 AND t.failures > 0 AND before.target_id = t.target_id RETURNING before.resting_since_wall)
         UPDATE platform.outbox SET next_wall = '-infinity'
          WHERE target_id = $1 AND state = 'pending' AND next_wall > clock_timestamp() AND EXISTS (SELECT FROM awake WHERE resting_since_wall IS NOT NULL)`,
        [targetId],
      );
    },
    async failed(targetId, wasProbe, reason) {
      const {rows} = await pool.query<{probes: number}>(
        `INSERT INTO platform.outbox_target AS t (target_id, failures, last_error) VALUES ($1, 1, $2)
         ON CONFLICT (target_id) DO UPDATE SET failures = t.failures + 1, last_error = excluded.last_error, probes = t.probes + $3::int,
           resting_since_wall = coalesce(t.resting_since_wall, CASE WHEN t.failures + 1 >= ${FAILURES_MAX} THEN clock_timestamp() END)
         RETURNING probes`,
        [targetId, reason, wasProbe ? 1 : 0],
      );
      await pool.query(
        `UPDATE platform.outbox_target SET probe_wall = clock_timestamp() + make_interval(secs => $2)
          WHERE target_id = $1 AND resting_since_wall IS NOT NULL AND ($3 OR probe_wall = '-infinity')`,
        [targetId, probePauseS(rows[0]!.probes), wasProbe],
      );
    },
  };
}
