import {type EpochMs, toIso} from '../../domain/time.ts';
import {groupBy} from '../../domain/group-by.ts';
import {causeId} from '../../platform/ids.ts';
import {type Queryable, timestamp} from '../../platform/pg.ts';
import type {Bookkeeping, EventBatch, EventLog, EquipmentEventRow, Passed, QuarantineItem} from '../ports.ts';
import type {OrderBooks, TitleTransfer} from '../stock-ports.ts';
import type {SupplyOrder} from '../core/order-state.ts';

const STAGE = 'network';

export function eventLog(db: Queryable): EventLog {
  return {
    takeEvents: ({eventsMax}) => takeEvents(db, eventsMax),
    async advance(checkpoints) {
      await db.query(
        `INSERT INTO network.checkpoint (stage, partition_no, log_seq) SELECT $1, * FROM unnest($2::int[], $3::bigint[])
         ON CONFLICT (stage, partition_no) DO UPDATE SET log_seq = excluded.log_seq`,
        [STAGE, checkpoints.map(({partitionNo}) => partitionNo), checkpoints.map(({logSeq}) => logSeq)],
      );
    },
  };
}

interface Behind {
  readonly partitionNo: number;
  readonly head: number;
  readonly followed: number;
  readonly share: number;
}
/** A partition that has moved on, and one of its events; null: none among its new rows. */
type TakenRow = Behind & (EquipmentEventRow | {readonly logSeq: null});

const TAKE = `
  WITH behind AS (
    SELECT h.partition_no, h.last_log_seq AS head, coalesce(c.log_seq, 0) AS followed,
           greatest(1, $2::int / count(*) OVER ()) AS share
      FROM ingest.partition_head h LEFT JOIN network.checkpoint c ON c.stage = $1 AND c.partition_no = h.partition_no
     WHERE h.last_log_seq > coalesce(c.log_seq, 0))
  SELECT p.partition_no AS "partitionNo", p.head, p.followed, p.share, e.*
    FROM behind p LEFT JOIN LATERAL (
      SELECT log_seq AS "logSeq", equipment_no AS "equipmentNo", observed_at AS "observedAt", received_at AS "receivedAt",
             message_key AS "messageKey", type, position_id AS "positionId", serial
        FROM ingest.equipment_event v
       WHERE v.partition_no = p.partition_no AND v.log_seq > p.followed AND v.log_seq <= p.head
       ORDER BY v.log_seq LIMIT p.share) e ON true
   ORDER BY "observedAt", "equipmentNo", "messageKey"`;

// Most of a log is readings, which move no position: one statement passes them, without the writers' lock. `greatest` by the WHERE: a
// follower beside this one may have come further meanwhile.
const PASS = `
  WITH behind AS (
    SELECT h.partition_no, h.last_log_seq AS head, coalesce(c.log_seq, 0) AS followed,
           EXISTS (SELECT FROM ingest.equipment_event v
                    WHERE v.partition_no = h.partition_no AND v.log_seq > coalesce(c.log_seq, 0) AND v.log_seq <= h.last_log_seq) AS told
      FROM ingest.partition_head h LEFT JOIN network.checkpoint c ON c.stage = $1 AND c.partition_no = h.partition_no
     WHERE h.last_log_seq > coalesce(c.log_seq, 0)),
  passed AS (
    INSERT INTO network.checkpoint AS c (stage, partition_no, log_seq)
    SELECT $1, partition_no, head FROM behind WHERE NOT told ORDER BY partition_no
    ON CONFLICT (stage, partition_no) DO UPDATE SET log_seq = excluded.log_seq WHERE c.log_seq < excluded.log_seq)
  SELECT coalesce(sum(head - followed) FILTER (WHERE NOT told), 0)::bigint AS rows, coalesce(bool_or(told), false) AS "eventsWait" FROM behind`;

export async function passReadings(db: Queryable): Promise<Passed> {
  const {rows} = await db.query<Passed>(PASS, [STAGE]);
  return rows[0]!;
}

async function takeEvents(db: Queryable, eventsMax: number): Promise<EventBatch> {
  const {rows} = await db.query<TakenRow>(TAKE, [STAGE, eventsMax]);
  const events = rows.flatMap((row) => (row.logSeq === null ? [] : [toEvent(row)]));
  const eventsOf = groupBy(events, ({partitionNo}) => partitionNo);
  const partitions = new Map(rows.map((row): [number, Behind] => [row.partitionNo, row]));
  let [passed, more] = [0, false];
  const checkpoints = [...partitions.values()].map(({partitionNo, head, followed, share}) => {
    const own = eventsOf.get(partitionNo) ?? [];
    // A full share may have more behind it; anything less has seen the partition's head.
    const logSeq = own.length < share ? head : Math.max(...own.map((event) => event.logSeq));
    passed += logSeq - followed;
    more ||= own.length >= share;
    return {partitionNo, logSeq};
  });
  return {events, checkpoints, rows: passed, more};
}

function toEvent(row: EquipmentEventRow): EquipmentEventRow {
  const {partitionNo, logSeq, equipmentNo, observedAt, receivedAt, messageKey, type, positionId, serial} =
    row;
  return {partitionNo, logSeq, equipmentNo, observedAt, receivedAt, messageKey, type, positionId, serial};
}

const SLIP_ALERT = 'order-slipping';

export function orderBooks(db: Queryable): OrderBooks {
  return {
    async order(orderId) {
      const {rows} = await db.query<SupplyOrder>(
        `SELECT order_id AS "orderId", kind, part_id AS "partId", from_loc AS "fromLoc", to_loc AS "toLoc",
                owner_party_id AS "ownerPartyId", qty, shipped_qty AS "shippedQty", received_qty AS "receivedQty", state,
                expected_at AS "expectedAt", promised_at AS "promisedAt", first_promised_at AS "firstPromisedAt", slips, received_at AS "receivedAt"
           FROM network.supply_order WHERE order_id = $1 FOR UPDATE`,
        [orderId],
      );
      return rows[0] ?? null;
    },
    async agreedTitle({partId, toLoc, ownerPartyId}, supplierPartyId, now) {
      const {rows} = await db.query<{title: TitleTransfer}>(
        `SELECT CASE t.params->>'titleTransfer' WHEN 'shipment' THEN 'shipment' ELSE 'receipt' END AS title
           FROM network.contract_in_force($1) c JOIN partners.contract_term t USING (contract_id, version)
          WHERE t.type = 'ownership' AND t.effective @> $1::timestamptz AND t.params->>'ownerPartyId' = $2
            AND $2 IN (c.party_a, c.party_b) AND $3 IN (c.party_a, c.party_b)
            AND coalesce(t.scope->'partIds' ? $4, true) AND coalesce(t.scope->'depotIds' ? substr($5, 7), true)
          ORDER BY c.contract_id, t.term_no LIMIT 1`,
        [timestamp(now), supplierPartyId, ownerPartyId, partId, toLoc],
      );
      return rows[0]?.title ?? null;
    },
    async saveOrder({orderId, state, shippedQty, receivedQty, slips, ...dates}) {
      const at = (instant: EpochMs | null): string | null => (instant === null ? null : timestamp(instant));
      await db.query(
        `UPDATE network.supply_order SET state = $2, shipped_qty = $3, received_qty = $4, expected_at = $5, promised_at = $6,
                first_promised_at = $7, slips = $8, received_at = $9
          WHERE order_id = $1`,
        [
          orderId,
          state,
          shippedQty,
          receivedQty,
          timestamp(dates.expectedAt),
          at(dates.promisedAt),
          at(dates.firstPromisedAt),
          slips,
          at(dates.receivedAt),
        ],
      );
    },
    async raiseSlip({orderId, partId, fromLoc, toLoc, qty, receivedQty, slips, ...dates}, now) {
      const body = {
        orderId,
        partId,
        fromLoc,
        toLoc,
        openQty: qty - receivedQty,
        slips,
        firstPromisedAt: toIso(dates.firstPromisedAt!), // whoever slips has promised before
        promisedAt: toIso(dates.promisedAt!),
      };
      await db.query('SELECT replenish.open_alert($1, $2, $3, $4, $5, $6, 0, NULL, NULL, $7)', [
        causeId('alert', SLIP_ALERT, orderId, now),
        SLIP_ALERT,
        orderId,
        dates.ownerPartyId,
        timestamp(now),
        slips,
        JSON.stringify(body),
      ]);
    },
    async clearSlip({orderId, state}, now) {
      await db.query('SELECT replenish.clear_alert($1, $2, $3, $4)', [
        SLIP_ALERT,
        orderId,
        timestamp(now),
        JSON.stringify({state}),
      ]);
    },
    async tellCancelled({orderId, partId, qty, fromLoc, toLoc}, now) {
      const payload = {type: 'order.cancelled', orderId, partId, quantity: qty, from: fromLoc, to: toLoc};
      await db.query(
        `SELECT platform.enqueue_effect(told.target_id || ':order-cancelled:' || $1, 'order', $1, told.target_id, $2 || jsonb_build_object('decisionId', o.decision_id), $3)
           FROM network.supply_order o JOIN platform.outbox told ON told.cause_kind = 'decision' AND told.cause_id = o.decision_id::text
          WHERE o.order_id = $1::uuid`,
        [orderId, JSON.stringify(payload), timestamp(now)],
      );
    },
    async appendOrderEvent({orderId, source, sourceKey, type, qty, worldAt}) {
      await db.query(
        `INSERT INTO network.supply_order_event (order_id, event_no, source, source_key, type, qty, world_at)
         SELECT $1, coalesce(max(event_no), 0) + 1, $2, $3, $4, $5, $6 FROM network.supply_order_event WHERE order_id = $1`,
        [orderId, source, sourceKey, type, qty, timestamp(worldAt)],
      );
    },
  };
}

export function bookkeeping(db: Queryable): Bookkeeping {
  return {
    async firstOutcome(source, sourceKey, body) {
      const {rows} = await db.query<{sameBody: boolean; outcome: unknown}>(
        `SELECT body_sha256 = sha256(convert_to($3, 'UTF8')) AS "sameBody", outcome FROM platform.inbox
          WHERE source = $1 AND source_key = $2`,
        [source, sourceKey, body],
      );
      return rows[0] ?? null;
    },
    async rememberOutcome(source, sourceKey, body, outcome) {
      await db.query(
        `INSERT INTO platform.inbox (source, source_key, body_sha256, outcome) VALUES ($1, $2, sha256(convert_to($3, 'UTF8')), $4)`,
        [source, sourceKey, body, JSON.stringify(outcome)],
      );
    },
    async quarantine(items) {
      for (const {quarantineId, kind, body, reason, detail, receivedAt} of items) {
        await db.query(
          `INSERT INTO network.quarantine (quarantine_id, kind, body, reason, detail, received_at) VALUES ($1, $2, $3, $4, $5, $6)
           ON CONFLICT (quarantine_id) DO UPDATE SET state = 'open', detail = excluded.detail, outcome = NULL
            WHERE quarantine.kind = 'position' AND quarantine.state = 'resubmitted'`,
          [quarantineId, kind, JSON.stringify(body), reason, detail, timestamp(receivedAt)],
        );
      }
    },
    async quarantineItem(quarantineId) {
      const {rows} = await db.query<QuarantineItem>(
        `SELECT quarantine_id AS "quarantineId", kind, body, reason, detail, received_at AS "receivedAt", state, outcome
           FROM network.quarantine WHERE quarantine_id = $1`,
        [quarantineId],
      );
      return rows[0] ?? null;
    },
    async closeQuarantine(quarantineId, state, outcome) {
      await db.query('UPDATE network.quarantine SET state = $2, outcome = $3 WHERE quarantine_id = $1', [
        quarantineId,
        state,
        JSON.stringify(outcome),
      ]);
    },
    async groupsOf(partIds) {
      const {rows} = await db.query<{part_id: string; group_id: string}>(
        'SELECT part_id, group_id FROM network.part WHERE part_id = ANY($1::text[]) ORDER BY part_id',
        [partIds],
      );
      return new Map(rows.map((row) => [row.part_id, row.group_id]));
    },
    async raiseSignals(signals) {
      await db.query(
        `SELECT replenish.raise_demand_signal(s.id, s.group_id, s.kind, s.ref, s.at)
           FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::timestamptz[]) AS s(id, group_id, kind, ref, at)`,
        [
          signals.map((signal) => signal.signalId),
          signals.map((signal) => signal.groupId),
          signals.map((signal) => signal.causeKind),
          signals.map((signal) => signal.causeRef),
          signals.map((signal) => timestamp(signal.worldAt)),
        ],
      );
    },
    async audit({worldAt, actor, action, subject, body}) {
      await db.query('SELECT platform.record_audit($1, $2, $3, $4, $5)', [
        timestamp(worldAt),
        actor,
        action,
        subject,
        JSON.stringify(body),
      ]);
    },
  };
}
