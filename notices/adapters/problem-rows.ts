import type {EpochMs} from '../../domain/time.ts';
import {timestamp} from '../../platform/pg.ts';
import type {Client} from '../../platform/pg.ts';
import type {Course, StandingAlert} from '../core/course.ts';
import type {Problem} from '../ports.ts';

/** What the rules ask of alert `a`. The tier is that of the line which waits, else of the contract of its machine `e`. */
export const ALERT_FACTS = `a.alert_id AS "alertId", a.kind, a.party_id AS "partyId", a.level, a.money_minor AS "moneyMinor", a.body->>'tell' AS tell, e.criticality,
         coalesce((SELECT l.tier FROM network.demand_line l WHERE l.demand_id::text = a.body->>'demandId'),
                  (SELECT k.tier FROM network.contract k WHERE k.contract_id = e.contract_id AND k.status = 'active' ORDER BY k.version DESC LIMIT 1)) AS tier`;
export const ALERT_MACHINE = `LEFT JOIN network.equipment e ON e.equipment_id = a.body->>'equipmentId'`;

/** The newest alert of each problem that changed or whose timer is due. */
const DUE = `
  WITH noted AS (
    DELETE FROM notices.changed WHERE change_no IN (SELECT change_no FROM notices.changed WHERE kind = 'alert' ORDER BY change_no LIMIT $2)
    RETURNING subject_id),
  timed AS (
    DELETE FROM platform.world_timer WHERE kind = 'alert'
       AND key IN (SELECT key FROM platform.world_timer WHERE kind = 'alert' AND due_at <= $1 ORDER BY due_at, key LIMIT $2)
    RETURNING key::uuid AS subject_id)
  SELECT DISTINCT ON (a.kind, a.subject) ${ALERT_FACTS}, a.subject, a.opened_at AS "openedAt", a.state,
         a.acknowledged_until AS "acknowledgedUntil", a.snoozed_until AS "snoozedUntil", a.body->>'depotId' AS "depotId",
         c.course_id AS "courseId", c.stage, c.level_told AS "levelTold", c.step, c.walked_since AS "walkedSince", c.calm_until AS "calmUntil", c.rounds
    FROM (SELECT subject_id FROM noted UNION SELECT subject_id FROM timed) n
    JOIN replenish.alert o ON o.alert_id = n.subject_id
    JOIN replenish.alert a ON a.kind = o.kind AND a.subject = o.subject
    ${ALERT_MACHINE}
    LEFT JOIN notices.course c ON c.kind = a.kind AND c.subject = a.subject AND c.stage <> 'ended'
   ORDER BY a.kind, a.subject, (a.state <> 'cleared') DESC, a.opened_at DESC, a.alert_id`;

type Row = StandingAlert & {depotId: string | null} & Course & {courseId: string | null};

export async function dueProblems(
  db: Client,
  now: EpochMs,
  problemsMax: number,
): Promise<readonly Problem[]> {
  const {rows} = await db.query<Row>(DUE, [timestamp(now), problemsMax]);
  return rows.map(({courseId, stage, levelTold, step, walkedSince, calmUntil, rounds, ...alert}) => ({
    alert,
    course: courseId === null ? null : {courseId, stage, levelTold, step, walkedSince, calmUntil, rounds},
  }));
}

export async function keepCourse(
  db: Client,
  courseId: string,
  {kind, subject, alertId}: StandingAlert,
  {stage, levelTold, step, walkedSince, calmUntil, rounds}: Course,
): Promise<void> {
  await db.query(
    `INSERT INTO notices.course (course_id, kind, subject, alert_id, stage, level_told, step, walked_since, calm_until, rounds)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
     ON CONFLICT (course_id) DO UPDATE SET alert_id = excluded.alert_id, stage = excluded.stage, level_told = excluded.level_told, step = excluded.step,
       walked_since = excluded.walked_since, calm_until = excluded.calm_until, rounds = excluded.rounds`,
    [
      ...[courseId, kind, subject, alertId, stage, levelTold, step, timestamp(walkedSince)],
      calmUntil === null ? null : timestamp(calmUntil),
      rounds,
    ],
  );
}
