import {inPartySession} from '../../platform/party-session.ts';
import {type Pool, type Queryable, timestamp} from '../../platform/pg.ts';
import type {ReportBooks} from '../ports.ts';
import type {RepairReportFilter, RepairReportRow} from '../read-ports.ts';

export function reportBooks(db: Queryable): ReportBooks {
  return {
    async reporter({equipmentNo, partyId, at}) {
      const {rows} = await db.query<{party_id: string}>(
        `SELECT coalesce($2, e.customer_party_id) AS party_id FROM network.equipment e
          WHERE e.equipment_no = $1
            AND ($2::text IS NULL OR e.customer_party_id = $2
                 OR EXISTS (SELECT FROM network.party p WHERE p.party_id = $2 AND p.kind = 'own')
                 OR EXISTS (SELECT FROM network.site s WHERE s.site_id = e.site_id AND s.party_id = $2)
                 OR EXISTS (SELECT FROM network.service_area a JOIN network.depot d USING (depot_id)
                             WHERE a.equipment_no = e.equipment_no AND d.party_id = $2 AND a.valid_from <= $3 AND $3 < a.valid_to)
                 OR EXISTS (SELECT FROM network.contract k
                             WHERE k.contract_id = e.contract_id AND k.status = 'active' AND k.valid @> $3::timestamptz
                               AND $2 IN (k.party_a, k.party_b)))`,
        [equipmentNo, partyId, timestamp(at)],
      );
      return rows[0]?.party_id ?? null;
    },
    async saveReport(report) {
      await db.query(
        `INSERT INTO network.repair_report (report_id, source, source_key, party_id, equipment_no, position_id, reported_at, failure_mode,
                                            part_id, qty, part_missing, finding, note)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
        [
          report.reportId,
          report.source,
          report.sourceKey,
          report.partyId,
          report.equipmentNo,
          report.positionId,
          timestamp(report.reportedAt),
          report.failureMode,
          report.partId,
          report.qty,
          report.partMissing,
          report.finding,
          report.note,
        ],
      );
    },
    async savePartReport(report) {
      await db.query(
        `INSERT INTO network.part_report (report_id, source, source_key, party_id, demand_id, problem, pieces, note, reported_at, opened_demand_id)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
        [
          report.reportId,
          report.source,
          report.sourceKey,
          report.partyId,
          report.demandId,
          report.problem,
          report.pieces,
          report.note,
          timestamp(report.reportedAt),
          report.openedDemandId,
        ],
      );
    },
    async partReport(reportId) {
      const {rows} = await db.query<{openedDemandId: string | null}>(
        'SELECT opened_demand_id AS "openedDemandId" FROM network.part_report WHERE report_id = $1 FOR NO KEY UPDATE',
        [reportId],
      );
      return rows[0] ?? null;
    },
    async answerPartReport({reportId, answer, at}) {
      await db.query('UPDATE network.part_report SET answered_at = $2, answer = $3 WHERE report_id = $1', [
        reportId,
        timestamp(at),
        answer,
      ]);
    },
    async replacedPieces(demandId) {
      const {rows} = await db.query<{pieces: number}>(
        'SELECT coalesce(sum(pieces), 0)::int AS pieces FROM network.part_report WHERE demand_id = $1 AND opened_demand_id IS NOT NULL',
        [demandId],
      );
      return rows[0]!.pieces;
    },
  };
}

/** Repair reports, newest first. In the name of a party the rows of others do not exist, whatever the filter says. */
export async function readReports(
  pool: Pool,
  {partyId, equipmentId, after, asParty, limit}: RepairReportFilter,
): Promise<RepairReportRow[]> {
  const read = async (db: Queryable): Promise<RepairReportRow[]> => {
    const {rows} = await db.query<RepairReportRow>(
      `SELECT r.report_id AS "reportId", r.source, r.source_key AS "sourceKey", r.party_id AS "partyId",
              e.equipment_id AS "equipmentId", r.position_id AS "positionId", r.reported_at AS "reportedAt",
              r.failure_mode AS "failureMode", r.part_id AS "partId", r.qty, r.part_missing AS "partMissing", r.finding, r.note
         FROM network.repair_report r JOIN network.equipment e USING (equipment_no)
        WHERE ($1::text IS NULL OR r.party_id = $1) AND ($2::text IS NULL OR e.equipment_id = $2)
          AND ($3::timestamptz IS NULL OR (r.reported_at, r.report_id) < ($3, $4::uuid))
        ORDER BY r.reported_at DESC, r.report_id DESC LIMIT $5`,
      [
        partyId ?? null,
        equipmentId ?? null,
        after === undefined ? null : timestamp(after.at),
        after?.id ?? null,
        limit,
      ],
    );
    return rows;
  };
  return asParty === undefined ? read(pool) : inPartySession(pool, asParty, read);
}
