import {groupBy} from '../../domain/group-by.ts';
import {epochMs} from '../../domain/time.ts';
import {timestamp} from '../../platform/pg.ts';
import type {Queryable} from '../../platform/pg.ts';
import type {Situation} from '../core/decision/situation.ts';
import type {OrderedPieces, SupplyTerm} from '../core/supply/supply-terms.ts';
import type {Overlay} from '../core/what-if/what-if-overlay.ts';
import type {TermEvidence} from '../core/what-if/what-if-terms.ts';
import {BINDING_TERMS, supplyTerm} from './rule-rows.ts';
import type {TermRow} from './rule-rows.ts';

/** What an overlay's terms need about some situations; nothing is read for an overlay without terms. */
export async function loadTermEvidence(
  db: Queryable,
  {terms}: Overlay,
  situations: readonly Situation[],
): Promise<TermEvidence> {
  const seen = terms.length === 0 ? [] : situations;
  const moments = [...new Set(seen.map(({now}) => now))];
  const partIds = [
    ...new Set(seen.flatMap(({part, substitutes = []}) => [part, ...substitutes].map(({partId}) => partId))),
  ];
  const inForce = await termsAt(db, moments);
  const orders = groupBy(await ordersOf(db, partIds, moments), ({partId}) => partId);
  const waivers = groupBy(await waiversOf(db, partIds), ({partId}) => partId);
  const contracts = await contractsOf(db, seen);
  return {
    termsAt: (now) => inForce.get(now) ?? [],
    orderedBy: (partId, now) => byMonth(orders.get(partId) ?? [], now),
    isWaived({partId, depotId}, {sourceId, kind}, now) {
      // The newest row of a source that began by then is the one in force.
      const row = waivers
        .get(partId)
        ?.find(
          (one) =>
            one.depotId === depotId && one.sourceId === sourceId && one.kind === kind && one.from <= now,
        );
      return row?.waived ?? false;
    },
    contractOf: (equipmentId) => contracts.get(equipmentId),
  };
}

/** Versions stay in the books, so what was in force at a decision still is found. */
async function termsAt(
  db: Queryable,
  moments: readonly number[],
): Promise<ReadonlyMap<number, SupplyTerm[]>> {
  if (moments.length === 0) return new Map();
  const {rows} = await db.query<TermRow & {readonly now: number; readonly version: number}>(
    `SELECT k.now, c.version, t.contract_id AS "contractId", t.term_no AS "termNo", ARRAY[c.party_a, c.party_b] AS parties, t.type, t.scope, t.params
       FROM unnest($1::timestamptz[]) AS k(now) CROSS JOIN LATERAL network.contract_in_force(k.now) c
       JOIN partners.contract_term t USING (contract_id, version)
      WHERE t.type = ANY($2::text[]) AND t.effective @> k.now ORDER BY k.now, t.contract_id COLLATE "C", t.term_no`,
    [moments.map((now) => timestamp(epochMs(now))), BINDING_TERMS],
  );
  const read = new Map<string, SupplyTerm[]>();
  const terms = new Map<number, SupplyTerm[]>();
  for (const {now, version, ...row} of rows) {
    const key = `${row.contractId}|${version}|${row.termNo}`;
    const term = read.get(key) ?? supplyTerm(row);
    read.set(key, term);
    terms.set(now, [...(terms.get(now) ?? []), ...term]);
  }
  return terms;
}

interface OrderRow {
  readonly partId: string;
  readonly depotId: string;
  readonly supplierId: string;
  readonly orderedAt: number;
  readonly pieces: number;
}

/** Of the years of these moments. What was called off since is as if it had never been ordered. */
async function ordersOf(
  db: Queryable,
  partIds: readonly string[],
  moments: readonly number[],
): Promise<OrderRow[]> {
  if (moments.length === 0) return [];
  const {rows} = await db.query<OrderRow>(
    `SELECT part_id AS "partId", substr(to_loc, 7) AS "depotId", supplier_party_id AS "supplierId", ordered_at AS "orderedAt", qty AS pieces
       FROM network.supply_order
      WHERE part_id = ANY($1::text[]) AND kind IN ('purchase', 'expedite') AND supplier_party_id IS NOT NULL
        AND state NOT IN ('proposed', 'cancelled', 'rejected') AND ordered_at >= date_trunc('year', $2::timestamptz, 'UTC') AND ordered_at <= $3
      ORDER BY ordered_at, order_id`,
    [partIds, timestamp(epochMs(Math.min(...moments))), timestamp(epochMs(Math.max(...moments)))],
  );
  return rows;
}

function byMonth(orders: readonly OrderRow[], now: number): OrderedPieces[] {
  const year = new Date(now).getUTCFullYear();
  return orders
    .filter(({orderedAt}) => orderedAt < now && new Date(orderedAt).getUTCFullYear() === year)
    .map(({depotId, supplierId, orderedAt, pieces}) => {
      const monthAt = Date.UTC(year, new Date(orderedAt).getUTCMonth());
      return {depotId, supplierId, monthAt, pieces};
    });
}

interface WaiverRow {
  readonly partId: string;
  readonly depotId: string;
  readonly sourceId: string;
  readonly kind: string;
  readonly from: number;
  readonly waived: boolean;
}

async function waiversOf(db: Queryable, partIds: readonly string[]): Promise<WaiverRow[]> {
  if (partIds.length === 0) return [];
  const {rows} = await db.query<WaiverRow>(
    `SELECT part_id AS "partId", depot_id AS "depotId", source_id AS "sourceId", kind,
            CASE WHEN isfinite(valid_from) THEN extract(epoch FROM valid_from) * 1000 ELSE 0 END::bigint AS "from", exclusivity_waived AS waived
       FROM network.sourcing WHERE part_id = ANY($1::text[]) AND source_kind = 'supplier' ORDER BY valid_from DESC`,
    [partIds],
  );
  return rows;
}

async function contractsOf(
  db: Queryable,
  situations: readonly Situation[],
): Promise<ReadonlyMap<string, string>> {
  const machines = situations.flatMap(({depots}) =>
    depots.flatMap(({needs}) => needs.flatMap(({equipmentId}) => equipmentId ?? [])),
  );
  if (machines.length === 0) return new Map();
  const {rows} = await db.query<{equipmentId: string; contractId: string}>(
    `SELECT equipment_id AS "equipmentId", contract_id AS "contractId" FROM network.equipment
      WHERE equipment_id = ANY($1::text[]) AND contract_id IS NOT NULL`,
    [[...new Set(machines)]],
  );
  return new Map(rows.map(({equipmentId, contractId}) => [equipmentId, contractId]));
}
