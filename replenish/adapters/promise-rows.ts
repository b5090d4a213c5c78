import {epochMs} from '../../domain/time.ts';
import type {EpochMs} from '../../domain/time.ts';
import {PPM} from '../../domain/quantity.ts';
import {causeId} from '../../platform/ids.ts';
import {timestamp, together} from '../../platform/pg.ts';
import type {Client} from '../../platform/pg.ts';
import {arrivalOfNewOrder, arrivalOfOrder} from '../core/lead-time/awaited-order.ts';
import {shutdownHours} from '../core/supply/contracted-way.ts';
import type {ArrivalLaw} from '../core/lead-time/awaited-order.ts';
import {plannedDelays} from '../core/lead-time/lead-time-law.ts';
import {promisedHours, renewedPromise} from '../core/lead-time/promise.ts';
import type {PromisedHours, Waiting} from '../core/lead-time/promise.ts';
import {allNeeds} from '../core/demand/dated-need.ts';
import {normalSource, refillArrival} from '../core/decision/refill.ts';
import {servedInOrder} from '../core/lead-time/served-in-order.ts';
import type {WaitingNeed} from '../core/lead-time/served-in-order.ts';
import type {DepotSituation, Situation} from '../core/decision/situation.ts';
import {laneKey, loadAwaited, loadLearned} from './learned-supply.ts';
import type {AwaitedRow, LearnedLanes} from './learned-supply.ts';

/** A line that nobody has agreed a date for. */
interface LineRow extends WaitingNeed {
  readonly promisedAt: EpochMs | null;
  readonly promisedBy: string | null;
  readonly isAgreed: boolean;
}

type OpenLine = Omit<LineRow, 'perHourMinor'>;

const LINES = `
  SELECT d.demand_id AS "demandId", d.part_id AS "partId", d.depot_id AS "depotId", d.equipment_no AS "equipmentNo",
         d.customer_party_id AS "customerPartyId", d.tier, d.qty, d.filled_qty AS "filledQty", d.requested_at AS "requestedAt",
         d.needed_at AS "neededAt", d.filled_at AS "filledAt", d.cancelled_at AS "cancelledAt", d.state,
         coalesce((SELECT min(s.transit_h) FROM network.service_area s WHERE s.equipment_no = d.equipment_no AND s.depot_id = d.depot_id), 0) AS "transitH",
         d.promised_at AS "promisedAt", d.promised_by AS "promisedBy", d.promised_at IS NOT NULL AND d.promise_ppm IS NULL AS "isAgreed"
    FROM network.demand_line d WHERE d.demand_id = ANY($1::uuid[])`;

/**
 * Tells every open line of these situations when its pieces will be here with the policy's confidence; in the caller's transaction,
 * after its decision. Dates that people agreed stay theirs.
 */
export async function promiseLines(
  client: Client,
  situations: readonly Situation[],
  now: EpochMs,
): Promise<void> {
  const latest = new Map<string, PromisedLine>();
  for (const situation of situations) {
    const waiting = situation.depots.filter((depot) => allNeeds(depot).length > 0);
    if (waiting.length === 0) continue;
    const {partId} = situation.part;
    const [learned, awaited, lines] = await together([
      loadLearned(client, [partId], now),
      loadAwaited(client, [partId]),
      loadLines(client, waiting),
    ]);
    for (const depot of waiting) {
      const rows = allNeeds(depot).flatMap(({demandId}) => lines.get(demandId) ?? []);
      for (const promised of promisesAt({situation, depot, learned, awaited, rows, now}))
        latest.set(promised.line.demandId, later(latest.get(promised.line.demandId), promised));
    }
  }
  const fresh = [...latest.values()].flatMap(({line, promise, ppm}) => {
    if (promise === null || line.isAgreed) return [];
    const {demandId, neededAt, promisedAt, promisedBy} = line;
    const standing = promisedAt === null || promisedBy === null ? null : {at: promisedAt, by: promisedBy};
    const renewed = renewedPromise(standing, promise, {neededAt, now});
    return renewed === null ? [] : [{demandId, ppm, ...renewed}];
  });
  if (fresh.length === 0) return;
  await client.query(
    `SELECT network.promise_line(p.demand_id, p.at, p.ppm, p.by, $5)
       FROM unnest($1::uuid[], $2::timestamptz[], $3::int[], $4::text[]) AS p(demand_id, at, ppm, by)`,
    [
      fresh.map(({demandId}) => demandId),
      fresh.map(({at}) => timestamp(at)),
      fresh.map(({ppm}) => ppm),
      fresh.map(({by}) => by),
      timestamp(now),
    ],
  );
}

async function loadLines(
  client: Client,
  depots: readonly DepotSituation[],
): Promise<ReadonlyMap<string, OpenLine>> {
  const ids = depots.flatMap((depot) => allNeeds(depot).map(({demandId}) => demandId));
  const {rows} = await client.query<OpenLine>(LINES, [ids]);
  return new Map(rows.map((row) => [row.demandId, row]));
}

/** When a line has all its pieces of one part; null: nobody can say. */
interface PromisedLine {
  readonly line: LineRow;
  readonly promise: PromisedHours | null;
  readonly ppm: number;
}

/** A line that its own part and a substitute serve together waits for the later of the two. */
function later(one: PromisedLine | undefined, other: PromisedLine): PromisedLine {
  if (one === undefined || other.promise === null) return other;
  return one.promise === null || one.promise.hours >= other.promise.hours ? one : other;
}

function promisesAt({
  situation,
  depot,
  learned,
  awaited,
  rows,
  now,
}: {
  readonly situation: Situation;
  readonly depot: DepotSituation;
  readonly learned: LearnedLanes;
  readonly awaited: readonly AwaitedRow[];
  readonly rows: readonly OpenLine[];
  readonly now: EpochMs;
}): PromisedLine[] {
  const needs = new Map(allNeeds(depot).map((need) => [need.demandId, need]));
  const lines = servedInOrder(
    rows.map((row): LineRow => ({...row, perHourMinor: needs.get(row.demandId)!.shortageMinorPerH})),
    now,
  );
  const confidence = situation.policy.promiseConfidence;
  const owed = lines.map(({demandId}) => ({demandId, quantity: needs.get(demandId)!.quantity}));
  const waiting = {lines: owed, onHand: depot.onHand, ...supplyOf({situation, depot, learned, awaited, now})};
  const promises = new Map(promisedHours(waiting, confidence).map((promise) => [promise.demandId, promise]));
  const ppm = Math.round(confidence * PPM);
  return lines.map((line) => ({line, promise: promises.get(line.demandId) ?? null, ppm}));
}

function supplyOf({
  situation,
  depot,
  learned,
  awaited,
  now,
}: {
  readonly situation: Situation;
  readonly depot: DepotSituation;
  readonly learned: LearnedLanes;
  readonly awaited: readonly AwaitedRow[];
  readonly now: EpochMs;
}): Pick<Waiting, 'incoming' | 'refill'> {
  const incoming = awaited
    .filter(({depotId}) => depotId === depot.depotId)
    .map((order) => ({
      ref: order.orderId,
      quantity: order.quantity,
      arrival: arrivalOfOrder(order, learned.get(order.lane ?? '') ?? null, now),
    }));
  const source = normalSource(depot);
  if (source === null) return {incoming, refill: null};
  const ref = `${source.sourceKind}:${source.sourceId}`;
  const lane = learned.get(laneKey(situation.part.partId, depot.depotId, 'normal', ref));
  if (source.sourceKind === 'supplier' && lane !== undefined) {
    const laterH = shutdownHours(source);
    const arrival = arrivalOfNewOrder(lane.lead, lane.planDays).map(({hours, weight}) => ({
      hours: hours + laterH,
      weight,
    }));
    return {incoming, refill: {ref, arrival}};
  }
  // A depot sends when it has: its own supply stands before its way to us.
  const through = refillArrival(situation, depot, 1);
  return {incoming, refill: through && {ref, arrival: usualArrival(through)}};
}

function usualArrival({meanH, sdH}: {readonly meanH: number; readonly sdH: number}): ArrivalLaw {
  return arrivalOfNewOrder(plannedDelays(meanH / 24, sdH / 24), meanH / 24);
}

/** A promise to a line, and what became of it. */
export interface PromiseRecord {
  readonly demandId: string;
  readonly promiseNo: number;
  readonly partId: string;
  readonly depotId: string;
  readonly promisedAt: EpochMs;
  readonly confidence: number;
  readonly promisedBy: string;
  readonly madeAt: EpochMs;
  readonly filledAt: EpochMs | null;
  /** Whether its line was filled by then; null while neither is certain, or when the line was called off. */
  readonly kept: boolean | null;
}

/** Promises by line, newest first. */
export async function listPromises(
  db: Pick<Client, 'query'>,
  filter: {
    readonly demandId?: string | undefined;
    readonly partId?: string | undefined;
    readonly depotId?: string | undefined;
    readonly limit: number;
  },
  now: EpochMs,
): Promise<readonly PromiseRecord[]> {
  const {rows} = await db.query<PromiseRecord>(
    `SELECT p.demand_id AS "demandId", p.promise_no AS "promiseNo", d.part_id AS "partId", d.depot_id AS "depotId", p.promised_at AS "promisedAt",
            p.promise_ppm / ${PPM}::float8 AS confidence, p.promised_by AS "promisedBy", p.made_at AS "madeAt", d.filled_at AS "filledAt",
            CASE WHEN d.state = 'cancelled' THEN NULL WHEN d.filled_at <= p.promised_at THEN true
                 WHEN d.filled_at > p.promised_at OR p.promised_at < $5 THEN false END AS kept
       FROM network.demand_promise p JOIN network.demand_line d USING (demand_id)
      WHERE ($1::uuid IS NULL OR p.demand_id = $1) AND ($2::text IS NULL OR d.part_id = $2) AND ($3::text IS NULL OR d.depot_id = $3)
      ORDER BY p.made_at DESC, p.demand_id, p.promise_no DESC LIMIT $4`,
    [filter.demandId ?? null, filter.partId ?? null, filter.depotId ?? null, filter.limit, timestamp(now)],
  );
  return rows.map((row) => ({...row, promisedAt: epochMs(row.promisedAt)}));
}

/** Has the groups look whose promises have passed unkept, so that their customers get another date. */
export async function signalPassed(db: Pick<Client, 'query'>, now: EpochMs): Promise<number> {
  const {rows} = await db.query<{group_id: string}>(
    `SELECT DISTINCT p.group_id FROM network.demand_line d JOIN network.part p USING (part_id)
      WHERE d.state = 'open' AND d.promise_ppm IS NOT NULL AND d.promised_by <> 'shelf' AND d.promised_at <= $1 ORDER BY 1`,
    [timestamp(now)],
  );
  const groups = rows.map((row) => row.group_id);
  await db.query(
    `SELECT replenish.raise_demand_signal(s.id, s.group_id, 'promise-passed', s.group_id, $3) FROM unnest($1::uuid[], $2::text[]) AS s(id, group_id)`,
    [groups.map((groupId) => causeId('signal', groupId, 'promise-passed', now)), groups, timestamp(now)],
  );
  return groups.length;
}
