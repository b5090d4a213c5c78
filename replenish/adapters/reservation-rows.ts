import type {ListFilter} from '../../domain/list-filter.ts';
import {HOUR_MS, plusMs} from '../../domain/time.ts';
import type {EpochMs} from '../../domain/time.ts';
import {causeId} from '../../platform/ids.ts';
import {timestamp} from '../../platform/pg.ts';
import type {Queryable} from '../../platform/pg.ts';
import type {Lapse, ReservedFor} from '../core/decision/reservation.ts';
import type {Reservation} from '../core/decision/situation.ts';

interface ReservationRow extends Reservation {
  readonly partId: string;
  readonly depotId: string;
}
/**
 * Reservations of a part family. A component has failed if it was taken out for that, or if its position asked for the part since:
 * the piece may be issued days before the old component comes out. What was asked for is looked up once for all of them, and only
 * since the first of them was made: a busy part has a long history.
 */
const RESERVATIONS = `
  WITH held AS MATERIALIZED (
    SELECT a.*, i.equipment_no, i.position_id, i.removal_cause FROM network.allocation a
      LEFT JOIN LATERAL (SELECT i.equipment_no, i.position_id, i.removal_cause FROM network.installation i
                          WHERE i.component_id = a.component_id ORDER BY i.installed_at DESC LIMIT 1) i ON true
     WHERE a.part_id = ANY($1::text[]) AND a.kind = 'soft'),
  line AS (
    SELECT equipment_no, source, source_key, 'infinity'::timestamptz AS until FROM network.demand_line
     WHERE part_id = ANY($1::text[]) AND cause = 'failure' AND state = 'open' AND EXISTS (SELECT FROM held)
    UNION ALL
    SELECT equipment_no, source, source_key, requested_at FROM network.demand_line
     WHERE part_id = ANY($1::text[]) AND cause = 'failure' AND state = 'filled' AND requested_at >= (SELECT min(made_at) FROM held)),
  asked AS MATERIALIZED (
    SELECT l.equipment_no, v.position_id, l.until FROM line l
      LEFT JOIN network.position_event v ON v.equipment_no = l.equipment_no AND v.event_key = l.source_key AND l.source = 'event'
     WHERE l.equipment_no IN (SELECT equipment_no FROM held))
  SELECT h.part_id AS "partId", substr(h.supply_ref, 7) AS "depotId", h.allocation_id AS "reservationId", h.component_id AS "componentId",
         coalesce(e.equipment_id, '') AS "equipmentId", coalesce(h.position_id, '') AS "positionId", h.qty AS quantity,
         h.expires_at AS "expiresAt", h.within_h AS "withinH", h.keep_ppm AS "keepPpm",
         coalesce(h.removal_cause = 'failure', false) OR EXISTS (
           SELECT FROM asked a WHERE a.equipment_no = h.equipment_no AND a.until >= h.made_at
              AND coalesce(a.position_id, h.position_id) = h.position_id) AS failed
    FROM held h LEFT JOIN network.equipment e USING (equipment_no)
   ORDER BY h.made_at, h.allocation_id`;

/** The reservations of one part at one depot, the first made first. */
export type ReservationsAt = (partId: string, depotId: string) => Reservation[];

export async function loadReservations(db: Queryable, family: readonly string[]): Promise<ReservationsAt> {
  const {rows} = await db.query<ReservationRow>(RESERVATIONS, [family]);
  return (partId, depotId) =>
    rows
      .filter((row) => row.partId === partId && row.depotId === depotId)
      .map((row) => ({
        reservationId: row.reservationId,
        componentId: row.componentId,
        equipmentId: row.equipmentId,
        positionId: row.positionId,
        quantity: row.quantity,
        expiresAt: row.expiresAt,
        withinH: row.withinH,
        keepPpm: row.keepPpm,
        failed: row.failed,
      }));
}

/** A reservation as planners see it. */
interface ReservationRecord {
  readonly reservationId: string;
  readonly partId: string;
  readonly depotId: string;
  readonly componentId: string;
  readonly equipmentId: string;
  readonly positionId: string;
  readonly quantity: number;
  readonly decisionId: string;
  readonly madeAt: EpochMs;
  readonly expiresAt: EpochMs;
  readonly withinH: number;
  readonly keepPpm: number;
}

/** What stands, the next to expire first. */
export async function listReservations(
  db: Queryable,
  filter: ListFilter<'partId' | 'depotId'>,
): Promise<readonly ReservationRecord[]> {
  const found = await db.query<ReservationRecord>(
    `SELECT a.allocation_id AS "reservationId", a.part_id AS "partId", substr(a.supply_ref, 7) AS "depotId", a.component_id AS "componentId",
            e.equipment_id AS "equipmentId", i.position_id AS "positionId", a.qty AS quantity, a.decision_id AS "decisionId",
            a.made_at AS "madeAt", a.expires_at AS "expiresAt", a.within_h AS "withinH", a.keep_ppm AS "keepPpm"
       FROM network.allocation a
       JOIN LATERAL (SELECT i.equipment_no, i.position_id FROM network.installation i WHERE i.component_id = a.component_id
                      ORDER BY i.installed_at DESC LIMIT 1) i ON true
       JOIN network.equipment e USING (equipment_no)
      WHERE a.kind = 'soft' AND ($1::text IS NULL OR a.part_id = $1) AND ($2::text IS NULL OR a.supply_ref = 'depot:' || $2)
      ORDER BY a.expires_at, a.allocation_id LIMIT $3`,
    [filter.partId ?? null, filter.depotId ?? null, filter.limit],
  );
  return found.rows;
}

interface ReservationEffect {
  readonly decisionId: string;
  readonly partId: string;
  readonly depotId: string;
  readonly reserved: readonly ReservedFor[];
  readonly now: EpochMs;
}

/** Sets the pieces of a decision aside, in its transaction. Saying it twice reserves once. */
export async function reserve(db: Queryable, effect: ReservationEffect): Promise<void> {
  const {decisionId, partId, depotId, reserved, now} = effect;
  for (const {componentId, quantity, withinH, keepPpm} of reserved) {
    const reservationId = causeId('reservation', decisionId, componentId);
    const expiresAt = plusMs(now, withinH * HOUR_MS);
    const made = await db.query<{made: boolean}>(
      'SELECT network.reserve_pieces($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) AS made',
      [
        reservationId,
        decisionId,
        componentId,
        partId,
        depotId,
        quantity,
        timestamp(now),
        timestamp(expiresAt),
        withinH,
        keepPpm,
      ],
    );
    if (!made.rows[0]!.made) continue;
    await audit(db, now, 'reservation.made', reservationId, {
      decisionId,
      componentId,
      partId,
      depotId,
      quantity,
    });
  }
}

/** Lets pieces go; the audit trail keeps why, and with which decision. */
export async function release(
  db: Queryable,
  {
    decisionId,
    lapses,
    now,
  }: {readonly decisionId: string; readonly lapses: readonly Lapse[]; readonly now: EpochMs},
): Promise<void> {
  for (const {reservation, depotId, cause} of lapses) {
    const {reservationId, componentId, quantity} = reservation;
    await db.query('SELECT network.release_pieces($1)', [reservationId]);
    await audit(db, now, 'reservation.released', reservationId, {
      decisionId,
      componentId,
      depotId,
      quantity,
      cause,
    });
  }
}

async function audit(
  db: Queryable,
  now: EpochMs,
  action: string,
  reservationId: string,
  body: Record<string, unknown>,
): Promise<void> {
  await db.query(`SELECT platform.record_audit($1, 'forestock', $2, $3, $4)`, [
    timestamp(now),
    action,
    reservationId,
    JSON.stringify(body),
  ]);
}

/** Has the groups look whose reservations have run out, so that the pieces are offered again. A reservation says so once. */
export async function signalExpired(db: Queryable, now: EpochMs): Promise<void> {
  await db.query(
    `SELECT replenish.raise_demand_signal(a.allocation_id, p.group_id, 'reservation-expired', a.allocation_id::text, $1)
       FROM network.allocation a JOIN network.part p USING (part_id) WHERE a.kind = 'soft' AND a.expires_at <= $1`,
    [timestamp(now)],
  );
}
