import {setImmediate} from 'node:timers/promises';
import {z} from 'zod';
import type {EpochMs} from '../../domain/time.ts';
import {timestamp} from '../../platform/pg.ts';
import type {Queryable} from '../../platform/pg.ts';
import {monthStart} from '../core/forecast/calendar-month.ts';
import type {DemandPopulation} from '../core/forecast/demand-population.ts';
import type {DemandSeries} from '../core/forecast/demand-series.ts';
import {searchPopulation, unlearntPopulation} from '../core/forecast/learn-population.ts';

/** Months ahead that the settings are tuned for: what lead times of parts span. */
const HORIZONS = [1, 3, 6];
/** Forecasts of half a year from the middle of a history: it takes two years to have some. */
const MONTHS_MIN = 24;
/** Fewer series would lend each other what they have by chance. */
const SERIES_MIN = 30;
/** Each of some 40 steps of the search then takes about 30 ms, and the stage works on between two of them. */
const CASES_MAX = 400;

const Settings: z.ZodType<DemandPopulation> = z.object({
  recentDiscount: z.number(),
  recentWeight: z.number(),
  usualSpread: z.object({intercept: z.number(), slope: z.number()}),
  spreadDemands: z.number(),
  levelDrift: z.number(),
  silent: z.object({mean: z.number(), variance: z.number()}),
  calibration: z.tuple([]),
});

/** What the planned parts have in common: learnt once a month where their histories carry it, else the usual settings. */
export async function populationOf(
  db: Queryable,
  asOf: EpochMs,
  series: readonly DemandSeries[],
): Promise<DemandPopulation> {
  const histories = series
    .map(({months}) => months.filter(({whole}) => whole).map(({pieces}) => pieces))
    .filter((history) => history.length >= 2);
  const known = await db.query<{settings: unknown}>(
    'SELECT settings FROM replenish.demand_population WHERE learnt_at BETWEEN $1 AND $2 ORDER BY learnt_at DESC LIMIT 1',
    [timestamp(monthStart(asOf)), timestamp(asOf)],
  );
  if (known.rows[0] !== undefined) return Settings.parse(known.rows[0].settings);
  const long = histories.filter((history) => history.length >= MONTHS_MIN);
  const asked = long.filter((history) => history.some((pieces) => pieces > 0)).length;
  if (asked < SERIES_MIN) return unlearntPopulation(histories);
  const months = Math.min(...long.map((history) => history.length));
  const settings = await learnt(long.map((history) => history.slice(-months)));
  await db.query(
    `INSERT INTO replenish.demand_population (learnt_at, series, months, settings) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`,
    [timestamp(asOf), long.length, months, JSON.stringify(settings)],
  );
  return settings;
}

async function learnt(histories: readonly (readonly number[])[]): Promise<DemandPopulation> {
  const search = searchPopulation(histories, HORIZONS, CASES_MAX);
  for (;;) {
    const step = search.next();
    if (step.done === true) return step.value;
    await setImmediate(); // telemetry and decisions go first
  }
}
