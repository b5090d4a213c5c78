import {toIso} from '../../domain/time.ts';
import type {EpochMs} from '../../domain/time.ts';
import {causeId} from '../../platform/ids.ts';
import {timestamp} from '../../platform/pg.ts';
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

/** Opens, updates or clears the one alert of each part and depot; a newly opened one leaves through the outbox. */
export async function recordAlerts(client: Client, work: AlertWork): Promise<void> {
  const {settled, now} = work;
  const {partId} = settled.situation.part;
  for (const impact of settled.decision.impacts) {
    const subject = `${partId}@${impact.depotId}`;
    if (impact.verdict === 'open') await open(client, work, subject, impact);
    else if (impact.verdict === 'clear') {
      await client.query('SELECT replenish.clear_alert($1, $2, $3, $4)', [
        KIND,
        subject,
        timestamp(now),
        JSON.stringify({moneyMinor: impact.moneyMinor}),
      ]);
    }
  }
}

async function open(
  client: Client,
  {decisionId, now, settled, targets}: AlertWork,
  subject: string,
  impact: Impact,
): Promise<void> {
  const body = {
    partId: settled.situation.part.partId,
    depotId: impact.depotId,
    equipmentId: impact.equipmentId,
    positionId: impact.positionId,
    failureProbabilityPpm: impact.probabilityPpm,
    backordered: impact.backordered,
    emptyAt: impact.emptyAt === null ? null : toIso(impact.emptyAt as EpochMs),
    expectedCost: {minor: impact.moneyMinor, currency: impact.currency},
    horizonH: impact.horizonH,
    remedy: impact.remedy,
  };
  const opened = await client.query<{alert_id: string | null}>(
    'SELECT replenish.open_alert($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) AS alert_id',
    [
      causeId('alert', KIND, subject, now),
      KIND,
      subject,
      impact.partyId,
      timestamp(now),
      impact.backordered > 0 ? 2 : 1,
      impact.moneyMinor,
      impact.currency,
      decisionId,
      JSON.stringify(body),
    ],
  );
  const alertId = opened.rows[0]?.alert_id;
  if (alertId === null || alertId === undefined) return;
  for (const target of targets) {
    await client.query('SELECT platform.enqueue_effect($1, $2, $3, $4, $5, $6)', [
      `${target}:alert:${alertId}`,
      'alert',
      alertId,
      target,
      JSON.stringify({type: 'alert.opened', alertId, kind: KIND, subject, decisionId, ...body}),
      timestamp(now),
    ]);
  }
}
