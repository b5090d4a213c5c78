import {groupBy} from '../../domain/group-by.ts';
import type {ListFilter} from '../../domain/list-filter.ts';
import type {EpochMs} from '../../domain/time.ts';
import {timestamp} from '../../platform/pg.ts';
import type {Queryable} from '../../platform/pg.ts';
import {forecastAccuracy, trackingSignal} from '../core/forecast/accuracy.ts';
import type {ForecastAccuracy, ForecastOutcome, TrackingSignal} from '../core/forecast/accuracy.ts';
import {forecastValueAdded} from '../core/forecast/value-added.ts';
import type {ComparedOutcome, ForecastValueAdded} from '../core/forecast/value-added.ts';
import {criticalityInForce} from './plan-criticality-rows.ts';

export type DemandFilter = ListFilter<'partId' | 'depotId'>;

/** What the newest night said of a part at a depot. */
export interface DemandForecastRow {
  readonly partId: string;
  readonly depotId: string;
  readonly asOf: EpochMs;
  readonly perYear: number;
  readonly vmr: number;
  readonly season: readonly number[] | null;
  readonly priorKind: string;
  readonly priorPerYear: number;
  readonly masterPerYear: number;
  readonly credibility: number;
  readonly historyMonths: number;
  readonly pieces: number;
  readonly hiddenShare: number;
}

/** The forecasts that decisions take at `now`, the busiest first. */
export async function listDemandForecasts(
  db: Queryable,
  {partId, depotId, limit}: DemandFilter,
  now: EpochMs,
): Promise<readonly DemandForecastRow[]> {
  const found = await db.query<DemandForecastRow>(
    `SELECT f.part_id AS "partId", f.depot_id AS "depotId", f.as_of AS "asOf", f.per_year AS "perYear", f.vmr, f.season,
            f.prior_kind AS "priorKind", f.prior_per_year AS "priorPerYear", pd.background_per_year AS "masterPerYear", f.credibility,
            f.history_months AS "historyMonths", f.pieces, f.hidden_share AS "hiddenShare"
       FROM network.part_depot pd JOIN LATERAL (
            SELECT f.* FROM replenish.demand_forecast f WHERE f.part_id = pd.part_id AND f.depot_id = pd.depot_id AND f.as_of <= $3
             ORDER BY f.as_of DESC LIMIT 1) f ON true
      WHERE ($1::text IS NULL OR pd.part_id = $1) AND ($2::text IS NULL OR pd.depot_id = $2)
      ORDER BY f.per_year DESC, f.part_id, f.depot_id LIMIT $4`,
    [partId ?? null, depotId ?? null, timestamp(now), limit],
  );
  return found.rows;
}

export const ACCURACY_GROUPS = ['part', 'criticality', 'depot'] as const;
export type AccuracyGroup = (typeof ACCURACY_GROUPS)[number];

export interface AccuracyRow extends ForecastAccuracy, TrackingSignal {
  /** The part, the class or the depot; 'all' of the total. */
  readonly of: string;
  readonly valueAdded: ForecastValueAdded;
}

export interface AccuracyReport {
  readonly accuracy: readonly AccuracyRow[];
  /** Over all that was asked about, whatever is listed of it; null where there is nothing. */
  readonly total: AccuracyRow | null;
}

interface OutcomeRow extends ForecastOutcome, ComparedOutcome {
  readonly of: string;
  readonly month: EpochMs;
}

/**
 * How forecasts of months since `from` compare with what came, and with what simple methods would have said, by part, class of part or
 * depot; the most drifted first.
 */
export async function demandAccuracy(
  db: Queryable,
  {partId, depotId, limit, from, by}: DemandFilter & {readonly from: EpochMs; readonly by: AccuracyGroup},
): Promise<AccuracyReport> {
  const group = {part: 'o.part_id', criticality: criticalityInForce('p'), depot: 'o.depot_id'}[by];
  const {rows} = await db.query<OutcomeRow>(
    `SELECT ${group} AS "of", o.month, o.expected, o.vmr, o.actual,
            CASE WHEN o.naive IS NOT NULL THEN jsonb_build_object('naive', o.naive, 'sba', o.sba, 'tsb', o.tsb) END AS simple
       FROM replenish.demand_outcome o JOIN network.part p USING (part_id)
      WHERE o.month >= $1 AND ($2::text IS NULL OR o.part_id = $2) AND ($3::text IS NULL OR o.depot_id = $3)
      ORDER BY 1, o.month, o.part_id, o.depot_id`,
    [timestamp(from), partId ?? null, depotId ?? null],
  );
  const accuracy = [...groupBy(rows, (row) => row.of)]
    .map(([of, outcomes]) => accuracyOf(of, outcomes))
    .sort((a, b) => Math.abs(b.signal) - Math.abs(a.signal) || (a.of < b.of ? -1 : 1))
    .slice(0, limit);
  const byMonth = rows.toSorted((a, b) => a.month - b.month);
  return {accuracy, total: rows.length === 0 ? null : accuracyOf('all', byMonth)};
}

function accuracyOf(of: string, outcomes: readonly OutcomeRow[]): AccuracyRow {
  const valueAdded = forecastValueAdded(outcomes);
  return {of, ...forecastAccuracy(outcomes), ...trackingSignal(monthly(outcomes)), valueAdded};
}

/** The signal follows the sum of a group: month by month, whatever the number of its shelves. */
function monthly(outcomes: readonly OutcomeRow[]): ForecastOutcome[] {
  return [...groupBy(outcomes, (row) => row.month).values()].map((rows) => {
    const expected = rows.reduce((sum, row) => sum + row.expected, 0);
    const variance = rows.reduce((sum, row) => sum + row.expected * row.vmr, 0);
    const actual = rows.reduce((sum, row) => sum + row.actual, 0);
    return {expected, vmr: expected === 0 ? 1 : variance / expected, actual};
  });
}
