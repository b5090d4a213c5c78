import {gzipSync} from 'node:zlib';
import type {Mode} from '../../domain/decision.ts';
import {messageOf} from '../../domain/fault.ts';
import {InvariantBroken} from '../../domain/invariant.ts';
import {HOUR_MS, plusMs, toIso} from '../../domain/time.ts';
import type {EpochMs} from '../../domain/time.ts';
import {canonicalJson, causeId, sha256} from '../../platform/ids.ts';
import {parameterInForce} from '../../platform/parameters.ts';
import {inTransaction, timestamp, together} from '../../platform/pg.ts';
import type {Client, Pool} from '../../platform/pg.ts';
import {essenceOf} from '../core/decision/essence.ts';
import {reviewReservations} from '../core/decision/reservation.ts';
import {DEFAULT_POLICY, Policy} from '../core/decision/situation.ts';
import type {Situation} from '../core/decision/situation.ts';
import {standingOf} from '../core/decision/standing.ts';
import type {Committed, GroupWork, ReplenishStore, Settled, Unplannable} from '../ports.ts';
import {recordAlerts} from './alert-rows.ts';
import {NIGHTLY} from './demand-forecast-rows.ts';
import {carryOut, lookAgain, orderIdOf} from './order-effect.ts';
import {plannedRounds} from './planned-need-rows.ts';
import {promiseLines} from './promise-rows.ts';
import {release, signalExpired} from './reservation-rows.ts';
import {loadSituations} from './situation-rows.ts';
import {watchTerms} from './term-change-rows.ts';

/** A proposal that nobody looked at for this long no longer fits the situation; so long, too, a planner's no is not asked for again. */
const PROPOSAL_LIFE_MS = 7 * 24 * HOUR_MS;
/** Signals of one group settled by one decision at most; the rest is the next one's. */
const SIGNALS_MAX = 10_000;
const TRIES = 5;
/** The alert of a group that nobody plans. */
const UNPLANNABLE = 'group-unplannable';

export interface ReplenishStoreOptions {
  /** Outbox targets that orders and alerts go to. */
  readonly targets: readonly string[];
  /** Mode from the configuration; a parameter row overrides it. */
  readonly mode: Mode;
}

/** Replenish's tables in PostgreSQL, through a pool under the role forestock_replenish. */
export function createReplenishStore(pool: Pool, options: ReplenishStoreOptions): ReplenishStore {
  const planned = plannedRounds(pool, async (now) => (await policyAt(pool, now, options.mode)).reviewH);
  const watchedTerms = watchTerms(pool);
  return {
    dirtyGroups: (groupsMax, coalesceMs) => dirtyGroups(pool, groupsMax, coalesceMs),
    async signalDue(now) {
      await signalExpired(pool, now);
      await planned(now);
      await watchedTerms(now);
    },
    policy: (now) => policyAt(pool, now, options.mode),
    async decideGroup(groupId, now, policy, settle) {
      for (let tries = 1; ; tries += 1) {
        try {
          return await inTransaction(
            pool,
            (client) => settleLocked(client, options, groupId, now, policy, settle),
            'repeatable read',
          );
        } catch (error) {
          if (isImpossible(error))
            return inTransaction(pool, (client) => setAside(client, groupId, now, messageOf(error)));
          if (tries >= TRIES || !isSerialization(error)) throw error;
        }
      }
    },
  };
}

function isSerialization(error: unknown): boolean {
  return (
    error !== null &&
    typeof error === 'object' &&
    'code' in error &&
    (error.code === '40001' || error.code === '40P01')
  );
}

/** Data that no decision can be reckoned from: the same again however often it is tried, while other groups wait. */
function isImpossible(error: unknown): boolean {
  return error instanceof RangeError || error instanceof TypeError || error instanceof InvariantBroken;
}

async function setAside(
  client: Client,
  groupId: string,
  now: EpochMs,
  reason: string,
): Promise<Unplannable | null> {
  const signalIds = await claim(client, groupId);
  return signalIds.length === 0 ? null : sayUnplannable(client, {groupId, signalIds, now, reason});
}

async function sayUnplannable(
  client: Client,
  {
    groupId,
    signalIds,
    now,
    reason,
  }: {
    readonly groupId: string;
    readonly signalIds: readonly string[];
    readonly now: EpochMs;
    readonly reason: string;
  },
): Promise<Unplannable> {
  const at = timestamp(now);
  const body = JSON.stringify({groupId, reason});
  await together([
    client.query('UPDATE replenish.demand_signal SET pending = false WHERE signal_id = ANY($1::uuid[])', [
      signalIds,
    ]),
    client.query(`SELECT platform.record_audit($1, 'forestock', 'signal.unplannable', $2, $3)`, [
      at,
      groupId,
      body,
    ]),
    // A family is no single depot's: whose the first central one is hears of it.
    client.query(
      `SELECT replenish.open_alert($1, '${UNPLANNABLE}', $2, d.party_id, $3, 1, 0, NULL, NULL, $4)
         FROM (SELECT party_id FROM network.depot ORDER BY parent_depot_id IS NOT NULL, depot_id LIMIT 1) d`,
      [causeId('alert', UNPLANNABLE, groupId, now), groupId, at, body],
    ),
  ]);
  return {groupId, state: 'unplannable', reason};
}

/** Groups that something was heard of come before those that only the night asks for. */
async function dirtyGroups(pool: Pool, groupsMax: number, coalesceMs: number): Promise<readonly string[]> {
  const found = await pool.query<{group_id: string}>(
    `SELECT group_id FROM replenish.demand_signal WHERE pending GROUP BY group_id
     HAVING min(wall_at) <= clock_timestamp() - make_interval(secs => $2) ORDER BY bool_and(cause_kind = '${NIGHTLY}'), group_id LIMIT $1`,
    [groupsMax, coalesceMs / 1000],
  );
  return found.rows.map((row) => row.group_id);
}

async function policyAt(pool: Pool, now: EpochMs, mode: Mode): Promise<Policy> {
  const stated = (await parameterInForce(pool, 'replenish.policy', now)) as Partial<Policy>;
  return Policy.parse({...DEFAULT_POLICY, mode, ...stated});
}

async function settleLocked(
  client: Client,
  options: ReplenishStoreOptions,
  groupId: string,
  now: EpochMs,
  policy: Policy,
  settle: (work: GroupWork) => Settled | null,
): Promise<Committed | Unplannable | null> {
  const signalIds = await claim(client, groupId);
  if (signalIds.length === 0) return null;
  const [acts, last, read] = await together([
    latestActs(client, groupId, now),
    lastDecision(client, groupId),
    loadSituations(client, groupId, now, policy),
  ]);
  const asked = acts.filter((act) => stands(act, policy));
  const situations = read.map((situation) => withAsked(situation, asked));
  const settled = settle({groupId, signalIds, situations});
  if (settled === null)
    return sayUnplannable(client, {
      groupId,
      signalIds,
      now,
      reason: 'no part of it has a shelf at any depot',
    });
  const essence = essenceOf(settled.situation.part.partId, settled.decision);
  const isSaidAgain = last?.action === 'nothing' && last.essence === essence;
  const said = asked.find((act) => act.essence === essence) ?? (isSaidAgain ? last : undefined);
  const result = said
    ? {decisionId: said.decisionId, groupId, written: false, state: said.state, settled}
    : await write(client, groupId, now, settled);
  for (const act of acts) {
    if (act.state === 'proposed' && !(asked.includes(act) && settled.wants.includes(act.essence)))
      await withdraw(client, act.decisionId, now);
  }
  await together([
    link(client, signalIds, result.decisionId),
    client.query(`SELECT replenish.clear_alert('${UNPLANNABLE}', $1, $2, '{}')`, [groupId, timestamp(now)]),
  ]);
  // What holds nothing any more goes first: the same machine may get the next piece.
  const lapses = situations.flatMap((situation) => reviewReservations(situation).lapses);
  await release(client, {decisionId: result.decisionId, lapses, now});
  if (result.written && result.state === 'executed') await execute(client, options, result, now);
  else if (result.written && settled.decision.option.action !== 'nothing')
    await lookAgain(client, groupId, result.decisionId, now);
  await recordAlerts(client, {settled, now, targets: options.targets, decisionId: result.decisionId});
  await promiseLines(client, situations, now);
  return result;
}

/** The group's pending signals, in order; none when another process holds the group. */
async function claim(client: Client, groupId: string): Promise<readonly string[]> {
  const claimed = await client.query<{held: boolean; signal_ids: string[]}>(
    `WITH lock AS MATERIALIZED (SELECT pg_try_advisory_xact_lock(hashtextextended('group:' || $1, 0)) AS held)
     SELECT held, ARRAY(SELECT signal_id FROM replenish.demand_signal WHERE pending AND group_id = $1 ORDER BY world_at, signal_id LIMIT $2) AS signal_ids
       FROM lock`,
    [groupId, SIGNALS_MAX],
  );
  const {held, signal_ids: signalIds} = claimed.rows[0]!;
  return held ? signalIds : [];
}

/** A decision that does something, or would. */
interface Act {
  readonly decisionId: string;
  readonly state: string;
  readonly mode: string;
  readonly essence: string;
  readonly action: string;
  readonly partId: string;
  readonly depotId: string;
  readonly at: number;
  /** Of the depot and those it feeds, when it was decided; null where the reasons do not say. */
  readonly position: number | null;
}

/**
 * The newest act of each part and depot of the group since it last wanted nothing at all, as far back as a proposal lives. A need that
 * comes back after that is a new one.
 */
async function latestActs(client: Client, groupId: string, now: EpochMs): Promise<readonly Act[]> {
  const found = await client.query<Act>(
    `SELECT DISTINCT ON (part_id, depot_id) decision_id AS "decisionId", state, mode, option->>'essence' AS essence, action,
            part_id AS "partId", depot_id AS "depotId", (extract(epoch FROM decided_at) * 1000)::float8 AS at,
            (SELECT (reason->>'position')::int FROM jsonb_array_elements(reasons) reason
              WHERE reason->>'code' IN ('position-below-target', 'position-covers-demand') LIMIT 1) AS position
       FROM replenish.decision WHERE group_id = $1 AND action <> 'nothing' AND decided_at >= $2 AND group_version > coalesce(
              (SELECT group_version FROM replenish.decision WHERE group_id = $1 AND action = 'nothing' ORDER BY group_version DESC LIMIT 1), 0)
      ORDER BY part_id, depot_id, group_version DESC`,
    [groupId, timestamp(plusMs(now, -PROPOSAL_LIFE_MS))],
  );
  return found.rows;
}

/**
 * Whether an act still says what is to be done: the same again is linked to it, not written. One that was carried out, or that nobody
 * answered in time, does not; what was only recorded in shadow is said anew once proposals are wanted.
 */
function stands({state, mode}: Act, policy: Policy): boolean {
  return state === 'rejected' || ((state === 'proposed' || state === 'recorded') && mode === policy.mode);
}

function withAsked(situation: Situation, acts: readonly Act[]): Situation {
  const asked = acts
    .filter(({partId}) => partId === situation.part.partId)
    .map(({depotId, action, essence, state, at, position}) => ({
      depotId,
      action,
      essence,
      ...(state === 'rejected' ? {rejected: true as const} : {}),
      at: Math.round(at),
      ...(position === null ? {} : {position}),
    }));
  return asked.length === 0 ? situation : {...situation, asked};
}

async function lastDecision(
  client: Client,
  groupId: string,
): Promise<Pick<Act, 'decisionId' | 'state' | 'action' | 'essence'> | undefined> {
  const found = await client.query<Pick<Act, 'decisionId' | 'state' | 'action' | 'essence'>>(
    `SELECT decision_id AS "decisionId", state, action, option->>'essence' AS essence
       FROM replenish.decision WHERE group_id = $1 ORDER BY group_version DESC LIMIT 1`,
    [groupId],
  );
  return found.rows[0];
}

async function write(client: Client, groupId: string, now: EpochMs, settled: Settled): Promise<Committed> {
  const {decision, situation} = settled;
  const {option} = decision;
  const {policy, part} = situation;
  const bumped = await client.query<{version: number}>('SELECT network.bump_group($1) AS version', [groupId]);
  const version = bumped.rows[0]!.version;
  const decisionId = causeId('decision', groupId, version);
  const {state, reasons} = await standing(client, settled, now);
  const orderId = orderIdOf(option, {decisionId, depotId: decision.depotId});
  const body = canonicalJson(situation);
  const digest = sha256(body);
  const depot = situation.depots.find((d) => d.depotId === decision.depotId)!;
  await client.query(
    `WITH input AS (INSERT INTO replenish.decision_input (sha256, body) VALUES ($8, $22) ON CONFLICT DO NOTHING)
     INSERT INTO replenish.decision (decision_id, group_id, group_version, party_id, depot_id, part_id, decided_at, input_sha256, policy_version,
       model_versions, mode, action, qty, option, alternatives, reasons, expected_cost_minor, currency, order_id, state, expires_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)`,
    [
      decisionId,
      groupId,
      version,
      depot.partyId,
      decision.depotId,
      part.partId,
      timestamp(now),
      digest,
      policy.version,
      [...new Set(depot.components.map((component) => component.modelVersion))].sort(),
      policy.mode,
      option.action,
      option.quantity,
      JSON.stringify({...option, essence: essenceOf(part.partId, decision)}),
      JSON.stringify(decision.alternatives),
      JSON.stringify(reasons),
      option.totalMinor,
      part.currency,
      orderId,
      state,
      state === 'proposed' ? timestamp(plusMs(now, PROPOSAL_LIFE_MS)) : null,
      gzipSync(body),
    ],
  );
  await client.query(`SELECT platform.record_audit($1, 'forestock', 'decision.' || $2, $3, $4)`, [
    timestamp(now),
    state,
    decisionId,
    JSON.stringify({
      action: option.action,
      quantity: option.quantity,
      partId: part.partId,
      depotId: decision.depotId,
    }),
  ]);
  return {decisionId, groupId, written: true, state, settled: {...settled, decision: {...decision, reasons}}};
}

async function execute(
  client: Client,
  {targets}: ReplenishStoreOptions,
  {decisionId, groupId, settled}: Committed,
  now: EpochMs,
): Promise<void> {
  const {decision, situation} = settled;
  const {option, reasons, depotId} = decision;
  await carryOut(client, groupId, {
    decisionId,
    orderId: orderIdOf(option, {decisionId, depotId}),
    depot: situation.depots.find((depot) => depot.depotId === depotId)!,
    part: situation.part,
    option,
    reasons,
    now,
    targets,
  });
}

/** What the mode and the limits make of the decision. Counters are raised here, in the decision's transaction (I8). */
async function standing(
  client: Client,
  {decision, situation}: Settled,
  now: EpochMs,
): Promise<{state: string; reasons: Settled['decision']['reasons']}> {
  const {option, reasons} = decision;
  const {policy} = situation;
  const stands = standingOf(option, policy);
  const held = (limit: 'mode' | 'order-value' | 'contract' | 'orders-per-day') => ({
    state: 'proposed',
    reasons: [...reasons, {code: 'needs-approval' as const, mode: policy.mode, limit}],
  });
  if (stands.state === 'recorded') return {state: 'recorded', reasons};
  if (stands.state === 'proposed') return held(stands.limit);
  const counted = await client.query(
    `INSERT INTO replenish.limit_counter AS c (limit_key, day, used, allowed) SELECT 'orders-per-day', $1::date, 1, $2::bigint WHERE $2::bigint > 0
     ON CONFLICT (limit_key, day) DO UPDATE SET used = c.used + 1, allowed = $2::bigint WHERE c.used < $2::bigint`,
    [toIso(now).slice(0, 10), policy.autoOrdersPerDay],
  );
  return counted.rowCount === 1 ? {state: 'executed', reasons} : held('orders-per-day');
}

async function withdraw(client: Client, decisionId: string, now: EpochMs): Promise<void> {
  await client.query(
    `UPDATE replenish.decision SET state = 'withdrawn' WHERE decision_id = $1 AND state = 'proposed'`,
    [decisionId],
  );
  await client.query(`SELECT platform.record_audit($1, 'forestock', 'decision.withdrawn', $2, '{}')`, [
    timestamp(now),
    decisionId,
  ]);
}

async function link(client: Client, signalIds: readonly string[], decisionId: string): Promise<void> {
  await client.query(
    `WITH settled AS (UPDATE replenish.demand_signal SET pending = false WHERE signal_id = ANY($1::uuid[]) RETURNING signal_id)
     INSERT INTO replenish.decision_signal (signal_id, decision_id) SELECT signal_id, $2 FROM settled`,
    [signalIds, decisionId],
  );
}
