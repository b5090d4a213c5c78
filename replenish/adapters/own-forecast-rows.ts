import {groupBy} from '../../domain/group-by.ts';
import type {PartyScope} from '../../domain/party-scope.ts';
import {inPartySession} from '../../platform/party-session.ts';
import {timestamp} from '../../platform/pg.ts';
import type {Pool} from '../../platform/pg.ts';
import {monthlyDemand} from '../core/forecast/monthly-demand.ts';
import type {MonthlyDemand} from '../core/forecast/monthly-demand.ts';

/** Shelves that one answer looks at, the busiest first. */
const SHELVES_MAX = 20_000;

interface ShelfRate {
  readonly partId: string;
  readonly partName: string;
  readonly perYear: number;
  readonly season: readonly number[] | null;
}

export interface OwnForecast extends MonthlyDemand {
  readonly partId: string;
  readonly partName: string;
}

/** Expected pieces a year, and the part: where a page of them ended. */
type Busy = readonly [perYear: number, partId: string];

/**
 * What the newest night expects the shelves to be asked for that a supplier fills, directly or through another depot: by part and month,
 * the busiest part first. The database shows the supplier no other shelf (migration 51).
 *
 * @returns the forecasts of `limit` parts at most, and where the next page goes on; null: there are no more.
 */
export async function ownForecasts(
  pool: Pool,
  {
    asParty,
    months,
    after,
    limit,
  }: {
    readonly asParty: PartyScope;
    readonly months: number;
    readonly after?: Busy | undefined;
    readonly limit: number;
  },
): Promise<{readonly forecasts: readonly OwnForecast[]; readonly next: [number, string] | null}> {
  const rates = await inPartySession(pool, asParty, async (db) => {
    const {rows} = await db.query<ShelfRate>(
      `SELECT f.part_id AS "partId", p.name AS "partName", f.per_year AS "perYear", f.season
         FROM (SELECT DISTINCT ON (part_id, depot_id) part_id, depot_id, per_year, season FROM replenish.demand_forecast
                WHERE as_of <= $1 ORDER BY part_id, depot_id, as_of DESC) f JOIN network.part p USING (part_id)
        ORDER BY f.per_year DESC, f.part_id, f.depot_id LIMIT ${SHELVES_MAX}`,
      [timestamp(asParty.at)],
    );
    return rows;
  });
  const parts = [...groupBy(rates, ({partId}) => partId)]
    .map(([partId, shelves]) => ({
      shelves,
      place: [shelves.reduce((sum, shelf) => sum + shelf.perYear, 0), partId] as [number, string],
    }))
    .toSorted((a, b) => byBusiest(a.place, b.place))
    .filter(({place}) => after === undefined || byBusiest(after, place) < 0);
  const page = parts.slice(0, limit);
  const forecasts = page.flatMap(({shelves}) => {
    const {partId, partName} = shelves[0]!;
    const ofShelves = shelves.map((shelf) => monthlyDemand(shelf, asParty.at, months));
    return ofShelves[0]!.map(({month}, i) => ({
      partId,
      partName,
      month,
      pieces: ofShelves.reduce((sum, one) => sum + one[i]!.pieces, 0),
    }));
  });
  return {forecasts, next: parts.length > limit ? page.at(-1)!.place : null};
}

function byBusiest([perYearA, partA]: Busy, [perYearB, partB]: Busy): number {
  if (perYearA !== perYearB) return perYearB - perYearA;
  return partA < partB ? -1 : partA > partB ? 1 : 0;
}
