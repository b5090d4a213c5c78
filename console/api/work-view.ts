import {z} from 'zod';
import {ACTIONS, APPROVER_ROLES} from '../../domain/decision.ts';
import type {Option} from '../../domain/decision.ts';
import {HOUR_MS, plusMs} from '../../domain/time.ts';
import type {EpochMs} from '../../domain/time.ts';
import {approverIn, phraseOption, phraseReason} from '../../replenish/api.ts';
import type {WorkRow} from '../../replenish/api.ts';
import {phraseAlert} from '../../notices/api.ts';
import {Instant} from './wire.ts';
import type {DeepReadonly} from './wire.ts';

const Remedy = z
  .object({
    text: z.string(),
    action: z.enum(ACTIONS),
    sourceKind: z.enum(['supplier', 'depot', 'order']).nullable(),
    sourceId: z.string().nullable(),
    quantity: z.int(),
    totalMinor: z.int().describe('Expected cost with it: what it causes, and the downtime that is left'),
    landedMinor: z.int().describe('To be paid, price included'),
    arrivesAt: Instant.nullable().describe('Expected, if it is asked for now'),
  })
  .nullable()
  .describe('What is proposed; of a risk without a proposal the cheapest way out');

export const WorkItem = z
  .object({
    id: z.string().describe('Of the proposal; of a risk without one, of its alert'),
    kind: z.enum(['proposal', 'risk']).describe('A proposal can be answered'),
    alertId: z.string().nullable(),
    alertKind: z.string().nullable(),
    acknowledged: z.boolean(),
    decisionId: z.string().nullable().describe('Where to read why'),
    partId: z.string().nullable(),
    partName: z.string().nullable(),
    depotId: z.string().nullable(),
    equipmentId: z.string().nullable().describe('The machine that waits, or is hit first'),
    positionId: z.string().nullable(),
    emptyAt: z.iso.datetime().nullable().describe('When the shelf is more likely empty than not'),
    owed: z.int().describe('Pieces that customers wait for already'),
    text: z.string(),
    moneyMinor: z.int().describe('Expected cost of leaving it as it is: what rows are ranked by'),
    currency: z.string().nullable(),
    since: Instant,
    snoozedUntil: Instant.nullable().describe('It comes back then'),
    expiresAt: Instant.nullable().describe('A proposal can be answered until then'),
    approverRole: z
      .enum(APPROVER_ROLES)
      .nullable()
      .describe('Who may answer the proposal, beside an admin; null: it is none'),
    onHand: z.int().nullable().describe('Usable pieces on the shelf; null: it is about no shelf'),
    comingPieces: z.int().describe('Pieces that orders bring to it'),
    coming: z
      .array(
        z.object({
          orderId: z.string(),
          kind: z.enum(['purchase', 'transfer', 'expedite', 'emergency', 'repair']),
          from: z.string().describe('supplier:SUP-07, depot:LYS-1'),
          quantity: z.int().describe('Pieces of it that have not come yet'),
          expectedAt: Instant.describe('As promised, else as expected'),
        }),
      )
      .describe('The soonest of these orders'),
    remedy: Remedy,
  })
  .meta({title: 'WorkItem'});
type WorkItem = DeepReadonly<z.output<typeof WorkItem>>;

/** What an alert's facts may say beside its money. */
const Facts = z.object({
  equipmentId: z.string().nullable().catch(null),
  positionId: z.string().nullable().catch(null),
  emptyAt: z.iso.datetime().nullable().catch(null),
  backordered: z.int().catch(0),
  remedy: z
    .custom<Option>((value) => typeof value === 'object')
    .nullable()
    .catch(null),
});

export function workView(row: WorkRow, now: EpochMs): WorkItem {
  const {id, alertId, alertKind, decisionId, partId, partName, depotId, currency, since} = row;
  const facts = Facts.parse(row.body ?? {});
  const machine = machineOf(row);
  return {
    ...{id, alertId, alertKind, decisionId, partId, partName, depotId, currency, since},
    snoozedUntil: row.snoozedUntil,
    expiresAt: row.expiresAt,
    moneyMinor: row.moneyMinor,
    kind: row.proposalId === null ? 'risk' : 'proposal',
    acknowledged: row.alertState === 'acknowledged',
    equipmentId: facts.equipmentId ?? machine?.equipmentId ?? null,
    positionId: facts.equipmentId === null ? (machine?.positionId ?? null) : facts.positionId,
    emptyAt: facts.emptyAt,
    owed: facts.backordered,
    text: textOf(row),
    approverRole: row.reasons === null ? null : approverIn(row.reasons),
    ...{onHand: row.onHand, comingPieces: row.comingPieces, coming: row.coming},
    remedy: remedyView(row.option ?? facts.remedy, now),
  };
}

/** The component that weighs most in the proposal's demand. */
function machineOf({
  reasons,
}: WorkRow): {readonly equipmentId: string; readonly positionId: string} | undefined {
  return reasons?.find((reason) => reason.code === 'failure-expected');
}

/** The alert's sentence; of a proposal that no alert is about, its first reason. */
function textOf(row: WorkRow): string {
  const {alertKind: kind, subject, body, moneyMinor, currency} = row;
  if (kind !== null && subject !== null && body !== null)
    return phraseAlert({kind, subject, body, moneyMinor, currency});
  const [first] = row.reasons ?? [];
  return first === undefined ? '' : phraseReason(first);
}

function remedyView(option: Option | null, now: EpochMs): WorkItem['remedy'] {
  if (option === null) return null;
  const {action, sourceKind, sourceId, quantity, totalMinor, landedMinor, arrival} = option;
  return {
    ...{action, sourceKind, sourceId, quantity, totalMinor, landedMinor},
    text: phraseOption(option),
    arrivesAt: arrival === null ? null : plusMs(now, Math.round(arrival.meanH * HOUR_MS)),
  };
}
