import type {EpochMs} from '../domain/time.ts';
import {timestamp} from './pg.ts';
import type {Pool} from './pg.ts';

/** Sets a tunable from an instant on (B5); the same instant again replaces it, an equal value changes nothing. */
export async function setParameter(
  pool: Pool,
  parameter: {readonly key: string; readonly value: unknown; readonly from: EpochMs; readonly actor: string},
): Promise<void> {
  const {key, value, from, actor} = parameter;
  await pool.query(
    `INSERT INTO platform.parameter (key, effective_from, value, changed_by) VALUES ($1, $2, $3, $4)
     ON CONFLICT (key, scope, effective_from) DO UPDATE SET value = excluded.value, changed_by = excluded.changed_by`,
    [key, timestamp(from), JSON.stringify(value), actor],
  );
}
