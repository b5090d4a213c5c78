import {type Queryable, timestamp} from '../../platform/pg.ts';
import {causeId} from '../../platform/ids.ts';
import {meaningsOf} from './part-numbers.ts';
import type {DemandLine} from '../core/demand-line.ts';
import type {PartRelation} from '../core/supersession.ts';
import type {StockBalance, StockBooks} from '../stock-ports.ts';
import {lotKey, type StockPart} from '../core/stock-rules.ts';

/** A demand line `d` as the core knows it. */
export const LINE_COLUMNS = `d.demand_id AS "demandId", d.part_id AS "partId", d.depot_id AS "depotId", d.equipment_no AS "equipmentNo",
  d.customer_party_id AS "customerPartyId", d.tier, d.qty, d.filled_qty AS "filledQty", d.requested_at AS "requestedAt",
  d.needed_at AS "neededAt", d.filled_at AS "filledAt", d.cancelled_at AS "cancelledAt", d.state`;

const BALANCE_COLUMNS = `loc, part_id AS "partId", owner_party_id AS "ownerPartyId", condition, lot, qty`;

export function stockBooks(db: Queryable): StockBooks {
  // Master data stands still within a transaction of ours: no other writer is at work.
  let relations: Promise<PartRelation[]> | undefined;
  return {
    async stockPart(partId) {
      const {rows} = await db.query<StockPart>(
        `SELECT p.part_id AS "partId", p.group_id AS "groupId", p.stocking_uom AS "stockingUom", p.lot_required AS "lotRequired",
                p.serial_required AS "serialRequired",
                coalesce((SELECT jsonb_agg(jsonb_build_object('fromUom', c.from_uom, 'num', c.num, 'den', c.den) ORDER BY c.from_uom)
                            FROM network.uom_conversion c WHERE c.part_id = p.part_id), '[]') AS conversions
           FROM network.part p WHERE p.part_id = $1`,
        [partId],
      );
      return rows[0] ?? null;
    },
    references: (number) => meaningsOf(db, number),
    async depotParty(depotId) {
      const {rows} = await db.query<{party: string}>(
        'SELECT party_id AS party FROM network.depot WHERE depot_id = $1',
        [depotId],
      );
      return rows[0]?.party ?? null;
    },
    async partyExists(partyId) {
      return (await db.query('SELECT 1 FROM network.party WHERE party_id = $1', [partyId])).rowCount === 1;
    },
    async post(m) {
      const {rows} = await db.query<{moved: boolean}>(
        'SELECT network.post_movement($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) AS moved',
        [
          m.movementId,
          m.source,
          m.sourceKey,
          m.partId,
          m.lot,
          m.serial,
          m.ownerPartyId,
          m.condition,
          m.fromLoc,
          m.loc,
          m.qty,
          timestamp(m.worldAt),
        ],
      );
      return rows[0]!.moved;
    },
    async balances(locs, partIds) {
      const {rows} = await db.query<StockBalance>(
        `SELECT ${BALANCE_COLUMNS} FROM network.stock_balance WHERE loc = ANY($1::text[]) AND part_id = ANY($2::text[]) AND qty <> 0
          ORDER BY loc, part_id, owner_party_id, condition, lot`,
        [locs, partIds],
      );
      return rows;
    },
    async expiredLots(partIds, at) {
      const {rows} = await db.query<{partId: string; lot: string}>(
        'SELECT part_id AS "partId", lot FROM network.lot WHERE part_id = ANY($1::text[]) AND usable_until <= $2',
        [partIds, timestamp(at)],
      );
      return new Set(rows.map(lotKey));
    },
    async serialLocation(partId, serial) {
      const {rows} = await db.query<{loc: string}>(
        'SELECT to_loc AS loc FROM network.stock_movement WHERE part_id = $1 AND serial = $2 ORDER BY log_seq DESC LIMIT 1',
        [partId, serial],
      );
      return rows[0]?.loc ?? null;
    },
    relations: () => (relations ??= loadRelations(db)),
    async demandLine(demandId) {
      const {rows} = await db.query<DemandLine>(
        `SELECT ${LINE_COLUMNS} FROM network.demand_line d WHERE d.demand_id = $1`,
        [demandId],
      );
      return rows[0] ?? null;
    },
    async insertLine(line) {
      await db.query(
        `INSERT INTO network.demand_line (demand_id, source, source_key, part_id, depot_id, equipment_no, customer_party_id, tier, qty,
                                          filled_qty, requested_at, needed_at, filled_at, state, cause)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
        [
          line.demandId,
          line.source,
          line.sourceKey,
          line.partId,
          line.depotId,
          line.equipmentNo,
          line.customerPartyId,
          line.tier,
          line.qty,
          line.filledQty,
          timestamp(line.requestedAt),
          timestamp(line.neededAt),
          line.filledAt === null ? null : timestamp(line.filledAt),
          line.state,
          line.cause,
        ],
      );
    },
    async saveLine(line, {type, qty, source, sourceKey, worldAt, ...more}) {
      const {demandId, filledQty, filledAt, cancelledAt, state} = line;
      const {
        partId = null,
        pieces = null,
        reason = null,
        note = null,
      } = more as Partial<Record<'partId' | 'reason' | 'note', string | null> & {pieces: number}>;
      await db.query(
        `WITH line AS (
           UPDATE network.demand_line SET filled_qty = $2, filled_at = $3, cancelled_at = $4, state = $5 WHERE demand_id = $1)
         INSERT INTO network.demand_event (demand_id, event_no, source, source_key, type, qty, part_id, pieces, reason, note, world_at)
         SELECT $1, coalesce(max(event_no), 0) + 1, $6, $7, $8, $9, $10, $11, $12, $13, $14 FROM network.demand_event WHERE demand_id = $1`,
        [
          demandId,
          filledQty,
          filledAt === null ? null : timestamp(filledAt),
          cancelledAt === null ? null : timestamp(cancelledAt),
          state,
          source,
          sourceKey,
          type,
          qty,
          partId,
          pieces,
          reason,
          note,
          timestamp(worldAt),
        ],
      );
    },
    async returnLine(demandId, at) {
      const {rows} = await db.query<{sourceKey: string; qty: number}>(
        `SELECT source_key AS "sourceKey", qty FROM network.stock_movement
          WHERE source = 'demand' AND source_key LIKE 'issue:' || $1 || ':%' ORDER BY log_seq`,
        [demandId],
      );
      for (const {sourceKey} of rows) {
        const back = sourceKey.replace('issue:', 'return:');
        await db.query(
          `SELECT network.post_movement($1, source, $2, part_id, lot, serial, owner_party_id, condition, to_loc, from_loc, qty, $3)
             FROM network.stock_movement WHERE source = 'demand' AND source_key = $4`,
          [causeId('movement', 'demand', back), back, timestamp(at), sourceKey],
        );
      }
      return rows.reduce((sum, {qty}) => sum + qty, 0);
    },
  };
}

async function loadRelations(db: Queryable): Promise<PartRelation[]> {
  const {rows} = await db.query<PartRelation>(
    `SELECT from_part AS "fromPart", to_part AS "toPart", kind, valid_from AS "validFrom", valid_to AS "validTo", ratio, direction, approval
       FROM network.part_relation ORDER BY from_part, to_part, kind, valid_from`,
  );
  return rows;
}
