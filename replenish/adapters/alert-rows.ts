import {toIso} from '../../domain/time.ts';
import type {EpochMs} from '../../domain/time.ts';
import {causeId} from '../../platform/ids.ts';
import {timestamp, together} from '../../platform/pg.ts';
import type {Client} from '../../platform/pg.ts';
import type {Impact} from '../core/backorder-impact.ts';
import type {Settled} from '../ports.ts';

export interface AlertWork {
  readonly settled: Settled;
  readonly decisionId: string;
  readonly now: EpochMs;
  readonly targets: readonly string[];
}

const KIND = 'backorder-impact';
/** A backorder that has passed a threshold of its duration. */
export const DURATION_ALERT = 'backorder-duration';
/** Alerts that leave through the outbox in one hour of world time; a planner reads no more. The rest waits for the next hours. */
const NOTIFIED_PER_HOUR_MAX = 6;

/** Opens, updates or clears the one alert of each part and depot; the dearest ones leave through the outbox. */
export async function recordAlerts(client: Client, work: AlertWork): Promise<void> {
  const {impacts} = work.settled.decision;
  const told = (verdict: Impact['verdict']): Impact[] =>
    impacts.filter((impact) => impact.verdict === verdict);
  await together([
    clear(client, work, told('clear')),
    open(client, work, told('open')),
    notifyDearest(client, work),
  ]);
}

/** Whose alert it is: one part at one depot. */
function subjectOf({settled}: AlertWork, {depotId}: Impact): string {
  return `${settled.situation.part.partId}@${depotId}`;
}

async function clear(client: Client, work: AlertWork, impacts: readonly Impact[]): Promise<void> {
  if (impacts.length === 0) return;
  await client.query(
    'SELECT replenish.clear_alert($1, c.subject, $2, c.body) FROM unnest($3::text[], $4::jsonb[]) AS c(subject, body)',
    [
      KIND,
      timestamp(work.now),
      impacts.map((impact) => subjectOf(work, impact)),
      impacts.map(({moneyMinor}) => JSON.stringify({moneyMinor})),
    ],
  );
}

async function open(client: Client, work: AlertWork, impacts: readonly Impact[]): Promise<void> {
  if (impacts.length === 0) return;
  const {decisionId, now} = work;
  const subjects = impacts.map((impact) => subjectOf(work, impact));
  await client.query(
    `SELECT replenish.open_alert(o.alert_id, $1, o.subject, o.party_id, $2, o.level, o.money_minor, o.currency, $3, o.body)
       FROM unnest($4::uuid[], $5::text[], $6::text[], $7::int[], $8::bigint[], $9::text[], $10::jsonb[])
            AS o(alert_id, subject, party_id, level, money_minor, currency, body)`,
    [
      KIND,
      timestamp(now),
      decisionId,
      subjects.map((subject) => causeId('alert', KIND, subject, now)),
      subjects,
      impacts.map((impact) => impact.partyId),
      impacts.map((impact) => (impact.backordered > 0 ? 2 : 1)),
      impacts.map((impact) => impact.moneyMinor),
      impacts.map((impact) => impact.currency),
      impacts.map((impact) => JSON.stringify(bodyOf(work, impact))),
    ],
  );
}

function bodyOf({settled}: AlertWork, impact: Impact): Record<string, unknown> {
  return {
    partId: settled.situation.part.partId,
    depotId: impact.depotId,
    equipmentId: impact.equipmentId,
    positionId: impact.positionId,
    failureProbabilityPpm: impact.probabilityPpm,
    backordered: impact.backordered,
    emptyAt: impact.emptyAt === null ? null : toIso(impact.emptyAt as EpochMs),
    expectedCost: {minor: impact.moneyMinor, currency: impact.currency},
    expectedShortageH: impact.shortageH,
    horizonH: impact.horizonH,
    remedy: impact.remedy,
  };
}

interface Unannounced {
  readonly alertId: string;
  readonly kind: string;
  readonly subject: string;
  readonly decisionId: string | null;
  readonly body: Record<string, unknown> & {readonly level?: string};
}

/** Alerts that leave: expected impacts, and backorders that have passed a threshold (each level anew, in its body). */
const LEAVING = [KIND, DURATION_ALERT];

/** Announces open alerts that nobody was told of, by money, as far as the hour's budget goes. */
export async function notifyDearest(
  client: Client,
  {now, targets}: Pick<AlertWork, 'now' | 'targets'>,
): Promise<void> {
  const waiting = await client.query<Unannounced>(
    `SELECT alert_id AS "alertId", kind, subject, decision_id AS "decisionId", body FROM replenish.alert
      WHERE kind = ANY($1::text[]) AND state = 'open' AND NOT notified ORDER BY money_minor DESC, opened_at, alert_id LIMIT $2`,
    [LEAVING, NOTIFIED_PER_HOUR_MAX],
  );
  for (const {alertId, kind, subject, decisionId, body} of waiting.rows) {
    if (!(await withinBudget(client, now))) return;
    await client.query('UPDATE replenish.alert SET notified = true WHERE alert_id = $1', [alertId]);
    const {level = 'opened'} = body;
    const message = {...body, type: `alert.${level}`, alertId, kind, subject, decisionId};
    for (const target of targets) {
      await client.query('SELECT platform.enqueue_effect($1, $2, $3, $4, $5, $6)', [
        level === 'opened' ? `${target}:alert:${alertId}` : `${target}:alert:${alertId}:${level}`,
        'alert',
        alertId,
        target,
        JSON.stringify(message),
        timestamp(now),
      ]);
    }
  }
}

/** Takes one of the hour's notifications; two processes that take the last one meet as a serialization failure and retry. */
async function withinBudget(client: Client, now: EpochMs): Promise<boolean> {
  const hour = toIso(now).slice(0, 13);
  const counted = await client.query(
    `INSERT INTO replenish.limit_counter AS c (limit_key, day, used, allowed) VALUES ('alerts-' || $1, $2::date, 1, $3)
     ON CONFLICT (limit_key, day) DO UPDATE SET used = c.used + 1 WHERE c.used < c.allowed`,
    [hour.slice(11), hour.slice(0, 10), NOTIFIED_PER_HOUR_MAX],
  );
  return counted.rowCount === 1;
}
