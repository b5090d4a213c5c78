import {beforeEach, describe, expect, it} from 'vitest';
import {DAY_MS, epochMs, toIso} from '../../../domain/time.ts';
import {predictUpkeep} from '../../../predict/adapters/upkeep.ts';
import type {Pool} from '../../../platform/pg.ts';
import {openTestDatabase} from '../../support/database.ts';

const NOW = epochMs(Date.UTC(2026, 0, 5));
const KEEP_DAYS = 400;

describe('the upkeep of forecasts', () => {
  let pool: Pool;
  beforeEach(async () => {
    pool = (await openTestDatabase()).poolFor('forestock_predict');
  });

  const forecastAt = async (ageDays: number): Promise<void> => {
    const asOf = toIso(epochMs(NOW - ageDays * DAY_MS));
    await pool.query('SELECT predict.ensure_partitions($1, $1)', [asOf]);
    await pool.query(
      `INSERT INTO predict.forecast (component_id, as_of, model_version_id, revision, equipment_no, position_id, issued_at, cause, method, horizons_h,
         cumulative_ppm, tail_hazard_ppb_per_h, completeness_pct, window_from, log_seq_through, input_digest, backend)
       VALUES ($2, $1, 'm', 0, 1, 'comp1', $1, 'grid', 'base-rate', '{24}', '{10}', 1, 100, $1, 0, 0, 'cpu')`,
      [asOf, `c-${ageDays}`],
    );
  };
  const run = (): Promise<unknown> => predictUpkeep(pool, {keepForecastsDays: KEEP_DAYS})[0]!.run(NOW);

  it('drops whole months past their days, keeps the month that has a younger one, and makes the next', async () => {
    for (const ageDays of [500, KEEP_DAYS + 1, KEEP_DAYS - 1, 0]) await forecastAt(ageDays);
    // 400 days before 5 January 2026 is 1 December 2024: November 2024 and what was before it go.
    expect(await run()).toEqual({dropped: 2, made: 1});
    const {rows} = await pool.query<{component_id: string}>(
      'SELECT component_id FROM predict.forecast ORDER BY as_of',
    );
    expect(rows.map((row) => row.component_id)).toEqual(['c-399', 'c-0']);
    expect(await run()).toEqual({dropped: 0, made: 0});
  });
});
