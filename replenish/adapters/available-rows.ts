import type {ListFilter} from '../../domain/list-filter.ts';
import {epochMs} from '../../domain/time.ts';
import type {EpochMs} from '../../domain/time.ts';
import type {Queryable} from '../../platform/pg.ts';
import {availableToPromise, predictedPieces} from '../core/backorder/available-to-promise.ts';
import type {AvailableToPromise} from '../core/backorder/available-to-promise.ts';
import {plannedPieces} from '../core/demand/dated-need.ts';
import {owedPieces} from '../core/decision/shelf.ts';
import {DEFAULT_POLICY} from '../core/decision/policy.ts';
import type {DepotSituation} from '../core/decision/situation.ts';
import {loadAwaited} from './learned-supply.ts';
import type {AwaitedRow} from './learned-supply.ts';
import {loadSituations} from './situation-rows.ts';

/** What can be promised of one part at one depot. */
export interface AvailableRow extends AvailableToPromise {
  readonly partId: string;
  readonly depotId: string;
  /** Pieces softly reserved for machines that are expected to fail; a customer who waits already goes before them. */
  readonly reserved: number;
  /** Pieces expected to be asked for within 28 days; not taken off. */
  readonly predicted28d: number;
}

/** By part and depot, from the very situations that decisions are taken from. */
export async function listAvailable(
  db: Queryable,
  filter: ListFilter<'partId' | 'depotId'>,
  now: EpochMs,
): Promise<readonly AvailableRow[]> {
  const asked = await db.query<{part_id: string; depot_id: string; group_id: string}>(
    `SELECT pd.part_id, pd.depot_id, p.group_id FROM network.part_depot pd JOIN network.part p USING (part_id)
      WHERE ($1::text IS NULL OR pd.part_id = $1) AND ($2::text IS NULL OR pd.depot_id = $2)
      ORDER BY pd.part_id, pd.depot_id LIMIT $3`,
    [filter.partId ?? null, filter.depotId ?? null, filter.limit],
  );
  const found = new Map<string, AvailableRow>();
  for (const groupId of new Set(asked.rows.map((row) => row.group_id))) {
    for (const {part, depots} of await loadSituations(db, groupId, now, DEFAULT_POLICY)) {
      const awaited = await loadAwaited(db, [part.partId]);
      for (const depot of depots)
        found.set(`${part.partId} ${depot.depotId}`, availableAt(part.partId, depot, awaited, now));
    }
  }
  return asked.rows.flatMap((row) => found.get(`${row.part_id} ${row.depot_id}`) ?? []);
}

function availableAt(
  partId: string,
  depot: DepotSituation,
  awaited: readonly AwaitedRow[],
  now: EpochMs,
): AvailableRow {
  const receipts = awaited
    .filter(({depotId}) => depotId === depot.depotId)
    .map(({orderId, quantity, confirmed, promisedAt, expectedAt}) => ({
      orderId,
      quantity,
      confirmed,
      dueAt: epochMs(promisedAt ?? expectedAt),
    }));
  return {
    partId,
    depotId: depot.depotId,
    ...availableToPromise(
      {onHand: depot.onHand, committed: owedPieces(depot) + plannedPieces(depot)},
      receipts,
      now,
    ),
    reserved: depot.reservations.reduce((sum, {quantity}) => sum + quantity, 0),
    predicted28d: Math.round(predictedPieces(depot, now) * 1000) / 1000,
  };
}
