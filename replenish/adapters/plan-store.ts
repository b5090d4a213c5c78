import type {ListFilter} from '../../domain/list-filter.ts';
import type {EpochMs} from '../../domain/time.ts';
import {canonicalJson, causeId} from '../../platform/ids.ts';
import {inTransaction, timestamp} from '../../platform/pg.ts';
import type {Client, Pool, Queryable} from '../../platform/pg.ts';
import type {Policy} from '../core/decision/policy.ts';
import type {KeptRun, PlanSnapshot, PlanStore} from '../plan-ports.ts';
import {loadCriticalities, saveCriticalities} from './plan-criticality-rows.ts';
import {loadFleet, loadFleetEnds} from './plan-fleet-rows.ts';
import {loadLastOrderTerm} from './plan-last-order-rows.ts';
import {loadOrderSizes, loadTieredMachines} from './plan-policy-rows.ts';
import {loadRepairs} from './plan-repair-rows.ts';
import {loadSituations} from './situation-rows.ts';

/** How targets of a run were worked out (replenish/core/plan/network-plan.ts). */
const METHOD = 'two-echelon';

/** Runs of the plan in PostgreSQL, through a pool under the role forestock_replenish. */
export function createPlanStore(pool: Pool, policyAt: (now: EpochMs) => Promise<Policy>): PlanStore {
  return {
    async inSnapshot(now, work) {
      const policy = await policyAt(now);
      return inTransaction(pool, (client) => work(snapshotOf(client, now, policy)), 'repeatable read');
    },
    keepTargets: (run, targets) =>
      inTransaction(pool, async (client) => {
        const runId = await keepRun(client, run);
        await client.query(
          `INSERT INTO replenish.stock_target (group_id, depot_id, part_id, valid_from, base_stock, reorder_point, method, run_id, party_id, expected_backorders)
           SELECT p.group_id, t.depot_id, t.part_id, $1, t.base_stock, t.base_stock - 1, $2, $3, d.party_id, t.backorders
             FROM unnest($4::text[], $5::text[], $6::int[], $7::float8[]) AS t(part_id, depot_id, base_stock, backorders)
             JOIN network.part p USING (part_id) JOIN network.part_depot d USING (part_id, depot_id)
           ON CONFLICT (group_id, depot_id, part_id, valid_from) DO UPDATE
              SET base_stock = excluded.base_stock, reorder_point = excluded.reorder_point, run_id = excluded.run_id,
                  expected_backorders = excluded.expected_backorders`,
          [
            timestamp(run.now),
            METHOD,
            runId,
            targets.map(({partId}) => partId),
            targets.map(({depotId}) => depotId),
            targets.map(({baseStock}) => baseStock),
            targets.map(({expectedBackorders}) => expectedBackorders),
          ],
        );
        const moved = targets.filter(({before, baseStock}) => before !== baseStock);
        await lookAgain(client, runId, [...new Set(moved.map(({partId}) => partId))], run.now);
        return runId;
      }),
    keepMoves: (run, moves) =>
      inTransaction(pool, async (client) => {
        const runId = await keepRun(client, run);
        await client.query(
          `INSERT INTO replenish.rebalance_move (run_id, part_id, from_depot_id, to_depot_id, mode, party_id, qty, gain_minor, freight_minor, currency)
           SELECT $1, m.part_id, m.from_depot, m.to_depot, m.mode, d.party_id, m.qty, m.gain, m.freight, p.currency
             FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::int[], $7::bigint[], $8::bigint[])
                    AS m(part_id, from_depot, to_depot, mode, qty, gain, freight)
             JOIN network.part p USING (part_id) JOIN network.part_depot d ON d.part_id = m.part_id AND d.depot_id = m.from_depot
           ON CONFLICT DO NOTHING`,
          [
            runId,
            moves.map(({partId}) => partId),
            moves.map(({fromDepotId}) => fromDepotId),
            moves.map(({toDepotId}) => toDepotId),
            moves.map(({mode}) => mode),
            moves.map(({quantity}) => quantity),
            moves.map(({gainMinor}) => gainMinor),
            moves.map(({freightMinor}) => freightMinor),
          ],
        );
        await lookAgain(client, runId, [...new Set(moves.map(({partId}) => partId))], run.now);
        return runId;
      }),
    keepCriticality: (run, parts) =>
      inTransaction(pool, async (client) => {
        const runId = await keepRun(client, run);
        await saveCriticalities(client, runId, parts, run.now);
        const moved = parts.filter(({before, inForce}) => before !== inForce);
        await lookAgain(
          client,
          runId,
          moved.map(({partId}) => partId),
          run.now,
        );
        return runId;
      }),
  };
}

function snapshotOf(db: Queryable, now: EpochMs, policy: Policy): PlanSnapshot {
  const column = async (sql: string): Promise<string[]> =>
    (await db.query<{name: string}>(sql)).rows.map(({name}) => name);
  return {
    groups: () =>
      column(
        'SELECT DISTINCT p.group_id AS name FROM network.part p JOIN network.part_depot d USING (part_id) ORDER BY 1',
      ),
    currencies: () =>
      column(
        'SELECT DISTINCT p.currency AS name FROM network.part p JOIN network.part_depot d USING (part_id) ORDER BY 1',
      ),
    async groupOf(partId) {
      const {rows} = await db.query<{group_id: string}>(
        'SELECT group_id FROM network.part WHERE part_id = $1',
        [partId],
      );
      return rows[0]?.group_id ?? null;
    },
    lastOrderTerm: (partId, depotIds) => loadLastOrderTerm(db, partId, depotIds, now),
    criticalities: () => loadCriticalities(db),
    fleetEnds: (partId, depotIds) => loadFleetEnds(db, partId, depotIds, now),
    orderSizes: (partId, depotIds) => loadOrderSizes(db, partId, depotIds, now),
    tieredMachines: (partId, depotId) => loadTieredMachines(db, partId, depotId, now),
    situations: (groupId) => loadSituations(db, groupId, now, policy),
    fleet: () => loadFleet(db, now),
    async targets() {
      const {rows} = await db.query<{part_id: string; depot_id: string; base_stock: number}>(
        `SELECT DISTINCT ON (part_id, depot_id) part_id, depot_id, base_stock FROM replenish.stock_target WHERE valid_from <= $1
          ORDER BY part_id, depot_id, valid_from DESC`,
        [timestamp(now)],
      );
      return new Map(rows.map((row) => [JSON.stringify([row.part_id, row.depot_id]), row.base_stock]));
    },
    repairs: () => loadRepairs(db, now),
  };
}

async function keepRun(db: Client, {kind, actor, goal, outcome, now}: KeptRun): Promise<string> {
  const runId = causeId('plan', kind, now, canonicalJson(goal));
  await db.query(
    `INSERT INTO replenish.plan_run (run_id, kind, world_at, actor, goal, outcome) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING`,
    [runId, kind, timestamp(now), actor, JSON.stringify(goal), JSON.stringify(outcome)],
  );
  await db.query('SELECT platform.record_audit($1, $2, $3, $4, $5)', [
    timestamp(now),
    actor,
    `plan.${kind}`,
    runId,
    JSON.stringify(goal),
  ]);
  return runId;
}

/** Has the groups of these parts decided anew. */
async function lookAgain(db: Client, runId: string, partIds: readonly string[], now: EpochMs): Promise<void> {
  const {rows} = await db.query<{group_id: string}>(
    'SELECT DISTINCT group_id FROM network.part WHERE part_id = ANY($1::text[]) ORDER BY 1',
    [partIds],
  );
  const groups = rows.map((row) => row.group_id);
  await db.query(
    `SELECT replenish.raise_demand_signal(s.id, s.group_id, 'plan', $3, $4) FROM unnest($1::uuid[], $2::text[]) AS s(id, group_id)`,
    [groups.map((groupId) => causeId('signal', groupId, 'plan', runId)), groups, runId, timestamp(now)],
  );
}

/** A target as the newest run set it. */
export interface TargetRow {
  readonly partId: string;
  readonly depotId: string;
  readonly baseStock: number;
  readonly expectedBackorders: number | null;
  readonly validFrom: EpochMs;
  readonly runId: string;
}

export async function listTargets(
  db: Queryable,
  filter: ListFilter<'partId' | 'depotId'>,
  now: EpochMs,
): Promise<readonly TargetRow[]> {
  const {rows} = await db.query<TargetRow>(
    `SELECT DISTINCT ON (part_id, depot_id) part_id AS "partId", depot_id AS "depotId", base_stock AS "baseStock",
            expected_backorders AS "expectedBackorders", valid_from AS "validFrom", run_id AS "runId"
       FROM replenish.stock_target
      WHERE valid_from <= $1 AND ($2::text IS NULL OR part_id = $2) AND ($3::text IS NULL OR depot_id = $3)
      ORDER BY part_id, depot_id, valid_from DESC LIMIT $4`,
    [timestamp(now), filter.partId ?? null, filter.depotId ?? null, filter.limit],
  );
  return rows;
}
