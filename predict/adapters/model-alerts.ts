import type {EpochMs} from '../../domain/time.ts';
import {causeId} from '../../platform/ids.ts';
import {inTransaction, timestamp} from '../../platform/pg.ts';
import type {Client, Pool} from '../../platform/pg.ts';
import type {ModelChange} from '../core/model-change.ts';
import type {Because} from '../model-ports.ts';

const REFUSED = 'model-refused';

/** One alert for each version that is in use and cannot be loaded; it clears when the version is loaded, or not in use any more. */
export async function alertRefusals(
  pool: Pool,
  before: ReadonlySet<string>,
  refused: ReadonlyMap<string, string>,
  now: EpochMs,
): Promise<void> {
  const opened = [...refused].filter(([modelVersionId]) => !before.has(modelVersionId));
  const cleared = [...before].filter((modelVersionId) => !refused.has(modelVersionId));
  if (opened.length + cleared.length === 0) return;
  await inTransaction(pool, async (client) => {
    for (const [modelVersionId, reason] of opened)
      await client.query('SELECT replenish.open_alert($1, $2, $3, NULL, $4, 1, 0, NULL, NULL, $5)', [
        causeId('alert', REFUSED, modelVersionId, now),
        REFUSED,
        modelVersionId,
        timestamp(now),
        JSON.stringify({reason}),
      ]);
    for (const modelVersionId of cleared)
      await client.query('SELECT replenish.clear_alert($1, $2, $3, $4)', [
        REFUSED,
        modelVersionId,
        timestamp(now),
        '{}',
      ]);
  });
}

/** Of a class whose model has fallen back; one at most for each, and it is cleared by whatever the model becomes next. */
const FALLEN_BACK = 'model-fallen-back';

/** Opens it, and sends it to each target once an episode; or clears it. */
export async function alertFallback(
  client: Client,
  {modelVersionId, equipmentClassId, state}: ModelChange,
  {actor, reason, at}: Because,
  targets: readonly string[],
): Promise<void> {
  const subject = `${modelVersionId}@${equipmentClassId}`;
  if (state !== 'fallen-back') {
    await client.query(`SELECT replenish.clear_alert($1, $2, $3, $4)`, [
      FALLEN_BACK,
      subject,
      timestamp(at),
      JSON.stringify({state, actor, reason}),
    ]);
    return;
  }
  const alertId = causeId('alert', FALLEN_BACK, subject, at);
  const body = {
    modelVersionId,
    equipmentClassId,
    actor,
    reason,
    until: 'an operator promotes a model or puts this one back',
  };
  await client.query(`SELECT replenish.open_alert($1, $2, $3, NULL, $4, 2, 0, NULL, NULL, $5)`, [
    alertId,
    FALLEN_BACK,
    subject,
    timestamp(at),
    JSON.stringify(body),
  ]);
  const message = {...body, type: 'alert.opened', alertId, kind: FALLEN_BACK, subject, decisionId: null};
  await client.query(
    `SELECT platform.enqueue_effect(t || ':alert:' || $2, 'alert', $2, t, $3, $4) FROM unnest($1::text[]) AS t`,
    [targets, alertId, JSON.stringify(message), timestamp(at)],
  );
}
