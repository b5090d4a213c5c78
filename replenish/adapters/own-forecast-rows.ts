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

/**
 * What the newest night expects the shelves to be asked for that a supplier fills, directly or through another depot: by part and month,
 * the busiest part first. The database shows the supplier no other shelf (migration 51).
 */
export async function ownForecasts(
  pool: Pool,
  {asParty, months, limit}: {readonly asParty: PartyScope; readonly months: number; readonly limit: number},
): Promise<readonly OwnForecast[]> {
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
  const byPart = [...groupBy(rates, ({partId}) => partId).values()].map((shelves) => ({
    shelves,
    perYear: shelves.reduce((sum, shelf) => sum + shelf.perYear, 0),
  }));
  return byPart
    .toSorted((a, b) => b.perYear - a.perYear)
    .slice(0, limit)
    .flatMap(({shelves}) => {
      const {partId, partName} = shelves[0]!;
      const ofShelves = shelves.map((shelf) => monthlyDemand(shelf, asParty.at, months));
      return ofShelves[0]!.map(({month}, i) => ({
        partId,
        partName,
        month,
        pieces: ofShelves.reduce((sum, one) => sum + one[i]!.pieces, 0),
      }));
    });
}
