import {DAY_MS, toIso} from '../../domain/time.ts';
import type {EpochMs} from '../../domain/time.ts';
import {causeId} from '../../platform/ids.ts';
import {timestamp} from '../../platform/pg.ts';
import type {Queryable} from '../../platform/pg.ts';
import type {NetworkForecast} from '../core/forecast/forecast-network.ts';

/** A forecast that moved by less than this share, in rate, spread and season, is not worth a new row and a second look. */
const MATERIAL = 0.05;
const KEEP_MS = 400 * DAY_MS;
/** Cause of a look that nothing but the night gave rise to. */
export const NIGHTLY = 'nightly';

interface Standing {
  readonly partId: string;
  readonly depotId: string;
  readonly perYear: number;
  readonly vmr: number;
  readonly season: readonly number[] | null;
}

/** Writes the forecasts that say something new, as rows of `asOf`. Saying the same night again changes nothing. @returns how many. */
export async function saveForecasts(
  db: Queryable,
  asOf: EpochMs,
  forecasts: readonly NetworkForecast[],
): Promise<number> {
  const standing = new Map(
    (await db.query<Standing>(NEWEST, [timestamp(asOf)])).rows.map((row) => [keyOf(row), row]),
  );
  const fresh = forecasts.filter((one) => {
    const before = standing.get(keyOf(one.planned));
    return before === undefined || differs(before, one);
  });
  const saved = await db.query(INSERT, [
    JSON.stringify(
      fresh.map(({planned: {partId, depotId, partyId}, ...said}) => ({...said, partId, depotId, partyId})),
    ),
    timestamp(asOf),
  ]);
  return saved.rowCount ?? 0;
}

/**
 * Asks the groups to look again, once a night whether or not anything was heard of them: alarms grow old, seasons turn, and what is known
 * beforehand begins and ends, be it a source, a campaign or a term of a contract (C3).
 */
export async function lookAgain(
  db: Queryable,
  groups: readonly string[],
  asOf: EpochMs,
  now: EpochMs,
): Promise<void> {
  const all = [...new Set(groups)].sort();
  await db.query(
    `SELECT replenish.raise_demand_signal(s.id, s.group_id, '${NIGHTLY}', $3, $4) FROM unnest($1::uuid[], $2::text[]) AS s(id, group_id)`,
    [all.map((groupId) => causeId('signal', NIGHTLY, groupId, asOf)), all, toIso(asOf), timestamp(now)],
  );
}

/** Drops versions that a newer one followed this long ago; decisions hold what they used themselves. @returns how many. */
export async function dropOld(db: Queryable, now: EpochMs): Promise<number> {
  const dropped = await db.query(
    `DELETE FROM replenish.demand_forecast o WHERE EXISTS (SELECT FROM replenish.demand_forecast n
      WHERE n.part_id = o.part_id AND n.depot_id = o.depot_id AND n.as_of > o.as_of AND n.as_of < $1)`,
    [timestamp(now - KEEP_MS)],
  );
  return dropped.rowCount ?? 0;
}

function keyOf({partId, depotId}: {readonly partId: string; readonly depotId: string}): string {
  return JSON.stringify([partId, depotId]);
}

function differs(before: Standing, {perYear, vmr, season}: NetworkForecast): boolean {
  if (moved(before.perYear, perYear) || moved(before.vmr, vmr)) return true;
  const factors = season ?? NO_FACTORS;
  return (before.season ?? NO_FACTORS).some((factor, month) => Math.abs(factor - factors[month]!) > MATERIAL);
}

const NO_FACTORS: readonly number[] = Array.from({length: 12}, () => 1);

function moved(before: number, after: number): boolean {
  return Math.abs(after - before) > MATERIAL * before;
}

const NEWEST = `
  SELECT DISTINCT ON (part_id, depot_id) part_id AS "partId", depot_id AS "depotId", per_year AS "perYear", vmr, season
    FROM replenish.demand_forecast WHERE as_of <= $1 ORDER BY part_id, depot_id, as_of DESC`;

const INSERT = `
  INSERT INTO replenish.demand_forecast (part_id, depot_id, as_of, party_id, per_year, vmr, season, prior_kind, prior_per_year, credibility,
         history_months, pieces, hidden_share)
  SELECT "partId", "depotId", $2::timestamptz, "partyId", "perYear", vmr, season, "priorKind", "priorPerYear", credibility, "historyMonths",
         pieces, "hiddenShare"
    FROM jsonb_to_recordset($1::jsonb) AS x("partId" text, "depotId" text, "partyId" text, "perYear" float8, vmr float8, season float8[],
         "priorKind" text, "priorPerYear" float8, credibility float8, "historyMonths" float8, pieces float8, "hiddenShare" float8)
  ON CONFLICT DO NOTHING`;
