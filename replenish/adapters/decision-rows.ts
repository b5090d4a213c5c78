import {gzipSync} from 'node:zlib';
import {plusMs, toIso} from '../../domain/time.ts';
import type {EpochMs} from '../../domain/time.ts';
import {canonicalJson, causeId, sha256} from '../../platform/ids.ts';
import {timestamp} from '../../platform/pg.ts';
import type {Client} from '../../platform/pg.ts';
import {essenceOf} from '../core/decision/essence.ts';
import {approverOf} from '../core/decision/approval.ts';
import {standingOf} from '../core/decision/standing.ts';
import type {Committed, Settled} from '../ports.ts';
import {orderIdOf} from './order-effect.ts';
import {PROPOSAL_LIFE_MS} from './standing-acts.ts';

/** Writes a decision with the input it was reckoned from, in the state that mode and limits give it. */
export async function writeDecision(
  client: Client,
  groupId: string,
  now: EpochMs,
  settled: Settled,
): Promise<Committed> {
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
    reasons: [
      ...reasons,
      {
        code: 'needs-approval' as const,
        mode: policy.mode,
        limit,
        approverRole: approverOf(option.landedMinor, policy),
      },
    ],
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
