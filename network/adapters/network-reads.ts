import {orderIdsOf, purchaseOrderNo} from '../../domain/purchase-order-no.ts';
import {type Pool, type Queryable, timestamp} from '../../platform/pg.ts';
import type {Feed} from '../core/feed.ts';
import type {QuarantineItem} from '../ports.ts';
import type {
  DemandEventRow,
  DemandRow,
  InstallationAsOf,
  NetworkReads,
  OrderRow,
  StockRow,
} from '../read-ports.ts';
import {FEED_COLUMNS} from './feed-books.ts';
import {exportFolder} from './master-books.ts';
import {readReports} from './report-books.ts';
import {readSupply} from './demand-supply.ts';
import {openWork} from './open-work.ts';
import {meaningsOf, numbersOf} from './part-numbers.ts';
import {readShareOuts} from './share-books.ts';
import {partyReads} from './party-reads.ts';
import {readStatements} from './statement-reads.ts';
import {LINE_COLUMNS} from './stock-books.ts';

/** Queries outside of any transaction: each sees what is committed. `null` filters nothing. */
export function networkReads(pool: Pool): NetworkReads {
  const rowsOf = async <T extends object>(sql: string, values: readonly unknown[]): Promise<T[]> =>
    (await (pool as Queryable).query<T>(sql, [...values])).rows;
  return {
    parties: partyReads(pool),
    stock: ({partId, depotId, ownerPartyId, limit}) =>
      rowsOf<StockRow>(
        `SELECT b.loc, b.part_id AS "partId", b.owner_party_id AS "ownerPartyId", b.condition, b.lot, b.qty,
                b.qty * p.unit_cost_minor AS "valueMinor", p.currency
           FROM network.stock_balance b JOIN network.part p USING (part_id)
          WHERE b.qty <> 0 AND b.loc ~ '^(depot|transit):'
            AND ($1::text IS NULL OR b.part_id = $1) AND ($2::text IS NULL OR b.loc = 'depot:' || $2)
            AND ($3::text IS NULL OR b.owner_party_id = $3)
          ORDER BY b.loc, b.part_id, b.owner_party_id, b.condition, b.lot LIMIT $4`,
        [partId ?? null, depotId ?? null, ownerPartyId ?? null, limit],
      ),
    statements: (filter) => readStatements(pool, filter),
    async orders({partId, state, orderId, purchaseOrderNo: number, from, limit}) {
      const ids = number === undefined ? null : orderIdsOf(number);
      const rows = await rowsOf<Omit<OrderRow, 'purchaseOrderNo'>>(
        `SELECT o.order_id AS "orderId", o.decision_id AS "decisionId", o.kind, o.part_id AS "partId", o.from_loc AS "fromLoc",
                o.to_loc AS "toLoc", o.owner_party_id AS "ownerPartyId", o.qty, p.stocking_uom AS uom, o.shipped_qty AS "shippedQty",
                o.received_qty AS "receivedQty", o.state, o.ordered_at AS "orderedAt", o.expected_at AS "expectedAt",
                o.promised_at AS "promisedAt", o.first_promised_at AS "firstPromisedAt", o.slips, o.received_at AS "receivedAt",
                o.cost_minor AS "costMinor", o.currency, o.mode
           FROM network.supply_order o JOIN network.part p USING (part_id)
          WHERE ($1::text IS NULL OR o.part_id = $1)
            AND ($2::text IS NULL OR o.state = $2 OR ($2 = 'open' AND o.state NOT IN ('received', 'cancelled', 'rejected')))
            AND ($3::uuid IS NULL OR o.order_id = $3) AND ($4::uuid IS NULL OR o.order_id BETWEEN $4 AND $5::uuid)
            AND ($6::text IS NULL OR o.from_loc = $6)
          ORDER BY o.ordered_at DESC, o.order_id LIMIT $7`,
        [
          partId ?? null,
          state ?? null,
          orderId ?? null,
          ids?.first ?? null,
          ids?.last ?? null,
          from ?? null,
          limit,
        ],
      );
      return rows.map((row) => ({...row, purchaseOrderNo: purchaseOrderNo(row.orderId)}));
    },
    demand: ({partId, depotId, state, demandId, demandIds, neededBefore, limit}) =>
      rowsOf<DemandRow>(
        `SELECT ${LINE_COLUMNS}, d.cause, d.promised_at AS "promisedAt", d.promise_ppm AS "promisePpm", d.promised_by AS "promisedBy", e.equipment_id AS "equipmentId",
                p.unit_cost_minor AS "unitCostMinor", p.currency
           FROM network.demand_line d JOIN network.part p USING (part_id) LEFT JOIN network.equipment e USING (equipment_no)
          WHERE ($1::text IS NULL OR d.part_id = $1) AND ($2::text IS NULL OR d.depot_id = $2) AND ($3::text IS NULL OR d.state = $3)
            AND ($4::timestamptz IS NULL OR d.needed_at < $4) AND ($5::uuid IS NULL OR d.demand_id = $5)
            AND ($6::uuid[] IS NULL OR d.demand_id = ANY($6))
          ORDER BY d.needed_at, d.demand_id LIMIT $7`,
        [
          partId ?? null,
          depotId ?? null,
          state ?? null,
          neededBefore === undefined ? null : timestamp(neededBefore),
          demandId ?? null,
          demandIds ?? null,
          limit,
        ],
      ),
    demandSupply: (demandIds, now) => readSupply(pool, demandIds, now),
    demandEvents: (demandId) =>
      rowsOf<DemandEventRow>(
        `SELECT event_no AS "eventNo", type, qty, part_id AS "partId", pieces, reason, note, source, source_key AS "sourceKey",
                world_at AS at
           FROM network.demand_event WHERE demand_id = $1 ORDER BY event_no`,
        [demandId],
      ),
    openWork: (equipmentId) => openWork(pool, equipmentId),
    shareOuts: (filter) => readShareOuts(pool, filter),
    installationsAsOf: ({at, equipmentId, limit}) =>
      rowsOf<InstallationAsOf>(
        `SELECT e.equipment_id AS "equipmentId", i.position_id AS "positionId", i.component_id AS "componentId", c.class_id AS "classId",
                c.part_id AS "partId", i.installed_at AS "installedAt",
                (SELECT sum(extract(epoch FROM least(h.removed_at, $1) - h.installed_at)) / 3600 FROM network.installation h
                  WHERE h.component_id = i.component_id AND h.installed_at <= $1)::float8 AS "ageH",
                coalesce((SELECT array_agg(s.depot_id ORDER BY s.priority, s.transit_h, s.depot_id) FROM network.service_area s
                           WHERE s.equipment_no = e.equipment_no AND s.valid_from <= $1 AND $1 < s.valid_to), '{}') AS "depotIds",
                (SELECT k.contract_id FROM network.contract k WHERE k.contract_id = e.contract_id AND k.valid @> $1::timestamptz
                  ORDER BY k.version DESC LIMIT 1) AS "contractId"
           FROM network.installation i JOIN network.equipment e USING (equipment_no) JOIN network.component c USING (component_id)
          WHERE i.installed_at <= $1 AND (i.removed_at IS NULL OR i.removed_at > $1) AND ($2::text IS NULL OR e.equipment_id = $2)
          ORDER BY e.equipment_id, i.position_id LIMIT $3`,
        [timestamp(at), equipmentId ?? null, limit],
      ),
    quarantine: ({state, limit}) =>
      rowsOf<QuarantineItem>(
        `SELECT quarantine_id AS "quarantineId", kind, body, reason, detail, received_at AS "receivedAt", state, outcome
           FROM network.quarantine WHERE ($1::text IS NULL OR state = $1) ORDER BY received_at, quarantine_id LIMIT $2`,
        [state ?? null, limit],
      ),
    repairReports: (filter) => readReports(pool, filter),
    feeds: ({partyId, limit}) =>
      rowsOf<Feed>(
        `SELECT ${FEED_COLUMNS} FROM network.feed f WHERE ($1::text IS NULL OR f.party_id = $1)
          ORDER BY f.party_id, f.kind LIMIT $2`,
        [partyId ?? null, limit],
      ),
    isParty: async (partyId) =>
      (await rowsOf('SELECT 1 FROM network.party WHERE party_id = $1', [partyId])).length === 1,
    unknownDepots: async (depotIds) =>
      (
        await rowsOf<{depotId: string}>(
          'SELECT id AS "depotId" FROM unnest($1::text[]) AS id WHERE NOT EXISTS (SELECT FROM network.depot WHERE depot_id = id)',
          [depotIds],
        )
      ).map(({depotId}) => depotId),
    async shelvesOfOrder(orderId) {
      const rows = await rowsOf<{depotId: string; partId: string}>(
        `SELECT substr(loc, 7) AS "depotId", part_id AS "partId" FROM network.supply_order, unnest(ARRAY[from_loc, to_loc]) AS loc
          WHERE order_id = $1 AND loc LIKE 'depot:%'`,
        [orderId],
      );
      return {
        depotIds: rows.map(({depotId}) => depotId),
        partIds: rows.slice(0, 1).map(({partId}) => partId),
      };
    },
    exportFolder: () => exportFolder(pool),
    references: (number) => meaningsOf(pool, number),
    numbersOf: (partIds, at) => numbersOf(pool, partIds, at),
  };
}
