import {groupBy} from '../../domain/group-by.ts';
import type {EpochMs} from '../../domain/time.ts';
import {timestamp} from '../../platform/pg.ts';
import type {Queryable} from '../../platform/pg.ts';
import type {Delivery, DeliveryTerm} from '../core/settle-deliveries.ts';
import {termsInForce} from './clause-rows.ts';
import type {ClauseFilter} from './clause-rows.ts';

/** What was agreed about deliveries, whenever it counted. */
export async function loadDeliveryTerms(db: Queryable, filter: ClauseFilter): Promise<DeliveryTerm[]> {
  const spans = await termsInForce(db, filter, 'delivery');
  return spans.flat().flatMap((term) => (term.type === 'delivery' ? [term] : []));
}

const ORDERS = `FROM network.contract c
    JOIN network.supply_order o ON o.from_loc IN ('supplier:' || c.party_a, 'supplier:' || c.party_b)
                               AND o.owner_party_id IN (c.party_a, c.party_b)
   CROSS JOIN LATERAL (SELECT coalesce(o.first_promised_at, o.expected_at) AS due) d
   WHERE c.contract_id = ANY($1::text[]) AND o.state NOT IN ('proposed', 'cancelled', 'rejected')`;

/** Orders from one party of each version, of pieces that are one of theirs (the buyer's, or on consignment), that fell due in a span, by `versionKey`. */
export async function loadDeliveries(
  db: Queryable,
  contractIds: readonly string[],
  span: {readonly from: number; readonly to: number},
): Promise<ReadonlyMap<string, Delivery[]>> {
  if (contractIds.length === 0) return new Map();
  const {rows} = await db.query<Delivery & {contractId: string; version: number}>(
    `SELECT c.contract_id AS "contractId", c.version, o.order_id AS "orderId", substr(o.from_loc, 10) AS "supplierPartyId", o.part_id AS "partId", substr(o.to_loc, 7) AS "depotId",
            d.due AS "dueAt", o.received_at AS "receivedAt"
       ${ORDERS} AND d.due >= $2 AND d.due < $3 ORDER BY d.due, o.order_id`,
    [contractIds, timestamp(span.from), timestamp(span.to)],
  );
  return groupBy(rows, versionKey);
}

export function versionKey({
  contractId,
  version,
}: {
  readonly contractId: string;
  readonly version: number;
}): string {
  return `${contractId} ${version}`;
}

/** When the first order was due that came at `from` or later; `from` itself where none was before. */
export async function firstUndelivered(
  db: Queryable,
  contractIds: readonly string[],
  from: EpochMs,
): Promise<EpochMs> {
  const {rows} = await db.query<{at: EpochMs | null}>(
    `SELECT min(d.due) AS at ${ORDERS} AND o.received_at >= $2 AND d.due < $2`,
    [contractIds, timestamp(from)],
  );
  return rows[0]?.at ?? from;
}
