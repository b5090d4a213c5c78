import {toIso} from '../../domain/time.ts';
import type {EpochMs} from '../../domain/time.ts';
import {groupBy} from '../../domain/group-by.ts';
import {causeId} from '../../platform/ids.ts';
import {timestamp} from '../../platform/pg.ts';
import type {Queryable} from '../../platform/pg.ts';
import {SIGNAL_LIMIT, trackingSignal} from '../core/forecast/accuracy.ts';
import type {ForecastOutcome} from '../core/forecast/accuracy.ts';
import {simpleForecasts} from '../core/forecast/value-added.ts';
import type {DemandSeries} from '../core/forecast/demand-series.ts';

const ALERT = 'forecast-bias';
/** The signal clears far below its limit, so that it does not flicker around it. */
const CLEARS_BELOW = SIGNAL_LIMIT / 2;

/**
 * Holds each whole month that has no outcome yet against the forecast that stood before it began: what was seen of it, as far as
 * stock-outs let it be seen. The simple methods are asked of the same month.
 *
 * @returns how many outcomes were written.
 */
export async function saveOutcomes(db: Queryable, series: readonly DemandSeries[]): Promise<number> {
  const rows = series.flatMap(({planned, months}) =>
    months.flatMap(({month, pieces, visible, whole}, i) =>
      whole
        ? {
            partId: planned.partId,
            depotId: planned.depotId,
            partyId: planned.partyId,
            month: toIso(month),
            actual: pieces,
            visible,
            ...simpleForecasts(months.slice(0, i + 1)),
          }
        : [],
    ),
  );
  const written = await db.query(INSERT, [JSON.stringify(rows)]);
  return written.rowCount ?? 0;
}

/** Demand of the month by the newest forecast from before it; one that was made on its first night knew nothing of it yet. */
const INSERT = `
  INSERT INTO replenish.demand_outcome (part_id, depot_id, month, party_id, forecast_as_of, expected, vmr, actual, naive, sba, tsb)
  SELECT x."partId", x."depotId", x.month, x."partyId", f.as_of,
         f.per_year / 12 * x.visible * coalesce(f.season[extract(month FROM x.month AT TIME ZONE 'UTC')::int], 1), f.vmr, x.actual, x.naive, x.sba, x.tsb
    FROM jsonb_to_recordset($1::jsonb) AS x("partId" text, "depotId" text, "partyId" text, month timestamptz, actual float8, visible float8,
         naive float8, sba float8, tsb float8)
    JOIN LATERAL (SELECT f.as_of, f.per_year, f.vmr, f.season FROM replenish.demand_forecast f
                   WHERE f.part_id = x."partId" AND f.depot_id = x."depotId" AND f.as_of <= x.month ORDER BY f.as_of DESC LIMIT 1) f ON true
  ON CONFLICT DO NOTHING`;

interface TrackedMonth extends ForecastOutcome {
  readonly partId: string;
  readonly partyId: string;
}

/** Opens the one alert of each part whose forecasts have drifted, over all its depots, and clears those that came back. */
export async function watchBias(db: Queryable, now: EpochMs): Promise<{opened: number; cleared: number}> {
  const months = await db.query<TrackedMonth>(
    `SELECT part_id AS "partId", min(party_id) AS "partyId", sum(expected) AS expected, sum(actual) AS actual,
            coalesce(sum(expected * vmr) / nullif(sum(expected), 0), 1) AS vmr
       FROM replenish.demand_outcome GROUP BY part_id, month ORDER BY part_id COLLATE "C", month`,
  );
  let opened = 0;
  let cleared = 0;
  for (const [partId, outcomes] of groupBy(months.rows, (row) => row.partId)) {
    const {signal, alarm} = trackingSignal(outcomes);
    if (alarm) {
      const body = {partId, signal, direction: signal > 0 ? 'too-low' : 'too-high', ...totals(outcomes)};
      const found = await db.query<{id: string | null}>(
        'SELECT replenish.open_alert($1, $2, $3, $4, $5, 1, 0, NULL, NULL, $6) AS id',
        [
          causeId('alert', ALERT, partId, now),
          ALERT,
          partId,
          outcomes[0]!.partyId,
          timestamp(now),
          JSON.stringify(body),
        ],
      );
      if (found.rows[0]!.id !== null) opened += 1;
    } else if (Math.abs(signal) < CLEARS_BELOW) {
      const found = await db.query<{id: string | null}>(
        'SELECT replenish.clear_alert($1, $2, $3, $4) AS id',
        [ALERT, partId, timestamp(now), JSON.stringify({signal})],
      );
      if (found.rows[0]!.id !== null) cleared += 1;
    }
  }
  return {opened, cleared};
}

function totals(outcomes: readonly ForecastOutcome[]): {months: number; expected: number; actual: number} {
  return {
    months: outcomes.length,
    expected: outcomes.reduce((sum, {expected}) => sum + expected, 0),
    actual: outcomes.reduce((sum, {actual}) => sum + actual, 0),
  };
}
