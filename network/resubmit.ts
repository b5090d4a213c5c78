import {z} from 'zod';
import {refused} from '../domain/result.ts';
import {type Outcome, runOn} from './command.ts';
import {reportRepair, addEquipment} from './equipment-commands.ts';
import type {EquipmentEventRow, NetworkBooks, NetworkPorts, QuarantineItem} from './ports.ts';
import {settlePositions, signalGroups} from './settle.ts';
import {countStock, issueStock, receiveStock} from './stock-commands.ts';
import {stateStock} from './stock-statement.ts';

const POSITION = z.object({equipmentNo: z.int(), positionId: z.string()});
const EVENT = z.object({
  equipmentNo: z.int(),
  positionId: z.string({error: 'name the positionId'}),
  observedAt: z.int(),
  messageKey: z.string(),
  type: z.enum(['failure', 'part-replaced', 'maintenance']),
  serial: z.string().nullable(),
});

/**
 * Tries a quarantined row again, as it was or corrected. It passes once: a second call answers the first outcome.
 *
 * @param body  The corrected body; absent when the world was corrected instead (a unit added, a depot assigned).
 */
export async function resubmit(
  ports: NetworkPorts,
  {quarantineId, body}: {readonly quarantineId: string; readonly body?: unknown},
  actor: string,
): Promise<Outcome<unknown>> {
  return ports.transaction(async (books) => {
    const item = await books.quarantineItem(quarantineId);
    if (item === null)
      return refused('unknown-quarantine', `quarantine ${quarantineId} is not known; look it up in the list`);
    if (item.state === 'resubmitted') return {ok: true, value: item.outcome, repeated: true};
    const outcome = await retry(ports, books, item, body ?? item.body, actor);
    if (outcome.ok) await books.closeQuarantine(quarantineId, 'resubmitted', outcome.value);
    return outcome;
  });
}

/** Takes a row that nobody will correct out of sight. */
export async function dropQuarantined(
  ports: NetworkPorts,
  quarantineId: string,
  actor: string,
): Promise<Outcome<null>> {
  return ports.transaction(async (books) => {
    const item = await books.quarantineItem(quarantineId);
    if (item === null)
      return refused('unknown-quarantine', `quarantine ${quarantineId} is not known; look it up in the list`);
    if (item.state === 'dropped') return {ok: true, value: null, repeated: true};
    if (item.state === 'resubmitted')
      return refused('quarantine-closed', `quarantine ${quarantineId} was resubmitted and has passed`);
    await books.closeQuarantine(quarantineId, 'dropped', null);
    const worldAt = ports.worldClock.now();
    await books.audit({worldAt, actor, action: 'drop-quarantined', subject: quarantineId, body: {}});
    return {ok: true, value: null, repeated: false};
  });
}

async function retry(
  ports: NetworkPorts,
  books: NetworkBooks,
  item: QuarantineItem,
  body: unknown,
  actor: string,
): Promise<Outcome<unknown>> {
  switch (item.kind) {
    case 'receive-stock':
      return runOn(ports, books, receiveStock, body, actor);
    case 'issue-stock':
      return runOn(ports, books, issueStock, body, actor);
    case 'count-stock':
      return runOn(ports, books, countStock, body, actor);
    case 'state-stock':
      return runOn(ports, books, stateStock, body, actor);
    case 'report-repair':
      return runOn(ports, books, reportRepair, body, actor);
    case 'add-equipment':
      return runOn(ports, books, addEquipment, body, actor);
    case 'position':
      return retryPosition(ports, books, item, body);
    case 'event':
      return retryEvent(ports, books, item, body);
    default:
      return refused('unknown-quarantine', `rows of kind ${item.kind} cannot be resubmitted; drop it`);
  }
}

/** The facts are kept already; what they need was corrected. The row stays open while it still does not fit. */
async function retryPosition(
  ports: NetworkPorts,
  books: NetworkBooks,
  item: QuarantineItem,
  body: unknown,
): Promise<Outcome<unknown>> {
  const parsed = POSITION.safeParse(body);
  if (!parsed.success) return refused('malformed', z.prettifyError(parsed.error));
  const position = {...parsed.data, cause: item.quarantineId};
  await books.closeQuarantine(item.quarantineId, 'resubmitted', null);
  const parts = await settlePositions(ports, books, [position]);
  const after = await books.quarantineItem(item.quarantineId);
  if (after?.state === 'open') return refused(item.reason, item.detail);
  await signalGroups(ports, books, parts, 'event', ports.worldClock.now());
  return {ok: true, value: {parts: [...parts.keys()]}, repeated: false};
}

async function retryEvent(
  ports: NetworkPorts,
  books: NetworkBooks,
  item: QuarantineItem,
  body: unknown,
): Promise<Outcome<unknown>> {
  const parsed = EVENT.safeParse({...(item.body as EquipmentEventRow), ...(body as object)});
  if (!parsed.success) return refused('malformed', z.prettifyError(parsed.error));
  const {messageKey: key, observedAt, ...fact} = parsed.data;
  const touched = await books.recordFacts([
    {...fact, key, at: observedAt as EquipmentEventRow['observedAt'], partId: null, cause: null},
  ]);
  const parts = await settlePositions(ports, books, touched);
  await signalGroups(ports, books, parts, 'event', ports.worldClock.now());
  return {ok: true, value: {parts: [...parts.keys()]}, repeated: false};
}
