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
}

const KIND = 'backorder-impact';
/** A shelf that nobody can refill today. */
const UNPLANNED = 'depot-unplannable';
/** A backorder that has passed a threshold of its duration. */
export const DURATION_ALERT = 'backorder-duration';

/** What is told of one shelf, and the decision to look at: none where another part of the group acted. */
interface Told {
  readonly kind: typeof KIND | typeof UNPLANNED;
  /** Whose alert it is: one part at one depot. */
  readonly subject: string;
  /** 'keep': one that stands says what is true now, and none is opened. */
  readonly verdict: Impact['verdict'];
  readonly partyId: string;
  readonly decisionId: string | null;
  readonly level: number;
  readonly moneyMinor: number;
  readonly currency: string | null;
  readonly body: Record<string, unknown>;
}

/** Opens, updates or clears the one alert of each kind, part and depot; who hears of it, notices say. */
export async function recordAlerts(client: Client, work: AlertWork): Promise<void> {
  const {settled, decisionId} = work;
  const told = [...toldOf(settled, decisionId), ...settled.others.flatMap((other) => toldOf(other, null))];
  await together([
    clear(
      client,
      work,
      told.filter(({verdict}) => verdict === 'clear'),
    ),
    open(
      client,
      work,
      told.filter(({verdict}) => verdict !== 'clear'),
    ),
  ]);
}

function toldOf({situation, decision}: Decided, decisionId: string | null): Told[] {
  const {partId} = situation.part;
  const impacts = decision.impacts.map((impact): Told => {
    const {depotId, partyId, moneyMinor, currency, verdict} = impact;
    return {
      ...{kind: KIND, subject: `${partId}@${depotId}`, verdict, partyId, decisionId, moneyMinor, currency},
      level: impact.backordered > 0 ? 2 : 1,
      body: verdict === 'clear' ? {moneyMinor} : bodyOf(partId, impact),
    };
  });
  const stranded = new Map(decision.unplanned.map(({depotId, why}) => [depotId, why]));
  const shelves = situation.depots.map(({depotId, partyId}): Told => {
    const why = stranded.get(depotId);
    return {
      ...{kind: UNPLANNED, subject: `${partId}@${depotId}`, verdict: why === undefined ? 'clear' : 'open'},
      ...{partyId, decisionId},
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
       FROM unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::int[], $7::bigint[], $8::text[], $9::uuid[], $10::jsonb[], $11::boolean[])
            AS o(alert_id, kind, subject, party_id, level, money_minor, currency, decision_id, body, only_standing)
      WHERE NOT o.only_standing
         OR EXISTS (SELECT 1 FROM replenish.alert a WHERE a.kind = o.kind AND a.subject = o.subject AND a.state <> 'cleared')`,
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
      told.map(({verdict}) => verdict === 'keep'),
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
