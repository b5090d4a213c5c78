import type {EpochMs} from '../../domain/time.ts';
import {timestamp} from '../../platform/pg.ts';
import type {Queryable} from '../../platform/pg.ts';
import type {CaseResolution} from '../core/forecast/variance-case.ts';

export interface AlertRecord {
  readonly alertId: string;
  readonly kind: string;
  readonly subject: string;
  readonly openedAt: EpochMs;
  readonly state: string;
  readonly level: number;
  readonly moneyMinor: number;
  readonly currency: string | null;
  readonly decisionId: string | null;
  readonly acknowledgedBy: string | null;
  /** Null: until its cause is gone. */
  readonly acknowledgedUntil: EpochMs | null;
  readonly snoozedUntil: EpochMs | null;
  /** By when somebody is to have looked into it; null: it is no case. */
  readonly dueAt: EpochMs | null;
  /** What who closed the case found. */
  readonly resolution: CaseResolution | null;
  readonly resolvedBy: string | null;
  readonly body: Record<string, unknown>;
}

/** Alerts by money, highest first; without a state those that are not cleared. */
export async function listAlerts(db: Queryable, filter: AlertFilter): Promise<readonly AlertRecord[]> {
  const {state, kind, after, limit, now} = filter;
  const found = await db.query<AlertRecord>(
    `SELECT ${ALERT_COLUMNS} FROM replenish.alert
      WHERE CASE WHEN $1::text IS NULL THEN state <> 'cleared' WHEN $1 = 'snoozed' THEN state = 'open' AND snoozed_until > $3 ELSE state = $1 END
        AND ($2::text IS NULL OR kind = $2) AND ($4::bigint IS NULL OR (-money_minor, alert_id) > (-$4, $5::uuid))
      ORDER BY money_minor DESC, alert_id LIMIT $6`,
    [state ?? null, kind ?? null, timestamp(now), after?.moneyMinor ?? null, after?.id ?? null, limit],
  );
  return found.rows;
}

interface AlertFilter {
  /** snoozed: open, and told again later. */
  readonly state?: 'open' | 'snoozed' | 'acknowledged' | 'cleared' | undefined;
  readonly kind?: string | undefined;
  readonly limit: number;
  readonly now: EpochMs;
  /** Goes on behind this one. */
  readonly after?: {readonly moneyMinor: number; readonly id: string} | undefined;
}

/** What happened to an alert, and what was said about it. */
interface AlertEvent {
  readonly at: EpochMs;
  /** 'opened', 'escalated', 'acknowledged', 'snoozed', 'unsnoozed', 'woken', 'resolved', 'cleared'. */
  readonly type: string;
  readonly actor: string | null;
  readonly note: string | null;
  /** Of 'resolved'. */
  readonly resolution: CaseResolution | null;
  readonly until: string | null;
}

/** The newest events of an alert, newest first. */
export async function listAlertEvents(db: Queryable, alertId: string): Promise<readonly AlertEvent[]> {
  const found = await db.query<AlertEvent>(
    `SELECT world_at AS at, type, body->>'actor' AS actor, body->>'note' AS note, body->>'resolution' AS resolution, body->>'until' AS until
       FROM replenish.alert_event WHERE alert_id = $1 ORDER BY event_no DESC LIMIT ${ALERT_EVENTS_MAX}`,
    [alertId],
  );
  return found.rows;
}

const ALERT_EVENTS_MAX = 100;

const ALERT_COLUMNS = `alert_id AS "alertId", kind, subject, opened_at AS "openedAt", state, level, money_minor AS "moneyMinor", currency,
  decision_id AS "decisionId", acknowledged_by AS "acknowledgedBy", acknowledged_until AS "acknowledgedUntil",
  snoozed_until AS "snoozedUntil", due_at AS "dueAt", resolution, resolved_by AS "resolvedBy", body`;

export async function findAlert(db: Queryable, alertId: string): Promise<AlertRecord | null> {
  const found = await db.query<AlertRecord>(
    `SELECT ${ALERT_COLUMNS} FROM replenish.alert WHERE alert_id = $1`,
    [alertId],
  );
  return found.rows[0] ?? null;
}
