import type {EpochMs} from '../../domain/time.ts';
import {timestamp} from '../../platform/pg.ts';
import type {Queryable} from '../../platform/pg.ts';
import type {ProposalCount} from '../core/decision/proposal-report.ts';

export interface ProposalPeriod {
  /** Proposals made from here on. */
  readonly from: EpochMs;
  /** Proposals made before. */
  readonly to: EpochMs;
  readonly partId?: string | undefined;
  readonly depotId?: string | undefined;
}

/** Proposals of a period, counted by action, fate and reason; one whose time is up has expired, whether or not it was told so yet. */
export async function countProposals(
  db: Queryable,
  {from, to, partId, depotId}: ProposalPeriod,
  now: EpochMs,
): Promise<readonly ProposalCount[]> {
  const found = await db.query<ProposalCount>(
    `SELECT d.action, r.reason_code AS "reasonCode", count(*)::int AS proposals,
            CASE WHEN d.state <> 'proposed' THEN d.state WHEN d.expires_at <= $5 THEN 'expired' ELSE 'waiting' END AS fate
       FROM replenish.decision d
       LEFT JOIN replenish.decision_review r ON r.decision_id = d.decision_id AND r.verdict <> 'approve'
      WHERE d.state NOT IN ('recorded', 'executed') AND d.decided_at >= $1 AND d.decided_at < $2
        AND ($3::text IS NULL OR d.part_id = $3) AND ($4::text IS NULL OR d.depot_id = $4)
      GROUP BY 1, 2, 4 ORDER BY 1, 4, 2`,
    [timestamp(from), timestamp(to), partId ?? null, depotId ?? null, timestamp(now)],
  );
  return found.rows;
}
