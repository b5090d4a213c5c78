import {z} from 'zod';
import {OperationalFault} from '../../domain/fault.ts';
import {HOUR_MS, toIso} from '../../domain/time.ts';
import type {EpochMs} from '../../domain/time.ts';
import {causeId} from '../../platform/ids.ts';
import {inTransaction, timestamp, together} from '../../platform/pg.ts';
import type {Client, Pool, Queryable} from '../../platform/pg.ts';
import type {
  BackorderBooks,
  BackorderStore,
  PolicyInForce,
  TaggedBackorder,
  WatchedBackorder,
} from '../backorder-ports.ts';
import {BackorderPolicy, DEFAULT_BACKORDER_POLICY, levelNumber} from '../core/backorder/threshold-matrix.ts';
import {DURATION_ALERT} from './alert-rows.ts';
import {loadShortageFacts} from './backorder-evidence.ts';
import {shortageMinorPerH} from './component-rows.ts';
import {dueOverrides, openOverride, settleOverride} from './override-rows.ts';
import {criticalityInForce} from './plan-criticality-rows.ts';

const TIMER = 'backorder';

/** @param pool  Its connections work under the role `forestock_replenish`. */
export function createBackorderStore(pool: Pool): BackorderStore {
  return {
    transaction: (work) =>
      inTransaction(pool, async (client) => {
        const lock = await client.query<{held: boolean}>(
          `SELECT pg_try_advisory_xact_lock(hashtext('forestock.backorders')) AS held`,
        );
        return lock.rows[0]!.held ? work(booksOn(client)) : null;
      }),
  };
}

function booksOn(db: Client): BackorderBooks {
  return {
    policy: (now) => policyInForce(db, now),
    adopt: (now, policyKey, linesMax) => adopt(db, now, policyKey, linesMax),
    due: (now, policyKey, backordersMax) => due(db, now, policyKey, backordersMax),
    facts: (backorders) => together(backorders.map(({demandId}) => loadShortageFacts(db, demandId))),
    keepCauses: (tagged, now) => keepCauses(db, tagged, now),
    pass: (backorder, {level, dueAt, tell}, now) => pass(db, backorder, {level, dueAt, tell}, now),
    async openReview(demandId, dueAt, now) {
      const opened = await db.query(
        `INSERT INTO replenish.backorder_review (demand_id, opened_at, due_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`,
        [demandId, timestamp(now), timestamp(dueAt)],
      );
      if (opened.rowCount === 1)
        await writeEvent(db, demandId, {type: 'review-opened', now, body: {dueAt: toIso(dueAt)}});
    },
    lookAgain: (looked, policyKey) => lookAgain(db, looked, policyKey),
    async close({demandId, state}, now) {
      await db.query('UPDATE replenish.backorder SET closed_at = $2 WHERE demand_id = $1', [
        demandId,
        timestamp(now),
      ]);
      await writeEvent(db, demandId, {type: 'closed', now, body: {state}});
      await dropTimers(db, [demandId]);
      await db.query('SELECT replenish.clear_alert($1, $2, $3, $4)', [
        DURATION_ALERT,
        demandId,
        timestamp(now),
        JSON.stringify({state}),
      ]);
    },
    override: (backorder, policy, now) => openOverride(db, backorder, policy, now),
    dueOverrides: (now, overridesMax) => dueOverrides(db, now, overridesMax),
    settleOverride: (override, verdict, now) => settleOverride(db, override, verdict, now),
  };
}

async function keepCauses(db: Queryable, tagged: readonly TaggedBackorder[], now: EpochMs): Promise<void> {
  if (tagged.length === 0) return;
  const fresh = tagged.filter(({isFresh}) => isFresh);
  await together([
    db.query(
      `UPDATE replenish.backorder b SET causes = t.causes FROM unnest($1::uuid[], $2::jsonb[]) AS t(demand_id, causes) WHERE b.demand_id = t.demand_id`,
      [tagged.map(({demandId}) => demandId), tagged.map(({causes}) => JSON.stringify(causes))],
    ),
    ...fresh.map(({demandId, causes}) => writeEvent(db, demandId, {type: 'opened', now, body: {causes}})),
  ]);
}

async function lookAgain(
  db: Queryable,
  looked: Parameters<BackorderBooks['lookAgain']>[0],
  policyKey: string,
): Promise<void> {
  if (looked.length === 0) return;
  const ending = looked.filter(({at}) => at === null);
  const next = looked.flatMap(({demandId, at}) => (at === null ? [] : [{demandId, at}]));
  await together([
    db.query('UPDATE replenish.backorder SET policy_key = $2 WHERE demand_id = ANY($1::uuid[])', [
      looked.map(({demandId}) => demandId),
      policyKey,
    ]),
    db.query(
      `INSERT INTO platform.world_timer (kind, key, due_at) SELECT '${TIMER}', n.* FROM unnest($1::text[], $2::timestamptz[]) AS n
       ON CONFLICT (kind, key) DO UPDATE SET due_at = excluded.due_at`,
      [next.map(({demandId}) => demandId), next.map(({at}) => timestamp(at))],
    ),
    dropTimers(
      db,
      ending.map(({demandId}) => demandId),
    ),
  ]);
}

/** The policy of the parameter in force; what it leaves out is as delivered. One that cannot be read watches nothing. */
async function policyInForce(db: Queryable, now: EpochMs): Promise<PolicyInForce> {
  const {read, key} = await readPolicy(db, now);
  if (read.success) return {policy: read.data, key};
  throw new OperationalFault(
    'parameter-unreadable',
    `parameter replenish.backorders: ${z.prettifyError(read.error)}; insert one that can be read`,
    {retryable: true},
  );
}

/** After so many days a backorder must have been reviewed: by the policy in force, else as delivered. */
export async function reviewAfterDays(db: Queryable, now: EpochMs): Promise<number> {
  const {read} = await readPolicy(db, now);
  return (read.data ?? DEFAULT_BACKORDER_POLICY).reviewAfterDays;
}

async function readPolicy(
  db: Queryable,
  now: EpochMs,
): Promise<{read: z.ZodSafeParseResult<BackorderPolicy>; key: string}> {
  const found = await db.query<{value: unknown; key: string}>(
    'SELECT value, key FROM replenish.backorder_policy($1)',
    [timestamp(now)],
  );
  const {value, key} = found.rows[0]!;
  return {read: BackorderPolicy.safeParse({...DEFAULT_BACKORDER_POLICY, ...(value ?? {})}), key};
}

async function adopt(db: Queryable, now: EpochMs, policyKey: string, linesMax: number): Promise<void> {
  await db.query(
    `WITH fresh AS (
       INSERT INTO replenish.backorder (demand_id, part_id, depot_id, party_id, needed_at, policy_key)
       SELECT l.demand_id, l.part_id, l.depot_id, d.party_id, l.needed_at, $2 FROM network.demand_line l JOIN network.depot d USING (depot_id)
        WHERE l.state = 'open' AND l.qty > l.filled_qty AND l.needed_at < $1
          AND NOT EXISTS (SELECT FROM replenish.backorder b WHERE b.demand_id = l.demand_id)
        ORDER BY l.needed_at, l.demand_id LIMIT $3
       RETURNING demand_id)
     INSERT INTO platform.world_timer (kind, key, due_at) SELECT '${TIMER}', demand_id::text, $1 FROM fresh ON CONFLICT DO NOTHING`,
    [timestamp(now), policyKey, linesMax],
  );
}

/** The machine's criticality counts, else the part's. What its contract agreed was checked when it was imported. */
const DUE = `
  SELECT b.demand_id AS "demandId", b.part_id AS "partId", b.depot_id AS "depotId", b.party_id AS "partyId", b.needed_at AS "neededAt", b.level,
         b.causes, r.demand_id IS NOT NULL AS "underReview", l.state, l.tier, l.customer_party_id AS "customerPartyId",
         CASE l.state WHEN 'open' THEN l.qty - l.filled_qty ELSE 0 END AS "openQty", e.equipment_id AS "equipmentId",
         coalesce(e.criticality, ${criticalityInForce('p')}) AS criticality, (${shortageMinorPerH('$1')})::bigint AS "shortageMinorPerH",
         coalesce(e.currency, p.currency) AS currency,
         (SELECT t.params->'levels' FROM network.contract_in_force($1) c JOIN partners.contract_term t USING (contract_id, version)
           WHERE c.contract_id = e.contract_id AND t.type = 'escalation' AND t.effective @> $1::timestamptz
             AND coalesce(t.scope->'equipmentIds' ? e.equipment_id, true) AND coalesce(t.scope->'partIds' ? b.part_id, true)
             AND coalesce(t.scope->'depotIds' ? b.depot_id, true)
           ORDER BY t.term_no LIMIT 1) AS agreed
    FROM replenish.backorder b JOIN network.demand_line l USING (demand_id) JOIN network.part p ON p.part_id = b.part_id
    LEFT JOIN network.equipment e USING (equipment_no) LEFT JOIN replenish.backorder_review r ON r.demand_id = b.demand_id
   WHERE b.closed_at IS NULL AND (l.state <> 'open' OR b.policy_key <> $2
      OR EXISTS (SELECT FROM platform.world_timer t WHERE t.kind = '${TIMER}' AND t.key = b.demand_id::text AND t.due_at <= $1))
   ORDER BY b.needed_at, b.demand_id LIMIT $3`;

async function due(
  db: Queryable,
  now: EpochMs,
  policyKey: string,
  backordersMax: number,
): Promise<readonly WatchedBackorder[]> {
  return (await db.query<WatchedBackorder>(DUE, [timestamp(now), policyKey, backordersMax])).rows;
}

/** One alert a backorder, which climbs with its levels; who has acknowledged it is told no more. */
async function pass(
  db: Queryable,
  backorder: WatchedBackorder,
  {level, dueAt, tell}: Parameters<BackorderBooks['pass']>[1],
  now: EpochMs,
): Promise<void> {
  const {demandId, partId, depotId, partyId, equipmentId, openQty, currency} = backorder;
  const waitedH = Math.round((now - backorder.neededAt) / HOUR_MS);
  const moneyMinor = Math.round(
    ((now - backorder.neededAt) / HOUR_MS) * openQty * backorder.shortageMinorPerH,
  );
  const body = {
    demandId,
    partId,
    depotId,
    equipmentId,
    customerPartyId: backorder.customerPartyId,
    openQty,
    waitedH,
    level,
    dueAt: toIso(dueAt),
    tell,
    costSoFar: {minor: moneyMinor, currency},
  };
  await db.query('UPDATE replenish.backorder SET level = $2 WHERE demand_id = $1', [
    demandId,
    levelNumber(level),
  ]);
  await writeEvent(db, demandId, {type: level, now, body: {dueAt: body.dueAt, waitedH, tell}});
  const opened = await db.query<{alert_id: string | null}>(
    'SELECT replenish.open_alert($1, $2, $3, $4, $5, $6, $7, $8, NULL, $9) AS alert_id',
    [
      causeId('alert', DURATION_ALERT, demandId),
      DURATION_ALERT,
      demandId,
      partyId,
      timestamp(now),
      levelNumber(level),
      moneyMinor,
      currency,
      JSON.stringify(body),
    ],
  );
  if (opened.rows[0]!.alert_id !== null) return;
  await db.query(
    `INSERT INTO replenish.alert_event (alert_id, event_no, world_at, type, body)
     SELECT alert_id, (SELECT count(*) + 1 FROM replenish.alert_event v WHERE v.alert_id = a.alert_id), $3, $4, $5
       FROM replenish.alert a WHERE kind = $1 AND subject = $2 AND state <> 'cleared'`,
    [DURATION_ALERT, demandId, timestamp(now), level, JSON.stringify(body)],
  );
}

/** Appends to the life of a backorder; whoever else says something of it waits for the number. */
export async function writeEvent(
  db: Queryable,
  demandId: string,
  {
    type,
    now,
    body,
    actor = 'forestock',
  }: {type: string; now: EpochMs; body: Record<string, unknown>; actor?: string},
): Promise<void> {
  await together([
    db.query('SELECT FROM replenish.backorder WHERE demand_id = $1 FOR NO KEY UPDATE', [demandId]),
    db.query(
      `INSERT INTO replenish.backorder_event (demand_id, event_no, type, actor, world_at, body)
       SELECT $1, coalesce(max(event_no), 0) + 1, $2, $3, $4, $5 FROM replenish.backorder_event WHERE demand_id = $1`,
      [demandId, type, actor, timestamp(now), JSON.stringify(body)],
    ),
  ]);
}

async function dropTimers(db: Queryable, demandIds: readonly string[]): Promise<void> {
  await db.query(`DELETE FROM platform.world_timer WHERE kind = '${TIMER}' AND key = ANY($1::text[])`, [
    demandIds,
  ]);
}
