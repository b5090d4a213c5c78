import type {EpochMs} from '../../domain/time.ts';
import {causeId} from '../../platform/ids.ts';
import {inTransaction, timestamp} from '../../platform/pg.ts';
import type {Pool} from '../../platform/pg.ts';

const ALERT = 'model-refused';

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
        causeId('alert', ALERT, modelVersionId, now),
        ALERT,
        modelVersionId,
        timestamp(now),
        JSON.stringify({reason}),
      ]);
    for (const modelVersionId of cleared)
      await client.query('SELECT replenish.clear_alert($1, $2, $3, $4)', [
        ALERT,
        modelVersionId,
        timestamp(now),
        '{}',
      ]);
  });
}
