import type {PartyScope} from '../../domain/party-scope.ts';
import type {EpochMs} from '../../domain/time.ts';
import {inPartySession} from '../../platform/party-session.ts';
import type {Pool} from '../../platform/pg.ts';

export interface SharedStockRow {
  readonly partId: string;
  readonly depotId: string;
  readonly condition: string;
  readonly qty: number;
  /** When a piece last came or went; null: it lay there when the books were opened. */
  readonly movedAt: EpochMs | null;
}

/** What lies at depots of the parts that a party supplies; nothing where no share of stock is in force, whoever asks (K4). */
export async function sharedStock(
  pool: Pool,
  scope: PartyScope,
  rowsMax: number,
): Promise<readonly SharedStockRow[]> {
  return inPartySession(pool, scope, async (db) => {
    const {rows} = await db.query<SharedStockRow>(
      `SELECT part_id AS "partId", depot_id AS "depotId", condition, qty, moved_at AS "movedAt" FROM network.shared_stock()
        ORDER BY part_id COLLATE "C", depot_id COLLATE "C", condition LIMIT $1`,
      [rowsMax],
    );
    return rows;
  });
}
