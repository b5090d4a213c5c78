import type {Segment} from '../../domain/segment.ts';
import {DAY_MS, epochMs, toIso} from '../../domain/time.ts';
import type {EpochMs} from '../../domain/time.ts';
import {causeId} from '../../platform/ids.ts';
import {timestamp} from '../../platform/pg.ts';
import type {Queryable} from '../../platform/pg.ts';
import type {ForecastOutcome} from '../core/forecast/accuracy.ts';
import type {DemandSeries} from '../core/forecast/demand-series.ts';
import {demandVariance} from '../core/forecast/variance-case.ts';

const ALERT = 'demand-variance';

interface NewestMonth extends ForecastOutcome {
  readonly partId: string;
  readonly partyId: string;
  readonly segment: Segment;
}

/**
 * Holds the newest month of every part, also one that is not over, against the forecast that stood before it began. Demand that is too
 * odd for its segment is one case, however many nights it stays so: an alert with the day by which somebody is to have looked. Who
 * acknowledges it owns it, until when and with what result stands at it, and it closes when demand is as expected again.
 */
export async function watchVariance(
  db: Queryable,
  series: readonly DemandSeries[],
  now: EpochMs,
): Promise<{readonly opened: number; readonly cleared: number}> {
  const newest = Math.max(...series.map(({months}) => months.at(-1)?.month ?? 0));
  const rows = series.flatMap(({planned, months}) => {
    const last = months.at(-1);
    if (last?.month !== newest) return [];
    const {partId, depotId, partyId} = planned;
    return [
      {partId, depotId, partyId, month: toIso(epochMs(newest)), actual: last.pieces, visible: last.visible},
    ];
  });
  let opened = 0;
  let cleared = 0;
  const months = await db.query<NewestMonth>(EXPECTED, [JSON.stringify(rows)]);
  for (const {partId, partyId, segment, ...outcome} of months.rows) {
    const {deviations, standing, dueDays} = demandVariance(outcome, segment);
    if (standing === 'between') continue;
    const {expected, actual} = outcome;
    const facts = {deviations, month: toIso(epochMs(newest)).slice(0, 7), expected, actual};
    const found =
      standing === 'case'
        ? await db.query<{id: string | null}>(
            'SELECT replenish.open_alert($1, $2, $3, $4, $5, 1, 0, NULL, NULL, $6) AS id',
            [
              causeId('alert', ALERT, partId, now),
              ...[ALERT, partId, partyId, timestamp(now)],
              JSON.stringify({partId, ...facts, why: whyOf(facts, epochMs(now + dueDays * DAY_MS))}),
            ],
          )
        : await db.query<{id: string | null}>('SELECT replenish.clear_alert($1, $2, $3, $4) AS id', [
            ...[ALERT, partId, timestamp(now), JSON.stringify(facts)],
          ]);
    if (found.rows[0]!.id === null) continue;
    if (standing === 'case') opened += 1;
    else cleared += 1;
  }
  return {opened, cleared};
}

/** Demand of the month so far by the newest forecast from before it, over all depots of a part. */
const EXPECTED = `
  SELECT x."partId", min(x."partyId") AS "partyId", replenish.criticality_in_force(p) AS segment, sum(e.expected) AS expected, sum(x.actual) AS actual,
         coalesce(sum(e.expected * f.vmr) / nullif(sum(e.expected), 0), 1) AS vmr
    FROM jsonb_to_recordset($1::jsonb) AS x("partId" text, "depotId" text, "partyId" text, month timestamptz, actual float8, visible float8)
    JOIN network.part p ON p.part_id = x."partId"
    JOIN LATERAL (SELECT f.per_year, f.vmr, f.season FROM replenish.demand_forecast f
                   WHERE f.part_id = x."partId" AND f.depot_id = x."depotId" AND f.as_of <= x.month ORDER BY f.as_of DESC LIMIT 1) f ON true
    CROSS JOIN LATERAL (SELECT f.per_year / 12 * x.visible
                               * coalesce(f.season[extract(month FROM x.month AT TIME ZONE 'UTC')::int], 1) AS expected) e
   GROUP BY x."partId", segment ORDER BY x."partId" COLLATE "C"`;

function whyOf(
  {
    deviations,
    month,
    expected,
    actual,
  }: {deviations: number; month: string; expected: number; actual: number},
  due: EpochMs,
): string {
  const odd = `${Math.abs(deviations).toFixed(1)} deviations ${deviations > 0 ? 'more' : 'less'}`;
  return `${actual} asked for in ${month} where ${expected.toFixed(1)} were expected, ${odd}; look into it by ${toIso(due).slice(0, 10)}`;
}
