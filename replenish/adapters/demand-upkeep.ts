import {DAY_MS, epochMs} from '../../domain/time.ts';
import type {EpochMs} from '../../domain/time.ts';
import type {UpkeepCounts} from '../../platform/maintenance.ts';
import {inTransaction} from '../../platform/pg.ts';
import type {Pool} from '../../platform/pg.ts';
import {monthStart} from '../core/forecast/calendar-month.ts';
import {demandSeries} from '../core/forecast/demand-series.ts';
import {forecastNetwork} from '../core/forecast/forecast-network.ts';
import {dropOld, lookAgain, saveForecasts} from './demand-forecast-rows.ts';
import {loadDemandBooks} from './demand-history.ts';
import {saveOutcomes, watchBias} from './demand-outcome-rows.ts';
import {watchVariance} from './demand-variance-rows.ts';
import {populationOf} from './demand-population-rows.ts';

/** Three years: what is older tells of another installed base. */
const HISTORY_DAYS = 1096;

/**
 * Every night: what came is held against what was forecast, the month so far too; then the demand of every planned part is forecast anew, as of midnight, and its
 * group looks again. Run again on the same day it changes nothing.
 */
export async function forecastDemand(pool: Pool, now: EpochMs): Promise<UpkeepCounts> {
  const asOf = epochMs(Math.floor(now / DAY_MS) * DAY_MS);
  const from = monthStart(asOf - HISTORY_DAYS * DAY_MS);
  const books = await inTransaction(pool, (client) => loadDemandBooks(client, from, asOf), 'repeatable read');
  const series = demandSeries(books);
  const population = await populationOf(pool, asOf, series);
  const forecasts = forecastNetwork(books, series, population);
  return inTransaction(pool, async (client) => {
    const compared = await saveOutcomes(client, series);
    const bias = compared > 0 ? await watchBias(client, now) : {opened: 0, cleared: 0};
    const variance = await watchVariance(client, series, now);
    const written = await saveForecasts(client, asOf, forecasts);
    const groups = books.planned.map(({groupId}) => groupId);
    await lookAgain(client, groups, asOf, now);
    const dropped = await dropOld(client, now);
    return {
      ...{forecast: written, compared, dropped},
      ...{opened: bias.opened + variance.opened, cleared: bias.cleared + variance.cleared},
    };
  });
}
