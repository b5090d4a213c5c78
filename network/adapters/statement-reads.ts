import {type Queryable, timestamp} from '../../platform/pg.ts';
import type {NetworkReads, StatementRow} from '../read-ports.ts';

/** Newest count first; `null` filters nothing. */
export async function readStatements(
  db: Queryable,
  {partId, depotId, source, agrees, after, now, limit}: Parameters<NetworkReads['statements']>[0],
): Promise<StatementRow[]> {
  const {rows} = await db.query<StatementRow>(
    `SELECT s.statement_id AS "statementId", s.part_id AS "partId", s.depot_id AS "depotId", s.source, s.party_id AS "partyId",
            s.counted_at AS "countedAt", s.received_at AS "receivedAt", s.stated AS "statedQty", s.ledger AS "ledgerQty",
            s.stated - s.ledger AS "differenceQty", s.tolerance AS "toleranceQty", s.agrees, c.open_case AS "openCase"
       FROM network.stock_statement s
       LEFT JOIN LATERAL (
         SELECT jsonb_build_object('alertId', a.alert_id, 'owner', a.acknowledged_by, 'dueAt', round(extract(epoch FROM a.due_at) * 1000)::bigint,
                                   'heldBackQty', h.pieces) AS open_case
           FROM replenish.alert a CROSS JOIN LATERAL network.held_back(s.part_id, s.depot_id, $8) h
          WHERE a.kind = 'stock-discrepancy' AND a.subject = s.part_id || '@' || s.depot_id AND a.state <> 'cleared'
            AND s.statement_id = (SELECT t.statement_id FROM network.stock_statement t WHERE t.part_id = s.part_id AND t.depot_id = s.depot_id
                                   ORDER BY t.counted_at DESC, t.statement_id LIMIT 1)) c ON true
      WHERE ($1::text IS NULL OR s.part_id = $1) AND ($2::text IS NULL OR s.depot_id = $2) AND ($3::text IS NULL OR s.source = $3)
        AND ($4::boolean IS NULL OR s.agrees = $4)
        AND ($5::timestamptz IS NULL OR s.counted_at < $5 OR (s.counted_at = $5 AND s.statement_id > $6::uuid))
      ORDER BY s.counted_at DESC, s.statement_id LIMIT $7`,
    [
      partId ?? null,
      depotId ?? null,
      source ?? null,
      agrees ?? null,
      after === undefined ? null : timestamp(after.at),
      after?.id ?? null,
      limit,
      timestamp(now),
    ],
  );
  return rows;
}
