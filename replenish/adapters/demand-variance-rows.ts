import type {Segment} from '../../domain/segment.ts';
import {DAY_MS, epochMs, toIso} from '../../domain/time.ts';
import type {EpochMs} from '../../domain/time.ts';
import {causeId} from '../../platform/ids.ts';
import {timestamp} from '../../platform/pg.ts';
import type {Queryable} from '../../platform/pg.ts';
import type {ForecastOutcome} from '../core/forecast/accuracy.ts';
import type {DemandSeries} from '../core/forecast/demand-series.ts';
import {demandVariance, isOddAnew} from '../core/forecast/variance-case.ts';
import type {LookedInto} from '../core/forecast/variance-case.ts';

const ALERT = 'demand-variance';

interface NewestMonth extends ForecastOutcome {
  readonly partId: string;
  readonly partyId: string;
  readonly segment: Segment;
}

/**
 * Holds the newest month of every part, also one that is not over, against the forecast that stood before it began. Demand that is too
 * odd for its segment is one case, however many nights it stays so: an alert with the day by which somebody is to have looked, as of
 * when it opened. Who acknowledges it owns it. It closes by the resolution of who looked, and then the same shock opens no other, or when
 * demand is as expected again.
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
  const month = toIso(epochMs(newest)).slice(0, 7);
  const known = await casesOf(db, month);
  let opened = 0;
  let cleared = 0;
  const months = await db.query<NewestMonth>(EXPECTED, [JSON.stringify(rows)]);
  for (const {partId, partyId, segment, ...outcome} of months.rows) {
    const {deviations, standing, dueDays} = demandVariance(outcome, segment);
    if (standing === 'between') continue;
    const {expected, actual} = outcome;
    const facts = {deviations, month, expected, actual};
    const before = known.get(partId);
    const wasLookedInto = before !== undefined && before.dueAt === null;
    if (standing === 'case' && wasLookedInto && !isOddAnew(before, outcome, segment)) continue;
    const due = before?.dueAt ?? epochMs(now + dueDays * DAY_MS);
    const found =
      standing === 'case'
        ? await db.query<{id: string | null}>(
            'SELECT replenish.open_alert($1, $2, $3, $4, $5, 1, 0, NULL, NULL, $6) AS id',
            [
              causeId('alert', ALERT, partId, now),
              ...[ALERT, partId, partyId, timestamp(now)],
              JSON.stringify({partId, ...facts, why: whyOf(facts, due)}),
            ],
          )
        : await db.query<{id: string | null}>('SELECT replenish.clear_alert($1, $2, $3, $4) AS id', [
            ...[ALERT, partId, timestamp(now), JSON.stringify(facts)],
          ]);
    if (found.rows[0]!.id === null) continue;
    if (standing === 'case') {
      await db.query('UPDATE replenish.alert SET due_at = $2 WHERE alert_id = $1', [
        found.rows[0]!.id,
        timestamp(due),
      ]);
      opened += 1;
    }
    if (standing === 'normal') cleared += 1;
  }
  return {opened, cleared};
}

interface KnownCase extends LookedInto {
  readonly partId: string;
  /** Null: it was closed with a resolution. */
  readonly dueAt: EpochMs | null;
}

/** By part the case that stands, else the one that was closed with a resolution this month, the newest of several. */
async function casesOf(db: Queryable, month: string): Promise<ReadonlyMap<string, KnownCase>> {
  const {rows} = await db.query<KnownCase>(
    `SELECT DISTINCT ON (subject) subject AS "partId", (body ->> 'deviations')::float8 AS deviations, (body ->> 'actual')::float8 AS actual,
            CASE WHEN state <> 'cleared' THEN coalesce(due_at, opened_at) END AS "dueAt"
       FROM replenish.alert WHERE kind = $1 AND (state <> 'cleared' OR (resolution IS NOT NULL AND body ->> 'month' = $2))
      ORDER BY subject, state <> 'cleared' DESC, opened_at DESC`,
    [ALERT, month],
  );
  return new Map(rows.map((row) => [row.partId, row]));
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
