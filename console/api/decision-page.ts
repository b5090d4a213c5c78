import {DepotId, PartId} from '../../domain/ids.ts';
import {epochMs} from '../../domain/time.ts';
import type {Queryable} from '../../platform/pg.ts';
import {listDecisions} from '../../replenish/api.ts';
import type {DecisionFilter} from '../../replenish/api.ts';
import {Cursor, nextCursor} from './cursor.ts';
import {decisionView} from './decision-view.ts';
import {pageLimit} from './wire.ts';

/** What every list of decisions can be asked for. */
export const pageQuery = {
  partId: PartId.optional(),
  depotId: DepotId.optional(),
  cursor: Cursor.optional(),
  limit: pageLimit,
};

/** One page of decisions, newest first, and where the next one begins; null there when the list has ended. */
export async function decisionPage(
  db: Queryable,
  {cursor, ...filter}: Omit<DecisionFilter, 'after'> & {readonly cursor?: Cursor | undefined},
): Promise<{
  readonly decisions: ReturnType<typeof decisionView>[];
  readonly nextCursor: Cursor | null;
}> {
  const after = cursor === undefined ? undefined : {decidedAt: epochMs(cursor.at), decisionId: cursor.id};
  const rows = await listDecisions(db, {...filter, after});
  return {
    decisions: rows.map(decisionView),
    nextCursor: nextCursor(rows, filter.limit, (row) => ({at: row.decidedAt, id: row.decisionId})),
  };
}
