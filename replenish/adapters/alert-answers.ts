import {ok, refused} from '../../domain/result.ts';
import type {Result} from '../../domain/result.ts';
import {toIso} from '../../domain/time.ts';
import type {EpochMs} from '../../domain/time.ts';
import {causeId} from '../../platform/ids.ts';
import {timestamp} from '../../platform/pg.ts';
import type {Client} from '../../platform/pg.ts';
import type {CaseResolution} from '../core/forecast/variance-case.ts';
import type {AlertAnswered} from '../ports.ts';

/** Somebody sees to it, or takes it over: nobody is told any more, for good or until an instant. */
export async function acknowledge(
  client: Client,
  alertId: string,
  {
    actor,
    note,
    until,
  }: {readonly actor: string; readonly note: string | null; readonly until: EpochMs | null},
  now: EpochMs,
): Promise<Result<AlertAnswered>> {
  const found = await lock(client, alertId);
  if (!found.ok) return found;
  const {owner, state} = found.value;
  // Said before by the same, or solved meanwhile: nothing left to do.
  if (state === 'cleared' || owner === actor) return ok(answered(found.value));
  if (until !== null && until <= now) return inThePast(alertId, until, now);
  await client.query(
    `UPDATE replenish.alert SET state = 'acknowledged', updated_at = $2, acknowledged_by = $3, acknowledged_until = $4, snoozed_by = NULL, snoozed_until = NULL
      WHERE alert_id = $1`,
    [alertId, timestamp(now), actor, until === null ? null : timestamp(until)],
  );
  await writeEvent(
    client,
    alertId,
    'acknowledged',
    {actor, note, ...(until !== null && {until: toIso(until)})},
    now,
  );
  return ok({alertId, state: 'acknowledged', until});
}

/** Somebody has looked into a case and closes it with what was found. */
export async function resolve(
  client: Client,
  alertId: string,
  {
    actor,
    resolution,
    note,
  }: {readonly actor: string; readonly resolution: CaseResolution; readonly note: string},
  now: EpochMs,
): Promise<Result<AlertAnswered>> {
  const found = await lock(client, alertId);
  if (!found.ok) return found;
  const {state, isCase} = found.value;
  if (!isCase)
    return refused(
      'alert-no-case',
      `alert ${alertId} clears by itself when its cause is gone; acknowledge it`,
    );
  if (state === 'cleared' && found.value.resolution === resolution) return ok(answered(found.value));
  if (state === 'cleared')
    return refused('alert-not-open', `alert ${alertId} is ${state}; only one that stands can be closed`);
  await client.query(
    `UPDATE replenish.alert SET state = 'cleared', updated_at = $2, resolution = $3, resolved_by = $4, acknowledged_by = coalesce(acknowledged_by, $4)
      WHERE alert_id = $1`,
    [alertId, timestamp(now), resolution, actor],
  );
  await writeEvent(client, alertId, 'resolved', {actor, resolution, note}, now);
  // Pieces in dispute are reckoned with again.
  await client.query(
    `SELECT replenish.raise_demand_signal($2, p.group_id, 'stock', $3, $4) FROM replenish.alert a JOIN network.part p ON p.part_id = a.body->>'partId'
      WHERE a.alert_id = $1 AND a.kind = 'stock-discrepancy'`,
    [alertId, causeId('signal', 'stock', alertId, now), `alert:${alertId}`, timestamp(now)],
  );
  return ok({alertId, state: 'cleared', until: null});
}

/** Not now: it stays open, and is told again then. */
export async function snooze(
  client: Client,
  alertId: string,
  {actor, note, until}: {readonly actor: string; readonly note: string | null; readonly until: EpochMs},
  now: EpochMs,
): Promise<Result<AlertAnswered>> {
  const found = await lock(client, alertId);
  if (!found.ok) return found;
  if (found.value.state !== 'open')
    return refused(
      'alert-not-open',
      `alert ${alertId} is ${found.value.state}; only an open one can be snoozed`,
    );
  if (until <= now) return inThePast(alertId, until, now);
  await client.query(
    'UPDATE replenish.alert SET snoozed_by = $2, snoozed_until = $3, updated_at = $4 WHERE alert_id = $1',
    [alertId, actor, timestamp(until), timestamp(now)],
  );
  await writeEvent(client, alertId, 'snoozed', {actor, note, until: toIso(until)}, now);
  return ok({alertId, state: 'open', until});
}

/** Back at once: as if the snooze were over. */
export async function unsnooze(
  client: Client,
  alertId: string,
  actor: string,
  now: EpochMs,
): Promise<Result<AlertAnswered>> {
  const found = await lock(client, alertId);
  if (!found.ok) return found;
  const woken = await client.query(
    `UPDATE replenish.alert SET snoozed_by = NULL, snoozed_until = NULL, updated_at = $2 WHERE alert_id = $1 AND snoozed_until IS NOT NULL`,
    [alertId, timestamp(now)],
  );
  if (woken.rowCount === 1) await writeEvent(client, alertId, 'unsnoozed', {actor}, now);
  return ok({alertId, state: found.value.state, until: null});
}

interface Standing extends AlertAnswered {
  readonly owner: string | null;
  readonly isCase: boolean;
  readonly resolution: string | null;
}

function answered({alertId, state, until}: Standing): AlertAnswered {
  return {alertId, state, until};
}

async function lock(client: Client, alertId: string): Promise<Result<Standing>> {
  const found = await client.query<Omit<Standing, 'alertId'>>(
    `SELECT state, acknowledged_until AS until, acknowledged_by AS owner, due_at IS NOT NULL AS "isCase", resolution
       FROM replenish.alert WHERE alert_id = $1 FOR UPDATE`,
    [alertId],
  );
  const [row] = found.rows;
  if (row === undefined)
    return refused('unknown-alert', `there is no alert ${alertId}; look it up in the list`);
  return ok({alertId, ...row});
}

function inThePast(alertId: string, until: EpochMs, now: EpochMs): Result<never> {
  return refused(
    'until-in-past',
    `alert ${alertId}: ${toIso(until)} has passed (it is ${toIso(now)}); give a later instant`,
  );
}

async function writeEvent(
  client: Client,
  alertId: string,
  type: string,
  body: Record<string, unknown>,
  now: EpochMs,
): Promise<void> {
  await client.query(
    `INSERT INTO replenish.alert_event (alert_id, event_no, world_at, type, body)
     SELECT $1, coalesce(max(event_no), 0) + 1, $2::timestamptz, $3, $4::jsonb FROM replenish.alert_event WHERE alert_id = $1`,
    [alertId, timestamp(now), type, JSON.stringify(body)],
  );
}
