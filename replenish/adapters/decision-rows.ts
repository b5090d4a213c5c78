import {gzipSync} from 'node:zlib';
import {toIso} from '../../domain/time.ts';
import type {EpochMs} from '../../domain/time.ts';
import {canonicalJson, sha256} from '../../platform/ids.ts';
import {timestamp} from '../../platform/pg.ts';
import type {Client} from '../../platform/pg.ts';
import type {DecisionRow} from '../group-book.ts';

export async function addDecision(client: Client, row: DecisionRow): Promise<void> {
  const {decisionId, groupId, groupVersion, settled, essence, orderId, state, expiresAt, now} = row;
  const {decision, situation} = settled;
  const {option} = decision;
  const {policy, part} = situation;
  const body = canonicalJson(situation);
  const depot = situation.depots.find((d) => d.depotId === decision.depotId)!;
  await client.query(
    `WITH input AS (INSERT INTO replenish.decision_input (sha256, body) VALUES ($8, $22) ON CONFLICT DO NOTHING)
     INSERT INTO replenish.decision (decision_id, group_id, group_version, party_id, depot_id, part_id, decided_at, input_sha256, policy_version,
       model_versions, mode, action, qty, option, alternatives, reasons, expected_cost_minor, currency, order_id, state, expires_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)`,
    [
      decisionId,
      groupId,
      groupVersion,
      depot.partyId,
      decision.depotId,
      part.partId,
      timestamp(now),
      sha256(body),
      policy.version,
      [...new Set(depot.components.map((component) => component.modelVersion))].sort(),
      policy.mode,
      option.action,
      option.quantity,
      JSON.stringify({...option, essence}),
      JSON.stringify(decision.alternatives),
      JSON.stringify(decision.reasons),
      option.totalMinor,
      part.currency,
      orderId,
      state,
      expiresAt === null ? null : timestamp(expiresAt),
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
}

export async function raiseVersion(client: Client, groupId: string): Promise<number> {
  const raised = await client.query<{version: number}>('SELECT network.bump_group($1) AS version', [groupId]);
  return raised.rows[0]!.version;
}

export async function takeOrderOfDay(client: Client, now: EpochMs, ordersMax: number): Promise<boolean> {
  const counted = await client.query(
    `INSERT INTO replenish.limit_counter AS c (limit_key, day, used, allowed) SELECT 'orders-per-day', $1::date, 1, $2::bigint WHERE $2::bigint > 0
     ON CONFLICT (limit_key, day) DO UPDATE SET used = c.used + 1, allowed = $2::bigint WHERE c.used < $2::bigint`,
    [toIso(now).slice(0, 10), ordersMax],
  );
  return counted.rowCount === 1;
}
