import {DAY_MS} from '../../domain/time.ts';
import type {Configuration} from '../../platform/configuration.ts';
import {untilNone} from '../../platform/maintenance.ts';
import type {Upkeep} from '../../platform/maintenance.ts';
import {timestamp} from '../../platform/pg.ts';
import type {Pool} from '../../platform/pg.ts';

/** Next month's partition is there before its first forecast. */
const AHEAD_DAYS = 35;

/** What predict's tables need every night: the coming month made, expired months of forecasts dropped. */
export function predictUpkeep(
  pool: Pool,
  {keepForecastsDays}: Pick<Configuration, 'keepForecastsDays'>,
): readonly Upkeep[] {
  const one = async (sql: string, parameters: readonly unknown[]): Promise<number> =>
    (await pool.query<{n: number}>(`SELECT ${sql} AS n`, [...parameters])).rows[0]!.n;
  return [
    {
      name: 'forecasts',
      run: async (now) => ({
        dropped: await untilNone(() =>
          one('predict.drop_oldest_partition($1)', [timestamp(now - keepForecastsDays * DAY_MS)]),
        ),
        made: await one('predict.ensure_partitions($1, $2)', [
          timestamp(now),
          timestamp(now + AHEAD_DAYS * DAY_MS),
        ]),
      }),
    },
    {
      name: 'model-watch',
      run: async (now) => ({
        dropped: (
          await pool.query('DELETE FROM predict.model_watch WHERE night < $1', [
            timestamp(now - keepForecastsDays * DAY_MS),
          ])
        ).rowCount!,
      }),
    },
  ];
}
