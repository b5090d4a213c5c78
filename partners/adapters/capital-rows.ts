import type {Queryable} from '../../platform/pg.ts';

/** Working capital: what each owner has, at whose depot or on the way there, in one currency. */
export interface Capital {
  readonly ownerPartyId: string;
  /** Whose depot it lies at or is going to. */
  readonly holderPartyId: string;
  readonly state: 'on-hand' | 'in-transit';
  readonly currency: string;
  readonly pieces: number;
  /** At unit cost. */
  readonly valueMinor: number;
}

/** The stock ledger by owner and holder: every piece on a shelf or under way, once. Title is where the books have it. */
export async function workingCapital(
  db: Queryable,
  {partyId}: {readonly partyId?: string | undefined},
): Promise<Capital[]> {
  const {rows} = await db.query<Capital>(
    `SELECT b.owner_party_id AS "ownerPartyId", d.party_id AS "holderPartyId",
            CASE WHEN b.loc LIKE 'depot:%' THEN 'on-hand' ELSE 'in-transit' END AS state, p.currency,
            sum(b.qty)::bigint AS pieces, sum(b.qty * p.unit_cost_minor)::bigint AS "valueMinor"
       FROM network.stock_balance b JOIN network.part p USING (part_id)
       LEFT JOIN network.supply_order o ON b.loc = 'transit:' || o.order_id
       JOIN network.depot d ON d.depot_id = CASE WHEN b.loc LIKE 'depot:%' THEN substr(b.loc, 7) ELSE substr(o.to_loc, 7) END
      WHERE b.qty > 0 AND b.loc ~ '^(depot|transit):' AND ($1::text IS NULL OR $1 IN (b.owner_party_id, d.party_id))
      GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4`,
    [partyId ?? null],
  );
  return rows;
}
