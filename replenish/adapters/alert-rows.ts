import {toIso} from '../../domain/time.ts';
import type {EpochMs} from '../../domain/time.ts';
import {causeId} from '../../platform/ids.ts';
import {timestamp, together} from '../../platform/pg.ts';
import type {Client} from '../../platform/pg.ts';
import type {Impact} from '../core/backorder/backorder-impact.ts';
import type {Decided, Settled} from '../ports.ts';

export interface AlertWork {
  readonly settled: Settled;
  readonly decisionId: string;
  readonly now: EpochMs;
  readonly targets: readonly string[];
}

const KIND = 'backorder-impact';
/** A shelf that nobody can refill today. */
const UNPLANNED = 'depot-unplannable';
/** A backorder that has passed a threshold of its duration. */
export const DURATION_ALERT = 'backorder-duration';
/** Alerts that leave through the outbox in one hour of world time; a planner reads no more. The rest waits for the next hours. */
export const NOTIFIED_PER_HOUR_MAX = 6;

/** What is told of one shelf, and the decision to look at: none where another part of the group acted. */
interface Told {
  readonly kind: typeof KIND | typeof UNPLANNED;
  /** Whose alert it is: one part at one depot. */
  readonly subject: string;
  readonly open: boolean;
  readonly partyId: string;
  readonly decisionId: string | null;
  readonly level: number;
  readonly moneyMinor: number;
  readonly currency: string | null;
  readonly body: Record<string, unknown>;
}

/** Opens, updates or clears the one alert of each kind, part and depot; the dearest ones leave through the outbox. */
export async function recordAlerts(client: Client, work: AlertWork): Promise<void> {
  const {settled, decisionId} = work;
  const told = [...toldOf(settled, decisionId), ...settled.others.flatMap((other) => toldOf(other, null))];
  await together([
    clear(
      client,
      work,
      told.filter(({open}) => !open),
    ),
    open(
      client,
      work,
      told.filter(({open}) => open),
    ),
    notifyDearest(client, work),
  ]);
}

function toldOf({situation, decision}: Decided, decisionId: string | null): Told[] {
  const {partId} = situation.part;
  const impacts = decision.impacts
    .filter(({verdict}) => verdict !== 'keep')
    .map((impact): Told => {
      const {depotId, partyId, moneyMinor, currency, verdict} = impact;
      const isOpen = verdict === 'open';
      return {
        ...{
          kind: KIND,
          subject: `${partId}@${depotId}`,
          open: isOpen,
          partyId,
          decisionId,
          moneyMinor,
          currency,
        },
        level: impact.backordered > 0 ? 2 : 1,
        body: isOpen ? bodyOf(partId, impact) : {moneyMinor},
      };
    });
  const stranded = new Map(decision.unplanned.map(({depotId, why}) => [depotId, why]));
  const shelves = situation.depots.map(({depotId, partyId}): Told => {
    const why = stranded.get(depotId);
    return {
      ...{kind: UNPLANNED, subject: `${partId}@${depotId}`, open: why !== undefined, partyId, decisionId},
      ...{level: 1, moneyMinor: 0, currency: null, body: why === undefined ? {} : {partId, depotId, why}},
    };
  });
  return [...impacts, ...shelves];
}

async function clear(client: Client, {now}: AlertWork, told: readonly Told[]): Promise<void> {
  if (told.length === 0) return;
  await client.query(
    `SELECT replenish.clear_alert(c.kind, c.subject, $1, c.body) FROM unnest($2::text[], $3::text[], $4::jsonb[]) AS c(kind, subject, body)
       JOIN replenish.alert a ON a.kind = c.kind AND a.subject = c.subject AND a.state <> 'cleared'`,
    [
      timestamp(now),
      told.map(({kind}) => kind),
      told.map(({subject}) => subject),
      told.map(({body}) => JSON.stringify(body)),
    ],
  );
}

async function open(client: Client, {now}: AlertWork, told: readonly Told[]): Promise<void> {
  if (told.length === 0) return;
  await client.query(
    `SELECT replenish.open_alert(o.alert_id, o.kind, o.subject, o.party_id, $1, o.level, o.money_minor, o.currency, o.decision_id, o.body)
       FROM unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::int[], $7::bigint[], $8::text[], $9::uuid[], $10::jsonb[])
            AS o(alert_id, kind, subject, party_id, level, money_minor, currency, decision_id, body)`,
    [
      timestamp(now),
      told.map(({kind, subject}) => causeId('alert', kind, subject, now)),
      told.map(({kind}) => kind),
      told.map(({subject}) => subject),
      told.map(({partyId}) => partyId),
      told.map(({level}) => level),
      told.map(({moneyMinor}) => moneyMinor),
      told.map(({currency}) => currency),
      told.map(({decisionId}) => decisionId),
      told.map(({body}) => JSON.stringify(body)),
    ],
  );
}

function bodyOf(partId: string, impact: Impact): Record<string, unknown> {
  return {
    partId,
    depotId: impact.depotId,
    equipmentId: impact.equipmentId,
    positionId: impact.positionId,
    failureProbabilityPpm: impact.probabilityPpm,
    behind: impact.behind,
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
