import type {ListFilter} from '../../domain/list-filter.ts';
import type {EpochMs} from '../../domain/time.ts';
import {PPM} from '../../domain/quantity.ts';
import {timestamp, together} from '../../platform/pg.ts';
import type {Queryable} from '../../platform/pg.ts';
import {arrivalOfNewOrder, arrivalOfOrder, lateRisk} from '../core/lead-time/awaited-order.ts';
import type {AwaitedOrder, LearnedDelays} from '../core/lead-time/awaited-order.ts';
import type {DelayLaw} from '../core/lead-time/delay-law.ts';
import {condensed} from '../core/lead-time/time-points.ts';
import type {DepotSituation, Receipt, Situation, Source} from '../core/decision/situation.ts';

/** What was learnt of one lane. */
export interface LearnedLane extends LearnedDelays {
  readonly meanDays: number;
  readonly sdDays: number;
  readonly evidence: number;
}
/** By `laneKey`. */
export type LearnedLanes = ReadonlyMap<string, LearnedLane>;

export function laneKey(partId: string, depotId: string, kind: string, source: string): string {
  return `${partId} ${depotId} ${kind} ${source}`;
}

interface LaneRow {
  readonly part_id: string;
  readonly depot_id: string;
  readonly source: string;
  readonly kind: string;
  readonly plan_d: number;
  readonly mean_d: number;
  readonly sd_d: number;
  readonly evidence: number;
  readonly enough: boolean;
  readonly lead: [number, number][];
  readonly promise: [number, number][];
}
const LANES = `
  SELECT DISTINCT ON (part_id, depot_id, source_kind, source_id, kind) part_id, depot_id, source_kind || ':' || source_id AS source, kind, plan_d,
         mean_d, sd_d, evidence, enough, lead, promise
    FROM replenish.lead_time WHERE part_id = ANY($1::text[]) AND learned_at <= $2
   ORDER BY part_id, depot_id, source_kind, source_id, kind, learned_at DESC`;

/** The newest lead times of these parts with evidence enough to use them. */
export async function loadLearned(
  db: Queryable,
  partIds: readonly string[],
  now: EpochMs,
): Promise<LearnedLanes> {
  const {rows} = await db.query<LaneRow>(LANES, [partIds, timestamp(now)]);
  const lawOf = (pairs: [number, number][]): DelayLaw => pairs.map(([days, weight]) => ({days, weight}));
  return new Map(
    rows
      .filter(({enough}) => enough)
      .map((row) => [
        laneKey(row.part_id, row.depot_id, row.kind, row.source),
        {
          planDays: row.plan_d,
          meanDays: row.mean_d,
          sdDays: row.sd_d,
          evidence: row.evidence,
          lead: lawOf(row.lead),
          promise: lawOf(row.promise),
        },
      ]),
  );
}

/** An order under way to a depot. */
export interface AwaitedRow extends AwaitedOrder {
  readonly orderId: string;
  readonly depotId: string;
  readonly quantity: number;
  /** Null of an order to another depot. */
  readonly supplierId: string | null;
  /** Its source has confirmed it, or sent it. */
  readonly confirmed: boolean;
  /** Its lane among the learned ones; null where its way is not its source's usual one. */
  readonly lane: string | null;
}

/** When the supplier of order `o` took it up: what comes in a shutdown waits until that is over. */
export const TAKEN_UP = `
  CASE WHEN o.supplier_party_id IS NULL OR NOT EXISTS (SELECT FROM partners.contract_term WHERE type = 'calendar') THEN o.ordered_at
       ELSE coalesce((
         SELECT max((s->>'until')::timestamp AT TIME ZONE 'UTC')
           FROM network.contract_in_force(o.ordered_at) c JOIN partners.contract_term t USING (contract_id, version)
          CROSS JOIN LATERAL jsonb_array_elements(t.params->'shutdowns') s
          WHERE t.type = 'calendar' AND t.effective @> o.ordered_at AND o.supplier_party_id IN (c.party_a, c.party_b)
            AND coalesce(t.scope->'partIds' ? o.part_id, true) AND coalesce(t.scope->'depotIds' ? substr(o.to_loc, 7), true)
            AND o.ordered_at >= (s->>'from')::timestamp AT TIME ZONE 'UTC' AND o.ordered_at < (s->>'until')::timestamp AT TIME ZONE 'UTC'),
         o.ordered_at) END`;

const AWAITED = `
  SELECT o.order_id AS "orderId", substr(o.to_loc, 7) AS "depotId", o.qty - o.received_qty AS quantity, ${TAKEN_UP} AS "orderedAt",
         o.expected_at AS "expectedAt", o.lead_time_sd_h AS "sdH", o.first_promised_at AS "firstPromisedAt", o.promised_at AS "promisedAt", o.slips,
         o.supplier_party_id AS "supplierId", o.state IN ('confirmed', 'shipped') AS confirmed,
         CASE WHEN o.mode IS NULL AND o.kind <> 'expedite'
              THEN o.part_id || ' ' || substr(o.to_loc, 7) || ' ' || CASE WHEN o.kind IN ('emergency', 'repair') THEN o.kind ELSE 'normal' END || ' ' || o.from_loc END AS lane
    FROM network.supply_order o
   WHERE o.part_id = ANY($1::text[]) AND o.to_loc LIKE 'depot:%' AND o.state IN ('released', 'confirmed', 'shipped') AND o.qty > o.received_qty
   ORDER BY o.order_id`;

/** These parts' orders that are under way to a depot, by id. */
export async function loadAwaited(db: Queryable, partIds: readonly string[]): Promise<readonly AwaitedRow[]> {
  return (await db.query<AwaitedRow>(AWAITED, [partIds])).rows;
}

/** What is known of a part's supply beyond its master data. */
export interface LearnedSupply {
  readonly learned: LearnedLanes;
  readonly awaited: readonly AwaitedRow[];
}

export async function loadLearnedSupply(db: Queryable, partId: string, now: EpochMs): Promise<LearnedSupply> {
  const [learned, awaited] = await together([loadLearned(db, [partId], now), loadAwaited(db, [partId])]);
  return {learned, awaited};
}

/** The same situation with lead times as learnt, and with what is awaited as late as its lane and its own slips make it. */
export function withLearnedSupply(
  situation: Situation,
  {learned, awaited}: LearnedSupply,
  now: EpochMs,
): Situation {
  const {partId} = situation.part;
  const orders = new Map(
    awaited.filter(({slips, lane}) => slips > 0 || learned.has(lane ?? '')).map((row) => [row.orderId, row]),
  );
  if (learned.size === 0 && orders.size === 0) return situation;
  const depots = situation.depots.map((depot): DepotSituation => ({
    ...depot,
    sources: depot.sources.map((source) =>
      learnedSource(source, learned.get(laneOf(partId, depot.depotId, source))),
    ),
    receipts: depot.receipts.map((receipt) =>
      learnedReceipt(receipt, orders.get(receipt.orderId), learned, now),
    ),
  }));
  return {...situation, depots};
}

function laneOf(partId: string, depotId: string, {kind, sourceKind, sourceId}: Source): string {
  return laneKey(partId, depotId, kind, `${sourceKind}:${sourceId}`);
}

/** A plan that was changed since moves the lead time with it: what was learnt are delays against the plan. */
function learnedSource(source: Source, lane: LearnedLane | undefined): Source {
  if (lane === undefined) return source;
  const {meanH: planH, sdH: planSdH} = source;
  const meanH = Math.max(planH / 10, planH + (lane.meanDays - lane.planDays) * 24);
  const {shape} = condensed(arrivalOfNewOrder(lane.lead, planH / 24));
  const learned = {planH, planSdH, evidence: lane.evidence};
  return {...source, meanH, sdH: lane.sdDays * 24, ...(shape === undefined ? {} : {shape}), learned};
}

function learnedReceipt(
  receipt: Receipt,
  order: AwaitedRow | undefined,
  learned: LearnedLanes,
  now: EpochMs,
): Receipt {
  if (order === undefined) return receipt;
  const lane = learned.get(order.lane ?? '') ?? null;
  const {meanH, sdH, shape} = condensed(arrivalOfOrder(order, lane, now));
  const arrival = {...receipt, meanH, sdH, ...(shape === undefined ? {} : {shape})};
  if (order.slips === 0) return arrival;
  const latePpm = Math.round(lateRisk(order, lane, now) * PPM);
  return {...arrival, slips: order.slips, latePpm};
}

/** Of orders under way, P(a day or more later than promised, else expected). Orders that have ended are left out. */
export async function lateRisks(
  db: Queryable,
  orders: readonly {readonly orderId: string; readonly partId: string}[],
  now: EpochMs,
): Promise<ReadonlyMap<string, number>> {
  const asked = new Set(orders.map(({orderId}) => orderId));
  const partIds = [...new Set(orders.map(({partId}) => partId))];
  const awaited = (await loadAwaited(db, partIds)).filter(({orderId}) => asked.has(orderId));
  const learned: LearnedLanes = awaited.length === 0 ? new Map() : await loadLearned(db, partIds, now);
  return new Map(
    awaited.map((order) => [order.orderId, lateRisk(order, learned.get(order.lane ?? '') ?? null, now)]),
  );
}

/** A lead time as learnt, beside its plan. */
export interface LeadTimeRecord {
  readonly partId: string;
  readonly depotId: string;
  readonly source: string;
  readonly kind: string;
  readonly learnedAt: EpochMs;
  readonly planDays: number;
  readonly meanDays: number;
  readonly sdDays: number;
  readonly evidence: number;
  /** Whether decisions use it; else the plan stands. */
  readonly enough: boolean;
}

/** The newest of each lane, those furthest from their plan first. */
export async function listLeadTimes(
  db: Queryable,
  filter: ListFilter<'partId' | 'depotId'>,
): Promise<readonly LeadTimeRecord[]> {
  const {rows} = await db.query<LeadTimeRecord>(
    `SELECT * FROM (
       SELECT DISTINCT ON (part_id, depot_id, source_kind, source_id, kind) part_id AS "partId", depot_id AS "depotId",
              source_kind || ':' || source_id AS source, kind, learned_at AS "learnedAt", plan_d AS "planDays", mean_d AS "meanDays",
              sd_d AS "sdDays", evidence, enough
         FROM replenish.lead_time WHERE ($1::text IS NULL OR part_id = $1) AND ($2::text IS NULL OR depot_id = $2)
        ORDER BY part_id, depot_id, source_kind, source_id, kind, learned_at DESC) newest
      ORDER BY "meanDays" / "planDays" DESC, "partId", "depotId", source, kind LIMIT $3`,
    [filter.partId ?? null, filter.depotId ?? null, filter.limit],
  );
  return rows;
}
